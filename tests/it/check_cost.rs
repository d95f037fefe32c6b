//! What a check costs, by the ledger of the simulated platforms, and that what it keeps from look to
//! look hides nothing.

#![cfg(feature = "sim")]

use std::os::unix::fs::DirBuilderExt as _;

use wecubectl::sim::Dependency;
use wecubectl::sim::DiskFile;
use wecubectl::sim::{RequestEntry as Entry, SideName, Via, World, WorldState};

use crate::support::{Output, Site};

const PLUGINS: usize = 16;

/// Instances that users see the same on.
async fn applied(world: World) -> Site {
    let site = Site::of(world.service_time_ms(5.0)).await;
    // Some worlds have no old instance.
    let applied = site.run(&["apply", "--yes", "-q", "--coexisting"]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    site
}

impl Site {
    /// Checks, and hands back what was asked meanwhile.
    async fn check(&self, more: &[&str]) -> (Output, Vec<Entry>) {
        let before = self.running.ledger().requests.len();
        let mut args = vec!["check", "-o", "json"];
        args.extend_from_slice(more);
        let output = self.run(&args).await;
        (output, self.running.ledger().requests.split_off(before))
    }
}

/// Requests to the platform's own API: all that core gets, and what is not a plugin's at the gateway.
fn api(requests: &[Entry], side: SideName) -> Vec<&str> {
    let own = |entry: &&Entry| {
        let of_gateway = ["/platform/", "/gateway/", "/auth/"];
        let of_gateway = of_gateway.iter().any(|own| entry.path.starts_with(own));
        entry.via == Via::Core || (entry.via == Via::Gateway && of_gateway)
    };
    let of_side = requests.iter().filter(|entry| entry.side == side);
    of_side
        .filter(own)
        .map(|entry| entry.path.as_str())
        .collect()
}

/// What a check may ask of a side of that version, without a role.
fn budget(version: &str) -> usize {
    if version.starts_with("v4") { 8 } else { 9 }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_of_sixteen_plugins_stays_within_budget() {
    let mut too_many = Vec::new();
    for (old, new) in [
        (Some("v3.2.6"), "v4.0.0"),
        (Some("v3.2.6"), "v4.5.6"),
        (Some("v4.0.0"), "v4.5.6"),
        (None, "v4.5.6"),
    ] {
        let mut world = World::plugins(PLUGINS).new_version(new);
        world = match old {
            Some(old) => world.old_version(old),
            None => world.without_old(),
        };
        let site = applied(world).await;
        // Without an old instance nothing answers where a v3 sent its plugins.
        let known: &[&str] = if old.is_none() {
            &["--skip-code", "W05"]
        } else {
            &[]
        };
        for look in 0..4 {
            // With a role or without one; nobody is granted the menus of these plugins.
            let role: &[&str] = match look % 2 {
                0 => &[],
                _ => &["--role", "SUPER_ADMIN", "--skip-code", "W0320"],
            };
            let (output, requests) = site.check(&[role, known].concat()).await;
            assert_eq!(output.code, Some(0), "{old:?} {new}: {output:#?}");
            let sides = [(SideName::New, Some(new)), (SideName::Old, old)];
            for (side, version) in sides {
                let Some(version) = version else { continue };
                let paths = api(&requests, side);
                if paths.len() > budget(version) + usize::from(!role.is_empty()) {
                    too_many.push(format!(
                        "{old:?} {new}, {look}, {side:?}: {} {paths:#?}",
                        paths.len()
                    ));
                }
            }
        }
    }
    assert!(too_many.is_empty(), "{}", too_many.join("\n"));
}

/// What a check finds, without what differs from run to run.
fn findings(output: &Output) -> Vec<String> {
    let document = output.json();
    let findings = document["findings"].as_array().expect("findings");
    let found = findings
        .iter()
        .map(|it| format!("{} {}", it["code"], it["subject"]));
    found.collect()
}

type Change = fn(&mut WorldState);

/// Whatever changes under a memory that is filled is found as it is found without one, at the latest
/// when every entry had its turn.
#[tokio::test(flavor = "multi_thread")]
async fn cache_hides_no_finding() {
    const FEW: usize = 4;
    const OF_V4: (&str, &str) = ("v4.0.0", "v4.5.6");
    // Before v4.2 no list names instances.
    const BEFORE: (&str, &str) = ("v3.2.6", "v4.0.0");
    let gone: Change = |world| {
        let package = world
            .package_mut(SideName::New, "bulk001", "v1.0.0")
            .unwrap();
        package.package.instances.clear();
    };
    let changes: [(&str, (&str, &str), Change); 7] = [
        ("a file is gone", OF_V4, |world| {
            let disk = &mut world.side_mut(SideName::New).disks[0];
            disk.remove("/ui-resources/bulk001/v1.0.0/plugin/js/app.js");
        }),
        ("a file has other bytes", OF_V4, |world| {
            let disk = &mut world.side_mut(SideName::New).disks[0];
            disk.put(
                "/ui-resources/bulk001/v1.0.0/plugin/js/app.js",
                DiskFile::new("changed"),
            );
        }),
        ("pages are answered as HTML", OF_V4, |world| {
            world.add_fault("html-script=bulk001").unwrap();
        }),
        ("an instance is gone", OF_V4, gone),
        ("an instance is gone, v4.0", BEFORE, gone),
        ("a plugin has another seed", OF_V4, |world| {
            world.add_fault("other-seed=bulk001").unwrap();
        }),
        ("a dependency that nobody fulfils", OF_V4, |world| {
            let package = world
                .package_mut(SideName::New, "bulk001", "v1.0.0")
                .unwrap();
            package.package = package.package.clone().needs("nowhere", "v1.0.0");
        }),
    ];
    for (what, (old, new), change) in changes {
        let world = World::plugins(FEW).new_version(new).old_version(old);
        let site = applied(world).await;
        for _ in 0..2 {
            let (output, _) = site.check(&[]).await;
            assert_eq!(output.code, Some(0), "{what}: {output:#?}");
        }
        site.running.with_world(change);
        // Two entries a package, one in every other look: nobody is granted these menus.
        let mut kept = Vec::new();
        for _ in 0..=4 * FEW + 1 {
            let (output, _) = site.check(&[]).await;
            kept = findings(&output);
            if !kept.is_empty() {
                break;
            }
        }
        // What ran in earlier checks is no cache: it is the same for both.
        let (kept_in, fresh) = (
            site.env.path().join("state/kept"),
            site.env.path().join("fresh/kept"),
        );
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&fresh)
            .unwrap();
        for file in fs_err::read_dir(kept_in).unwrap() {
            let file = file.unwrap();
            if file.file_name().to_string_lossy().starts_with("running-") {
                fs_err::copy(file.path(), fresh.join(file.file_name())).unwrap();
            }
        }
        let (fresh, _) = site.check(&["--state-dir", "fresh", "--deep"]).await;
        assert_ne!(fresh.code, Some(0), "{what}: {fresh:#?}");
        assert_eq!(kept, findings(&fresh), "{what}");
    }
}

/// A cause that is gone is gone in the next look, also where it was read from what is kept.
#[tokio::test(flavor = "multi_thread")]
async fn repaired_fault_disappears_in_next_check() {
    let world = World::plugins(4)
        .new_version("v4.5.6")
        .old_version("v4.0.0");
    let site = applied(world).await;
    let of_package = |change: fn(&mut Vec<Dependency>)| {
        site.running.with_world(|world| {
            let row = world.package_mut(SideName::New, "bulk001", "v1.0.0");
            change(&mut row.unwrap().package.dependencies);
        });
    };
    of_package(|needs| {
        needs.push(Dependency {
            name: "nowhere".to_owned(),
            version: "v1.0.0".to_owned(),
        });
    });
    let fresh = ["--state-dir", "fresh"];
    let (wrong, _) = site.check(&fresh).await;
    assert_eq!(wrong.code, Some(10), "{wrong:#?}");
    of_package(|needs| drop(needs.pop()));
    let (mended, _) = site.check(&fresh).await;
    assert_eq!(mended.code, Some(0), "{mended:#?}");
}
