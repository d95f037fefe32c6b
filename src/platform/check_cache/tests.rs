//! Tables for what may be taken from memory and listings, and what must be asked.

use serde_json::json;

use super::*;
use crate::domain::{
    Dependency, FailureCause, FailureKind, FilePath, FileState, Generation, Instance, InstanceId,
    InstanceStatus, MenuItem, Package, PackageId, PluginName, RouteItem, ServedFile, Side, Version,
};
use crate::platform::wire::{ListedPackage, PackageDto};

const PORTAL: &str = "http://portal:8080";

fn listed(id: &str, name: &str, status: &str, addresses: Option<&[&str]>) -> ListedPackage {
    let rows = addresses.map(|all| {
        let row = |address: &&str| json!({"id": format!("p_docker_{address}"), "address": address});
        all.iter().map(row).collect::<Vec<_>>()
    });
    let mut row = json!({
        "id": id, "name": name, "version": "v1.0.0", "status": status,
        "uploadTimestamp": "2024-03-02 09:26:20",
    });
    if let Some(rows) = rows {
        row["instances"] = json!(rows);
    }
    serde_json::from_value::<PackageDto>(row)
        .unwrap()
        .into_domain()
}

fn package(id: &str, status: &str) -> Package {
    listed(id, "wecmdb", status, None).package
}

fn route(name: &str, host: &str, port: &str, path: Option<&str>) -> RouteItem {
    RouteItem {
        context: PluginName::new(name),
        host: host.to_owned(),
        port: port.to_owned(),
        path: path.map(str::to_owned),
    }
}

fn menu(code: &str, source: &str, active: bool) -> MenuItem {
    MenuItem {
        code: code.to_owned(),
        category: "ADMIN".to_owned(),
        source: source.to_owned(),
        display_name: code.to_lowercase(),
        path: format!("/{code}"),
        active,
    }
}

#[test]
fn an_instance_runs_where_core_has_a_route_to_its_address() {
    let routes = [
        route("wecmdb", "10.0.0.1", "20000", None),
        route("wecmdb", "10.0.0.1", "20000", Some("/wecmdb/api")),
        // An interface's route says nothing of an instance; another plugin's route nothing of this one.
        route("wecmdb", "10.0.0.1", "20001", Some("/wecmdb/api")),
        route("monitor", "10.0.0.1", "20002", None),
    ];
    let told = |listed: &ListedPackage, others: &[ListedPackage]| {
        let mut all = vec![listed.clone()];
        all.extend_from_slice(others);
        let instances = instances_from_listing(listed, &all, &routes)?;
        let running = instances.iter().map(|it| {
            let runs = it.status == InstanceStatus::Running;
            (format!("{}:{}", it.host, it.port), runs)
        });
        Some(running.collect::<Vec<_>>())
    };
    let new = |addresses: &[&str]| listed("a", "wecmdb", "REGISTERED", Some(addresses));
    assert_eq!(
        told(
            &new(&["10.0.0.1:20000", "10.0.0.1:20001", "10.0.0.1:20002"]),
            &[]
        )
        .unwrap(),
        [
            ("10.0.0.1:20000".to_owned(), true),
            ("10.0.0.1:20001".to_owned(), false),
            ("10.0.0.1:20002".to_owned(), false),
        ]
    );
    assert_eq!(told(&new(&[]), &[]), Some(vec![]));
    // Rows that do not tell it: two versions at one address, no port, nothing.
    let other = |address: &[&str]| listed("b", "wecmdb", "UNREGISTERED", Some(address));
    assert_eq!(
        told(&new(&["10.0.0.1:20000"]), &[other(&["10.0.0.1:20000"])]),
        None
    );
    assert!(told(&new(&["10.0.0.1:20000"]), &[other(&["10.0.0.1:20001"])]).is_some());
    for unreadable in ["", "10.0.0.1", "10.0.0.1:", "10.0.0.1:70000"] {
        assert_eq!(told(&new(&[unreadable]), &[]), None, "{unreadable:?}");
    }
    // Before v4.2 a row names no instance.
    for (name, status, settled) in [
        ("wecmdb", "REGISTERED", false),
        ("wecmdb", "UNREGISTERED", false),
        ("artifacts", "REGISTERED", false),
        ("artifacts", "UNREGISTERED", true),
    ] {
        let before = listed("a", name, status, None);
        let expected = settled.then(Vec::new);
        assert_eq!(told(&before, &[]), expected, "{name} {status}");
    }
}

