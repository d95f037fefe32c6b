//! Files as people have them.

use std::path::Path;

use super::*;

const V3: &str = "version: '2'\nservices:\n  platform-core:\n    image: x\n    ports:\n      - 19100:8080\n      - \"19005:19005\"\n    volumes:\n      - /data/wecube/log:/data/wecube/log\n      - /etc/localtime:/etc/localtime\n    environment:\n      - MYSQL_SERVER_ADDR=10.0.0.10\n      - MYSQL_SERVER_PORT=3307\n      - MYSQL_USER_PASSWORD=pa$$ss\n      - S3_ENDPOINT=http://10.0.0.12:9000\n      - S3_SECRET_KEY=${S3_SECRET}\n      - STATIC_RESOURCE_SERVER_PATH=/data/wecube-portal/data/ui-resources\n      - WECUBE_CUSTOM_PARAM=--wecube.core.plugin.passwordEncryptionSeed=seed1 --platform.auth.jwt-signing-key='key two'\n  auth-server:\n    ports: ['10.0.0.1:19120:8080']\n    environment:\n      MYSQL_SERVER_PORT: 3308\n      MYSQL_SERVER_DATABASE_NAME: auth\n";

/// An old instance in `/w`, whose other files are `beside`.
fn read(
    files: &[(&str, &str)],
    env_file: Option<&str>,
    beside: &[(&str, &str)],
) -> Result<OldInstance, OldFault> {
    let file = |(name, text): &(&str, &str)| OldFile {
        path: Path::new("/w").join(name),
        text: (*text).to_owned(),
    };
    let files: Vec<OldFile> = files.iter().map(file).collect();
    let env_file = env_file.map(|text| file(&("given.env", text)));
    let read = |path: &Path| {
        let found = beside
            .iter()
            .find(|(name, _)| Path::new("/w").join(name) == path);
        Ok(found.map(|(_, text)| (*text).to_owned()))
    };
    OldInstance::read(&files, env_file.as_ref(), &read)
}

fn one(text: &str, beside: &[(&str, &str)]) -> OldInstance {
    let old = read(&[("docker-compose.yml", text)], None, beside);
    old.unwrap_or_else(|fault| panic!("{fault:?}"))
}

/// `=VALUE`, `-` if absent, else the file, line and cause.
fn told(old: &OldInstance, name: &str) -> String {
    match old.value(name) {
        OldValue::Set(value) => format!("={}", value.expose()),
        OldValue::Absent => "-".to_owned(),
        OldValue::Unresolved(Unresolved { cause, at }) => {
            let at = at.map(|(path, line)| format!("{}:{line} ", path.display()));
            format!("{}{cause:?}", at.unwrap_or_default())
        }
    }
}

#[track_caller]
fn assert_values(old: &OldInstance, wanted: &[(&str, &str)]) {
    for (name, value) in wanted {
        assert_eq!(told(old, name), *value, "{name}");
    }
}

#[test]
fn read_takes_v3_names_in_list_and_map() {
    let old = one(V3, &[]);
    assert_values(
        &old,
        &[
            ("mysql_wecube_host", "=10.0.0.10"),
            ("mysql_wecube_port", "=3307"),
            ("mysql_wecube_password", "=pa$ss"),
            ("mysql_wecube_database", "-"),
            ("s3_host", "=10.0.0.12"),
            ("s3_port", "=9000"),
            (
                "s3_secret",
                "/w/docker-compose.yml:16 Variable(\"S3_SECRET\")",
            ),
            ("resource_server_password_seed", "=seed1"),
            ("JWT_SIGNING_KEY", "=key two"),
            ("mysql_auth_port", "=3308"),
            ("mysql_auth_database", "=auth"),
            ("mysql_auth_host", "-"),
        ],
    );
    assert_eq!(old.ports, [19005, 19100, 19120].into());
    assert!(old.get("s3_secret").is_none() && !old.has_built_in_seed());
    let pages = PathBuf::from("/data/wecube-portal/data/ui-resources");
    assert!(old.folders.contains(&pages));
}

