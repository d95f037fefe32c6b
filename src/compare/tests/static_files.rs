//! What portals serve of what a side lists.

use super::cells::{only, say};
use crate::compare::testing::*;
use crate::compare::*;
use crate::domain::*;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang};

/// `docs/platform/two-instances.md#one-database`: the API shows no difference, the portals do.
#[test]
fn unregistered_on_new_differs_in_static_files() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = new_side().healthy("monitor", "v2.0.7").answers(
        "http://new-portal:8080",
        &path,
        FileState::Missing,
    );
    let comparison = compare(&old, &new);
    assert_eq!((comparison.differences(), comparison.unknowns()), (1, 0));
    assert_eq!(comparison.outcome(), Outcome::Different);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::StaticFiles), "visible / hidden(missing)");
    assert_eq!(
        row.cause(Aspect::StaticFiles).map(Cause::code),
        Some("missing")
    );
    let portal = &row.new.portals[0];
    assert_eq!((portal.served, portal.listed), (0, 1));
}

#[test]
fn every_portal_answer_has_a_cause() {
    let served_empty = served(0);
    for (state, says) in [
        (FileState::Forbidden, "unknown(forbidden)"),
        (
            FileState::NotAScript {
                content_type: "text/html".to_owned(),
            },
            "hidden(not_a_script)",
        ),
        (FileState::Empty, "hidden(empty)"),
        (served_empty, "hidden(empty)"),
        (FileState::Unexpected { status: 502 }, "unknown(unexpected)"),
        (
            FileState::Unknown {
                cause: crate::domain::FailureCause::Said("timed out".to_owned()),
            },
            "unknown(no_answer)",
        ),
    ] {
        let old = old_side().healthy("monitor", "v2.0.7");
        let path = page_path("monitor", "v2.0.7");
        let new = new_side().healthy("monitor", "v2.0.7");
        let new = new.answers("http://new-portal:8080", &path, state);
        let comparison = compare(&old, &new);
        let said = say(only(&comparison), Aspect::StaticFiles);
        assert_eq!(said, format!("visible / {says}"));
        assert_eq!(comparison.outcome(), Outcome::Different, "{says}");
    }
}

#[test]
fn page_missing_on_one_of_two_portals_is_hidden() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let portals = ["http://a:8080", "http://b:8080"];
    let path = page_path("monitor", "v2.0.7");
    let new = empty(Side::New, "v4.0.0", &portals)
        .healthy("monitor", "v2.0.7")
        .answers("http://b:8080", &path, FileState::Missing);
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::StaticFiles), "visible / hidden(missing)");
    let states: Vec<_> = row.new.portals.iter().map(|it| it.state).collect();
    assert_eq!(states, [State::Visible, State::Hidden]);
}

/// What one portal lacks is told beside what another one does.
#[test]
fn pages_missing_on_several_portals_are_told_together() {
    let portals = ["http://a:8080", "http://b:8080"];
    let paths = ["v2.0.7", "v2.0.8"].map(|version| page_path("monitor", version));
    let new = empty(Side::New, "v4.0.0", &portals)
        .healthy("monitor", "v2.0.7")
        .listed("monitor", "v2.0.8", &served(1000))
        .answers(portals[0], &paths[0], FileState::Missing)
        .answers(portals[1], &paths[1], FileState::Missing);
    let comparison = compare(&old_side(), &new);
    let missing = Cause::Missing(Pages {
        paths: paths.into(),
        portals: portals.map(Address::new).into(),
    });
    let cell = only(&comparison).new.cell(Aspect::StaticFiles);
    assert_eq!(cell.causes, [missing]);
}

#[test]
fn unasked_portal_is_unknown() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let mut new = new_side().healthy("monitor", "v2.0.7");
    new.files.clear();
    let comparison = compare(&old, &new);
    let said = say(only(&comparison), Aspect::StaticFiles);
    assert_eq!(said, "visible / unknown(not_asked)");
    assert_eq!((comparison.differences(), comparison.unknowns()), (0, 1));
    assert_eq!(comparison.outcome(), Outcome::Different);
    new.identity.portals.clear();
    let said = say(only(&compare(&old, &new)), Aspect::StaticFiles);
    assert_eq!(said, "visible / unknown(not_asked)");
}

#[test]
fn content_conflict_of_two_portals_is_undecided() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = new_side().healthy("monitor", "v2.0.7");
    let new = new.answers("http://new-portal:8080", &path, served(77));
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(
        say(row, Aspect::StaticFiles),
        "hidden(content_differs) / hidden(content_differs)"
    );
    assert_eq!(comparison.differences(), 1);
    let catalog = Catalog::new(Lang::En);
    let cause = row.cause(Aspect::StaticFiles).unwrap();
    assert_eq!(
        catalog.render(&cause.text()),
        "/ui-resources/monitor/v2.0.7/plugin/js/app.js has different content, and it is unknown \
         which is right: http://old-portal:8080: 1000 B, http://new-portal:8080: 77 B"
    );
}

