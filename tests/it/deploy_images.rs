//! `deploy images` on the real Docker engine, with images of our own under the platform's names.

use crate::support::docker::{COMPONENTS, Docker, quiet};
use crate::support::kill::{Ended, killed_at};
use crate::support::registry::Registry;
use crate::support::{TestEnv, path_of_tools};

/// The binary with a PATH, so that it finds Docker.
fn run(env: &TestEnv, args: &[&str]) -> crate::support::Output {
    let mut command = env.command(args);
    command.env("PATH", path_of_tools());
    TestEnv::run_command(command)
}

fn results(document: &serde_json::Value, key: &str) -> Vec<String> {
    let records = document["images"].as_array().expect("records");
    let of = records
        .iter()
        .map(|record| record[key].as_str().expect("a word").to_owned());
    of.collect()
}

#[test]
#[cfg_attr(no_docker, ignore = "needs a Docker engine")]
fn images_save_and_load_skip_present_images() {
    let docker = Docker::find();
    docker.make_all();
    let env = TestEnv::new();
    let version = [
        "--registry",
        "webankpartners",
        "--wecube-version",
        docker.version.as_str(),
    ];
    let images = |args: &[&str]| {
        let mut all = vec!["deploy", "images"];
        all.extend(args);
        all.extend(version);
        all.extend(["-o", "json"]);
        run(&env, &all)
    };
    let verified = images(&["verify"]);
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    assert_eq!(results(&verified.json(), "state"), ["there"; 4]);
    let ids = results(&verified.json(), "id");

    let saved = images(&["save", "out"]);
    assert_eq!(saved.code, Some(0), "{saved:#?}");
    assert_eq!(results(&saved.json(), "result"), ["done"; 4]);
    let again = images(&["save", "out"]);
    assert_eq!(again.json()["outcome"], "nothing_to_do", "{again:#?}");
    let sums = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(env.path().join("out"))
        .output()
        .unwrap();
    assert!(sums.status.success(), "{sums:?}");

    let there = images(&["load", "out", "--yes"]);
    assert_eq!(there.json()["outcome"], "nothing_to_do", "{there:#?}");
    docker.remove_images();
    let missing = images(&["verify"]);
    assert_eq!(missing.code, Some(10), "{missing:#?}");
    assert_eq!(results(&missing.json(), "state"), ["missing"; 4]);

    let unasked = images(&["load", "out"]);
    assert_eq!(unasked.code, Some(15), "nobody said yes");
    let tar = env.path().join("out/webankpartners-platform-gateway.tar");
    let whole = fs_err::read(&tar).unwrap();
    fs_err::write(&tar, &whole[..whole.len() / 2]).unwrap();
    let cut = images(&["load", "out", "--yes"]);
    assert_eq!(cut.code, Some(1), "{cut:#?}");
    assert!(
        cut.stderr.contains("platform-gateway.tar"),
        "{}",
        cut.stderr
    );
    for component in COMPONENTS {
        assert_eq!(
            docker.image_id(&docker.image(component)),
            None,
            "nothing was loaded"
        );
    }
    fs_err::write(&tar, &whole).unwrap();
    let loaded = images(&["load", "out", "--yes"]);
    assert_eq!(loaded.code, Some(0), "{loaded:#?}");
    assert_eq!(
        results(&loaded.json(), "id"),
        ids,
        "the same images came back"
    );
}

#[test]
#[cfg_attr(no_docker, ignore = "needs a Docker engine")]
fn images_load_foreign_tars_and_refuse_altered_ones() {
    let docker = Docker::find();
    docker.make_all();
    let env = TestEnv::new();
    std::fs::create_dir(env.path().join("site")).unwrap();
    let file = |name: &str| env.path().join("site").join(name).display().to_string();
    for (at, component) in COMPONENTS.into_iter().enumerate() {
        // Another registry's name and file names of the site's own.
        let mirror = format!("mirror.example:5000/w/{component}:{}", docker.version);
        quiet(&["tag", &docker.image(component), &mirror]).unwrap();
        quiet(&["save", "-o", &file(&format!("{at}.tar")), &mirror]).unwrap();
        quiet(&["image", "rm", &mirror]).unwrap();
    }
    let id = docker.image_id(&docker.image("platform-core")).unwrap();
    docker.remove_images();
    let version = docker.version.as_str();
    let args = [
        "deploy",
        "images",
        "load",
        "site",
        "--yes",
        "--registry",
        "webankpartners",
        "--wecube-version",
        version,
    ];
    let path = file("1.tar");
    let whole = fs_err::read(&path).unwrap();
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs_err::write(&path, altered).unwrap();
    let refused = run(&env, &args);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("1.tar"), "{}", refused.stderr);
    assert_eq!(docker.image_id(&docker.image("wecube-portal")), None);
    fs_err::write(&path, whole).unwrap();
    // One of them packed, as sites do.
    let packed = std::process::Command::new("gzip")
        .arg(file("2.tar"))
        .status();
    assert!(packed.unwrap().success());
    let loaded = run(&env, &args);
    assert_eq!(loaded.code, Some(0), "{loaded:#?}");
    assert_eq!(docker.image_id(&docker.image("platform-core")), Some(id));
    for component in COMPONENTS {
        let mirror = format!("mirror.example:5000/w/{component}:{}", docker.version);
        quiet(&["image", "rm", &mirror]).unwrap();
    }
}

/// Images of a registry are removed by the names that the pull gave them.
struct Pulled(Vec<String>);

