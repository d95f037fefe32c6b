//! Build script: what is this build for, and which programs of the tests does this machine have?
//!
//! A test that needs a missing one carries `#[cfg_attr(no_NAME, ignore = "…")]`, so the test runner
//! reports it as ignored instead of passed. `test.sh` installs the programs.

#![expect(clippy::print_stdout, reason = "this is how a build script answers")]
#![expect(
    clippy::disallowed_methods,
    reason = "this is how a build script is asked"
)]

use std::path::Path;

const NEEDS: [(&str, &[&str]); 9] = [
    ("docker", &["/var/run/docker.sock"]),
    (
        "mariadb",
        &[
            "/usr/sbin/mariadbd",
            "/usr/libexec/mariadbd",
            "/usr/bin/mariadbd",
        ],
    ),
    (
        "chromium",
        &[
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ],
    ),
    (
        "compose",
        &["/usr/bin/docker-compose", "/usr/local/bin/docker-compose"],
    ),
    ("promtool", &["/usr/bin/promtool"]),
    ("rpmbuild", &["/usr/bin/rpmbuild"]),
    ("cyclonedx", &["cargo-cyclonedx"]),
    ("systemd_analyze", &["/usr/bin/systemd-analyze"]),
    (
        "faketime",
        &[
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        ],
    ),
];

fn main() {
    println!("cargo::rerun-if-changed=tests/needs.rs");
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=WECUBECTL_TARGET={target}");
    for (name, places) in NEEDS {
        println!("cargo::rustc-check-cfg=cfg(no_{name})");
        if !places.iter().any(|place| is_there(place)) {
            println!("cargo::rustc-cfg=no_{name}");
        }
    }
}

/// Whether a path exists, or a program of that name in `PATH`.
fn is_there(place: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // An absolute path replaces the directory that it is joined to.
    std::env::split_paths(&path).any(|dir| dir.join(place).exists()) || Path::new(place).exists()
}
