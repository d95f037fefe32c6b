//! `demo`: every scenario ends as it says, in under five seconds of its own.

use crate::support::TestEnv;

#[test]
fn demo_scenarios_end_with_announced_exit_code() {
    for name in wecubectl::sim::scenarios() {
        let expected = wecubectl::sim::scenario(name).unwrap().expected_exit;
        for lang in ["en", "zh"] {
            let output = TestEnv::new().run(&["demo", "--scenario", name, "--lang", lang]);
            assert_eq!(
                output.code,
                Some(i32::from(expected)),
                "{name} {lang}: {output:#?}"
            );
            assert!(!output.stdout.is_empty(), "{name}");
        }
    }
}

#[test]
fn demo_overload_fails_no_plugin() {
    let output = TestEnv::new().run(&[
        "demo",
        "--scenario",
        "overload",
        "--parallel",
        "64",
        "-o",
        "json",
    ]);
    let document = output.json();
    let packages = document["packages"].as_array().unwrap();
    let done = packages
        .iter()
        .filter(|package| package["result"] == "done")
        .count();
    assert_eq!((output.code, done), (Some(0), 60), "{}", output.stderr);
}

#[test]
fn demo_unknown_scenario_lists_scenarios() {
    let output = TestEnv::new().run(&["demo", "--scenario", "nonsense"]);
    assert_eq!(output.code, Some(2));
    assert!(
        output.stderr.contains("coexistence") && output.stderr.contains("unknown-outcome"),
        "{}",
        output.stderr
    );
}
