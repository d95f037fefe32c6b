//! Which plugins are selected, and options that name what is not there.

use crate::domain::{PluginName, Reading, Side, Version};
use crate::error::Failure as _;
use crate::plan::testing::{Pair, Release, english, failure, left, pkg};
use crate::plan::{SelectionError, validate_selection};

fn version(text: &str) -> Version {
    Version::new(text)
}

#[test]
fn selection_globs_are_case_sensitive() {
    let packages = [
        pkg("wecmdb", "v1"),
        pkg("wecube", "v1"),
        pkg("monitor", "v1"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    for (only, skip, steps) in [
        (vec![], vec![], "monitor wecmdb wecube"),
        (vec!["we*"], vec![], "wecmdb wecube"),
        (vec!["we*"], vec!["*cube"], "wecmdb"),
        (vec!["We*"], vec![], ""),
        (vec![], vec!["mon?tor"], "wecmdb wecube"),
        (vec!["monitor", "wecmdb"], vec![], "monitor wecmdb"),
    ] {
        pair.options.only = only.iter().map(ToString::to_string).collect();
        pair.options.skip = skip.iter().map(ToString::to_string).collect();
        let plan = pair.plan();
        let names: Vec<&str> = plan
            .steps
            .iter()
            .map(|step| step.id.name.as_str())
            .collect();
        assert_eq!(names.join(" "), steps, "{only:?} {skip:?}");
        assert_eq!(plan.steps.len() + plan.skipped.len(), 3);
    }
}

#[test]
fn validate_selection_names_unmatched_glob_and_pick() {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v1")]);
    pair.options.only = vec!["mon*".to_owned(), "montior".to_owned()];
    pair.options.skip = vec!["mon*".to_owned(), "wecmbd".to_owned()];
    let no_match = SelectionError::NoMatch("montior".to_owned());
    assert_eq!(validate_selection(pair.input()), Err(no_match));
    pair.options.only.pop();
    assert_eq!(
        validate_selection(pair.input()),
        Ok(vec!["wecmbd".to_owned()]),
        "a skip pattern without a match is only a warning"
    );
    let (monitor, typo) = (PluginName::new("monitor"), PluginName::new("montior"));
    let picks = &mut pair.options.picks;
    picks.insert(monitor.clone(), version("v2"));
    let wrong = SelectionError::UnknownVersion(monitor.clone(), version("v2"));
    assert_eq!(validate_selection(pair.input()), Err(wrong));
    pair.options.picks.insert(monitor, version("v1"));
    assert!(validate_selection(pair.input()).is_ok());
    pair.options.picks.insert(typo.clone(), version("v1"));
    let unknown = SelectionError::UnknownPlugin("--pick-version", typo);
    assert_eq!(validate_selection(pair.input()), Err(unknown));
    pair.new.packages = Reading::Unknown(failure("packages.list"));
    assert_eq!(
        validate_selection(pair.input()),
        Ok(Vec::new()),
        "it cannot be told"
    );
}

/// A plugin that was left out by hand is told with the version that runs, else the one that is active.
#[test]
fn excluded_plugin_is_told_with_its_version() {
    let mut pair = Pair::shared(
        Release::V400,
        &[
            pkg("idle", "v1").idle(),
            pkg("runs", "v1").idle(),
            pkg("runs", "v2"),
        ],
    );
    pair.options.skip = vec!["*".to_owned()];
    let plan = pair.plan();
    let of = |name| left(&plan, Side::New, name).and_then(|it| it.version.clone());
    assert_eq!(of("idle"), Some(version("v1")));
    assert_eq!(of("runs"), Some(version("v2")));
}

#[test]
fn option_that_names_what_is_not_there_says_where_the_names_are() {
    let name = PluginName::new("montior");
    for (error, message, hint) in [
        (
            SelectionError::NoMatch("We*".to_owned()),
            "no plugin matches \"We*\"; nothing was done",
            "wecubectl plugin list shows the names; * and ? are wildcards, names are case-sensitive",
        ),
        (
            SelectionError::UnknownPlugin("--pick-version", name.clone()),
            "--pick-version: no package is named montior",
            "wecubectl plugin list shows the names and versions",
        ),
        (
            SelectionError::UnknownVersion(name, version("v1")),
            "--pick-version: package montior v1 does not exist",
            "wecubectl plugin list shows the names and versions",
        ),
    ] {
        let hints: Vec<String> = error.hints().iter().map(english).collect();
        assert_eq!(english(&error.message()), message);
        assert_eq!(hints, [hint]);
    }
}
