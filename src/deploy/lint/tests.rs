//! Each code is triggered and cleared, and has its words and its page.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use crate::deploy::env::EnvFile;
use crate::i18n::{Catalog, Lang};
use crate::platform::BucketAnswer;

const GOOD: &str = "WECUBE_VERSION='v4.0.0'\nHOSTIP='10.0.0.1'\nJWT_SIGNING_KEY='Platform+Auth+Server+Secret'\nmysql_wecube_host='10.0.0.10'\nmysql_wecube_port='3307'\nmysql_wecube_username='root'\nmysql_wecube_password='x'\nmysql_auth_host='10.0.0.11'\nmysql_auth_port='3308'\nmysql_auth_username='root'\nmysql_auth_password='y'\ns3_host='10.0.0.12'\ns3_port='9000'\ns3_access='access_key'\ns3_secret='secret_key'\nhost_wecube_username='root'\nhost_wecube_password='z'\n";

/// What a case changes of a scene with nothing to find.
#[derive(Clone, Default)]
struct World {
    /// Lines that replace those of the same name, or are added; without `=` the name is taken out.
    env: Vec<&'static str>,
    files: FileFacts,
    host: Option<HostFacts>,
    old: Option<OldInstance>,
    reached: Vec<Reached>,
}

fn good_host() -> HostFacts {
    HostFacts {
        addresses: vec!["10.0.0.1".into()],
        listening: Some(BTreeSet::new()),
        own_ports: BTreeSet::new(),
        cores: Some(4),
        memory: Some(8_000_000_000),
        free: Some(100_000_000_000),
        docker: Some("24.0.7".into()),
        compose: Some("1.29.2".into()),
    }
}

