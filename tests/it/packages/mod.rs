//! What `./package` builds. Here: the files of the packages, made around the development binary. The
//! tests of the built packages need root, Debian's archive and `dist/`:
//!
//! ```sh
//! ./package && cargo nextest run --test it packages --run-ignored all
//! ```

mod installed;
mod loopback;
mod static_binary;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{TestEnv, path_of_tools};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the built packages are: `dist/`, or what `WECUBECTL_TEST_DIST` names.
#[expect(clippy::disallowed_methods, reason = "a variable of these tests alone")]
fn dist() -> PathBuf {
    let named = std::env::var_os("WECUBECTL_TEST_DIST");
    named.map_or_else(|| root().join("dist"), PathBuf::from)
}

/// A program with only the tools' path and these variables in its environment.
fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.env_clear().env("PATH", path_of_tools());
    command
}

/// Runs it to its end, which must be good: its standard output.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The one file of `dir` whose name has this end.
#[track_caller]
fn the_file(dir: &Path, end: &str) -> PathBuf {
    let entries = fs_err::read_dir(dir).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let found: Vec<_> = paths
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    assert_eq!(found.len(), 1, "{end} in {}", dir.display());
    found.into_iter().next().unwrap()
}

/// `./package` of a folder, around a script that starts the development binary: small, so that the
/// packages are made in seconds.
fn package(sources: &Path, env: &TestEnv, out: &Path) -> Command {
    let script = env.path().join("wecubectl");
    let text = format!(
        "#!/bin/sh\nexec {} \"$@\"\n",
        env!("CARGO_BIN_EXE_wecubectl")
    );
    fs_err::write(&script, text).unwrap();
    fs_err::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = program(sources.join("package"));
    command
        .envs(cargo_home())
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .arg("--binary")
        .arg(script)
        .arg("--out")
        .arg(out);
    command
}

/// Where Cargo and rustup find what is installed.
#[expect(clippy::disallowed_methods, reason = "the folders of the tools")]
fn cargo_home() -> Vec<(&'static str, std::ffi::OsString)> {
    ["HOME", "CARGO_HOME", "RUSTUP_HOME"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
        .collect()
}

#[test]
fn dry_run_names_each_step_and_writes_nothing() {
    for (arch, deb) in [("x86_64", "amd64"), ("aarch64", "arm64")] {
        let env = TestEnv::new();
        let out = env.path().join("out");
        let mut command = program(root().join("package"));
        command.envs(cargo_home()).env("ARCH", arch);
        let steps = run(command.arg("--dry-run").arg("--out").arg(&out));
        let version = env!("CARGO_PKG_VERSION");
        for step in [
            format!("--target {arch}-unknown-linux-gnu, with crt-static"),
            format!("wecubectl-{version}-{arch}.tar.gz"),
            format!("wecubectl_{version}_{deb}.deb"),
            format!("wecubectl-{version}-1.{arch}.rpm"),
            "SHA256SUMS".to_owned(),
        ] {
            assert!(steps.contains(&step), "{step} is missing:\n{steps}");
        }
        assert!(!out.exists());
    }
}

#[test]
fn maintainer_scripts_are_shell_and_enable_nothing() {
    let folder = root().join("docs/packaging/deb");
    for name in ["postinst", "prerm", "postrm"] {
        let script = folder.join(name);
        run(program("sh").arg("-n").arg(&script));
        let text = fs_err::read_to_string(&script).unwrap();
        assert!(text.starts_with("#!/bin/sh\n"), "{name}");
        assert!(!text.contains("systemctl enable"), "{name}");
        let mode = fs_err::metadata(&script).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{name}");
    }
    let spec = fs_err::read_to_string(root().join("docs/packaging/wecubectl.spec")).unwrap();
    assert!(!spec.contains("systemctl enable"));
}

/// Path → type and permissions, owner, group.
type Listing = BTreeMap<String, String>;

/// A line `-rwxr-xr-x root/root 7 2026-01-01 00:00 ./usr/bin/x` of tar, or of rpm with links and the
/// group on their own.
fn listing(text: &str, path_of: impl Fn(&str) -> String) -> Listing {
    let lines = text.lines().filter(|line| line.starts_with(['-', 'd']));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            (path_of(words.last().unwrap()), words[0].to_owned())
        })
        .collect()
}

