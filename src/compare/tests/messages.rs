//! What causes and notes say.

use crate::compare::testing::*;
use crate::compare::*;
use crate::domain::*;
use crate::i18n::{Catalog, Lang};

#[test]
fn every_cause_and_note_has_both_languages() {
    let pages = Pages {
        paths: (1..=5).map(|n| page_path("p", &format!("v{n}"))).collect(),
        portals: [Address::new("http://p:8080")].into(),
    };
    let versions = vec![Version::new("v1"), Version::new("v2")];
    let codes = std::collections::BTreeSet::from(["A".to_owned()]);
    let causes = [
        Cause::NotOnThisSide,
        Cause::Demoted {
            version: Version::new("v1"),
            by: versions.clone(),
        },
        Cause::NotForThisSide {
            needs: Version::new("v4.0.0"),
            is: "v3.2.6".to_owned(),
        },
        Cause::OtherVersionRuns {
            running: versions.clone(),
        },
        Cause::MenuAbsent {
            codes: codes.clone(),
        },
        Cause::MenuInactive { codes },
        Cause::OtherVersion {
            listed: versions.clone(),
            expected: versions.clone(),
        },
        Cause::Missing(pages.clone()),
        Cause::NotAScript {
            pages: pages.clone(),
            content_type: String::new(),
        },
        Cause::NotAScript {
            pages: pages.clone(),
            content_type: "text/html".to_owned(),
        },
        Cause::NoAnswer {
            pages,
            seen: crate::domain::FailureCause::Said("timed out".to_owned()),
        },
        Cause::NotRead(failure()),
    ];
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for cause in &causes {
            for text in [
                Some(cause.text()),
                Some(cause.label()),
                cause.hint(Side::Old),
            ] {
                let Some(text) = text else { continue };
                let said = catalog.render(&text);
                assert!(!said.contains("{$") && !said.contains('\n'), "{said}");
                assert_ne!(said, text.key());
            }
        }
    }
}

/// A plugin that answers while the gateway has no route only lacks the route.
#[test]
fn plugin_that_answers_only_lacks_the_route() {
    let catalog = Catalog::new(Lang::En);
    let down = |gateway, probe| Cause::Down {
        seen: ReachCause {
            gateway,
            instances: vec![("http://a:1".to_owned(), probe)],
        },
    };
    let answers = PortProbe::Answers {
        status: 404,
        gin_not_found: true,
    };
    for (gateway, probe, awaits) in [
        (GatewayFinding::NoRoute, answers, true),
        (GatewayFinding::NoRoute, PortProbe::Open, true),
        (GatewayFinding::NoRoute, PortProbe::Refused, false),
        (GatewayFinding::NoAnswer, answers, false),
        (GatewayFinding::NoAnswer, PortProbe::Refused, false),
    ] {
        let cause = down(gateway.clone(), probe);
        let said = catalog.render(&cause.text());
        let begins = said.starts_with("no route in the gateway yet");
        assert_eq!(begins, awaits, "{said}");
    }
}

#[test]
fn values_in_json_are_those_of_the_variants() {
    let note = Note::PagesOfOtherVersions {
        old: Vec::new(),
        new: Vec::new(),
    };
    let found = [
        CalledGateway::AsSetAtLaunch.as_str(),
        AspectResult::Differs.code(),
        note.code(),
    ];
    let expected = ["as_set_at_launch", "differs", "pages_of_other_versions"];
    assert_eq!(found, expected);
}

#[test]
fn page_of_another_type_is_told_with_the_type() {
    let catalog = Catalog::new(Lang::En);
    for (content_type, expected) in [
        ("", "http://p:8080: 200 without a content type for /a.js"),
        (
            "text/html",
            "http://p:8080: 200 with type text/html for /a.js",
        ),
    ] {
        let cause = Cause::NotAScript {
            pages: Pages {
                paths: [FilePath::new("/a.js")].into(),
                portals: [Address::new("http://p:8080")].into(),
            },
            content_type: content_type.to_owned(),
        };
        assert_eq!(catalog.render(&cause.text()), expected);
    }
}

/// A registration by the same core would bring a page in another folder nowhere.
#[test]
fn missing_page_in_another_folder_is_no_matter_of_a_registration() {
    let right = page_path("p", "v1");
    let wrong = FilePath::new("/static/p/v1/app.js");
    for (paths, side, hint) in [
        (vec![&right], Side::New, "compare-hint-register"),
        (vec![&right], Side::Old, "compare-hint-register-again-old"),
        (vec![&right, &wrong], Side::New, "compare-hint-static-path"),
        (vec![&wrong], Side::Old, "compare-hint-static-path"),
    ] {
        let cause = Cause::Missing(Pages {
            paths: paths.into_iter().cloned().collect(),
            portals: [Address::new("http://p:8080")].into(),
        });
        assert_eq!(cause.hint(side).unwrap().key(), hint);
    }
}