#[test]
fn content_conflict_of_three_portals_names_odd_one() {
    let portals = ["http://a:8080", "http://b:8080"];
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = empty(Side::New, "v4.0.0", &portals)
        .healthy("monitor", "v2.0.7")
        .answers("http://b:8080", &path, served(77));
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(
        say(row, Aspect::StaticFiles),
        "visible / hidden(content_differs)"
    );
    assert_eq!(row.new.portals[0].state, State::Visible);
    let cause = row.cause(Aspect::StaticFiles).unwrap();
    let said = Catalog::new(Lang::En).render(&cause.text());
    assert_eq!(
        said,
        "/ui-resources/monitor/v2.0.7/plugin/js/app.js differs from what most portals serve: \
         http://old-portal:8080: 1000 B, http://a:8080: 1000 B, http://b:8080: 77 B"
    );
}

#[test]
fn content_conflict_found_by_digest() {
    let file = |digest: Option<&str>| {
        FileState::Served(ServedFile {
            length: Some(1000),
            etag: None,
            digest: digest.map(str::to_owned),
        })
    };
    let path = page_path("monitor", "v2.0.7");
    for (old_digest, new_digest, says) in [
        (
            Some("aa"),
            Some("bb"),
            "hidden(content_differs) / hidden(content_differs)",
        ),
        (Some("aa"), Some("aa"), "visible / visible"),
        // One digest alone compares with nothing; the lengths agree.
        (Some("aa"), None, "visible / visible"),
    ] {
        let old = old_side().healthy("monitor", "v2.0.7");
        let old = old.answers("http://old-portal:8080", &path, file(old_digest));
        let new = new_side().healthy("monitor", "v2.0.7");
        let new = new.answers("http://new-portal:8080", &path, file(new_digest));
        let comparison = compare(&old, &new);
        assert_eq!(say(only(&comparison), Aspect::StaticFiles), says);
    }
}

#[test]
fn other_versions_are_no_content_conflict() {
    let old = old_side()
        .package("monitor", "v2.0.7", "REGISTERED", true)
        .running("monitor", "v2.0.7", "p_docker_1", 20_000)
        .listed("monitor", "v2.0.7", &served(10));
    let new = new_side()
        .package("monitor", "v2.1.0", "REGISTERED", true)
        .running("monitor", "v2.1.0", "p_docker_2", 20_001)
        .listed("monitor", "v2.1.0", &served(20));
    let comparison = compare(&old, &new);
    assert_eq!(comparison.differences(), 0);
    let notes = &only(&comparison).notes;
    assert_eq!(
        notes.as_slice(),
        [Note::PagesOfOtherVersions {
            old: vec![Version::new("v2.0.7")],
            new: vec![Version::new("v2.1.0")],
        }]
    );
}

/// What is hidden is said before what is unknown.
#[test]
fn cause_of_what_is_hidden_comes_first() {
    let unknown = FileState::Unknown {
        cause: FailureCause::Broken,
    };
    for (old, new, expected) in [
        (&FileState::Missing, &unknown, "missing"),
        (&unknown, &FileState::Missing, "missing"),
        (&FileState::Missing, &FileState::Empty, "empty"),
        (&served(1), &unknown, "no_answer"),
    ] {
        let with = |side: Inventory, state| {
            let side = side.package("monitor", "v2.0.7", "REGISTERED", true);
            side.running("monitor", "v2.0.7", "i", 1)
                .listed("monitor", "v2.0.7", state)
        };
        let comparison = compare(&with(old_side(), old), &with(new_side(), new));
        let cause = only(&comparison).cause(Aspect::StaticFiles);
        assert_eq!(cause.map(Cause::code), Some(expected), "{old:?} {new:?}");
    }
}

/// A side that runs no version is judged by the one that stands for the plugin there.
#[test]
fn rows_of_a_version_that_a_side_neither_runs_nor_has_are_another_versions() {
    let old = old_side().healthy("labplug", "v1.0.0");
    let new = new_side()
        .package("labplug", "v1.0.0", "REGISTERED", true)
        .listed("labplug", "v1.1.0", &FileState::Missing);
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    let said = say(row, Aspect::StaticFiles);
    assert_eq!(said, "visible / hidden(other_version+missing)");
    let other = Cause::OtherVersion {
        listed: vec![Version::new("v1.1.0")],
        expected: vec![Version::new("v1.0.0")],
    };
    assert_eq!(row.new.cell(Aspect::StaticFiles).causes[0], other);
}