fn files_of_deb(deb: &Path) -> Listing {
    let text = run(program("dpkg-deb").arg("-c").arg(deb));
    assert!(
        text.lines().all(|line| line.contains(" root/root ")),
        "{text}"
    );
    listing(&text, |path| {
        let path = path.trim_start_matches('.').trim_end_matches('/');
        path.replace("/vendor-completions/", "/site-functions/")
    })
}

fn files_of_rpm(rpm: &Path) -> Listing {
    let text = run(program("rpm").args(["-qplv"]).arg(rpm));
    assert!(
        text.lines().all(|line| line.contains(" root     root ")),
        "{text}"
    );
    listing(&text, str::to_owned)
}

#[test]
#[cfg_attr(
    any(no_rpmbuild, no_cyclonedx),
    ignore = "needs rpmbuild and cargo-cyclonedx"
)]
fn packages_hold_what_the_guide_says() {
    let env = TestEnv::new();
    let out = env.path().join("out");
    run(&mut package(root(), &env, &out));
    run(program("sha256sum")
        .args(["--check", "--quiet", "SHA256SUMS"])
        .current_dir(&out));
    let sums = fs_err::read_to_string(out.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 5, "{sums}");

    let (deb, rpm) = (the_file(&out, ".deb"), the_file(&out, ".rpm"));
    let (in_deb, in_rpm) = (files_of_deb(&deb), files_of_rpm(&rpm));
    for (path, mode) in [
        ("/usr/bin/wecubectl", "-rwxr-xr-x"),
        ("/etc/wecubectl/wecubectl.toml", "-rw-r--r--"),
        ("/var/lib/wecubectl", "drwx------"),
        (
            "/usr/lib/systemd/system/wecubectl-check.service",
            "-rw-r--r--",
        ),
        (
            "/usr/lib/systemd/system/wecubectl-check.timer",
            "-rw-r--r--",
        ),
        ("/usr/share/man/man1/wecubectl.1.gz", "-rw-r--r--"),
        (
            "/usr/share/man/man1/wecubectl-deploy-migrate-run.1.gz",
            "-rw-r--r--",
        ),
        (
            "/usr/share/man/zh_CN/man1/wecubectl-apply.1.gz",
            "-rw-r--r--",
        ),
        (
            "/usr/share/bash-completion/completions/wecubectl",
            "-rw-r--r--",
        ),
        ("/usr/share/zsh/site-functions/_wecubectl", "-rw-r--r--"),
        (
            "/usr/share/fish/vendor_completions.d/wecubectl.fish",
            "-rw-r--r--",
        ),
        ("/usr/share/doc/wecubectl/README.zh-CN.md", "-rw-r--r--"),
        ("/usr/share/doc/wecubectl/docs/install.md", "-rw-r--r--"),
        ("/usr/share/doc/wecubectl/LICENSE", "-rw-r--r--"),
        (
            "/usr/share/doc/wecubectl/LICENSES-OF-DEPENDENCIES.txt",
            "-rw-r--r--",
        ),
    ] {
        for files in [&in_deb, &in_rpm] {
            assert_eq!(files.get(path).map(String::as_str), Some(mode), "{path}");
        }
    }
    // An rpm does not own the directories of the system.
    let missing: Vec<_> = in_rpm
        .keys()
        .filter(|path| !in_deb.contains_key(*path))
        .collect();
    assert_eq!(missing, [""; 0]);
    let only_deb = in_deb
        .iter()
        .filter(|(path, _)| !in_rpm.contains_key(*path));
    let only_deb: Vec<_> = only_deb
        .filter(|(_, mode)| !mode.starts_with('d'))
        .collect();
    assert!(only_deb.is_empty(), "{only_deb:?}");

    let conffiles = run(program("dpkg-deb").args(["-I"]).arg(&deb).arg("conffiles"));
    assert_eq!(conffiles, "/etc/wecubectl/wecubectl.toml\n");
    let configs = run(program("rpm").args(["-qpc"]).arg(&rpm));
    assert_eq!(configs, conffiles);
    let requires = run(program("rpm").args(["-qpR"]).arg(&rpm));
    let needs = requires.lines().filter(|line| !line.starts_with("rpmlib("));
    assert!(needs.clone().all(|line| line == "/bin/sh"), "{requires}");

    let tree = env.path().join("tree");
    run(program("dpkg-deb").arg("-x").arg(&deb).arg(&tree));
    config_is_valid(&env, &tree.join("etc/wecubectl/wecubectl.toml"));
    units_are_those_of_schedule(&tree.join("usr/lib/systemd/system"));
    sbom_names_each_crate(&the_file(&out, ".cdx.json"));
}