#[test]
fn a_menu_is_active_as_the_listing_of_this_look_says_where_that_is_of_this_package() {
    let ours = [menu("CMDB", "", true)];
    let count = |brought: &[&[MenuItem]]| {
        let mut owners = MenuOwners::default();
        for menus in brought {
            owners.count(menus);
        }
        owners
    };
    let (alone, two) = (count(&[&ours]), count(&[&ours, &ours]));
    let now = |status: &str, owners: &MenuOwners, mine: &[MenuItem]| {
        let menus = current_menus(&package("id-1", status), &ours, owners, mine)?;
        Some(menus[0].active)
    };
    for (status, owners, mine, expected) in [
        ("REGISTERED", &alone, menu("CMDB", "", true), Some(true)),
        ("REGISTERED", &alone, menu("CMDB", "", false), Some(false)),
        // The best of two is not active: neither is.
        ("REGISTERED", &two, menu("CMDB", "", false), Some(false)),
        // One of two is active: which, only the entry's source can tell.
        ("REGISTERED", &two, menu("CMDB", "", true), None),
        ("REGISTERED", &two, menu("CMDB", "id-1", true), Some(true)),
        ("REGISTERED", &two, menu("CMDB", "id-2", true), None),
        // Not granted to our token: not told.
        ("REGISTERED", &alone, menu("OTHER", "", true), None),
        // Nobody sees the menus of a package that is not active.
        ("UNREGISTERED", &alone, menu("CMDB", "", false), Some(true)),
    ] {
        let got = now(status, owners, std::slice::from_ref(&mine));
        assert_eq!(got, expected, "{status} {mine:?}");
    }
    assert_eq!(
        current_menus(&package("id-1", "REGISTERED"), &[], &alone, &[]),
        Some(vec![])
    );
}

fn contents(names: &[&str]) -> Declarations {
    let dependency = |name: &&str| Dependency {
        name: PluginName::new(*name),
        version: Version::new("v1.0.0"),
    };
    Declarations::Dependencies(names.iter().map(dependency).collect())
}

fn filled(ids: &[&str]) -> CheckCache {
    let mut memory = CheckCache::default();
    memory.begin_check(Generation::V4, &identity(), &[]);
    let (packages, check) = memory.packages();
    for id in ids {
        packages.store(&package(id, "REGISTERED"), &contents(&["platform"]), check);
        let menus = Declarations::Menus(vec![menu("CMDB", "", true)]);
        packages.store(&package(id, "REGISTERED"), &menus, check);
    }
    memory
}

#[test]
fn each_entry_has_its_turn_before_any_has_it_again() {
    let mut memory = filled(&["a", "b", "c"]);
    assert_eq!(
        memory.packages.clone().take_oldest(1),
        None,
        "read in this check"
    );
    let mut turns = Vec::new();
    for _ in 0..12 {
        memory.begin_check(Generation::V4, &identity(), &[]);
        let (packages, check) = memory.packages();
        let (id, contents) = packages.take_oldest(check).expect("an older one");
        assert_eq!(
            packages.get(&id, contents.kind()),
            None,
            "it must be asked for"
        );
        packages.store(&package(id.as_str(), "REGISTERED"), &contents, check);
        turns.push((id, contents.kind()));
    }
    let (first, second) = turns.split_at(6);
    assert_eq!(first, second);
    let distinct: std::collections::BTreeSet<_> = first.iter().collect();
    assert_eq!(distinct.len(), 6);
}

