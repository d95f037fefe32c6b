//! Which version gets which driver, and what each reads out of recorded answers.

use super::select::VersionMatch;
use super::variables::VariablePages;
use serde_json::{Value, json};

use super::*;
use crate::domain::{
    Edition, FailureKind, Generation, InstanceStatus, PackageId, PackageListing, PackageStatus,
    PlatformVersion, ReadFailure,
};
use crate::platform::endpoints::VariableFilter;
use crate::platform::request::Body;
use crate::platform::wire::testing::{answer, recorded};
use crate::platform::wire::{Expect, ListedPackage};

const ASKED: CallInfo<'static> = CallInfo {
    op: "op",
    target: "GET x",
};

fn driver(version: &str) -> Driver {
    Driver::for_version(&PlatformVersion::parse(version), None)
}

fn packages(asked: CallInfo<'_>, answers: Vec<Value>) -> Result<Vec<ListedPackage>, ReadFailure> {
    let listings = answers
        .iter()
        .map(|data| listed_packages(asked, &data.to_string()));
    Ok(super::packages(listings.collect::<Result<_, _>>()?))
}

fn text(version: &str, name: &str) -> String {
    data(version, name).to_string()
}

fn data(version: &str, name: &str) -> Value {
    recorded(version, name).response["json"]["data"].clone()
}

