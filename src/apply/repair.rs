//! What brings back a page that a registration took from the other side. Pure.

use std::collections::BTreeSet;

use super::model::ApplyReport;
use crate::domain::{FilePath, PluginName, Side, Version};
use crate::plan::{Plan, SideEffect, Step, StepId};

/// A registration that brings back what users of a side saw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repair {
    /// The side that lost pages.
    pub lost_by: Side,
    /// The plugin.
    pub name: PluginName,
    /// What to register, in this order of preference; empty if `moved` says that it would cure nothing.
    pub ways: Vec<RepairOption>,
    /// The first folder of the rows before and after, if the registration changed it.
    pub moved: Option<(String, String)>,
}

/// One way to bring the pages back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepairOption {
    /// The side to register on.
    pub side: Side,
    /// The version to register.
    pub version: Version,
    /// What users of the side that lost pages see afterwards.
    pub restores: Restores,
}

/// What a repair brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restores {
    /// The pages that they saw before. The rows of the shared database name them again, and their
    /// files are still on the portals.
    PreviousPages,
    /// The pages of the version that this run registered, copied to their portals too.
    RegisteredPages,
}

/// The repairs of a run, sorted by side and plugin; empty where nothing broke.
///
/// Both ways were seen (`docs/platform/two-instances.md#another-version-takes-a-page-away`): registering the version of
/// before on the side that was written makes the rows name it again; registering the new version on
/// the side that lost its page copies the files there.
pub fn repairs(report: &ApplyReport, plan: &Plan) -> Vec<Repair> {
    let broken = report.broken.iter();
    let lost: BTreeSet<_> = broken.map(|page| (page.side, page.name.clone())).collect();
    let repairs = lost.into_iter().filter_map(|(side, name)| {
        let id = StepId {
            side: side.other(),
            name: name.clone(),
        };
        let step = plan.steps.iter().find(|step| step.id == id)?;
        let lost = report.broken.iter();
        let lost = lost.filter(|page| page.side == side && page.name == name);
        let moved = moved(step, lost.map(|page| &page.path));
        let ways = match moved {
            Some(_) => Vec::new(),
            None => ways(step, side),
        };
        Some(Repair {
            lost_by: side,
            name,
            ways,
            moved,
        })
    });
    repairs.collect()
}

/// The first folders of the rows before and after. Two cores whose static paths end in different folders
/// rewrite the rows of one database in turn, and each registration takes the page from the other side
/// (`docs/platform/portal.md#static-path`).
fn moved<'a>(
    step: &Step,
    mut lost: impl Iterator<Item = &'a FilePath>,
) -> Option<(String, String)> {
    let before = step.watched.first()?.root()?;
    let after = lost.find_map(|path| path.root().filter(|root| *root != before))?;
    Some((before.to_owned(), after.to_owned()))
}

fn ways(step: &Step, lost_by: Side) -> Vec<RepairOption> {
    let before = shown_before(step).filter(|version| *version != step.version);
    let before = before.map(|version| RepairOption {
        side: step.id.side,
        version,
        restores: Restores::PreviousPages,
    });
    let copied = RepairOption {
        side: lost_by,
        version: step.version.clone(),
        restores: Restores::RegisteredPages,
    };
    before.into_iter().chain([copied]).collect()
}

