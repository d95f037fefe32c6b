//! Build script: which programs of the tests does this machine have?
//!
//! A test that needs a missing one carries `#[cfg_attr(no_NAME, ignore = "…")]`, so the test runner
//! reports it as ignored instead of passed. `test.sh` installs the programs.

#![expect(clippy::print_stdout, reason = "this is how a build script answers")]

use std::path::Path;

const NEEDS: [(&str, &[&str]); 7] = [
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
    for (name, places) in NEEDS {
        println!("cargo::rustc-check-cfg=cfg(no_{name})");
        if !places.iter().any(|place| Path::new(place).exists()) {
            println!("cargo::rustc-cfg=no_{name}");
        }
    }
}
