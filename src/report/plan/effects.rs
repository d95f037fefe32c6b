//! The side effects of registrations.

use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages;
use crate::plan::{Notice, Plan, SideEffect};
use crate::report::block::{Block, Meaning, Words};

/// The side effects of each registration. Those of every v3 registration are one notice of the plan and
/// not repeated.
pub(super) fn effects(plan: &Plan, catalog: &Catalog) -> Vec<Block> {
    let notice = plan.notices.iter();
    let v3_is_told = notice.clone().any(|it| matches!(it, Notice::WritesToV3));
    let of_every_v3 = |effect: &SideEffect| {
        matches!(
            effect,
            SideEffect::EmptiesFolder | SideEffect::MovesUploadTime | SideEffect::GrantsRoles
        )
    };
    let mut facts = Vec::new();
    for step in &plan.steps {
        let effects = step.effects.iter();
        for effect in effects.filter(|effect| !(v3_is_told && of_every_v3(effect))) {
            let words = catalog.render(&messages::side_effect(effect));
            let name = format!(
                "{} {}",
                clean(step.id.name.as_str()),
                clean(step.version.as_str())
            );
            facts.push((name, Words::new(meaning(effect), words)));
        }
    }
    if facts.is_empty() {
        return Vec::new();
    }
    let heading = catalog.render(&Text::new("plan-heading-effects"));
    vec![Block::Heading(heading), Block::Facts(facts)]
}

fn meaning(effect: &SideEffect) -> Meaning {
    match effect {
        SideEffect::OtherSideLosesPage { .. } => Meaning::Bad,
        SideEffect::Demotes { running: true, .. } | SideEffect::SwitchesVariable { .. } => {
            Meaning::Warning
        }
        _ => Meaning::Plain,
    }
}