/// The version that the other side showed: as the plan has it, else as its pages' paths do.
fn shown_before(step: &Step) -> Option<Version> {
    let predicted = step.effects.iter().find_map(|effect| match effect {
        SideEffect::OtherSideLosesPage { shows, .. } => Some(shows.clone()),
        _ => None,
    });
    predicted.or_else(|| {
        let first = step.watched.first();
        first
            .and_then(FilePath::version_directory)
            .map(Version::new)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::ScheduleStats;
    use crate::apply::model::{BrokenPage, VariableResult};
    use crate::apply::testing::{PlanOf, step};
    use crate::domain::FileState;

    fn broke(name: &str) -> ApplyReport {
        ApplyReport {
            packages: Vec::new(),
            variable: VariableResult::Unchanged { row: None },
            variable_changes: Vec::new(),
            broken: vec![BrokenPage {
                side: Side::Old,
                name: PluginName::new(name),
                path: FilePath::new("/ui-resources/labplug/v1.1.0/a.js"),
                portal: "http://old-portal:8080".to_owned(),
                state: FileState::Missing,
                predicted: false,
            }],
            unasked: Vec::new(),
            stopped: None,
            schedule: ScheduleStats::default(),
        }
    }

    fn said(plan: &Plan) -> Vec<String> {
        let repairs = repairs(&broke("labplug"), plan);
        let ways = repairs.iter().flat_map(|repair| &repair.ways);
        ways.map(|way| format!("{} {} {:?}", way.side, way.version, way.restores))
            .collect()
    }

    #[test]
    fn the_version_of_before_comes_first() {
        let mut labplug = step(Side::New, "labplug");
        labplug.version = Version::new("v1.1.0");
        labplug.watched = BTreeSet::from([FilePath::new("/ui-resources/labplug/v1.0.0/a.js")]);
        let plan = PlanOf::steps(vec![labplug.clone()]);
        assert_eq!(
            said(&plan),
            ["new v1.0.0 PreviousPages", "old v1.1.0 RegisteredPages"]
        );

        labplug.effects = vec![SideEffect::OtherSideLosesPage {
            side: Side::Old,
            shows: Version::new("v0.9.0"),
        }];
        let plan = PlanOf::steps(vec![labplug]);
        assert_eq!(
            said(&plan),
            ["new v0.9.0 PreviousPages", "old v1.1.0 RegisteredPages"]
        );
    }

    #[test]
    fn rows_in_another_folder_are_cured_by_no_registration() {
        let mut labplug = step(Side::New, "labplug");
        labplug.watched = BTreeSet::from([FilePath::new("/ui-resources/labplug/v1.1.0/a.js")]);
        let plan = PlanOf::steps(vec![labplug]);
        let mut report = broke("labplug");
        report.broken[0].path = FilePath::new("/static/labplug/v1.1.0/a.js");
        let repairs = repairs(&report, &plan);
        let folders = ("ui-resources".to_owned(), "static".to_owned());
        assert_eq!(
            (&repairs[0].moved, repairs[0].ways.len()),
            (&Some(folders), 0)
        );
    }

    #[test]
    fn rows_of_one_plugin_say_nothing_of_another() {
        let mut labplug = step(Side::New, "labplug");
        let mut other = step(Side::New, "other");
        for step in [&mut labplug, &mut other] {
            let path = format!("/ui-resources/{}/v1.1.0/a.js", step.id.name);
            step.watched = BTreeSet::from([FilePath::new(path)]);
        }
        let plan = PlanOf::steps(vec![labplug, other]);
        let mut report = broke("labplug");
        report.broken[0].path = FilePath::new("/static/labplug/v1.1.0/a.js");
        report.broken.extend(broke("other").broken);
        report.broken[1].path = FilePath::new("/ui-resources/other/v1.1.0/a.js");
        let repairs = repairs(&report, &plan);
        let moved: Vec<_> = repairs.iter().map(|it| it.moved.is_some()).collect();
        assert_eq!(moved, [true, false]);
    }

    #[test]
    fn the_same_version_is_copied_again() {
        let mut labplug = step(Side::New, "labplug");
        labplug.version = Version::new("v1.0.0");
        labplug.watched = BTreeSet::from([FilePath::new("/ui-resources/labplug/v1.0.0/a.js")]);
        let plan = PlanOf::steps(vec![labplug]);
        assert_eq!(said(&plan), ["old v1.0.0 RegisteredPages"]);
        assert_eq!(
            said(&PlanOf::steps(vec![step(Side::New, "other")])),
            [""; 0]
        );
    }
}
