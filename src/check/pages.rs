//! W0306–W0312: the pages of each plugin, listed and served.

use super::collect::{CheckContext, FindingSink};
use super::plugins::{PluginOnSide, each};
use super::words::Listing;
use crate::compare::{Aspect, Cause, ContentKey, State};
use crate::i18n::Text;

/// W0306: `resource-files` lists the pages of the version that stands for the plugin.
pub(super) fn listed<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        if let Some((State::Hidden, cause)) = seat.judged(Aspect::ResourceFiles, out)
            && seat.is_active()
        {
            let message = seat
                .words(Text::new("check-not-listed"))
                .nested("cause", cause.text());
            let hint = Some(seat.register());
            out.wrong(seat.told(message, hint, Listing::ResourceFiles, cause.text()));
        }
    }
}

/// What of the static files of each plugin is of one kind is wrong; what the portals did not answer is
/// unknown.
fn served<'a>(
    scene: &CheckContext<'a>,
    out: &mut FindingSink<'a>,
    message: fn() -> Text,
    of_kind: fn(&Cause) -> bool,
) {
    for seat in each(scene, out) {
        let cell = seat.own.cell(Aspect::StaticFiles);
        for cause in &cell.causes {
            match cause {
                cause if of_kind(cause) => wrong(&seat, out, message(), cause),
                Cause::NoAnswer { .. } | Cause::NotRead(_) | Cause::NotAsked => {
                    seat.not_told(Some(cause), out);
                }
                _ => {}
            }
        }
    }
}

fn wrong(seat: &PluginOnSide<'_>, out: &mut FindingSink<'_>, message: Text, cause: &Cause) {
    let message = seat.words(message).nested("cause", cause.text());
    let hint = match cause {
        Cause::Missing(_) | Cause::Empty(_) | Cause::ContentDiffers { .. } => Some(seat.register()),
        _ => cause.hint(seat.side()),
    };
    let told = seat.told(message, hint, Listing::ResourceFiles, cause.text());
    out.wrong(told.read_by(asked(cause)));
}

/// The first request by which it was seen.
fn asked(cause: &Cause) -> Option<String> {
    let pages = match cause {
        Cause::Missing(pages)
        | Cause::Forbidden(pages)
        | Cause::Empty(pages)
        | Cause::NotAScript { pages, .. }
        | Cause::Unexpected { pages, .. } => pages,
        Cause::ContentDiffers { conflicts } => {
            let conflict = conflicts.first()?;
            let portal = &conflict.seen.first()?.portal;
            return Some(format!("GET {portal}{}", conflict.path));
        }
        _ => return None,
    };
    Some(format!(
        "GET {}{}",
        pages.portals.first()?,
        pages.paths.first()?
    ))
}

/// W0307: no portal answers 404 for a page that is listed.
pub(super) fn missing<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Missing(_) | Cause::OtherVersion { .. });
    served(scene, out, || Text::new("check-file-missing"), of_kind);
}

/// W0308: no portal answers 403.
pub(super) fn forbidden<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Forbidden(_));
    served(scene, out, || Text::new("check-file-forbidden"), of_kind);
}

/// W0309: what a portal serves is a script or a style sheet.
pub(super) fn not_a_script<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::NotAScript { .. });
    served(scene, out, || Text::new("check-file-not-a-script"), of_kind);
}

/// W0310: it has bytes.
pub(super) fn empty<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Empty(_));
    served(scene, out, || Text::new("check-file-empty"), of_kind);
}

/// W0311: no portal answers anything else.
pub(super) fn unexpected<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Unexpected { .. });
    served(scene, out, || Text::new("check-file-unexpected"), of_kind);
}

/// W0312: all portals of a side serve the same bytes.
pub(super) fn differs<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        for cause in &seat.own.cell(Aspect::StaticFiles).causes {
            match cause {
                Cause::ContentDiffers { conflicts } => {
                    let count = conflicts.len();
                    let Some(first) = conflicts.first() else {
                        continue;
                    };
                    // Each portal stands on both of the comparison's sides, which are one here.
                    let mut seen: Vec<String> = first
                        .seen
                        .iter()
                        .map(|it| {
                            let content = match &it.key {
                                ContentKey::Length(bytes) => format!("{bytes} B"),
                                ContentKey::Digest(hex) => {
                                    format!("sha256 {}", hex.get(..12).unwrap_or(hex))
                                }
                            };
                            format!("{}: {content}", it.portal)
                        })
                        .collect();
                    seen.sort();
                    seen.dedup();
                    let said = Text::new("check-seen").with("words", seen.join(", "));
                    let message = seat
                        .words(Text::new("check-file-differs"))
                        .count("count", count)
                        .with("first", &first.path)
                        .with("seen", seen.join(", "));
                    let told =
                        seat.told(message, Some(seat.register()), Listing::ResourceFiles, said);
                    out.wrong(told.read_by(asked(cause)));
                }
                Cause::NoAnswer { .. } | Cause::NotRead(_) | Cause::NotAsked => {
                    seat.not_told(Some(cause), out);
                }
                _ => {}
            }
        }
    }
}