/// The compose file of the public installer, shortened.
const ALL_VARIABLES: &str = "version: '3'\nservices:\n  platform-core:\n    image: ${WECUBE_IMAGE_NAME}:${V}\n    ports:\n      - ${WECUBE_SERVER_PORT}:8080\n    volumes:\n      - ${STATIC:-/data/pages}:/pages\n    environment:\n      - db_server=${DB_HOST}\n      - db_port=${DB_PORT:-3307}\n      - db_user=$DB_USER\n      - db_pass=${DB_PASS:?must be set}\n      - db_database=${DB_NAME-wecube}\n      - jwt_signing_key=${SEED}\n      - s3_address=${S3_URL}\n      - s3_access_key\n  auth-server:\n    image: ${AUTH_IMAGE}\n    environment:\n      - SIGNING_KEY=${SEED}\n      - MYSQL_SERVER_ADDR=${AUTH_DB}\n";

#[test]
fn read_resolves_variables_from_the_env_file_beside_or_the_given_one() {
    let env = "DB_HOST='10.0.0.10'\nDB_USER=root\nDB_PASS=a b # why\nSEED=\"Platform+Auth+Server+Secret\"\nS3_HOST=10.0.0.12\nS3_URL=${S3_HOST}:9000\ns3_access_key=access\nWECUBE_SERVER_PORT=19100\n";
    let wanted = [
        ("mysql_wecube_host", "=10.0.0.10"),
        ("mysql_wecube_port", "=3307"),
        ("mysql_wecube_username", "=root"),
        ("mysql_wecube_password", "=a b"),
        ("mysql_wecube_database", "=wecube"),
        ("JWT_SIGNING_KEY", "=Platform+Auth+Server+Secret"),
        ("s3_host", "=10.0.0.12"),
        ("s3_port", "=9000"),
        ("s3_access", "=access"),
        (
            "mysql_auth_host",
            "/w/docker-compose.yml:22 Variable(\"AUTH_DB\")",
        ),
    ];
    let beside = one(ALL_VARIABLES, &[(".env", env)]);
    assert_values(&beside, &wanted);
    assert_eq!(beside.ports, [19100].into());
    assert!(beside.folders.contains(&PathBuf::from("/data/pages")));
    let compose = [("docker-compose.yml", ALL_VARIABLES)];
    let given = read(&compose, Some(env), &[(".env", "SEED=other\n")]);
    assert_values(&given.unwrap_or_else(|fault| panic!("{fault:?}")), &wanted);
}

#[test]
fn unset_variables_are_unresolved_and_never_the_built_in_seed() {
    let old = one(ALL_VARIABLES, &[]);
    assert_values(
        &old,
        &[
            (
                "JWT_SIGNING_KEY",
                "/w/docker-compose.yml:15 Variable(\"SEED\")",
            ),
            (
                "mysql_wecube_password",
                "/w/docker-compose.yml:13 Variable(\"DB_PASS\")",
            ),
            ("s3_host", "/w/docker-compose.yml:16 Variable(\"S3_URL\")"),
            ("s3_port", "/w/docker-compose.yml:16 Variable(\"S3_URL\")"),
            (
                "s3_access",
                "/w/docker-compose.yml:17 Variable(\"s3_access_key\")",
            ),
            ("mysql_wecube_port", "=3307"),
            ("s3_secret", "-"),
        ],
    );
    assert!(!old.has_built_in_seed());
}

#[test]
fn built_in_seed_is_told_only_of_a_v3_auth_server_that_was_read_whole() {
    let auth = |more: &str| {
        format!(
            "services:\n  auth-server:\n    environment:\n      - AUTH_SERVER_LOG_PATH=/x\n{more}"
        )
    };
    for (text, built_in) in [
        (auth(""), true),
        (auth("      - AUTH_CUSTOM_PARAM=--a.b=c\n"), true),
        (auth("      - AUTH_CUSTOM_PARAM=--a.b=${C} --d=e\n"), true),
        (auth("      - AUTH_CUSTOM_PARAM=--a.signing-key=x\n"), false),
        (
            auth("      - AUTH_CUSTOM_PARAM=--a.signing-key=${C} --d=e\n"),
            false,
        ),
        (
            auth("      - AUTH_CUSTOM_PARAM=${AUTH_CUSTOM_PARAM}\n"),
            false,
        ),
        (auth("      - AUTH_CUSTOM_PARAM=--a=b ${MORE}\n"), false),
        (
            auth("      - AUTH_CUSTOM_PARAM={{AUTH_CUSTOM_PARAM}}\n"),
            false,
        ),
        (auth("      - SIGNING_KEY=\n"), false),
        (auth("    env_file: absent.env\n"), false),
        (
            "services:\n  platform-core:\n    environment: [S3_ENDPOINT=x]\n".to_owned(),
            false,
        ),
    ] {
        assert_eq!(one(&text, &[]).has_built_in_seed(), built_in, "{text}");
    }
}