#[test]
fn another_upload_under_the_same_id_is_another_package() {
    let same = package("a", "UNREGISTERED");
    let uploaded = Package {
        uploaded: Some("2024-03-03 00:00:00".to_owned()),
        ..same.clone()
    };
    let version = Package {
        version: Version::new("v1.0.1"),
        ..same.clone()
    };
    for (there, kept) in [(&same, true), (&uploaded, false), (&version, false)] {
        let mut memory = filled(&["a", "gone"]);
        let (packages, _) = memory.packages();
        packages.retain(&[there]);
        let of = |id: &str, what| packages.get(&PackageId::new(id), what).is_some();
        assert_eq!(of("a", DeclarationKind::Dependencies), kept, "{there:?}");
        assert_eq!(of("a", DeclarationKind::Menus), kept, "{there:?}");
        assert!(!of("gone", DeclarationKind::Menus));
    }
}

#[test]
fn what_is_declared_is_compared_without_what_moves() {
    let menus = |active| Declarations::Menus(vec![menu("CMDB", "", active)]);
    assert!(menus(true).same_as(&menus(false)));
    assert!(!menus(true).same_as(&Declarations::Menus(vec![])));
    assert!(contents(&["a"]).same_as(&contents(&["a"])));
    assert!(!contents(&["a"]).same_as(&contents(&["b"])));
    assert!(!contents(&[]).same_as(&Declarations::Menus(vec![])));
}

fn served(etag: &str, length: u64, digest: &str) -> FileState {
    FileState::Served(ServedFile {
        length: Some(length),
        etag: Some(etag.to_owned()),
        digest: Some(digest.to_owned()),
    })
}

fn file(path: &FilePath) -> ListedFile<'_> {
    ListedFile { path, row: "row-1" }
}

#[test]
fn one_file_of_a_portal_is_read_anew_and_the_others_unless_they_are_the_same() {
    let paths = ["/a.js", "/b.js", "/c.js", "/d.js"].map(FilePath::new);
    let paths: Vec<ListedFile<'_>> = paths.iter().map(file).collect();
    let mut memory = FileCache::default();
    assert_eq!(
        memory.fetch_modes(PORTAL, &paths, 1),
        vec![FetchMode::First; 4]
    );
    for path in &paths[..3] {
        memory.store(PORTAL, *path, &served("\"1\"", 3, "aa"), 1);
    }
    // Without a tag, or with one that no header carries, nothing is kept.
    for state in [
        served("escaped\\u{7f}", 3, "aa"),
        served("\"with \"quotes\"\"", 3, "aa"),
        FileState::Missing,
    ] {
        memory.store(PORTAL, paths[3], &state, 1);
        assert_eq!(memory.served(PORTAL, paths[3].path), None, "{state:?}");
    }
    let unless = || FetchMode::Unless("\"1\"".to_owned());
    let first = memory.fetch_modes(PORTAL, &paths, 2);
    assert_eq!(
        first,
        [FetchMode::Anew, unless(), unless(), FetchMode::First]
    );
    memory.store(PORTAL, paths[0], &served("\"1\"", 3, "aa"), 2);
    let second = memory.fetch_modes(PORTAL, &paths, 3);
    assert_eq!(
        second,
        [unless(), FetchMode::Anew, unless(), FetchMode::First]
    );
    // Registered again: its row is another one.
    let again = ListedFile {
        row: "row-2",
        ..paths[1]
    };
    assert_eq!(memory.fetch_modes(PORTAL, &[again], 3), [FetchMode::First]);
    assert_eq!(
        memory.fetch_modes("http://other", &paths, 3),
        vec![FetchMode::First; 4]
    );
    memory.retain(&[PORTAL], &paths[1..]);
    assert_eq!(memory.served(PORTAL, paths[0].path), None);
    memory.retain(&["http://other"], &paths);
    assert_eq!(memory, FileCache::default());
}

#[test]
fn a_tag_that_lies_is_noticed() {
    let path = FilePath::new("/a.js");
    let mut memory = FileCache::default();
    memory.store(PORTAL, file(&path), &served("\"1\"", 3, "aa"), 1);
    let html = FileState::NotAScript {
        content_type: "text/html".to_owned(),
    };
    for (now, belied) in [
        (served("\"1\"", 3, "aa"), false),
        (served("\"1\"", 3, "bb"), true),
        (served("\"1\"", 4, "aa"), true),
        // A new tag told of the change.
        (served("\"2\"", 4, "bb"), false),
        (FileState::Missing, false),
        // Types are no part of a tag: all of them may be wrong.
        (html, true),
    ] {
        assert_eq!(
            memory.contradicts_cache(PORTAL, &path, &now),
            belied,
            "{now:?}"
        );
    }
}