/// The configuration as shipped, which sets nothing.
fn config_is_valid(env: &TestEnv, config: &Path) {
    let shown = env.run(&[
        "config",
        "show",
        "-o",
        "json",
        "--config",
        &config.display().to_string(),
    ]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    let document = shown.json();
    let settings = document["settings"].as_array().unwrap();
    assert!(!settings.is_empty());
    assert!(
        settings.iter().all(|one| one["source"] == "default"),
        "{document}"
    );
}

fn units_are_those_of_schedule(dir: &Path) {
    let service = fs_err::read_to_string(dir.join("wecubectl-check.service")).unwrap();
    let starts: Vec<&str> = service
        .lines()
        .filter(|line| line.starts_with("ExecStart="))
        .collect();
    assert_eq!(
        starts,
        [
            "ExecStart=/usr/bin/wecubectl check -q --config /etc/wecubectl/wecubectl.toml \
          --state-dir /var/lib/wecubectl"
        ]
    );
    for line in [
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
    ] {
        assert!(service.lines().any(|one| one == line), "{line}");
    }
    assert!(!service.contains("User="), "{service}");
    let timer = fs_err::read_to_string(dir.join("wecubectl-check.timer")).unwrap();
    assert!(timer.contains("\nOnCalendar=*:00/15\n"), "{timer}");
    if !cfg!(no_systemd_analyze) {
        let runnable = service.replace("/usr/bin/wecubectl", "/bin/true");
        fs_err::write(dir.join("wecubectl-check.service"), runnable).unwrap();
        let mut verify = program("systemd-analyze");
        run(verify.arg("verify").arg(dir.join("wecubectl-check.timer")));
    }
}

fn sbom_names_each_crate(path: &Path) {
    let text = fs_err::read_to_string(path).unwrap();
    let sbom: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(sbom["bomFormat"], "CycloneDX");
    assert!(!text.contains(&root().display().to_string()));
    let components = sbom["components"].as_array().unwrap();
    for (name, licence) in [("rustls", "Apache-2.0 OR ISC OR MIT"), ("tokio", "MIT")] {
        let one = components.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(one["licenses"][0]["expression"], licence, "{name}");
        let sum = one["hashes"][0]["content"].as_str().unwrap();
        assert_eq!(sum.len(), 64, "{name}");
    }
    // Only for tests.
    assert!(!components.iter().any(|one| one["name"] == "proptest"));
}

#[test]
#[cfg_attr(
    any(no_rpmbuild, no_cyclonedx),
    ignore = "needs rpmbuild and cargo-cyclonedx"
)]
fn packages_of_another_folder_are_the_same_bytes() {
    let env = TestEnv::new();
    let [here, there] = ["here", "there"].map(|name| env.path().join(name));
    run(&mut package(root(), &env, &here));
    // Without git, as from an archive of the sources.
    let sources = env.path().join("a folder");
    fs_err::create_dir(&sources).unwrap();
    let mut copy = program("cp");
    copy.arg("-r").current_dir(root());
    for name in ["src", "tests", "benches", "docs", "package", "LICENSE"] {
        copy.arg(name);
    }
    for entry in fs_err::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name();
        if name.to_string_lossy().contains('.') && Path::new(&name).extension().is_some() {
            copy.arg(name);
        }
    }
    run(copy.arg(&sources));
    let mut second = package(&sources, &env, &there);
    second.env("TZ", "Asia/Shanghai").env("LANG", "zh_CN.UTF-8");
    run(program("sh")
        .args(["-c", "umask 077; exec \"$@\"", "sh"])
        .args(words(&second))
        .envs(
            second
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        ));
    let sums = |out: &Path| fs_err::read_to_string(out.join("SHA256SUMS")).unwrap();
    assert_eq!(sums(&here), sums(&there));
}

fn words(command: &Command) -> Vec<&std::ffi::OsStr> {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .collect()
}
