//! `check --login-file`: a user in the place of the seed.

#![cfg(feature = "sim")]

use wecubectl::sim::{Running, SideName, World, serve};

use crate::support::{Output, TestEnv, run_beside};

const PASSWORD: &str = "pa$$ 'word' 密码 0123456789abcdef";

/// A pair on which `apply` was done, and a configuration that names no seed.
async fn pair(old: &str, new: &str, authorities: &[&str]) -> (Running, TestEnv) {
    let mut world = World::plugins(3).new_version(new).old_version(old);
    for side in [Some(&mut world.new), world.old.as_mut()]
        .into_iter()
        .flatten()
    {
        for user in &mut side.users {
            PASSWORD.clone_into(&mut user.password);
            if !authorities.is_empty() {
                user.authorities = authorities.iter().map(ToString::to_string).collect();
            }
        }
    }
    let running = serve(world.service_time_ms(5.0)).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints());
    let applied = run_beside(
        &env,
        &["apply", "--yes", "-q", "--config", "wecubectl.toml"],
    )
    .await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    let text = fs_err::read_to_string(config).unwrap();
    let (without_seed, _) = text.split_once("[auth]").unwrap();
    env.file("wecubectl.toml", without_seed);
    fs_err::remove_file(env.path().join("seed")).unwrap();
    env.file("login", &format!("umadmin\n{PASSWORD}\n"));
    (running, env)
}

async fn check(env: &TestEnv, more: &[&str]) -> Output {
    let mut args = vec!["check", "--config", "wecubectl.toml"];
    args.extend_from_slice(more);
    run_beside(env, &args).await
}

fn logins(running: &Running, side: SideName) -> usize {
    let ledger = running.ledger();
    let of_side = ledger.requests.iter().filter(|entry| entry.side == side);
    of_side
        .filter(|entry| entry.path == "/auth/v1/api/login")
        .count()
}

