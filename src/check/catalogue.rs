//! Every check: its code, its title, how grave what it finds is, and the function.

use super::collect::{CheckContext, FindingSink};
use super::{instances, pages, pairs, plugins, retire, routes, tokens, upgrades, variable};
use crate::domain::Severity;
use crate::i18n::Text;

/// One check.
#[derive(Debug)]
pub struct Entry {
    /// Stable code (`W0101`).
    pub code: &'static str,
    /// What it looks at, in a few words.
    pub title: fn() -> Text,
    /// How grave what it finds is, as a rule; some cases of a check are milder or graver.
    pub severity: Severity,
    pub(super) run: for<'a> fn(&CheckContext<'a>, &mut FindingSink<'a>),
}

const fn entry(
    code: &'static str,
    title: fn() -> Text,
    severity: Severity,
    run: for<'a> fn(&CheckContext<'a>, &mut FindingSink<'a>),
) -> Entry {
    Entry {
        code,
        title,
        severity,
        run,
    }
}

#[rustfmt::skip]
static CATALOGUE: &[Entry] = &[
    // Instances.
    entry("W0101", || Text::new("check-title-unreachable"), Severity::Error, instances::reachable),
    entry("W0102", || Text::new("check-title-version"), Severity::Warning, instances::version),
    entry("W0103", || Text::new("check-title-health"), Severity::Error, instances::health),
    entry("W0104", || Text::new("check-title-clock"), Severity::Warning, instances::clock),
    entry("W0105", || Text::new("check-title-token-refused"), Severity::Error, instances::token),
    entry("W0106", || Text::new("check-title-seeds"), Severity::Error, instances::seeds),
    entry("W0107", || Text::new("check-title-not-new"), Severity::Error, instances::new_is_new),
    entry("W0108", || Text::new("check-title-applying"), Severity::Info, instances::applying),
    // The gateway variable.
    entry("W0201", || Text::new("check-title-variable-missing"), Severity::Error, variable::missing),
    entry("W0202", || Text::new("check-title-variable-several"), Severity::Error, variable::several),
    entry("W0203", || Text::new("check-title-variable-inactive"), Severity::Error, variable::inactive),
    entry("W0204", || Text::new("check-title-variable-value"), Severity::Error, variable::value),
    entry("W0205", || Text::new("check-title-variable-owned"), Severity::Warning, variable::owned),
    entry("W0206", || Text::new("check-title-variable-misread"), Severity::Warning, variable::misread),
    // Each plugin of each side.
    entry("W0301", || Text::new("check-title-not-registered"), Severity::Error, plugins::registered),
    entry("W0302", || Text::new("check-title-not-running"), Severity::Warning, plugins::running),
    entry("W0303", || Text::new("check-title-dependency"), Severity::Warning, plugins::dependencies),
    entry("W0304", || Text::new("check-title-menus-greyed"), Severity::Error, plugins::menus),
    entry("W0305", || Text::new("check-title-role"), Severity::Error, plugins::role),
    entry("W0306", || Text::new("check-title-not-listed"), Severity::Error, pages::listed),
    entry("W0307", || Text::new("check-title-file-missing"), Severity::Error, pages::missing),
    entry("W0308", || Text::new("check-title-file-forbidden"), Severity::Error, pages::forbidden),
    entry("W0309", || Text::new("check-title-file-not-a-script"), Severity::Error, pages::not_a_script),
    entry("W0310", || Text::new("check-title-file-empty"), Severity::Error, pages::empty),
    entry("W0311", || Text::new("check-title-file-unexpected"), Severity::Error, pages::unexpected),
    entry("W0312", || Text::new("check-title-file-differs"), Severity::Error, pages::differs),
    entry("W0313", || Text::new("check-title-no-core-route"), Severity::Error, routes::core),
    entry("W0314", || Text::new("check-title-no-gateway-route"), Severity::Warning, routes::gateway),
    entry("W0315", || Text::new("check-title-route-elsewhere"), Severity::Warning, routes::elsewhere),
    entry("W0316", || Text::new("check-title-unreached"), Severity::Error, routes::reached),
    // Pairs.
    entry("W0401", || Text::new("check-title-lost-on-new"), Severity::Error, pairs::lost_on_new),
    entry("W0402", || Text::new("check-title-only-on-new"), Severity::Warning, pairs::only_on_new),
    entry("W0403", || Text::new("check-title-versions-differ"), Severity::Warning, pairs::versions_differ),
    entry("W0404", || Text::new("check-title-several-running"), Severity::Warning, pairs::several_running),
    entry("W0405", || Text::new("check-title-shown-not-run"), Severity::Warning, pairs::shown_does_not_run),
    entry("W0406", || Text::new("check-title-not-shown-on-old"), Severity::Warning, pairs::not_shown_on_old),
    entry("W0407", || Text::new("check-title-taskman"), Severity::Error, pairs::taskman),
    entry("W0408", || Text::new("check-title-gated"), Severity::Warning, pairs::gated),
    entry("W0409", || Text::new("check-title-orchestrations"), Severity::Info, pairs::orchestrations),
    entry("W0410", || Text::new("check-title-content-differs"), Severity::Error, pairs::content_differs),
    // Before the old side is switched off.
    entry("W0501", || Text::new("check-title-launched-by-v3"), Severity::Error, retire::launched_by_v3),
    entry("W0502", || Text::new("check-title-launched-before"), Severity::Error, retire::launched_before_the_variable),
    entry("W0503", || Text::new("check-title-gateway-url"), Severity::Warning, retire::gateway_url),
    entry("W0504", || Text::new("check-title-route-only-old"), Severity::Error, retire::routes),
    entry("W0505", || Text::new("check-title-variable-only-old"), Severity::Error, retire::variables),
    entry("W0506", || Text::new("check-title-page-only-old"), Severity::Error, retire::pages),
    entry("W0507", || Text::new("check-title-names-old"), Severity::Warning, retire::old_addresses),
    // Later upgrades.
    entry("W0601", || Text::new("check-title-ui-inactive"), Severity::Error, upgrades::ui_lost),
    entry("W0602", || Text::new("check-title-register-not-done"), Severity::Warning, upgrades::not_done),
    // Tokens.
    entry("W0701", || Text::new("check-title-seed-not-taken"), Severity::Error, tokens::taken),
];

/// Every check, sorted by code.
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// Whether a code is meant by what was typed: the code itself, or the beginning that several have in
/// common (`W03`), in either case.
pub(super) fn means(typed: &str, code: &str) -> bool {
    let typed = typed.trim();
    let begins = code.get(..typed.len());
    typed.len() > 1 && begins.is_some_and(|begins| begins.eq_ignore_ascii_case(typed))
}

/// What of `--code` and `--skip-code` means no check: a usage error, since a check that was to be
/// looked after would be left out and nobody told.
pub fn unknown_codes<'a>(typed: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let unknown = |typed: &&String| !CATALOGUE.iter().any(|entry| means(typed, entry.code));
    typed.into_iter().filter(unknown).cloned().collect()
}
