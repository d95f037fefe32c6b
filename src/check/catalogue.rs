//! Every check: code, severity, texts and function.

use super::context::CheckContext;
use super::sink::FindingSink;
use super::{
    instances, pages, pairs, plugins, retire, routes, running, tokens, upgrades, variable,
};
use crate::domain::Severity;
use crate::i18n::Text;

/// One check.
#[derive(Debug)]
pub struct Check {
    /// Stable code (`W0101`).
    pub code: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// The fault that it finds.
    title: &'static str,
    /// What a finding means and why it matters.
    meaning: &'static str,
    /// What it is concluded from.
    source: &'static str,
    /// What to do.
    action: &'static str,
    pub(super) run: for<'a> fn(&CheckContext<'a>, &mut FindingSink<'a>),
}

impl Check {
    /// The fault that it finds.
    pub fn title(&self) -> Text {
        Text::new(self.title)
    }

    /// What a finding means and why it matters.
    pub fn meaning(&self) -> Text {
        Text::new(self.meaning)
    }

    /// What it is concluded from.
    pub fn source(&self) -> Text {
        Text::new(self.source)
    }

    /// What to do.
    pub fn action(&self) -> Text {
        Text::new(self.action)
    }
}

macro_rules! checks {
    ($($code:literal $severity:ident $run:path,)*) => {
        &[$(Check {
            code: $code,
            severity: Severity::$severity,
            title: concat!("explain-", $code, "-title"),
            meaning: concat!("explain-", $code, "-meaning"),
            source: concat!("explain-", $code, "-source"),
            action: concat!("explain-", $code, "-action"),
            run: $run,
        }),*]
    };
}

#[rustfmt::skip]
static CATALOGUE: &[Check] = checks![
    // Instances.
    "W0101" Error instances::reachable,
    "W0102" Warning instances::version,
    "W0103" Error instances::health,
    "W0104" Warning instances::clock,
    "W0105" Error instances::token,
    "W0106" Error instances::seeds,
    "W0107" Error instances::new_is_new,
    "W0108" Info instances::applying,
    "W0109" Error instances::clock_behind,
    // The gateway variable.
    "W0201" Error variable::missing,
    "W0202" Error variable::several,
    "W0203" Error variable::inactive,
    "W0204" Error variable::value,
    "W0205" Warning variable::owned,
    "W0206" Warning variable::misread,
    // Each plugin of each side.
    "W0301" Error plugins::registered,
    "W0302" Warning plugins::running,
    "W0303" Warning plugins::dependencies,
    "W0304" Error plugins::menus,
    "W0305" Error plugins::role_lost,
    "W0306" Error pages::listed,
    "W0307" Error pages::missing,
    "W0308" Error pages::forbidden,
    "W0309" Error pages::not_a_script,
    "W0310" Error pages::empty,
    "W0311" Error pages::unexpected,
    "W0312" Error pages::differs,
    "W0313" Error routes::core,
    "W0314" Error routes::gateway,
    "W0315" Error routes::elsewhere,
    "W0316" Error routes::reached,
    "W0317" Error running::gone,
    "W0318" Warning running::launching,
    "W0319" Info plugins::unneeded,
    "W0320" Warning plugins::role_none,
    // Pairs.
    "W0401" Error pairs::lost_on_new,
    "W0402" Warning pairs::only_on_new,
    "W0403" Warning pairs::versions_differ,
    "W0404" Warning pairs::several_running,
    "W0405" Warning pairs::shown_does_not_run,
    "W0406" Warning pairs::not_shown_on_old,
    "W0407" Error pairs::taskman,
    "W0408" Warning pairs::gated,
    "W0409" Info pairs::orchestrations,
    "W0410" Error pairs::content_differs,
    "W0411" Error pairs::page_taken,
    // Before the old side is switched off.
    "W0501" Error retire::launched_by_v3,
    "W0502" Error retire::launched_before_the_variable,
    "W0503" Warning retire::gateway_url,
    "W0504" Error retire::routes,
    "W0505" Error retire::variables,
    "W0506" Error retire::pages,
    "W0507" Warning retire::old_addresses,
    "W0508" Warning retire::launched_by_v3_alone,
    // Later upgrades.
    "W0601" Error upgrades::ui_lost,
    "W0602" Warning upgrades::not_done,
    // Tokens.
    "W0701" Error tokens::taken,
];

/// Every check, sorted by code.
pub fn catalogue() -> &'static [Check] {
    CATALOGUE
}

/// Whether `--code` or `--skip-code` selects a code: by the code or its beginning (`W03`), in either case.
pub(super) fn selects(typed: &str, code: &str) -> bool {
    let typed = typed.trim();
    let begins = code.get(..typed.len());
    typed.len() > 1 && begins.is_some_and(|begins| begins.eq_ignore_ascii_case(typed))
}

/// Values of `--code` and `--skip-code` that select no check: a usage error, or a typing mistake would
/// silently skip a check.
pub fn unknown_codes<'a>(typed: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let unknown = |typed: &&String| !CATALOGUE.iter().any(|check| selects(typed, check.code));
    typed.into_iter().filter(unknown).cloned().collect()
}
