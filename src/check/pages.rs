//! W0306–W0312: the pages of each plugin, listed and served.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::plugin_on_side::{PluginOnSide, plugins};
use super::sink::FindingSink;
use crate::compare::{Aspect, Cause, ContentKey, State};
use crate::domain::FilePath;
use crate::i18n::Text;

/// W0306: Static files are not in the resource file list.
///
/// Source: docs/platform/portal.md#when-a-page-is-visible
pub(super) fn listed<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        if let Some((State::Hidden, cause)) = plugin.judged(Aspect::ResourceFiles, sink)
            && plugin.is_active()
        {
            let hint = Some(plugin.restore(context.plan));
            sink.report(
                plugin
                    .draft(cause.text(), Endpoint::ResourceFiles, cause.text())
                    .hint(hint),
            );
        }
    }
}

/// Reports the causes of one kind. Files for which a portal gave no answer are unknown.
fn served<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>, of_kind: fn(&Cause) -> bool) {
    for plugin in plugins(context, sink) {
        let cell = plugin.own.cell(Aspect::StaticFiles);
        for cause in &cell.causes {
            match cause {
                cause if of_kind(cause) => report(context, &plugin, sink, cause),
                Cause::NoAnswer { .. } | Cause::NotRead(_) | Cause::NotAsked => {
                    plugin.undetermined(Some(cause), sink);
                }
                _ => {}
            }
        }
    }
}

fn report(
    context: &CheckContext<'_>,
    plugin: &PluginOnSide<'_>,
    sink: &mut FindingSink<'_>,
    cause: &Cause,
) {
    let hint = match cause {
        Cause::Missing(pages) if pages.paths.iter().any(FilePath::is_misplaced) => {
            cause.hint(plugin.side())
        }
        Cause::Missing(_) | Cause::Empty(_) | Cause::ContentDiffers { .. } => {
            Some(plugin.restore(context.plan))
        }
        _ => cause.hint(plugin.side()),
    };
    let draft = plugin
        .draft(cause.text(), Endpoint::ResourceFiles, cause.text())
        .hint(hint)
        .read_by(asked(cause));
    // A table shows no evidence; a document has every file of every portal.
    let files = plugin.own.portals.iter().flat_map(|portal| {
        let alike = portal
            .files()
            .filter(|(_, other)| other.code() == cause.code());
        alike.map(|(path, other)| {
            let source = format!("GET {}{path}", portal.portal);
            (Some(plugin.side()), source, other.label())
        })
    });
    sink.report(draft.seen_all(files.skip(1)));
}

/// What identifies the content of a file, shortened for people.
pub(super) fn content_key(key: &ContentKey) -> String {
    match key {
        ContentKey::Length(bytes) => format!("{bytes} B"),
        ContentKey::Digest(hex) => format!("sha256 {}", hex.get(..12).unwrap_or(hex)),
    }
}

/// The first request that showed it.
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

/// W0307: Static files missing on a portal (404).
pub(super) fn missing<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Missing(_) | Cause::OtherVersion { .. });
    served(context, sink, of_kind);
}

/// W0308: Static files not readable on a portal (403).
pub(super) fn forbidden<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Forbidden(_));
    served(context, sink, of_kind);
}

/// W0309: Portal serves HTML or another type for a static file.
pub(super) fn not_a_script<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::NotAScript { .. });
    served(context, sink, of_kind);
}

/// W0310: Static files on a portal are empty.
pub(super) fn empty<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Empty(_));
    served(context, sink, of_kind);
}

/// W0311: Portal answers with an unexpected status.
pub(super) fn unexpected<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let of_kind = |cause: &Cause| matches!(cause, Cause::Unexpected { .. });
    served(context, sink, of_kind);
}

/// W0312: Portals of one instance serve different static files.
pub(super) fn differs<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        for cause in &plugin.own.cell(Aspect::StaticFiles).causes {
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
                        .map(|it| format!("{}: {}", it.portal, content_key(&it.key)))
                        .collect();
                    seen.sort();
                    seen.dedup();
                    let said = messages::seen(seen.join(", "));
                    let message = Text::new("check-file-differs")
                        .count("count", count)
                        .with("first", &first.path)
                        .with("seen", seen.join(", "));
                    let draft = plugin
                        .draft(message, Endpoint::ResourceFiles, said)
                        .hint(plugin.restore(context.plan));
                    sink.report(draft.read_by(asked(cause)));
                }
                Cause::NoAnswer { .. } | Cause::NotRead(_) | Cause::NotAsked => {
                    plugin.undetermined(Some(cause), sink);
                }
                _ => {}
            }
        }
    }
}
