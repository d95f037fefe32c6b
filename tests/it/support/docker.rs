//! The real Docker engine: images of our own under the platform's names, and everything that a test
//! made removed at its end by its exact name.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The four names, in order of starting.
pub(crate) const COMPONENTS: [&str; 4] = [
    "platform-auth-server",
    "platform-core",
    "platform-gateway",
    "wecube-portal",
];

/// An engine for one test, with names of its own on it.
pub(crate) struct Docker {
    /// Tag of the test's images: no other test has it.
    pub(crate) version: String,
    /// Begin of the names of the test's compose projects.
    pub(crate) project: String,
    /// Ids of the images that it made.
    made: Mutex<Vec<String>>,
}

/// Numbers of the tests' projects in this process.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

impl Docker {
    /// The engine. A machine without one ignores the tests that need it (`tests/needs.rs`); an engine
    /// that does not answer is a failure.
    pub(crate) fn find() -> Self {
        let there = Command::new("docker")
            .arg("info")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let there = there.is_ok_and(|status| status.success());
        assert!(there, "the Docker engine does not answer");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let unique = format!("t{}-{number}", std::process::id());
        Self {
            version: format!("v4.0.0-{unique}"),
            project: format!("wecubectl-{unique}"),
            made: Mutex::new(Vec::new()),
        }
    }

    /// Name of an image of this test.
    pub(crate) fn image(&self, component: &str) -> String {
        format!("webankpartners/{component}:{}", self.version)
    }

    /// Makes an image that does what the mode says; an earlier one of that name loses the name.
    pub(crate) fn make(&self, component: &str, mode: &str) -> String {
        let tar = archive();
        let image = self.image(component);
        let role = format!("ENV ROLE={component}");
        let mode = format!("ENV MODE=\"{mode}\"");
        let mut import = Command::new("docker");
        import.arg("import");
        for change in ["ENTRYPOINT [\"/image\"]", "USER 6001:6000", &role, &mode] {
            import.args(["--change", change]);
        }
        let id = text(import.arg(&tar).arg(&image)).trim().to_owned();
        self.made.lock().unwrap().push(id.clone());
        id
    }

    /// Makes the four, healthy.
    pub(crate) fn make_all(&self) {
        for component in COMPONENTS {
            self.make(component, "healthy");
        }
    }

    /// Id of an image, if it is there.
    #[expect(clippy::unused_self, reason = "asked of the engine that was found")]
    pub(crate) fn image_id(&self, reference: &str) -> Option<String> {
        let output = quiet(&["image", "inspect", "--format", "{{.Id}}", reference]);
        output.map(|id| id.trim().to_owned())
    }

    /// Takes names of images away.
    pub(crate) fn remove_images(&self) {
        for component in COMPONENTS {
            let _absent = quiet(&["image", "rm", "--force", &self.image(component)]);
        }
    }

    /// Ids of the containers of this test's projects.
    pub(crate) fn containers(&self) -> Vec<String> {
        let mut labels = vec![format!("label=wecubectl.test={}", self.project)];
        let project = |component| format!("{}-{component}", self.project);
        let of = COMPONENTS.map(project);
        labels.extend(of.map(|project| format!("label=com.docker.compose.project={project}")));
        // Those of every version that the test started.
        let unique = self.project.trim_start_matches("wecubectl");
        labels.push(format!("name={unique}$"));
        let mut found = Vec::new();
        for label in labels {
            let ids = quiet(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &label]);
            found.extend(ids.unwrap_or_default().lines().map(ToOwned::to_owned));
        }
        found
    }

    /// What `docker inspect` has of a container.
    #[expect(clippy::unused_self, reason = "asked of the engine that was found")]
    pub(crate) fn inspect(&self, id: &str, format: &str) -> Option<String> {
        let words = quiet(&["inspect", "--type", "container", "--format", format, id]);
        words.map(|words| words.trim().to_owned())
    }

    /// Runs a container of our own beside: its id. It is removed with the test.
    pub(crate) fn run(&self, name: &str, component: &str, args: &[&str]) -> String {
        let label = format!("wecubectl.test={}", self.project);
        let image = self.image(component);
        let mut run = Command::new("docker");
        run.args(["run", "--detach", "--stop-signal", "SIGKILL"])
            .args(["--label", &label, "--name", name])
            .args(args)
            .arg(image);
        text(&mut run).trim().to_owned()
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        for id in self.containers() {
            let _gone = quiet(&["rm", "--force", &id]);
        }
        for component in COMPONENTS {
            let of = format!("name=^{}-{component}", self.project);
            let networks = quiet(&["network", "ls", "--quiet", "--filter", &of]);
            for network in networks.unwrap_or_default().lines() {
                let _gone = quiet(&["network", "rm", network]);
            }
        }
        self.remove_images();
        for id in self.made.lock().unwrap().drain(..) {
            let _gone = quiet(&["image", "rm", "--force", &id]);
        }
    }
}

/// What `docker` says, if it ends well.
pub(crate) fn quiet(args: &[&str]) -> Option<String> {
    let output = Command::new("docker")
        .args(args)
        .output()
        .expect("docker starts");
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn text(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A tar with the one program of the test's images, made once.
fn archive() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support-image/main.rs");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let made = std::fs::metadata(&source).unwrap().modified().unwrap();
    let stamp = made
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let tar = folder.join(format!("support-image-{stamp}.tar"));
    if tar.exists() {
        return tar;
    }
    let work = tempfile::tempdir_in(folder).unwrap();
    let program = work.path().join("image");
    text(
        Command::new("rustc")
            .args([
                "--edition",
                "2024",
                "-O",
                "-C",
                "target-feature=+crt-static",
            ])
            .args(["-C", "strip=symbols", "-o"])
            .arg(&program)
            .arg(&source),
    );
    let packed = work.path().join("image.tar");
    let mut builder = tar::Builder::new(std::fs::File::create(&packed).unwrap());
    builder.append_path_with_name(&program, "image").unwrap();
    builder.finish().unwrap();
    // Whole or not at all: tests run beside each other.
    std::fs::rename(&packed, &tar).unwrap();
    tar
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