#[test]
fn a_memory_outlives_its_text_and_nothing_else_is_one() {
    let mut memory = filled(&["a", "b"]);
    let (files, check) = memory.files();
    let path = FilePath::new("/a.js");
    files.store(PORTAL, file(&path), &served("\"1\"", 3, "aa"), check);
    let text = memory.to_text();
    assert_eq!(CheckCache::parse(&text), memory);
    let other = |change: fn(&mut CheckCache)| {
        let mut other = memory.clone();
        change(&mut other);
        other.to_text()
    };
    let other_format = other(|memory| memory.format += 1);
    let other_program = other(|memory| memory.program.push('x'));
    for other in [
        "",
        "{}",
        "null",
        "not JSON",
        &text[..text.len() / 2],
        &other_format,
        &other_program,
    ] {
        assert_eq!(CheckCache::parse(other), CheckCache::default(), "{other}");
    }
    for at in 0..text.len() {
        let mut flipped = text.clone().into_bytes();
        flipped[at] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        assert_eq!(CheckCache::parse(&flipped), CheckCache::default(), "{at}");
    }
}

fn identity() -> InstanceIdentity {
    let address = |port| Address::new(format!("http://10.0.0.2:{port}"));
    InstanceIdentity {
        side: Side::New,
        core: address(8000),
        gateway: address(8005),
        portals: vec![address(8080)],
    }
}

#[test]
fn generation_is_kept_for_proven_addresses_only() {
    let mut cache = CheckCache::default();
    cache.begin_check(Generation::V4, &identity(), &[]);
    assert_eq!(cache.core(&identity()), Some(Generation::V4));
    let mut other = identity();
    other.portals.push(Address::new("http://10.0.0.3:8080"));
    assert_eq!(cache.core(&other), None);
    let failure = ReadFailure {
        kind: FailureKind::Ambiguous,
        operation: "gateway",
        target: String::new(),
        cause: FailureCause::Unspecified,
    };
    cache.begin_check(Generation::V4, &identity(), &[failure]);
    assert_eq!(cache.core(&identity()), None);
}

/// Kept instances are believed only while core's routes lead to all of them and to nothing else.
#[test]
fn kept_instances_run_while_routes_are_the_same() {
    let name = PluginName::new("monitor");
    let instance = |port: u16, status| Instance {
        id: InstanceId::new(format!("p_docker_{port}")),
        package: PackageId::new("a"),
        host: "10.0.0.5".to_owned(),
        port,
        container_name: String::new(),
        status,
    };
    let stopped = InstanceStatus::Other("REMOVED".to_owned());
    let kept = [
        instance(20_001, InstanceStatus::Running),
        instance(20_002, InstanceStatus::Running),
        instance(20_003, stopped),
    ];
    let at = |port: &str| route("monitor", "10.0.0.5", port, None);
    for (routes, same) in [
        (vec![at("20002"), at("20001")], true),
        (
            vec![
                at("20001"),
                at("20002"),
                route("other", "10.0.0.5", "20003", None),
            ],
            true,
        ),
        (
            vec![
                at("20001"),
                at("20002"),
                route("monitor", "10.0.0.5", "20003", Some("/x")),
            ],
            true,
        ),
        (vec![at("20001")], false),
        (vec![], false),
        (vec![at("20001"), at("20002"), at("20003")], false),
        (vec![at("20001"), at("20009")], false),
        (
            vec![at("20001"), route("monitor", "10.0.0.6", "20002", None)],
            false,
        ),
        // Two rows with one address are two instances.
        (vec![at("20001"), at("20001")], false),
    ] {
        assert_eq!(are_still_running(&name, &kept, &routes), same, "{routes:?}");
    }
}