impl World {
    fn env(lines: &[&'static str]) -> Self {
        Self {
            env: lines.to_vec(),
            ..Self::default()
        }
    }

    fn host(change: impl FnOnce(&mut HostFacts)) -> Self {
        let mut host = good_host();
        change(&mut host);
        Self {
            host: Some(host),
            ..Self::default()
        }
    }

    fn old(text: &str) -> Self {
        Self {
            old: OldInstance::read(text).ok(),
            ..Self::default()
        }
    }

    fn reached(tried: Tried) -> Self {
        let target = "10.0.0.9:1".to_owned();
        Self {
            reached: vec![Reached { target, tried }],
            ..Self::default()
        }
    }

    fn codes(&self) -> Vec<(&'static str, String)> {
        let mut text = GOOD.to_owned();
        for line in &self.env {
            let name = line.split('=').next().unwrap_or_default();
            let kept = text
                .lines()
                .filter(|it| !it.starts_with(&format!("{name}=")));
            text = kept.fold(String::new(), |kept, it| kept + it + "\n");
            if line.contains('=') {
                text = text + line + "\n";
            }
        }
        let file = EnvFile::parse(&text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let (values, names) = Values::read(file);
        let found = lint(&Scene {
            values: &values,
            names: &names,
            files: &self.files,
            host: self.host.as_ref(),
            old: self.old.as_ref(),
            reached: &self.reached,
        });
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            for finding in &found {
                let words = catalog.render(&finding.message);
                assert!(!words.contains('{') && !words.contains("env-"), "{words}");
            }
        }
        found
            .into_iter()
            .map(|finding| (finding.code, finding.subject))
            .collect()
    }
}

/// Each code with what triggers it.
#[expect(clippy::too_many_lines, reason = "a table: a line a case")]
fn triggers() -> Vec<(&'static str, World)> {
    let env = World::env;
    let refused = |code: &str| {
        let (status, code) = (403, code.to_owned());
        World::reached(Tried::Bucket(BucketAnswer::Refused { status, code }))
    };
    let old = |port: u16| {
        World::old(&format!(
            "services:\n  platform-core:\n    ports: ['{port}:8080']\n"
        ))
    };
    let place = PathBuf::from;
    let why = || "refused".to_owned();
    vec![
        ("W0801", env(&["HOSTIP"])),
        ("W0801", env(&["s3_secret=''"])),
        ("W0802", env(&["hostip=10.0.0.1"])),
        ("W0803", env(&["http_timeout_minute=30"])),
        ("W0804", env(&["mysql_auth_password='a~b'"])),
        ("W0804", env(&["mysql_auth_password='a&b'"])),
        ("W0804", env(&["s3_secret='a\\b'"])),
        ("W0804", env(&["s3_secret='a\"b'"])),
        ("W0804", env(&["mysql_wecube_username='a\nb'"])),
        ("W0805", env(&["host_wecube_password=\"it's\""])),
        ("W0806", env(&["JWT_SIGNING_KEY='a=b'"])),
        ("W0806", env(&["JWT_SIGNING_KEY='a-b_'"])),
        ("W0807", env(&["s3_secret='a$b'"])),
        ("W0808", env(&["user_access_token='20m'"])),
        ("W0808", env(&["core_port='99999'"])),
        (
            "W0809",
            env(&[
                "static_resource_server_ips='10.0.0.1,10.0.0.2,10.0.0.3'",
                "host_wecube_username='a,b'",
            ]),
        ),
        (
            "W0810",
            env(&["static_resource_server_path='/data/ui-resources/'"]),
        ),
        ("W0810", env(&["static_resource_server_path='/data/pages'"])),
        (
            "W0811",
            env(&["WECUBE_VERSION='v4.6.0'", "encrypt_seed='other'"]),
        ),
        ("W0811", env(&["WECUBE_VERSION='v3.2.6'"])),
        ("W0811", env(&["WECUBE_VERSION='latest'"])),
        ("W0811", env(&["WECUBE_VERSION='v4.0.0-pro'"])),
        ("W0812", env(&["HOSTIP='wecube-1'"])),
        ("W0813", env(&["HOSTIP='127.0.0.1'"])),
        ("W0814", env(&["WECUBE_VERSION='v4.5.6'"])),
        (
            "W0815",
            World {
                files: FileFacts {
                    wide_mode: Some(0o644),
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        (
            "W0816",
            World {
                files: FileFacts {
                    missing_keys: vec![place("/k")],
                    ..FileFacts::default()
                },
                ..env(&["s3_secret='RSA@abc'"])
            },
        ),
        (
            "W0817",
            World {
                files: FileFacts {
                    missing_keys: vec![place("/k")],
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        (
            "W0818",
            World {
                files: FileFacts {
                    shared_folders: vec![(place("/data/x"), place("/data"))],
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        ("W0819", env(&["core_port='8002'"])),
        ("W0820", old(8005)),
        (
            "W0821",
            World::host(|host| host.listening = Some([8000].into())),
        ),
        (
            "W0822",
            World::host(|host| host.addresses = vec!["10.0.0.7".into()]),
        ),
        ("W0823", World::host(|host| host.cores = Some(2))),
        (
            "W0824",
            World::host(|host| host.memory = Some(4_000_000_000)),
        ),
        (
            "W0825",
            World::host(|host| host.free = Some(20_000_000_000)),
        ),
        ("W0826", World::host(|host| host.docker = None)),
        (
            "W0827",
            World::host(|host| host.docker = Some("1.13.1".into())),
        ),
        ("W0828", World::host(|host| host.compose = None)),
        (
            "W0829",
            World::host(|host| host.compose = Some("1.8.0".into())),
        ),
        (
            "W0830",
            World::old("services:\n  platform-core:\n    environment: ['S3_SECRET_KEY=other']\n"),
        ),
        ("W0901", World::reached(Tried::Database(Err(why())))),
        (
            "W0902",
            World::reached(Tried::Bucket(BucketAnswer::Silent { why: why() })),
        ),
        ("W0903", refused("SignatureDoesNotMatch")),
        (
            "W0904",
            World::reached(Tried::Bucket(BucketAnswer::Missing)),
        ),
        ("W0905", World::reached(Tried::Host(Err(why())))),
        ("W0906", World::reached(Tried::Ssh(SshAnswer::Refused))),
        (
            "W0907",
            World::reached(Tried::Ssh(SshAnswer::Failed { why: why() })),
        ),
        ("W0908", World::reached(Tried::Ssh(SshAnswer::NoSsh))),
    ]
}

/// Scenes with nothing to find, next to those that have.
fn clean() -> Vec<World> {
    let env = World::env;
    let reached = |tried| World::reached(tried);
    vec![
        World::default(),
        World::host(|_| ()),
        World::old("services:\n  platform-core:\n    ports: ['19090:8080']\n"),
        World::old("services:\n  platform-core:\n    environment: ['S3_SECRET_KEY=secret_key']\n"),
        // A port that our own container holds is not taken.
        World::host(|host| {
            host.listening = Some([8000, 22].into());
            host.own_ports = [8000].into();
        }),
        env(&[
            "WECUBE_VERSION='v4.5.6'",
            "encrypt_seed='other'",
            "http_timeout_minute=30",
        ]),
        // Characters that survive: a compose file by deploy render quotes them.
        env(&[
            "mysql_auth_password='a/b:c #d {{x}} 密码'",
            "mysql_wecube_password=\"it's\"",
        ]),
        env(&["core_host='10.0.0.2'", "core_port='8002'"]),
        env(&["static_resource_server_ips='10.0.0.1,10.0.0.2'"]),
        env(&["static_resource_server_path='/srv/ui-resources'"]),
        env(&["LOG_LEVEL='debug'", "user_access_token='5'"]),
        reached(Tried::Database(Ok(()))),
        reached(Tried::Host(Ok(()))),
        reached(Tried::Bucket(BucketAnswer::Opens)),
        reached(Tried::Ssh(SshAnswer::SignedIn)),
    ]
}

#[test]
fn every_code_is_triggered_alone_and_only_where_it_should_be() {
    let mut seen = BTreeSet::new();
    for (code, world) in triggers() {
        let found = world.codes();
        let codes: BTreeSet<_> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [code].into(), "{:?}: {found:?}", world.env);
        seen.insert(code);
    }
    for (at, world) in clean().iter().enumerate() {
        assert_eq!(world.codes(), [], "clean scene {at}");
    }
    let known: BTreeSet<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
    assert_eq!(
        seen, known,
        "a code without a test, or a test without a code"
    );
    assert_eq!(known.len(), CATALOGUE.len());
}

#[test]
fn every_code_has_words_in_both_languages_and_a_page() {
    for entry in CATALOGUE {
        let (means, next) = explanation(entry.code).unwrap_or_else(|| panic!("{}", entry.code));
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes");
        let page = fs_err::read_to_string(format!("{pages}/{}.md", entry.code)).unwrap();
        assert!(page.contains(entry.severity.as_str()), "{}", entry.code);
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            for text in [&means, &next] {
                let words = catalog.render(text);
                assert!(
                    page.contains(&words),
                    "{}: the page lacks: {words}",
                    entry.code
                );
            }
        }
    }
}

#[test]
fn the_gate_opens_only_for_accepted_errors() {
    let (values, names) = Values::read(EnvFile::default());
    let scene = Scene {
        values: &values,
        names: &names,
        files: &FileFacts::default(),
        host: None,
        old: None,
        reached: &[Reached {
            target: "h:1".into(),
            tried: Tried::Database(Err("refused".into())),
        }],
    };
    let found = lint(&scene);
    let all = |codes: &[&str]| {
        gate(
            &found,
            &codes.iter().map(|&c| c.to_owned()).collect::<Vec<_>>(),
        )
    };
    let refused = all(&["W0801"]).unwrap_err();
    assert_eq!(refused.findings.len(), 1, "{:?}", refused.findings);
    assert_eq!(refused.findings[0].code, "W0901");
    assert_eq!(all(&["w0801", "W0901"]), Ok(()));
    assert_eq!(
        all(&["W0801", "W0901", "W9999"]).unwrap_err().unknown,
        ["W9999"]
    );
    // A warning keeps nothing from starting.
    let warned: Vec<_> = World::host(|host| host.cores = Some(1)).codes();
    assert_eq!(warned[0].0, "W0823");
    let warning = Finding::new(
        "W0823",
        Subject {
            name: "cores".into(),
            line: None,
        },
        crate::i18n::Text::new("env-lint-no-docker"),
    );
    assert_eq!(gate(&[warning], &[]), Ok(()));
}
