//! Each code is triggered and cleared, and has its words and its page.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use crate::deploy::env::{EnvFile, SealFault, Service, Values};
use crate::deploy::host::facts::HostFacts;
use crate::deploy::host::ssh::SshResult;
use crate::deploy::host::tcp::ConnectFailure;
use crate::deploy::old::{OldFile, OldInstance};
use crate::domain::{FailureCause, Severity};
use crate::i18n::{Catalog, Lang};
use crate::platform::BucketAnswer;

const GOOD: &str = "WECUBE_VERSION='v4.0.0'\nHOSTIP='10.0.0.1'\nJWT_SIGNING_KEY='Platform+Auth+Server+Secret'\nmysql_wecube_host='10.0.0.10'\nmysql_wecube_port='3307'\nmysql_wecube_username='root'\nmysql_wecube_password='x'\nmysql_auth_host='10.0.0.11'\nmysql_auth_port='3308'\nmysql_auth_username='root'\nmysql_auth_password='y'\ns3_host='10.0.0.12'\ns3_port='9000'\ns3_access='access_key'\ns3_secret='secret_key'\nhost_wecube_username='root'\nhost_wecube_password='z'\n";

/// What the guides after v4.0.0 ask for.
const GUIDES: &[&str] = &[
    "sender_name=a",
    "sender_mail=a",
    "mail_server=a",
    "mail_password=a",
    "mail_ssl=Y",
    "notify_percent=80",
    "menu_api_map_enable=Y",
    "wecube_sub_system_auth_code=0001",
    "wecube_sub_system_core_code=0002",
    "wecube_sub_system_plugin_code=0003",
];

/// What a case changes in an input without findings.
#[derive(Clone, Default)]
struct World {
    /// Lines that replace those of the same name, or are added; without `=` the name is taken out.
    env: Vec<&'static str>,
    files: FileFacts,
    host: Option<HostFacts>,
    old: Option<OldInstance>,
    reached: Vec<ReachResult>,
    unset: Vec<(Service, String)>,
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

    /// With an auth-server that has the same seed.
    fn old(core: &str) -> Self {
        let seed = "Platform+Auth+Server+Secret";
        Self::old_files(&format!(
            "{core}  auth-server:\n    environment: {{SIGNING_KEY: {seed}}}\n"
        ))
    }

    fn old_files(text: &str) -> Self {
        Self {
            old: OldInstance::read(
                &[OldFile {
                    path: "docker-compose.yml".into(),
                    text: text.to_owned(),
                }],
                None,
                &|_| Ok(None),
            )
            .ok(),
            ..Self::default()
        }
    }

    fn reached(answer: ReachAnswer) -> Self {
        let target = "10.0.0.9:1".to_owned();
        Self {
            reached: vec![ReachResult { target, answer }],
            ..Self::default()
        }
    }

    fn found(&self) -> Vec<Finding> {
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
        self.findings(&file)
    }

