//! Exact method, path, query and body of every call.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::{FilePath, Generation, PackageId, PluginName, SystemVariable, VariableId};
use crate::platform::request::{ApiRequest, Body};
use crate::platform::wire::testing::recorded;

fn id() -> PackageId {
    PackageId::new("wecmdb__v1.5.3")
}

/// Method, server, path with query, whether it carries a token, replay.
fn line(request: &ApiRequest) -> String {
    let query: Vec<_> = request
        .query
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    let token = if request.token { "token" } else { "anonymous" };
    format!(
        "{}: {:?} {:?} {}{query} {token} {:?}",
        request.op, request.method, request.via, request.path, request.replay
    )
}

#[test]
fn reads_and_plain_calls() {
    let probe = ProbePath::new(&FilePath::new("/ui-resources/a/v1/js/x.js")).unwrap();
    let lines: Vec<_> = [
        version(false),
        version(true),
        packages(PackageQuery::Plain),
        packages(PackageQuery::All),
        packages(PackageQuery::Deleted),
        instances(&id()),
        dependencies(&id()),
        package_menus(&id()),
        resource_files(),
        my_menus(),
        core_route_items(),
        gateway_route_items(),
        register(&id()),
        static_file(1, &probe, StaticMethod::Head),
        static_file(0, &probe, StaticMethod::Get),
        plugin_context(&PluginName::new("service-mgmt")),
    ]
    .iter()
    .map(|request| {
        assert_eq!(request.body, Body::None, "{}", request.op);
        line(request)
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    core.version: Get Core /platform/v1/appinfo/version anonymous Safe
    core.version: Get Core /platform/v1/appinfo/version token Safe
    packages.list: Get Core /platform/v1/packages token Safe
    packages.list: Get Core /platform/v1/packages?all=yes token Safe
    packages.list: Get Core /platform/v1/packages?withDelete=yes token Safe
    packages.instances: Get Core /platform/v1/packages/wecmdb__v1.5.3/instances token Safe
    packages.dependencies: Get Core /platform/v1/packages/wecmdb__v1.5.3/dependencies token Safe
    packages.menus: Get Core /platform/v1/packages/wecmdb__v1.5.3/menus token Safe
    resource-files.list: Get Core /platform/v1/resource-files token Safe
    menus.mine: Get Core /platform/v1/my-menus token Safe
    routes.core: Get Core /platform/v1/route-items anonymous Safe
    routes.gateway: Get Gateway /gateway/v1/route-items anonymous Safe
    packages.register: Post Core /platform/v1/packages/register/wecmdb__v1.5.3 token Never
    static.file: Head Portal(1) /ui-resources/a/v1/js/x.js anonymous Safe
    static.file: Get Portal(0) /ui-resources/a/v1/js/x.js anonymous Safe
    plugin.reach: Get Gateway /service-mgmt/ anonymous Safe
    ");
}

fn variable() -> SystemVariable {
    SystemVariable {
        id: VariableId::new("sys_var_1"),
        name: "GATEWAY_URL_NEW".to_owned(),
        value: "http://h:8005".to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: "active".to_owned(),
        package_name: String::new(),
    }
}

fn body(request: &ApiRequest) -> &Value {
    match &request.body {
        Body::Json(body) => body,
        other => panic!("{}: {other:?}", request.op),
    }
}

#[test]
fn variables_are_sent_with_every_field_and_created_without_an_id() {
    let row = json!({
        "packageName": "", "name": "GATEWAY_URL_NEW", "value": "http://h:8005",
        "defaultValue": "", "scope": "global", "source": "system", "status": "active",
    });
    let create = create_variable(&variable());
    assert_eq!(
        line(&create),
        "variables.create: Post Core /platform/v1/system-variables/create token Never"
    );
    assert_eq!(*body(&create), json!([row]));

    let update = update_variable(&variable());
    assert_eq!(
        line(&update),
        "variables.update: Post Core /platform/v1/system-variables/update token Idempotent"
    );
    let mut with_id = row;
    with_id["id"] = json!("sys_var_1");
    assert_eq!(*body(&update), json!([with_id]));

    for (generation, replay) in [(Generation::V3, "Never"), (Generation::V4, "Idempotent")] {
        let delete = delete_variable(generation, &VariableId::new("x.y"));
        assert_eq!(
            line(&delete),
            format!(
                "variables.delete: Post Core /platform/v1/system-variables/delete token {replay}"
            )
        );
        assert_eq!(*body(&delete), json!([{"id": "x.y"}]));
    }
}

#[test]
fn variables_are_asked_for_as_in_the_recordings() {
    let all = retrieve_variables(
        &VariableFilter::All,
        VariablePage::Rows { start: 0, size: 5 },
    );
    assert_eq!(
        line(&all),
        "variables.retrieve: Post Core /platform/v1/system-variables/retrieve token Safe"
    );
    let named = VariableFilter::Named("GATEWAY_URL".to_owned());
    for (version, name, request) in [
        ("v3.2.6", "variables-page", all),
        (
            "v3.2.6",
            "variables-by-name-found",
            retrieve_variables(&named, VariablePage::Whole),
        ),
    ] {
        let recording = recorded(version, name);
        assert_eq!(request.path, recording.path);
        assert_eq!(*body(&request), recording.request["body"], "{name}");
    }
    let named = retrieve_variables(
        &named,
        VariablePage::Rows {
            start: 10_000,
            size: 10_000,
        },
    );
    assert_eq!(
        *body(&named),
        json!({
            "filters": [{"name": "name", "operator": "eq", "value": "GATEWAY_URL"}],
            "paging": true,
            "pageable": {"startIndex": 10_000, "pageSize": 10_000},
        })
    );
}

#[test]
fn a_plugin_is_asked_with_a_token_at_the_address_it_is_asked_at_without() {
    let name = PluginName::new("service-mgmt");
    let (with, without) = (plugin_context_with_token(&name), plugin_context(&name));
    assert_eq!(with.path, without.path);
    assert!(with.token && !without.token && health().token);
}

#[test]
fn requests_are_those_of_the_recordings() {
    for (version, name, request) in [
        ("v4.0.0", "version", version(true)),
        ("v3.2.6", "packages-default", packages(PackageQuery::Plain)),
        ("v4.0.0", "packages-all", packages(PackageQuery::All)),
        (
            "v4.5.6",
            "packages-with-delete",
            packages(PackageQuery::Deleted),
        ),
        (
            "v4.0.0",
            "unknown-instances",
            instances(&PackageId::new("nope")),
        ),
        (
            "v4.0.0",
            "unknown-dependencies",
            dependencies(&PackageId::new("nope")),
        ),
        (
            "v4.0.0",
            "unknown-menus",
            package_menus(&PackageId::new("nope")),
        ),
        (
            "v4.0.0",
            "register-unknown-id",
            register(&PackageId::new("nope")),
        ),
        ("v4.0.0", "resource-files", resource_files()),
        ("v4.0.0", "my-menus", my_menus()),
        ("v3.2.6", "health-check", health()),
        ("v4.0.0", "health-check", health()),
        ("v4.5.6", "health-check", health()),
        ("v4.0.0", "route-items", core_route_items()),
        ("v4.0.0", "gateway-route-items", gateway_route_items()),
    ] {
        let recording = recorded(version, name);
        let query: Vec<_> = request
            .query
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let path = if query.is_empty() {
            request.path.clone()
        } else {
            format!("{}?{}", request.path, query.join("&"))
        };
        assert_eq!(path, recording.path, "{name}");
        assert_eq!(
            format!("{:?}", request.method).to_uppercase(),
            recording.method,
            "{name}"
        );
        assert_eq!(
            format!("{:?}", request.via).to_lowercase(),
            recording.via,
            "{name}"
        );
        assert_eq!(Value::Null, recording.request["body"], "{name}");
    }
}

#[test]
fn an_upload_is_one_file_and_never_repeated() {
    let upload = upload("wecmdb-v2.0.10.zip".to_owned(), vec![80, 75]);
    assert_eq!(
        line(&upload),
        "packages.upload: Post Core /platform/v1/packages token Never"
    );
    assert_eq!(
        upload.body,
        Body::File {
            field: "zip-file",
            name: "wecmdb-v2.0.10.zip".to_owned(),
            bytes: vec![80, 75],
        }
    );
}

#[test]
fn ids_are_encoded_and_cannot_leave_their_segment() {
    for (id, path) in [
        ("wecmdb__v1.5.3", "wecmdb__v1.5.3"),
        ("a b/c", "a%20b%2Fc"),
        ("x?y=1#z", "x%3Fy%3D1%23z"),
        ("100%", "100%25"),
        ("网关", "%E7%BD%91%E5%85%B3"),
        ("..", "%252E%252E"),
        (".", "%252E"),
        ("a\r\nb", "a%0D%0Ab"),
    ] {
        let request = instances(&PackageId::new(id));
        assert_eq!(
            request.path,
            format!("/platform/v1/packages/{path}/instances"),
            "{id}"
        );
    }
}

#[test]
fn paths_of_files_stay_on_the_portal() {
    use crate::domain::FilePathFault::*;
    for (given, wanted) in [
        (
            "/ui-resources/a/v1.0/js/x.js",
            Ok("/ui-resources/a/v1.0/js/x.js"),
        ),
        (
            "/ui-resources/a/v1/a b.js",
            Ok("/ui-resources/a/v1/a%20b.js"),
        ),
        (
            "/ui-resources/a/v1/图.css",
            Ok("/ui-resources/a/v1/%E5%9B%BE.css"),
        ),
        (
            "/ui-resources/a/v1/x.js?t=1#f",
            Ok("/ui-resources/a/v1/x.js"),
        ),
        (
            "/ui-resources/a/v1/a%20b.js",
            Ok("/ui-resources/a/v1/a%20b.js"),
        ),
        ("/ui-resources/a//x.js", Ok("/ui-resources/a//x.js")),
        ("/ui-resources/a/v1/..x.js", Ok("/ui-resources/a/v1/..x.js")),
        ("", Err(Empty)),
        ("#x", Err(Empty)),
        ("ui-resources/a.js", Err(NotFromRoot)),
        ("http://evil/x.js", Err(NotFromRoot)),
        ("javascript:alert(1)", Err(NotFromRoot)),
        ("//evil/x.js", Err(OtherHost)),
        ("//a/v1/x.js", Err(OtherHost)),
        ("/\\evil/x.js", Err(OtherHost)),
        ("/ui-resources/../platform/x.js", Err(DotSegment)),
        ("/ui-resources/./x.js", Err(DotSegment)),
        ("/ui-resources/%2e%2E/x.js", Err(DotSegment)),
        ("/ui-resources/.%2e/x.js", Err(DotSegment)),
        ("/ui-resources/..%2fx.js", Err(DotSegment)),
        ("/ui-resources/..", Err(DotSegment)),
        ("/ui-resources\\..\\x.js", Err(Backslash)),
        ("/ui-resources/a%5c..%5cx.js", Err(Backslash)),
        ("/ui-resources/x.js\r\nHost: evil", Err(Control)),
        ("/ui-resources/x\u{0}.js", Err(Control)),
        ("/ui-resources/x\u{85}.js", Err(Control)),
    ] {
        let got = ProbePath::new(&FilePath::new(given));
        let got = got.as_ref().map(ProbePath::as_str).map_err(|error| *error);
        assert_eq!(got, wanted, "{given:?}");
    }
}

#[test]
fn every_recorded_path_may_be_asked() {
    for (version, name) in [
        ("v3.2.6", "pair-resource-files"),
        ("v4.0.0", "resource-files"),
        ("v4.5.6", "pair-resource-files"),
    ] {
        for row in recorded(version, name).response["json"]["data"]
            .as_array()
            .unwrap()
        {
            let path = FilePath::new(row["relatedPath"].as_str().unwrap());
            assert_eq!(ProbePath::new(&path).unwrap().as_str(), path.as_str());
        }
    }
}

proptest! {
    #[test]
    fn no_path_reaches_another_origin_or_leaves_its_directory(path in "(/|//|[a-z]{1,5}:)?([.%2eEfF/\\\\a-c?#]|\\PC){0,20}") {
        if let Ok(probe) = ProbePath::new(&FilePath::new(path.as_str())) {
            let base = url::Url::parse("http://portal:8080/").unwrap();
            let joined = base.join(probe.as_str()).unwrap();
            prop_assert_eq!(joined.origin(), base.origin());
            prop_assert_eq!(joined.path(), probe.as_str(), "a parser changed nothing");
        }
    }

    #[test]
    fn no_id_changes_the_endpoint(id in "\\PC{1,12}") {
        let request = instances(&PackageId::new(id));
        let url = url::Url::parse("http://core:8000").unwrap().join(&request.path).unwrap();
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 5);
        prop_assert_eq!(&segments[..3], &["platform", "v1", "packages"]);
        prop_assert_eq!(segments[4], "instances");
        prop_assert!(url.query().is_none() && url.fragment().is_none());
    }
}
