//! What is expected to run.

use super::super::{RunningCounts, expect_running};
use super::world::{Change as _, healthy};
use crate::domain::{FailureCause, FailureKind, PluginName, ReadFailure, Reading};

fn ran(counts: &[(&str, usize)]) -> RunningCounts {
    let counts = counts.iter();
    counts
        .map(|(name, count)| (PluginName::new(*name), *count))
        .collect()
}

#[test]
fn most_that_ran_is_expected() {
    let all = healthy().new;
    let less = healthy().new.instances("billing", Vec::clear);
    let mut unread = healthy().new;
    unread.packages = Reading::Unknown(ReadFailure {
        kind: FailureKind::NoAnswer,
        operation: "core.packages",
        target: String::new(),
        cause: FailureCause::Unspecified,
    });
    let both = ran(&[("billing", 1), ("wecmdb", 1)]);
    let two = ran(&[("billing", 2), ("wecmdb", 1)]);
    for (why, before, side, expected) in [
        ("first", ran(&[]), &all, both.clone()),
        ("gone", both.clone(), &less, both.clone()),
        ("fewer", two.clone(), &all, two),
        ("gone, never seen", ran(&[]), &less, ran(&[("wecmdb", 1)])),
        ("nothing read", both.clone(), &unread, both),
    ] {
        assert_eq!(expect_running(&before, side), expected, "{why}");
    }
}
