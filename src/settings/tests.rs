use super::*;
use crate::domain::Side;
use crate::i18n::{Catalog, Lang};
use crate::plan::{Upgrade, WriteTo};

/// The flags of a new instance.
fn new_instance(host: &str) -> ConnectFlags {
    ConnectFlags {
        new_core: Some(format!("http://{host}:8000")),
        new_gateway: Some(format!("http://{host}:8005")),
        new_portal: vec![format!("http://{host}:8080")],
        ..ConnectFlags::default()
    }
}

fn faults(given: Given) -> Vec<String> {
    let catalog = Catalog::new(Lang::En);
    let error = Files::read(&given)
        .and_then(|files| resolve(given, &files))
        .expect_err("a fault");
    error
        .faults
        .iter()
        .map(|fault| catalog.render(fault))
        .collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), text).unwrap();
    file
}

#[test]
fn static_folder_is_the_last_one_that_portals_do_not_serve() {
    for (path, expected) in [
        ("", None),
        ("static_resource_server_path=/data/ui-resources\n", None),
        ("static_resource_server_path=/data/ui-resources/\n", None),
        (
            "static_resource_server_path=/data/static/\n",
            Some("static"),
        ),
        (
            "static_resource_server_path=/a/ui-resources,/data/pages\n",
            Some("pages"),
        ),
    ] {
        let env = file(&format!("HOSTIP=10.0.0.9\n{path}"));
        let given = Given {
            env_file: Some(env.path().into()),
            ..Given::default()
        };
        let files = Files::read(&given).unwrap();
        let settings = resolve(given, &files).unwrap();
        assert_eq!(settings.static_folder.as_deref(), expected, "{path}");
    }
}

#[test]
fn a_flag_wins_over_the_file_the_file_over_the_env_file() {
    let env = file("HOSTIP='10.0.0.9'\nJWT_SIGNING_KEY='Platform+Auth+Server+Secret'\n");
    let config = file(&format!(
        "env_file = {:?}\n[new]\ngateway = \"http://10.0.0.8:8005\"\n[apply]\nparallel = 3\n",
        env.path()
    ));
    let given = Given {
        config: Some(config.path().into()),
        select: SelectFlags {
            parallel: Some(5),
            ..SelectFlags::default()
        },
        ..Given::default()
    };
    let files = Files::read(&given).unwrap();
    let settings = resolve(given, &files).unwrap();
    let new = settings.new.unwrap().identity;
    assert_eq!(new.core.as_str(), "http://10.0.0.9:8000");
    assert_eq!(new.gateway.as_str(), "http://10.0.0.8:8005");
    assert_eq!(new.portals[0].as_str(), "http://10.0.0.9:8080");
    assert_eq!(settings.parallel, 5);
    assert_eq!(settings.seed, Some(SeedSource::EnvFile(env.path().into())));
    let source = |key: &str| {
        settings
            .effective
            .iter()
            .find(|e| e.key == key)
            .map(|e| e.source.clone())
    };
    assert_eq!(source("apply.parallel"), Some(Source::Flag));
    assert_eq!(
        source("new.gateway"),
        Some(Source::Config(config.path().into()))
    );
    assert_eq!(source("new.core"), Some(Source::EnvFile(env.path().into())));
    assert_eq!(source("apply.unknown_after"), Some(Source::Default));
    assert!(
        settings
            .effective
            .iter()
            .all(|e| !e.value.contains("Platform+Auth")),
        "a seed is shown"
    );
}

#[test]
fn every_fault_is_reported_at_once() {
    let given = Given {
        connect: ConnectFlags {
            new_core: Some("10.0.0.1:8000".into()),
            old_core: Some("http://10.0.0.2/x:8000".into()),
            old_gateway: Some("http://10.0.0.2/x:8005".into()),
            old_portal: vec!["http://10.0.0.2/x:8080".into()],
            ..ConnectFlags::default()
        },
        select: SelectFlags {
            parallel: Some(0),
            pick_version: vec!["monitor".into()],
            write_to: Some("everywhere".into()),
            unknown_after: Some("5".into()),
            ..SelectFlags::default()
        },
        ..Given::default()
    };
    let found = faults(given).join("\n");
    for part in [
        "--new-gateway",
        "--new-portal",
        "10.0.0.2",
        "--parallel",
        "NAME=VERSION",
        "everywhere",
        "unknown_after",
    ] {
        assert!(found.contains(part), "{part} is not in:\n{found}");
    }
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let mut connect = new_instance("h");
    connect.new_core = Some("http://admin:hunter2@h:8000".into());
    let found = faults(Given {
        connect,
        ..Given::default()
    })
    .join("\n");
    assert!(!found.contains("hunter2"), "{found}");
}

#[test]
fn nothing_given_is_no_side_and_no_fault() {
    let settings = resolve(Given::default(), &Files::default()).unwrap();
    assert!(settings.side(Side::New).is_none() && settings.side(Side::Old).is_none());
    assert_eq!(settings.write_to, WriteTo::New);
    assert_eq!(settings.parallel, DEFAULT_PARALLEL);
}

#[test]
fn one_portal_twice_is_a_fault() {
    let mut connect = new_instance("h");
    connect.new_portal.push("HTTP://H:8080/".into());
    assert!(
        faults(Given {
            connect,
            ..Given::default()
        })[0]
            .contains("http://h:8080")
    );
}

#[test]
fn faults_of_files_name_the_file_and_the_line() {
    let env = file("A=1\nB=$(id)\n");
    let found = faults(Given {
        env_file: Some(env.path().into()),
        ..Given::default()
    });
    assert!(
        found[0].contains("line 2") && found[0].contains(&env.path().display().to_string()),
        "{found:?}"
    );
    let found = faults(Given {
        config: Some("/nonexistent/x.toml".into()),
        ..Given::default()
    });
    assert!(found[0].contains("/nonexistent/x.toml"), "{found:?}");
}

#[test]
fn old_instance_keeps_running_or_not_as_said() {
    let upgrade = |given: Given| {
        let files = Files::read(&given).unwrap();
        resolve(given, &files).map(|settings| settings.upgrade)
    };
    let select = |coexisting, in_place| SelectFlags {
        coexisting,
        in_place,
        ..SelectFlags::default()
    };
    let set = file("[apply]\ncoexisting = true\n");
    let both = file("[apply]\ncoexisting = true\nin_place = true\n");
    for (config, flags, expected) in [
        (None, (false, false), Some(Upgrade::Unstated)),
        (None, (true, false), Some(Upgrade::Coexisting)),
        (Some(&set), (false, false), Some(Upgrade::Coexisting)),
        (Some(&set), (false, true), Some(Upgrade::InPlace)),
        (Some(&both), (false, false), None),
        (Some(&both), (true, false), Some(Upgrade::Coexisting)),
    ] {
        let given = Given {
            config: config.map(|file| file.path().into()),
            select: select(flags.0, flags.1),
            ..Given::default()
        };
        assert_eq!(upgrade(given).ok(), expected, "{flags:?}");
    }
    let beside_old = Given {
        connect: ConnectFlags {
            old_core: Some("http://h:1".into()),
            old_gateway: Some("http://h:2".into()),
            old_portal: vec!["http://h:3".into()],
            ..ConnectFlags::default()
        },
        select: select(false, true),
        ..Given::default()
    };
    assert!(faults(beside_old)[0].contains("in_place"));
}