#[test]
fn read_takes_env_files_of_a_service() {
    let compose = |section: &str| {
        format!(
            "services:\n  platform-core:\n    env_file: {section}\n    environment:\n      db_port: 3307\n      https_enable: false\n"
        )
    };
    let files = [
        ("core.env", "db_server=a\ndb_port=1\nAUTH=1\n"),
        ("more.env", "db_server=b\n"),
    ];
    for (section, host, password) in [
        ("core.env", "=a", "-"),
        ("[core.env, more.env]", "=b", "-"),
        (
            "[{path: core.env}, {path: none.env, required: false}]",
            "=a",
            "-",
        ),
        (
            "[core.env, none.env]",
            "=a",
            "/w/docker-compose.yml:3 EnvFile(\"/w/none.env\")",
        ),
    ] {
        assert_values(
            &one(&compose(section), &files),
            &[
                ("mysql_wecube_host", host),
                ("mysql_wecube_port", "=3307"),
                ("mysql_wecube_password", password),
                ("mysql_auth_host", "NotGiven"),
            ],
        );
    }
}

#[test]
fn read_takes_several_files_and_the_later_overrides() {
    let core = "services:\n  platform-core:\n    image: x\n    environment:\n      - db_server=a\n      - jwt_signing_key=s\n";
    let auth =
        "services:\n  platform-auth-server:\n    environment: {SIGNING_KEY: s, ENCRYPT_SEED: e}\n";
    let more = "services:\n  platform-core:\n    environment:\n      - db_server=b\n";
    let files = [("core.yml", core), ("auth.yml", auth), ("more.yml", more)];
    let old = read(&files, None, &[]).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_values(
        &old,
        &[
            ("mysql_wecube_host", "=b"),
            ("JWT_SIGNING_KEY", "=s"),
            ("encrypt_seed", "=e"),
            ("mysql_auth_host", "-"),
        ],
    );
    let other = auth.replace("SIGNING_KEY: s", "SIGNING_KEY: t");
    let files = [("core.yml", core), ("auth.yml", other.as_str())];
    let old = read(&files, None, &[]).unwrap_or_else(|fault| panic!("{fault:?}"));
    let differs = "/w/core.yml:6 Differs { path: \"/w/auth.yml\", line: 3 }";
    assert_values(&old, &[("JWT_SIGNING_KEY", differs)]);
}

#[test]
fn read_takes_the_output_of_compose_config() {
    let config = "name: wecube\nservices:\n  platform-core:\n    environment:\n      S3_ENDPOINT: http://[2001:db8::1]:9000/\n      S3_SECRET_KEY: a$$b\n    image: x\n    ports:\n      - mode: ingress\n        target: 8080\n        published: \"19090\"\n        protocol: tcp\n    volumes:\n      - type: bind\n        source: /data/wecube/log\n        target: /log\n";
    let old = one(config, &[]);
    let wanted = [
        ("s3_host", "=[2001:db8::1]"),
        ("s3_port", "=9000"),
        ("s3_secret", "=a$b"),
    ];
    assert_values(&old, &wanted);
    assert_eq!(old.ports, [19090].into());
    assert!(old.folders.contains(&PathBuf::from("/data/wecube/log")));
}

#[test]
fn read_takes_anchors_and_merged_maps() {
    let text = "x-db: &db\n  db_server: a\n  db_pass: ${P}\nservices:\n  platform-core:\n    environment:\n      <<: *db\n      db_port: 1\n";
    let wanted = [
        ("mysql_wecube_host", "=a"),
        ("mysql_wecube_port", "=1"),
        (
            "mysql_wecube_password",
            "/w/docker-compose.yml:3 Variable(\"P\")",
        ),
    ];
    assert_values(&one(text, &[]), &wanted);
}