#[test]
fn the_table_of_what_each_version_can() {
    let mark = |yes: bool, letter: char| if yes { letter } else { '-' };
    let lines: Vec<_> = [
        "v2.9.2",
        "v3.2.6",
        "v4.0.0",
        "v4.1.0",
        "v4.2.0",
        "v4.2.1",
        "v4.3.0",
        "v4.3.2",
        "v4.4.0",
        "v4.5.0",
        "v4.5.6",
        "v4.5.7",
        "v4.6.0",
        "v5.0.0",
        "4.0",
        "v4.5.6-rc1",
        "{{version}}",
        "",
    ]
    .map(|text| {
        let driver = driver(text);
        let can = driver.capabilities();
        let marks: String = [
            mark(can.demotes_siblings, 'd'),
            mark(can.ui_active, 'u'),
            mark(can.listing_needs_ui_active, 'l'),
            mark(can.listing_needs_instance, 'i'),
            mark(can.marks_update, 'm'),
            mark(can.renews_resource_ids, 'r'),
            mark(can.moves_upload_time, 't'),
            mark(can.revives_decommissioned, 'v'),
            mark(can.menu_permissions, 'p'),
            mark(can.empties_before_copy, 'e'),
            mark(can.one_register_at_a_time, '1'),
        ]
        .into_iter()
        .collect();
        format!(
            "{text:<12} {:?} {marks} {:<12} {:?}",
            can.generation,
            format!("{:?}", can.listing),
            driver.version_match()
        )
    })
    .into();
    insta::assert_snapshot!(lines.join("\n"), @r"
    v2.9.2       V3 ------t--e1 Always       Known
    v3.2.6       V3 ------t--e1 Always       Known
    v4.0.0       V4 d----r-v--- AllParameter Known
    v4.1.0       V4 d----r-v--- AllParameter Known
    v4.2.0       V4 -u---r-v--- TwoCalls     Known
    v4.2.1       V4 -ul-mr-v--- TwoCalls     Known
    v4.3.0       V4 -ul-mr-v--- TwoCalls     Known
    v4.3.2       V4 -ul-mr-v--- TwoCalls     Known
    v4.4.0       V4 -ul-mr-vp-- TwoCalls     Known
    v4.5.0       V4 -ulimr-vp-- TwoCalls     Known
    v4.5.6       V4 -ulimr-vp-- TwoCalls     Known
    v4.5.7       V4 -ulimr-vp-- TwoCalls     Newer
    v4.6.0       V4 -ulimr-vp-- TwoCalls     Newer
    v5.0.0       V4 -ulimr-vp-- TwoCalls     Newer
    4.0          V4 d----r-v--- AllParameter Known
    v4.5.6-rc1   V4 -ulimr-vp-- TwoCalls     Known
    {{version}}  V4 d----r-v--- AllParameter Unknown
                 V4 d----r-v--- AllParameter Unknown
    ");
}

#[test]
fn the_operators_word_on_the_generation_wins() {
    let table = [
        (
            "v3.2.6",
            Some(Generation::V4),
            Generation::V4,
            VersionMatch::Unknown,
        ),
        (
            "v4.5.6",
            Some(Generation::V3),
            Generation::V3,
            VersionMatch::Unknown,
        ),
        (
            "v4.5.6",
            Some(Generation::V4),
            Generation::V4,
            VersionMatch::Known,
        ),
        (
            "",
            Some(Generation::V3),
            Generation::V3,
            VersionMatch::Unknown,
        ),
        ("nightly", None, Generation::V4, VersionMatch::Unknown),
    ];
    for (text, word, generation, version_match) in table {
        let driver = Driver::for_version(&PlatformVersion::parse(text), word);
        assert_eq!(driver.generation(), generation, "{text}");
        assert_eq!(driver.version_match(), version_match, "{text}");
    }
    let unsure = Driver::for_version(&PlatformVersion::parse("v3.2.6"), Some(Generation::V4));
    assert_eq!(unsure.capabilities(), driver("v4.0.0").capabilities());
}

#[test]
fn limits_are_said_for_what_they_are() {
    for (version, limits) in [
        ("v3.2.6", &["platform-limit-token-cause"][..]),
        ("v4.0.0", &["platform-limit-no-trace-without-ui"]),
        (
            "v4.2.0",
            &[
                "platform-limit-no-trace-without-ui",
                "platform-limit-listing-statuses",
            ],
        ),
        ("v4.5.6", &["platform-limit-listing-statuses"]),
        (
            "v5.0.0",
            &[
                "platform-limit-version-newer",
                "platform-limit-listing-statuses",
            ],
        ),
        (
            "?",
            &[
                "platform-limit-version-unknown",
                "platform-limit-no-trace-without-ui",
            ],
        ),
    ] {
        let told = driver(version).limits();
        let said: Vec<_> = told.iter().map(crate::i18n::Text::key).collect();
        assert_eq!(said, limits, "{version}");
    }
}

#[test]
fn packages_of_every_status_take_as_many_calls_as_the_version_wants() {
    for (version, queries) in [
        ("v3.2.6", vec![vec![]]),
        ("v4.1.0", vec![vec![("all", "yes".to_owned())]]),
        (
            "v4.2.0",
            vec![vec![], vec![("withDelete", "yes".to_owned())]],
        ),
    ] {
        let asked: Vec<_> = driver(version)
            .list_packages()
            .into_iter()
            .map(|request| request.query)
            .collect();
        assert_eq!(asked, queries, "{version}");
    }
}

#[test]
fn two_listings_become_one() {
    let answers = vec![
        data("v4.5.6", "pair-packages"),
        data("v4.5.6", "pair-packages-with-delete"),
    ];
    let rows = packages(ASKED, answers.clone()).unwrap();
    assert_eq!(rows.len(), 79);
    let statuses = |status: &PackageStatus| {
        rows.iter()
            .filter(|row| row.package.status == *status)
            .count()
    };
    assert_eq!(statuses(&PackageStatus::Decommissioned), 1);
    let key = |row: &ListedPackage| {
        let package = &row.package;
        (
            package.name.clone(),
            package.version.clone(),
            package.id.clone(),
        )
    };
    assert!(rows.is_sorted_by_key(key));

    // Decommissioned between the two calls: in both answers, the second one counts.
    let mut moved = answers[1].as_array().unwrap()[0].clone();
    moved["status"] = json!("REGISTERED");
    let mut first = answers[0].clone();
    first.as_array_mut().unwrap().push(moved);
    let rows = packages(ASKED, vec![first, answers[1].clone()]).unwrap();
    assert_eq!(rows.len(), 79);
    assert_eq!(
        rows.iter()
            .filter(|row| row.package.status == PackageStatus::Decommissioned)
            .count(),
        1
    );

    // Null lists are empty ones.
    assert_eq!(packages(ASKED, vec![Value::Null, Value::Null]).unwrap(), []);
}

#[test]
fn a_package_of_each_generation() {
    let find = |version: &str, name: &str, plugin: &str| {
        packages(ASKED, vec![data(version, name)])
            .unwrap()
            .into_iter()
            .find(|row| row.package.name.as_str() == plugin)
            .unwrap()
    };
    let old = find("v3.2.6", "packages-all", "monitor");
    assert_eq!(old.instance_rows, None);
    assert!(!old.has_no_instance());
    assert_eq!(old.package.uploaded.as_deref(), Some("2026-11-23 09:26:41"));
    assert_eq!(
        (old.package.ui_active, old.package.updated_time),
        (None, None)
    );

    let first = find("v4.0.0", "packages-all", "monitor");
    assert_eq!(
        first.package.uploaded.as_deref(),
        Some("2026-11-22T18:35:14Z")
    );
    assert!(first.package.has_ui);
    assert_eq!(first.instance_rows, None);

    let newest = find("v4.5.6", "packages-all", "monitor");
    assert_eq!(newest.package.ui_active, Some(false));
    assert_eq!(newest.package.register_done, Some(true));
    assert_eq!(newest.package.updated_by, None);
    assert_eq!(
        newest.package.updated_time.as_deref(),
        Some("2026-11-22 18:35:14")
    );
    let rows: Vec<_> = newest
        .instance_rows
        .iter()
        .flatten()
        .map(|row| (row.id.as_str(), row.address.as_str()))
        .collect();
    assert_eq!(
        rows,
        [("p_docker_660e1bdda65f40346a182", "127.0.0.1:20103")]
    );
    assert!(!newest.has_no_instance());
    assert!(find("v4.5.6", "packages-all", "bdp").has_no_instance());
}

#[test]
fn odd_packages() {
    let row = |more: &Value| {
        let mut row = json!({"id": "p", "name": "a", "version": "v1", "status": "REGISTERED"});
        row.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let rows = packages(ASKED, vec![json!([row])]).unwrap();
        rows[0].clone()
    };
    let bare = row(&json!({})).package;
    assert_eq!(
        (bare.edition, bare.has_ui, bare.uploaded, bare.ui_active),
        (Edition::Community, false, None, None)
    );
    let zero = json!({"uploadTimestamp": "0001-01-01T00:00:00Z", "edition": "enterprise", "uiPackageIncluded": null});
    let zero = row(&zero).package;
    assert_eq!(
        (zero.edition, zero.has_ui, zero.uploaded),
        (Edition::Enterprise, false, None)
    );
    let odd = row(
        &json!({"edition": "gold", "uiActive": "Y", "uiPackageIncluded": 1, "status": "STOPPED"}),
    )
    .package;
    assert_eq!(odd.edition, Edition::Other("gold".to_owned()));
    assert_eq!(
        (odd.ui_active, odd.has_ui, odd.status),
        (Some(true), true, PackageStatus::Stopped)
    );
    assert!(!row(&json!({"instances": null})).has_no_instance());
}

#[test]
fn instances_and_dependencies() {
    let package = PackageId::new("asked");
    for version in ["v3.2.6", "v4.0.0", "v4.5.6"] {
        let read = instances(ASKED, &package, &text(version, "monitor-instances")).unwrap();
        assert_eq!(read.len(), 1, "{version}");
        assert_eq!(read[0].status, InstanceStatus::Running);
        assert_ne!(read[0].package, package);
        assert_eq!(
            instances(ASKED, &package, &text(version, "bdp-instances-empty")).unwrap(),
            []
        );

        let read = dependencies(ASKED, &text(version, "monitor-dependencies")).unwrap();
        let read: Vec<_> = read
            .iter()
            .map(|dep| format!("{} {}", dep.name, dep.version))
            .collect();
        assert_eq!(
            read,
            ["platform v2.9.0", "saltstack v1.9.0", "wecmdb v1.5.0"],
            "{version}"
        );
    }
    let odd = json!([{"id": "i", "port": "20100", "containerStatus": "REMOVED"}, {"id": "h", "port": null}]);
    let read = instances(ASKED, &package, &odd.to_string()).unwrap();
    assert_eq!((read[0].id.as_str(), read[0].port), ("h", 0));
    assert_eq!((read[1].port, &read[1].package), (20_100, &package));
    assert_eq!(read[1].status, InstanceStatus::Other("REMOVED".to_owned()));

    // v3 gives the whole tree: what lies below a direct dependency is not ours.
    let tree = json!({"packageName": "a", "version": "v1", "dependencies": [
        {"packageName": "b", "version": "v1", "dependencies": [{"packageName": "c", "version": "v1", "dependencies": 7}]},
        {"packageName": "b", "version": "v1", "dependencies": null}]});
    let read = dependencies(ASKED, &tree.to_string()).unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(
        dependencies(ASKED, r#"{"dependencies": null}"#).unwrap(),
        []
    );
}

#[test]
fn menus_of_a_package_are_its_own() {
    let own = |version: &str, name: &str| -> Vec<String> {
        let menus = driver(version)
            .read_own_menus(ASKED, &text(version, name))
            .unwrap();
        menus.into_iter().map(|menu| menu.code).collect()
    };
    for version in ["v3.2.6", "v4.0.0", "v4.5.6"] {
        assert_eq!(
            own(version, "monitor-menus"),
            [
                "MONITOR_MAIN_DASHBOARD",
                "MONITOR_METRIC_CONFIG",
                "MONITOR_ALARM_CONFIG",
                "MONITOR_ALARM_MANAGEMENT",
                "MONITOR_CUSTOM_DASHBOARD"
            ],
            "{version}"
        );
        assert_eq!(own(version, "saltstack-menus"), [""; 0], "{version}");
    }
    let menus = driver("v4.0.0")
        .read_own_menus(ASKED, &text("v4.0.0", "monitor-menus"))
        .unwrap();
    assert_eq!(menus[0].display_name, "对象视图");
    assert_eq!(
        (menus[0].category.as_str(), menus[0].path.as_str()),
        ("MONITORING", "/endpointView")
    );
    assert!(menus[0].active);

    // On a v3, a package that a v4 uploaded has no source: it is still not the platform's.
    let blank =
        r#"[{"code": "A", "source": null, "displayName": "Name", "localDisplayName": null}]"#;
    let menus = driver("v3.2.6").read_own_menus(ASKED, blank).unwrap();
    assert_eq!(
        (menus[0].display_name.as_str(), menus[0].active),
        ("Name", false)
    );
}

#[test]
fn routes_lose_the_number_that_a_v3_gateway_gives_them() {
    let old = routes(ASKED, &text("v3.2.6", "gateway-route-items")).unwrap();
    let core = routes(ASKED, &text("v3.2.6", "route-items")).unwrap();
    assert!(old.iter().all(|route| core.contains(route)));
    let new = routes(ASKED, &text("v4.0.0", "gateway-route-items")).unwrap();
    assert_eq!(new, routes(ASKED, &text("v4.0.0", "route-items")).unwrap());
    assert!(new.iter().all(|route| route.path.is_none()));

    let read = routes(
        ASKED,
        &json!([
            {"context": "a#12", "host": "h", "port": 80, "path": "/x"},
            {"context": "a#b", "host": "h", "port": "80"},
            {"context": "#1", "host": null, "port": null},
            {"context": "a#12", "host": "h", "port": "80", "path": "/x"},
        ])
        .to_string(),
    )
    .unwrap();
    let read: Vec<_> = read
        .iter()
        .map(|route| {
            format!(
                "{} {}:{} {:?}",
                route.context, route.host, route.port, route.path
            )
        })
        .collect();
    assert_eq!(read, ["#1 : None", r#"a h:80 Some("/x")"#, "a#b h:80 None"]);
}

#[test]
fn variables_of_a_v4_come_at_once() {
    let driver = driver("v4.0.0");
    let mut pages = driver.variables(VariableFilter::All);
    let Body::Json(body) = pages.request().body else {
        panic!("a retrieve has a body")
    };
    assert_eq!(body, json!({"filters": [], "paging": false}));
    let NextPage::Done(rows) = pages
        .take(ASKED, &text("v4.0.0", "variables-unknown-filter"))
        .unwrap()
    else {
        panic!("a v4 does not page")
    };
    assert!(rows.len() > 200);
    assert!(rows.is_sorted_by(|a, b| (&a.name, &a.id) <= (&b.name, &b.id)));
}

#[test]
fn variables_of_a_v3_come_in_pages() {
    let page = |ids: std::ops::Range<usize>, total: usize| {
        let rows: Vec<_> = ids
            .map(|id| json!({"id": format!("{id:06}"), "name": "N"}))
            .collect();
        json!({"pageInfo": {"startIndex": 0, "pageSize": 10_000, "totalRows": total}, "contents": rows}).to_string()
    };
    let start = |pages: &VariablePages| match pages.request().body {
        Body::Json(body) => body["pageable"]["startIndex"].as_u64().unwrap(),
        other => panic!("{other:?}"),
    };
    let mut pages = driver("v3.2.6").variables(VariableFilter::All);
    assert_eq!(start(&pages), 0);
    assert_eq!(
        pages.take(ASKED, &page(0..10_000, 10_003)).unwrap(),
        NextPage::Ask
    );
    assert_eq!(start(&pages), 10_000);
    let NextPage::Done(rows) = pages.take(ASKED, &page(10_000..10_003, 10_003)).unwrap() else {
        panic!("these are all")
    };
    assert_eq!(rows.len(), 10_003);

    // A row went away between the calls: the rest shifted, and one was missed.
    let mut pages = driver("v3.2.6").variables(VariableFilter::All);
    pages.take(ASKED, &page(0..10_000, 10_003)).unwrap();
    let failure = pages
        .take(ASKED, &page(10_001..10_003, 10_003))
        .unwrap_err();
    assert_eq!(
        (
            failure.kind,
            crate::i18n::english(&failure.cause.message()).as_str()
        ),
        (FailureKind::ServerError, "10002 of 10003 rows")
    );

    // An empty page ends it, whatever the total says.
    let mut pages = driver("v3.2.6").variables(VariableFilter::All);
    pages.take(ASKED, &page(0..10_000, 20_001)).unwrap();
    assert!(pages.take(ASKED, &page(0..0, 20_001)).is_err());
}

#[test]
fn a_name_is_checked_again_after_the_database_did() {
    let filter = VariableFilter::Named("GATEWAY_URL".to_owned());
    let mut pages = driver("v3.2.6").variables(filter.clone());
    let NextPage::Done(rows) = pages
        .take(ASKED, &text("v3.2.6", "variables-by-name-found"))
        .unwrap()
    else {
        panic!("one page")
    };
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id.as_str(), "system__global__GATEWAY_URL");
    assert!(rows[0].is_active());
    assert_eq!(rows[0].package_name, "");

    // An unknown filter returns every row on v4; collations ignore case and trailing spaces.
    let mut pages = driver("v4.0.0").variables(filter);
    let loose = json!({"pageInfo": {}, "contents": [
        {"id": "1", "name": "gateway_url"}, {"id": "2", "name": "GATEWAY_URL "},
        {"id": "3", "name": "GATEWAY_URL_NEW"}, {"id": "4", "name": "GATEWAY_URL", "value": null}]});
    let NextPage::Done(rows) = pages.take(ASKED, &loose.to_string()).unwrap() else {
        panic!("a v4 does not page")
    };
    assert_eq!(
        rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
        ["4"]
    );
}

#[test]
fn what_a_write_names() {
    for (version, name) in [
        ("v3.2.6", "vBKZgfyB2HZL"),
        ("v4.0.0", "sys_var_660e1c30fc57d118f94ef"),
    ] {
        let id = created_variable(ASKED, "LAB_VAR", &text(version, "variable-create")).unwrap();
        assert_eq!(id.unwrap().as_str(), name);
    }
    assert_eq!(created_variable(ASKED, "LAB_VAR", "[]").unwrap(), None);
    assert_eq!(
        created_variable(ASKED, "OTHER", &text("v4.0.0", "variable-create")).unwrap(),
        None
    );

    for (version, id) in [
        ("v3.2.6", Some("vBKTb4gB2BM9")),
        ("v4.0.0", None),
        ("v4.5.6", Some("plugin_660e1bcfd0be559b39912")),
    ] {
        let read = package_ref(ASKED, &text(version, "register-ok-with-ui")).unwrap();
        assert_eq!(read.as_ref().map(PackageId::as_str), id, "{version}");
    }
}

#[test]
fn a_version_may_be_any_text_but_is_one() {
    assert_eq!(
        version(ASKED, r#""v4.0.0""#).unwrap().numbers,
        Some((4, 0, 0))
    );
    assert_eq!(version(ASKED, r#""""#).unwrap().numbers, None);
    assert_eq!(version(ASKED, "null").unwrap().text, "");
    assert_eq!(
        version(ASKED, r#""\u001b[1mx\ny""#).unwrap().text,
        "\\u{1b}[1mx"
    );
    assert_eq!(
        version(ASKED, r#"{"v": 1}"#).unwrap_err().kind,
        FailureKind::NotWecube
    );
}

#[test]
fn the_generation_is_told_without_a_token() {
    let detection =
        |version: &str, name: &str| detect(ASKED, &recorded(version, name).answer, Expect::Core);
    assert_eq!(
        detection("v3.2.6", "version-no-token"),
        Detection::Told(PlatformVersion::parse("v3.2.6"))
    );
    for version in ["v4.0.0", "v4.5.6"] {
        assert_eq!(
            detection(version, "no-token"),
            Detection::WantsToken(Some(Generation::V4))
        );
    }
    assert_eq!(detection("v3.2.6", "no-token"), Detection::WantsToken(None));
    let html = answer(200, Some("text/html"), "<html>login</html>");
    let Detection::Failed(failure) = detect(ASKED, &html, Expect::Core) else {
        panic!("a login page tells nothing")
    };
    assert_eq!(failure.kind, FailureKind::NotWecube);
    assert!(driver("").capabilities().listing == PackageListing::AllParameter);
}
