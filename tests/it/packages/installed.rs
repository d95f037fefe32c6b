//! The .deb and the .rpm in a root directory with a minimal Debian: installed, run, upgraded, removed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{dist, program, root, run, the_file};

const CONFIG: &str = "etc/wecubectl/wecubectl.toml";
const JOURNAL: &str = "var/lib/wecubectl/runs.jsonl";
const SEED: &str = "etc/wecubectl/seed";
const OURS: &str = "\n# ours\n";

/// A minimal Debian. It is fetched once, into an archive below `target/`.
struct System(tempfile::TempDir);

impl System {
    fn new() -> Self {
        let folder = root().join("target/package");
        fs_err::create_dir_all(&folder).unwrap();
        let archive = folder.join("debian.tar");
        let lock = fs_err::File::create(folder.join("debian.lock")).unwrap();
        lock.lock().unwrap();
        if !archive.exists() {
            let made = tempfile::tempdir().unwrap();
            let mut debootstrap = tools("debootstrap");
            debootstrap.args(["--variant=minbase", "stable"]);
            run(debootstrap.arg(made.path()));
            let part = folder.join("debian.tar.part");
            run(tools("tar")
                .arg("-cf")
                .arg(&part)
                .arg("-C")
                .arg(made.path())
                .arg("."));
            fs_err::rename(part, &archive).unwrap();
        }
        let system = tempfile::tempdir().unwrap();
        run(tools("tar")
            .arg("-xf")
            .arg(archive)
            .arg("-C")
            .arg(system.path()));
        Self(system)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// A program of this system.
    fn program(&self, words: &[&str]) -> Command {
        let mut command = tools("chroot");
        command.arg(self.0.path()).args(words);
        command
    }

    fn carry_in(&self, file: &Path) {
        fs_err::copy(file, self.at(file.file_name().unwrap().to_str().unwrap())).unwrap();
    }

    fn mode(&self, path: &str) -> u32 {
        fs_err::metadata(self.at(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    }

    fn text(&self, path: &str) -> String {
        fs_err::read_to_string(self.at(path)).unwrap()
    }

    /// What holds for each package right after it was installed.
    fn is_installed(&self) {
        let version = run(&mut self.program(&["wecubectl", "--version"]));
        let ours = format!("wecubectl {} (", env!("CARGO_PKG_VERSION"));
        assert!(version.starts_with(&ours), "{version}");
        run(&mut self.program(&["wecubectl", "demo"]));
        let config = ["--config", "/etc/wecubectl/wecubectl.toml"];
        run(&mut self.program(&[&["wecubectl", "config", "show"][..], &config].concat()));
        assert_eq!(self.mode("var/lib/wecubectl"), 0o700);
        assert_eq!(self.mode("usr/bin/wecubectl"), 0o755);
        let wanted = self.at("etc/systemd/system/timers.target.wants/wecubectl-check.timer");
        assert!(!wanted.exists(), "the timer is enabled");
    }

    /// What an operator adds.
    fn use_it(&self) {
        let config = self.text(CONFIG) + OURS;
        fs_err::write(self.at(CONFIG), config).unwrap();
        fs_err::write(self.at(JOURNAL), "{}\n").unwrap();
        fs_err::write(self.at(SEED), "seed\n").unwrap();
    }

    fn kept_what_was_added(&self) {
        assert_eq!(self.text(JOURNAL), "{}\n");
        assert_eq!(self.text(SEED), "seed\n");
    }
}

/// A program of this machine, with the directories of system programs.
fn tools(name: &str) -> Command {
    let mut command = program(name);
    command
        .env(
            "PATH",
            "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
        )
        .env("LC_ALL", "C.UTF-8");
    command
}

/// The package with a higher version, and one more line in what it holds.
fn newer_deb(deb: &Path, folder: &Path) -> PathBuf {
    let tree = folder.join("tree");
    run(tools("dpkg-deb").arg("-R").arg(deb).arg(&tree));
    let control = tree.join("DEBIAN/control");
    let text = fs_err::read_to_string(&control).unwrap();
    let older = format!("Version: {}", env!("CARGO_PKG_VERSION"));
    fs_err::write(&control, text.replace(&older, "Version: 99.0")).unwrap();
    let newer = folder.join("newer.deb");
    run(tools("dpkg-deb")
        .args(["-b", "-Zgzip"])
        .arg(tree)
        .arg(&newer));
    newer
}

#[test]
#[ignore = "needs root, debootstrap and ./package"]
fn deb_is_installed_upgraded_removed_and_purged() {
    let system = System::new();
    let deb = the_file(&dist(), ".deb");
    system.carry_in(&deb);
    let name = format!("/{}", deb.file_name().unwrap().to_str().unwrap());
    run(&mut system.program(&["dpkg", "-i", &name]));
    system.is_installed();
    assert!(
        system
            .at("usr/share/zsh/vendor-completions/_wecubectl")
            .exists()
    );

    system.use_it();
    let folder = tempfile::tempdir().unwrap();
    system.carry_in(&newer_deb(&deb, folder.path()));
    run(&mut system.program(&["dpkg", "-i", "/newer.deb"]));
    let status = run(&mut system.program(&["dpkg-query", "-W", "wecubectl"]));
    assert_eq!(status, "wecubectl\t99.0\n");
    assert!(system.text(CONFIG).ends_with(OURS));
    system.is_installed();
    system.kept_what_was_added();

    let told = run(&mut system.program(&["dpkg", "-r", "wecubectl"]));
    assert!(
        told.contains("kept /etc/wecubectl and /var/lib/wecubectl"),
        "{told}"
    );
    assert!(!system.at("usr/bin/wecubectl").exists());
    assert!(system.text(CONFIG).ends_with(OURS));
    system.kept_what_was_added();

    let told = run(&mut system.program(&["dpkg", "-P", "wecubectl"]));
    assert!(told.contains("removing /var/lib/wecubectl"), "{told}");
    assert!(!system.at("var/lib/wecubectl").exists());
    assert!(!system.at(CONFIG).exists());
    assert_eq!(system.text(SEED), "seed\n");
}

/// The package of the same files with a higher release.
fn newer_rpm(folder: &Path) -> PathBuf {
    let tree = folder.join("tree");
    run(tools("dpkg-deb")
        .arg("-x")
        .arg(the_file(&dist(), ".deb"))
        .arg(&tree));
    let zsh = tree.join("usr/share/zsh");
    fs_err::rename(zsh.join("vendor-completions"), zsh.join("site-functions")).unwrap();
    let mut rpmbuild = tools("rpmbuild");
    rpmbuild.args(["-bb", "--quiet", "--target", std::env::consts::ARCH]);
    for (name, value) in [
        ("_topdir", folder.join("rpm").display().to_string()),
        ("_rpmdir", folder.join("out").display().to_string()),
        ("_build_name_fmt", "newer.rpm".to_owned()),
        ("tree", tree.display().to_string()),
        ("of_version", env!("CARGO_PKG_VERSION").to_owned()),
        ("of_release", "2".to_owned()),
    ] {
        rpmbuild.args(["--define", &format!("{name} {value}")]);
    }
    run(rpmbuild.arg(root().join("docs/packaging/wecubectl.spec")));
    folder.join("out/newer.rpm")
}

#[test]
#[ignore = "needs root, debootstrap, rpm and ./package"]
fn rpm_is_installed_upgraded_and_removed() {
    let system = System::new();
    let rpm = |args: &[&str], file: &Path| {
        let mut command = tools("rpm");
        command.args(["--force-debian", "--root"]);
        run(command.arg(system.0.path()).args(args).arg(file))
    };
    let built = the_file(&dist(), ".rpm");
    // The shell of this root is none of rpm's packages.
    rpm(&["-i", "--nodeps"], &built);
    system.is_installed();
    rpm(&["-V", "--nodeps"], Path::new("wecubectl"));

    system.use_it();
    let folder = tempfile::tempdir().unwrap();
    rpm(&["-U", "--nodeps"], &newer_rpm(folder.path()));
    let version = rpm(&["-q", "--qf", "%{RELEASE}"], Path::new("wecubectl"));
    assert_eq!(version, "2");
    assert!(system.text(CONFIG).ends_with(OURS));
    system.is_installed();
    system.kept_what_was_added();

    let told = rpm(&["-e"], Path::new("wecubectl"));
    assert!(told.contains("kept /var/lib/wecubectl"), "{told}");
    assert!(!system.at("usr/bin/wecubectl").exists());
    // A configuration that was changed is kept under another name.
    assert!(system.text(&format!("{CONFIG}.rpmsave")).ends_with(OURS));
    system.kept_what_was_added();
}