    fn findings(&self, file: &EnvFile) -> Vec<Finding> {
        let (values, names) = Values::read(file.clone());
        let found = lint(&LintInput {
            values: &values,
            names: &names,
            unset: &self.unset,
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
    }

    fn codes(&self) -> Vec<(LintCode, String)> {
        let found = self.found().into_iter();
        found.map(|one| (one.code, one.subject)).collect()
    }
}

fn refused() -> ConnectFailure {
    ConnectFailure::Io(std::io::ErrorKind::ConnectionRefused)
}

/// Each code with what triggers it.
#[expect(clippy::too_many_lines, reason = "a table: a line a case")]
fn triggers() -> Vec<(LintCode, World)> {
    let env = World::env;
    let s3_refuses = |code: &str| {
        let (status, code) = (403, code.to_owned());
        World::reached(ReachAnswer::Bucket(BucketAnswer::Refused { status, code }))
    };
    let old = |port: u16| {
        World::old(&format!(
            "services:\n  platform-core:\n    ports: ['{port}:8080']\n"
        ))
    };
    let place = PathBuf::from;
    let why = || "refused".to_owned();
    vec![
        (LintCode::W0801, env(&["HOSTIP"])),
        (LintCode::W0801, env(&["s3_secret=''"])),
        (LintCode::W0802, env(&["hostip=10.0.0.1"])),
        (LintCode::W0803, env(&["http_timeout_minute=30"])),
        (LintCode::W0804, env(&["mysql_auth_password='a~b'"])),
        (LintCode::W0804, env(&["mysql_auth_password='a&b'"])),
        (LintCode::W0804, env(&["s3_secret='a\\b'"])),
        (LintCode::W0804, env(&["s3_secret='a\"b'"])),
        (LintCode::W0804, env(&["mysql_wecube_username='a\nb'"])),
        (LintCode::W0805, env(&["host_wecube_password=\"it's\""])),
        (LintCode::W0806, env(&["JWT_SIGNING_KEY='a=b'"])),
        (LintCode::W0806, env(&["JWT_SIGNING_KEY='a-b_'"])),
        (LintCode::W0807, env(&["s3_secret='a$b'"])),
        (LintCode::W0808, env(&["user_access_token='20m'"])),
        (LintCode::W0808, env(&["core_port='99999'"])),
        (
            LintCode::W0809,
            env(&[
                "static_resource_server_ips='10.0.0.1,10.0.0.2,10.0.0.3'",
                "host_wecube_username='a,b'",
            ]),
        ),
        (
            LintCode::W0810,
            env(&["static_resource_server_path='/data/ui-resources/'"]),
        ),
        (
            LintCode::W0810,
            env(&["static_resource_server_path='/data/pages'"]),
        ),
        (
            LintCode::W0833,
            World {
                env: [&["WECUBE_VERSION='v4.6.0'", "encrypt_seed='other'"], GUIDES].concat(),
                ..World::default()
            },
        ),
        (LintCode::W0811, env(&["WECUBE_VERSION='v3.2.6'"])),
        (LintCode::W0811, env(&["WECUBE_VERSION='latest'"])),
        (LintCode::W0811, env(&["WECUBE_VERSION='v4.0.0-pro'"])),
        (LintCode::W0812, env(&["HOSTIP='wecube-1'"])),
        (LintCode::W0813, env(&["HOSTIP='127.0.0.1'"])),
        (LintCode::W0813, env(&["mysql_wecube_host='127.0.0.1'"])),
        (LintCode::W0813, env(&["s3_host='localhost'"])),
        (LintCode::W0813, env(&["s3_host='::1'"])),
        (LintCode::W0813, env(&["gateway_address='127.0.0.1:8005'"])),
        (
            LintCode::W0813,
            env(&["static_resource_server_ips='10.0.0.1,127.0.0.1'"]),
        ),
        (LintCode::W0808, env(&["WECUBE_VERSION='4.0.0'"])),
        (LintCode::W0808, env(&["s3_host='10.9.9.9:9000'"])),
        (
            LintCode::W0814,
            World {
                env: [&["WECUBE_VERSION='v4.5.6'"], GUIDES].concat(),
                ..World::default()
            },
        ),
        (
            LintCode::W0834,
            env(&[
                "WECUBE_VERSION='v4.4.0'",
                "encrypt_seed='other'",
                "mail_ssl=Y",
            ]),
        ),
        (
            LintCode::W0835,
            World {
                unset: vec![(Service::Gateway, "HTTP_TIMEOUT_MINUTE".into())],
                ..World::default()
            },
        ),
        (
            LintCode::W0836,
            World {
                unset: vec![(Service::Core, "menu_api_map_enable".into())],
                ..World::default()
            },
        ),
        (
            LintCode::W0909,
            World::reached(ReachAnswer::Sealed(
                "s3_secret",
                SealFault::Key(place("/k")),
            )),
        ),
        (
            LintCode::W0910,
            World::reached(ReachAnswer::NoAddress("gateway_address")),
        ),
        (
            LintCode::W0911,
            World::reached(ReachAnswer::Bucket(BucketAnswer::WebPage)),
        ),
        (
            LintCode::W0911,
            World::reached(ReachAnswer::Bucket(BucketAnswer::Https)),
        ),
        (
            LintCode::W0815,
            World {
                files: FileFacts {
                    wide_mode: Some(0o644),
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        (
            LintCode::W0816,
            World {
                files: FileFacts {
                    missing_keys: vec![place("/k")],
                    ..FileFacts::default()
                },
                ..env(&["s3_secret='RSA@abc'"])
            },
        ),
        (
            LintCode::W0817,
            World {
                files: FileFacts {
                    missing_keys: vec![place("/k")],
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        (
            LintCode::W0818,
            World {
                files: FileFacts {
                    shared_folders: vec![(place("/data/x"), place("/data"))],
                    ..FileFacts::default()
                },
                ..World::default()
            },
        ),
        (LintCode::W0819, env(&["core_port='8002'"])),
        (LintCode::W0820, old(8005)),
        (
            LintCode::W0821,
            World::host(|host| host.listening = Some([8000].into())),
        ),
        (
            LintCode::W0822,
            World::host(|host| host.addresses = vec!["10.0.0.7".into()]),
        ),
        (LintCode::W0823, World::host(|host| host.cores = Some(2))),
        (
            LintCode::W0824,
            World::host(|host| host.memory = Some(4_000_000_000)),
        ),
        (
            LintCode::W0825,
            World::host(|host| host.free = Some(20_000_000_000)),
        ),
        (LintCode::W0826, World::host(|host| host.docker = None)),
        (
            LintCode::W0827,
            World::host(|host| host.docker = Some("1.13.1".into())),
        ),
        (LintCode::W0828, World::host(|host| host.compose = None)),
        (
            LintCode::W0829,
            World::host(|host| host.compose = Some("1.8.0".into())),
        ),
        (
            LintCode::W0830,
            World::old("services:\n  platform-core:\n    environment: ['S3_SECRET_KEY=other']\n"),
        ),
        (
            LintCode::W0830,
            World::old(
                "services:\n  platform-core:\n    environment: [STATIC_RESOURCE_SERVER_IP=10.0.0.1, STATIC_RESOURCE_SERVER_PASSWORD=x]\n",
            ),
        ),
        (
            LintCode::W0830,
            World {
                env: vec!["JWT_SIGNING_KEY='Other+Seed+Secret12'"],
                ..World::old_files(
                    "services:\n  platform-core:\n    ports: []\n  auth-server:\n    image: x\n",
                )
            },
        ),
        (
            LintCode::W0831,
            World::old(
                "services:\n  platform-core:\n    environment: [STATIC_RESOURCE_SERVER_IP=10.0.0.8, STATIC_RESOURCE_SERVER_PASSWORD=x]\n",
            ),
        ),
        (
            LintCode::W0832,
            World::old(
                "services:\n  platform-core:\n    environment: ['S3_SECRET_KEY=${SECRET}']\n",
            ),
        ),
        (
            LintCode::W0832,
            World::old_files(
                "services:\n  platform-core:\n    environment: ['S3_SECRET_KEY=secret_key']\n",
            ),
        ),
        (
            LintCode::W0901,
            World::reached(ReachAnswer::Database(Err(refused()))),
        ),
        (
            LintCode::W0902,
            World::reached(ReachAnswer::Bucket(BucketAnswer::Silent(
                FailureCause::PortRefused,
            ))),
        ),
        (LintCode::W0903, s3_refuses("SignatureDoesNotMatch")),
        (
            LintCode::W0904,
            World::reached(ReachAnswer::Bucket(BucketAnswer::Missing)),
        ),
        (
            LintCode::W0905,
            World::reached(ReachAnswer::Host(Err(refused()))),
        ),
        (
            LintCode::W0906,
            World::reached(ReachAnswer::Ssh(SshResult::Refused)),
        ),
        (
            LintCode::W0907,
            World::reached(ReachAnswer::Ssh(SshResult::Failed(why()))),
        ),
        (
            LintCode::W0908,
            World::reached(ReachAnswer::Ssh(SshResult::NoSsh)),
        ),
    ]
}

/// Inputs without findings, close to those that have some.
fn clean() -> Vec<World> {
    let env = World::env;
    let reached = |answer| World::reached(answer);
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
        World {
            env: [
                &[
                    "WECUBE_VERSION='v4.5.8'",
                    "encrypt_seed='other'",
                    "http_timeout_minute=30",
                ],
                GUIDES,
            ]
            .concat(),
            ..World::default()
        },
        // Characters that survive: a compose file by deploy render quotes them.
        env(&[
            "mysql_auth_password='a/b:c #d {{x}} 密码'",
            "mysql_wecube_password=\"it's\"",
        ]),
        env(&["core_host='10.0.0.2'", "core_port='8002'"]),
        env(&["static_resource_server_ips='10.0.0.1,10.0.0.2'"]),
        env(&["static_resource_server_path='/srv/ui-resources'"]),
        env(&["LOG_LEVEL='debug'", "user_access_token='5'"]),
        reached(ReachAnswer::Database(Ok(()))),
        reached(ReachAnswer::Host(Ok(()))),
        reached(ReachAnswer::Bucket(BucketAnswer::Opens)),
        reached(ReachAnswer::Ssh(SshResult::SignedIn)),
    ]
}

#[test]
fn lint_reports_each_code_alone_and_nothing_for_clean_input() {
    let mut seen = BTreeSet::new();
    for (code, world) in triggers() {
        let found = world.codes();
        let codes: BTreeSet<_> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [code].into(), "{:?}: {found:?}", world.env);
        seen.insert(code);
    }
    for (at, world) in clean().iter().enumerate() {
        assert_eq!(world.codes(), [], "clean input {at}");
    }
    let known: BTreeSet<_> = LintCode::ALL.iter().copied().collect();
    assert_eq!(
        seen, known,
        "a code without a test, or a test without a code"
    );
}

#[test]
fn lint_code_has_texts_in_both_languages_and_a_page() {
    for code in LintCode::ALL {
        let (means, next) = (code.explanation(), code.remedy());
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes");
        let page = fs_err::read_to_string(format!("{pages}/{code}.md")).unwrap();
        assert!(page.contains(code.severity().as_str()), "{code}");
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            for text in [&means, &next] {
                let words = catalog.render(text);
                assert!(page.contains(&words), "{code}: the page lacks: {words}");
            }
        }
    }
}

#[test]
fn gate_opens_only_if_every_error_is_accepted() {
    let found = World::reached(ReachAnswer::Database(Err(refused())));
    let mut found = found.findings(&EnvFile::default());
    let accept = |found: &[Finding], codes: &[&str]| {
        gate(
            found,
            &codes.iter().map(|&c| c.to_owned()).collect::<Vec<_>>(),
        )
    };
    let Err(Refused::Findings(left)) = accept(&found, &["W0801"]) else {
        panic!("closed by findings")
    };
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].code, LintCode::W0901);
    assert_eq!(accept(&found, &["w0801", "W0901"]), Ok(()));
    assert_eq!(
        accept(&found, &["W0801", "W0901", "W9999"]),
        Err(Refused::UnknownCodes(vec!["W9999".to_owned()]))
    );
    found.retain(|finding| finding.severity() < Severity::Error);
    assert_eq!(accept(&found, &[]), Ok(()));
    let warned = World::host(|host| host.cores = Some(1)).found();
    assert_eq!(warned[0].code, LintCode::W0823);
    assert_eq!(accept(&warned, &[]), Ok(()));
}