fn codes(output: &Output, certainty: &str) -> Vec<String> {
    let document = output.json();
    let findings = document["findings"].as_array().expect("findings").iter();
    let of_certainty = findings.filter(|it| it["certainty"] == certainty);
    of_certainty
        .map(|it| it["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn login_with_all_permissions_finds_the_same_as_seed() {
    for (old, new) in [("v3.2.6", "v4.0.0"), ("v4.0.0", "v4.5.6")] {
        let (running, env) = pair(old, new, &[]).await;
        let output = check(&env, &["--login-file", "login", "-o", "json", "-vv"]).await;
        assert_eq!(output.code, Some(0), "{old} {new}: {output:#?}");
        let document = output.json();
        let skipped = document["skipped"].as_array().unwrap();
        assert!(
            skipped.iter().any(|it| it["code"] == "W0106"),
            "{document:#}"
        );
        for side in [SideName::New, SideName::Old] {
            assert_eq!(logins(&running, side), 1, "{old} {new} {side:?}");
        }
        let said = [output.stdout, output.stderr].concat();
        assert!(
            !said.contains("0123456789abcdef") && !said.contains("eyJ"),
            "{said}"
        );
        // The seed of the configuration is not there and was not asked for; without either it is said.
        let without = check(&env, &[]).await;
        assert_eq!(without.code, Some(2), "{without:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_without_permission_is_unknown() {
    let (_running, env) = pair("v4.0.0", "v4.5.6", &["NOBODY"]).await;
    let output = check(&env, &["--login-file", "login", "-o", "json"]).await;
    assert_ne!(output.code, Some(0), "{output:#?}");
    // The variables and the routes' plugins, by what v4.4 and later refuse.
    let unknown = codes(&output, "unknown");
    assert!(
        unknown.iter().any(|code| code.starts_with("W02")),
        "{unknown:?}"
    );
    assert_eq!(
        codes(&output, "confirmed"),
        Vec::<String>::new(),
        "{output:#?}"
    );
    let table = check(&env, &["--login-file", "login"]).await;
    assert!(table.stdout.contains("may not read"), "{table:#?}");
    let table = check(&env, &["--login-file", "login", "--lang", "zh"]).await;
    assert!(table.stdout.contains("无权读取"), "{table:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_password_is_sent_once() {
    let (running, env) = pair("v3.2.6", "v4.5.6", &[]).await;
    env.file("login", "umadmin\nguessed-0123456789");
    let more = [
        "--login-file",
        "login",
        "-o",
        "json",
        "--wait-until-ok",
        "3s",
    ];
    let output = check(&env, &more).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    assert_eq!(codes(&output, "confirmed"), ["W0105", "W0105"]);
    for side in [SideName::New, SideName::Old] {
        assert_eq!(logins(&running, side), 1, "{side:?}");
    }
    assert!(!output.stdout.contains("guessed") && !output.stderr.contains("guessed"));
    // The old side's own account.
    env.file("old-login", &format!("umadmin\n{PASSWORD}"));
    let more = [
        "--login-file",
        "login",
        "--old-login-file",
        "old-login",
        "-o",
        "json",
    ];
    assert_eq!(codes(&check(&env, &more).await, "confirmed"), ["W0105"]);
}

#[test]
fn bad_login_file_is_refused_before_any_request() {
    let env = TestEnv::new();
    env.file(
        "wecubectl.toml",
        "[new]\ncore = \"http://127.0.0.1:1\"\ngateway = \"http://127.0.0.1:1\"\nportal = [\"http://127.0.0.1:1\"]\n",
    );
    for (text, said) in [
        ("", "no user in the first line"),
        ("admin", "no password in the second line"),
        ("admin\na\nb", "more than two lines"),
    ] {
        env.file("login", text);
        let output = env.run(&[
            "check",
            "--config",
            "wecubectl.toml",
            "--login-file",
            "login",
        ]);
        assert_eq!(output.code, Some(2), "{output:#?}");
        assert!(output.stderr.contains(said), "{output:#?}");
    }
    let both = ["--login-file", "login", "--seed-file", "seed"];
    for command in [
        &["check"][..],
        &["plugin", "show", "wecmdb", "--as-role", "OPS"],
    ] {
        let config = ["--config", "wecubectl.toml"];
        let output = env.run(&[command, &config, &both].concat());
        assert_eq!(output.code, Some(2), "{output:#?}");
        assert!(
            output.stderr.contains("cannot be used together with"),
            "{output:#?}"
        );
    }
}

/// What a role sees is the same, asked of the platform with a login or seen with a token of the role.
#[tokio::test(flavor = "multi_thread")]
async fn role_is_judged_with_login_as_with_seed() {
    for (old, new) in [("v3.2.6", "v4.0.0"), ("v4.0.0", "v4.5.6")] {
        let (running, env) = pair(old, new, &[]).await;
        running.with_world(|world| {
            let row = world.package_mut(SideName::New, "bulk001", "v1.0.0");
            let package = &mut row.unwrap().package;
            let menus = package.menus.iter().map(|menu| menu.code.clone());
            let authority = wecubectl::sim::Authority {
                role: "OPS".to_owned(),
                menus: menus.collect(),
            };
            package.authorities.push(authority);
        });
        env.file("a-seed", &running.endpoints().seed);
        for side in ["new", "old"] {
            for (role, plugin, code) in [
                ("OPS", "bulk001", Some(0)),
                ("OPS", "bulk002", Some(10)),
                ("NOBODY", "bulk001", Some(10)),
            ] {
                let args = ["plugin", "show", plugin, "--as-role", role, "--side", side];
                let more = ["--config", "wecubectl.toml", "-o", "json"];
                let show =
                    async |by: &[&str]| run_beside(&env, &[&args[..], &more, by].concat()).await;
                let seed = show(&["--seed-file", "a-seed"]).await;
                let login = show(&["--login-file", "login"]).await;
                assert_eq!(login.code, code, "{new} {side} {role} {plugin} {login:#?}");
                assert_eq!(
                    login.json()["conditions"],
                    seed.json()["conditions"],
                    "{side}"
                );
            }
        }
        for role in ["OPS", "NOBODY"] {
            let args = ["-o", "json", "--role", role];
            let seed = check(&env, &[&args[..], &["--seed-file", "a-seed"]].concat()).await;
            let login = check(&env, &[&args[..], &["--login-file", "login"]].concat()).await;
            let found = codes(&login, "confirmed");
            assert!(!found.is_empty() && found.iter().all(|it| it == "W0320"));
            assert_eq!(found, codes(&seed, "confirmed"), "{new} {role}");
        }
    }
}

/// A login that may not read roles leaves open what a role sees.
#[tokio::test(flavor = "multi_thread")]
async fn role_that_login_may_not_read_is_unknown() {
    let rights = ["COLLABORATION_PLUGIN_MANAGEMENT"];
    let (_running, env) = pair("v4.0.0", "v4.5.6", &rights).await;
    let args = [
        "plugin",
        "show",
        "bulk001",
        "--as-role",
        "SUPER_ADMIN",
        "--login-file",
        "login",
        "--config",
        "wecubectl.toml",
        "-o",
        "json",
    ];
    let output = run_beside(&env, &args).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    let document = output.json();
    let mut conditions = document["conditions"].as_array().unwrap().iter();
    let granted = conditions.find(|it| it["condition"] == "menu_granted");
    assert_eq!(granted.unwrap()["state"], "unknown", "{document:#}");
}

/// Nobody answers where users sign in: that is the gateway's fault, and what it kept from being read is
/// unknown.
#[tokio::test(flavor = "multi_thread")]
async fn gateway_down_is_the_only_confirmed_finding() {
    let (_running, env) = pair("v4.0.0", "v4.5.6", &[]).await;
    let dead = [
        "--login-file",
        "login",
        "-o",
        "json",
        "--new-gateway",
        "http://127.0.0.1:1",
    ];
    let output = check(&env, &dead).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    let document = output.json();
    let findings = document["findings"].as_array().unwrap().iter();
    let wrong: Vec<(&str, &str)> = findings
        .filter(|it| it["certainty"] == "confirmed")
        .map(|it| {
            (
                it["code"].as_str().unwrap(),
                it["subject"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(wrong, [("W0101", "http://127.0.0.1:1")], "{document:#}");
}