#[test]
fn read_takes_env_files_and_cfg_and_refuses_other_files() {
    let plain = |text: &str| read(&[("wecube.cfg", text)], None, &[]);
    let cfg = "#core\nwecube_server_port=9090\nmysql_server_addr=10.0.0.10\nauth_server_mysql_addr=10.0.0.11\ns3_url=http://10.0.0.12:9000\ns3_access_key=access\nportal_port={{PORTAL}}\nmysql_user_password={{PASSWORD}}\nauth_custom_param='--a=b --c.signing-key=X'\n";
    let ours = "WECUBE_VERSION='v4.0.0'\nHOSTIP='10.0.0.1'\nJWT_SIGNING_KEY='X'\nmysql_wecube_host='10.0.0.10'\ns3_host='10.0.0.12'\ns3_port='9000'\n";
    let v4_core = "db_server=10.0.0.10\ns3_address=10.0.0.12:9000\njwt_signing_key=X\n";
    for text in [cfg, ours, v4_core] {
        let old = plain(text).unwrap_or_else(|fault| panic!("{fault:?}"));
        let wanted = [
            ("mysql_wecube_host", "=10.0.0.10"),
            ("s3_host", "=10.0.0.12"),
            ("s3_port", "=9000"),
            ("JWT_SIGNING_KEY", "=X"),
        ];
        assert_values(&old, &wanted);
    }
    let old = plain(cfg).unwrap_or_else(|fault| panic!("{fault:?}"));
    let password = "/w/wecube.cfg:8 Placeholder";
    assert_values(
        &old,
        &[
            ("mysql_wecube_password", password),
            ("mysql_auth_host", "=10.0.0.11"),
        ],
    );
    assert_eq!(old.ports, [9090].into());
    let auth = plain("SIGNING_KEY=X\nMYSQL_SERVER_ADDR=10.0.0.11\n");
    let auth = auth.unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_values(
        &auth,
        &[
            ("mysql_auth_host", "=10.0.0.11"),
            ("mysql_wecube_host", "NotGiven"),
        ],
    );
    for other in ["", "a: 1\n", "hello\n", "A=1\n"] {
        let unknown = OldFault::Unknown(PathBuf::from("/w/wecube.cfg"));
        assert_eq!(plain(other).err(), Some(unknown), "{other:?}");
    }
    let broken = plain("services:\n  core:\n   environment: [a\n");
    assert!(matches!(broken.err(), Some(OldFault::Yaml(_, 2..))));
}

#[test]
fn every_shared_variable_is_read_back_from_what_render_writes() {
    use std::fmt::Write as _;

    use crate::deploy::env::{EnvFile, Values};
    use crate::deploy::render::{builtin_templates, render};

    let mut text = "WECUBE_VERSION='v4.5.6'\nHOSTIP='10.0.0.1'\n".to_owned();
    for (at, name) in SHARED_VARIABLES.into_iter().enumerate() {
        let value = match name {
            "static_resource_server_ips" => "10.0.0.7".to_owned(),
            name if name.ends_with("_port") => (4000 + at).to_string(),
            name if name.ends_with("_path") => format!("/data/{at}"),
            _ => format!("value$ {at} it's"),
        };
        writeln!(text, "{name}={}", crate::deploy::env::quoted(&value)).unwrap();
    }
    let file = EnvFile::parse(&text).unwrap_or_else(|faults| panic!("{faults:?}"));
    let values = Values::read(file).0;
    let rendered = render(&builtin_templates(), &values);
    let rendered = rendered.unwrap_or_else(|faults| panic!("{faults:?}"));
    let files: Vec<(&str, &str)> = rendered
        .iter()
        .map(|one| (one.service.compose_file(), one.text.as_str()))
        .collect();
    let old = read(&files, None, &[]).unwrap_or_else(|fault| panic!("{fault:?}"));
    for name in SHARED_VARIABLES {
        assert_eq!(
            told(&old, name),
            format!("={}", values.string(name)),
            "{name}"
        );
    }
}
