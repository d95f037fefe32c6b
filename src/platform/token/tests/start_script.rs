//! What a start script corrupts.

use super::support::secret;
use crate::platform::token::{
    Corruption, CorruptionRule, DEFAULT_SEED, start_script_corrupts, start_script_hazard,
};

#[test]
fn each_rule_and_its_place() {
    for (value, rule, position) in [
        ("ab~c", CorruptionRule::EndsReplacement, 3),
        ("a&b", CorruptionRule::InsertsPlaceholder, 2),
        ("\\ab", CorruptionRule::Escapes, 1),
        ("秘密\"", CorruptionRule::BreaksJson, 3),
        ("ab\ncd", CorruptionRule::BreaksCommand, 3),
        ("ab\rcd", CorruptionRule::BreaksJson, 3),
        ("ab\tcd", CorruptionRule::BreaksJson, 3),
    ] {
        assert_eq!(
            start_script_corrupts(value),
            [Corruption { rule, position }],
            "{value:?}"
        );
        assert_eq!(start_script_hazard(&secret(value)), Some(position));
    }
}

#[test]
fn the_first_place_of_each_rule_is_told_in_order() {
    let found = start_script_corrupts("a&&~\"~\\");
    let places: Vec<usize> = found.iter().map(|corruption| corruption.position).collect();
    assert_eq!(places, [2, 4, 5, 7]);
}

#[test]
fn what_survives_is_not_reported() {
    for value in [
        DEFAULT_SEED,
        "",
        "a/b+c",
        "a'b $c `d` {{x}} 密码 %&".trim_end_matches('&'),
    ] {
        assert_eq!(start_script_corrupts(value), [], "{value:?}");
        assert_eq!(start_script_hazard(&secret(value)), None);
    }
}
