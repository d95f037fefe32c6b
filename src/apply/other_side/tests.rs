//! What counts as broken on the side that is not written, and what as not known.

use tokio::time::Instant;

use super::*;
use crate::apply::testing::{PlanOf, World, step};
use crate::apply::{ApplyOptions, CancelSignal};
use crate::domain::{FailureCause, ServedFile};

const PORTAL: &str = "http://old:8080";

/// `s` served, `m` missing, `u` unknown.
fn state(letter: char) -> FileState {
    match letter {
        's' => FileState::Served(ServedFile {
            length: Some(1),
            etag: None,
            digest: None,
        }),
        'm' => FileState::Missing,
        _ => FileState::Unknown {
            cause: FailureCause::Broken,
        },
    }
}

/// What the old side's portal answers for these paths.
fn answers(states: &[(&str, char)]) -> PageStates {
    let states = states.iter().map(|(path, letter)| {
        let at_portal = [(Address::new(PORTAL), state(*letter))]
            .into_iter()
            .collect();
        (FilePath::new(*path), at_portal)
    });
    states.collect()
}

#[test]
fn broken_is_what_was_visible_and_is_certainly_not() {
    // `a` and `b` are registered on the new side, where the old one watches `/a.js` and `/b.js`;
    // nothing of `c` is watched, and `d` is registered on the old side.
    let mut plan = PlanOf::steps(vec![
        step(Side::New, "a"),
        step(Side::New, "b"),
        step(Side::New, "c"),
        step(Side::Old, "d"),
    ]);
    for (at, path) in [(0, "/a.js"), (1, "/b.js"), (3, "/d.js")] {
        plan.steps[at].watched.insert(FilePath::new(path));
    }
    let (options, cancel) = (ApplyOptions::default(), CancelSignal::new());
    let world = World::of(&plan);
    let context = RunContext {
        plan: &plan,
        effects: &world,
        options: &options,
        cancel: &cancel,
        mark: None,
        begun: Instant::now(),
    };
    // Plugin, path, what was seen before, what is seen now; how many are broken, how many not known.
    for (name, path, before, now, expected) in [
        ("a", "/a.js", &[("/a.js", 's')][..], Some('s'), (0, 0)),
        ("a", "/a.js", &[("/a.js", 's')], Some('m'), (1, 0)),
        ("a", "/a.js", &[("/a.js", 's')], Some('u'), (0, 1)),
        ("a", "/a.js", &[("/a.js", 's')], None, (0, 1)),
        ("a", "/a.js", &[("/a.js", 'm')], Some('m'), (0, 0)),
        ("a", "/a.js", &[("/a.js", 'm')], Some('u'), (0, 0)),
        // What did not answer before counts as visible.
        ("a", "/a.js", &[("/a.js", 'u')], Some('m'), (1, 0)),
        ("a", "/a.js", &[], Some('m'), (1, 0)),
        // A path that is new there: it should be visible if some page of the plugin was.
        ("a", "/new.js", &[("/a.js", 's')], Some('m'), (1, 0)),
        ("a", "/new.js", &[("/a.js", 'm')], Some('m'), (0, 0)),
        (
            "a",
            "/new.js",
            &[("/a.js", 'm'), ("/b.js", 's')],
            Some('m'),
            (0, 0),
        ),
        ("c", "/new.js", &[("/a.js", 's')], Some('m'), (0, 0)),
        ("d", "/new.js", &[("/d.js", 's')], Some('m'), (0, 0)),
    ] {
        let other_side = OtherSide {
            context,
            before: BTreeMap::from([(Side::Old, answers(before))]),
        };
        let paths = Paths::from([(FilePath::new(path), PluginName::new(name))]);
        let seen = now.map(|letter| answers(&[(path, letter)]));
        let found = other_side.compare(Side::Old, &paths, &seen.unwrap_or_default());
        let counts = (found.broken.len(), found.unasked.len());
        assert_eq!(counts, expected, "{path} of {name}: {before:?} {now:?}");
        for page in found.broken.iter().chain(&found.unasked) {
            assert_eq!((page.side, page.portal.as_str()), (Side::Old, PORTAL));
        }
    }
}