impl Drop for Pulled {
    fn drop(&mut self) {
        for name in &self.0 {
            let _gone = quiet(&["image", "rm", "--force", name]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_docker, ignore = "needs a Docker engine")]
async fn images_pull_by_tag_and_digest() {
    let docker = Docker::find();
    docker.make_all();
    let registry = Registry::with(&docker).await;
    let prefix = registry.prefix();
    let version = docker.version.clone();
    let named = |component: &str| format!("{prefix}/{component}:{version}");
    let _removed = Pulled(COMPONENTS.map(named).to_vec());
    let env = TestEnv::new();
    let images = async |what: &str, more: &[&str]| {
        let mut args = vec!["deploy", "images", what];
        args.extend([
            "--registry",
            &prefix,
            "--wecube-version",
            &version,
            "-o",
            "json",
        ]);
        args.extend(more);
        let mut command = tokio::process::Command::from(env.command(&args));
        let output = command.env("PATH", path_of_tools()).output().await.unwrap();
        crate::support::Output {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    };
    let missing = images("verify", &[]).await;
    assert_eq!(results(&missing.json(), "state"), ["missing"; 4]);
    let right = format!("platform-core={}", registry.digests["platform-core"]);
    let pulled = images("pull", &["--yes", "--digest", &right]).await;
    assert_eq!(pulled.code, Some(0), "{pulled:#?}");
    assert_eq!(results(&pulled.json(), "result"), ["done"; 4]);
    let asked = registry.asked().await;
    let manifest =
        |component: &str, reference: &str| format!("/v2/w/{component}/manifests/{reference}");
    assert!(
        asked.contains(&manifest(
            "platform-core",
            &registry.digests["platform-core"]
        )),
        "{asked:?}"
    );
    assert!(
        asked.contains(&manifest("platform-gateway", &version)),
        "{asked:?}"
    );
    let there = images("verify", &["--digest", &right]).await;
    assert_eq!(
        (there.code, results(&there.json(), "state")),
        (Some(0), vec!["there".to_owned(); 4])
    );
    let again = images("pull", &["--yes", "--digest", &right]).await;
    assert_eq!(again.json()["outcome"], "nothing_to_do", "{again:#?}");
    // Another digest than the one that is there, and that the registry has not.
    let wrong = format!("wecube-portal=sha256:{}", "0".repeat(64));
    let other = images("verify", &["--digest", &wrong]).await;
    assert_eq!(other.code, Some(10), "{other:#?}");
    let failed = images("pull", &["--yes", "--digest", &wrong]).await;
    assert_eq!(failed.code, Some(11), "{failed:#?}");
    assert_eq!(
        results(&failed.json(), "result"),
        ["skipped", "skipped", "skipped", "failed"]
    );
}

#[test]
#[cfg_attr(no_docker, ignore = "needs a Docker engine")]
fn images_pull_reports_each_failure_and_dead_engine() {
    let docker = Docker::find();
    let env = TestEnv::new();
    let port = crate::support::docker::free_port();
    let registry = format!("127.0.0.1:{port}/w");
    let args = [
        "deploy",
        "images",
        "pull",
        "--yes",
        "-o",
        "json",
        "--registry",
        &registry,
    ];
    let mut all = args.to_vec();
    all.extend(["--wecube-version", &docker.version]);
    let pulled = run(&env, &all);
    assert_eq!(pulled.code, Some(1), "{pulled:#?}");
    assert_eq!(results(&pulled.json(), "result"), ["failed"; 4]);
    let dead = ["deploy", "images", "verify", "--wecube-version", "v4.0.0"];
    let mut all = dead.to_vec();
    all.extend(["--host", "unix:///nowhere/docker.sock"]);
    let dead = run(&env, &all);
    assert_eq!(dead.code, Some(21), "{dead:#?}");
    assert!(
        dead.stderr.contains("Docker engine does not answer"),
        "{}",
        dead.stderr
    );
}

/// Killed before every `step`th of its calls: the next run does what is missing.
#[expect(clippy::print_stderr, reason = "tells the number of calls")]
async fn save_and_load_are_continued(step: usize) {
    let docker = Docker::find();
    docker.make_all();
    let env = TestEnv::new();
    let out = env.path().join("out");
    let version = docker.version.as_str();
    let command = |args: &[&str]| {
        let of = [
            "--registry",
            "webankpartners",
            "--wecube-version",
            version,
            "-o",
            "json",
        ];
        let mut command = env.command(&[&["deploy", "images"], args, &of].concat());
        command.env("PATH", path_of_tools());
        command
    };
    for args in [&["save", "out"][..], &["load", "out", "--yes"]] {
        for n in (1..).step_by(step) {
            if args[0] == "load" {
                docker.remove_images();
            } else if out.exists() {
                fs_err::remove_dir_all(&out).unwrap();
            }
            let call = match killed_at(&command(args), n).await {
                Ended::Killed(call) => format!("killed before call {n}, {call}"),
                Ended::ByItself { calls, code } => {
                    assert_eq!(code, 0);
                    eprintln!("{}: {calls} calls", args[0]);
                    break;
                }
            };
            let again = TestEnv::run_command(command(args));
            assert_eq!(again.code, Some(0), "{call}: {again:#?}");
            let end = TestEnv::run_command(command(args));
            assert_eq!(end.json()["outcome"], "nothing_to_do", "{call}: {end:#?}");
            let names = fs_err::read_dir(&out).unwrap();
            assert_eq!(names.count(), 5, "{call}: four images and their sums");
        }
    }
}

#[tokio::test]
#[cfg_attr(no_docker, ignore = "needs a Docker engine")]
async fn images_save_and_load_killed_at_some_calls_are_continued() {
    save_and_load_are_continued(25).await;
}

#[tokio::test]
#[ignore = "takes minutes: by name"]
async fn images_save_and_load_killed_at_every_call_are_continued() {
    save_and_load_are_continued(1).await;
}
