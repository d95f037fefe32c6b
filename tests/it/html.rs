//! The HTML report in a real browser. `test.sh` installs Chromium and names it.

use std::path::{Path, PathBuf};
use std::process::Command;

use wecubectl::sim::{Package, World, serve};

use crate::support::{TestEnv, program_of};

/// Chromium, if there is one.
fn chromium() -> Option<PathBuf> {
    program_of(
        "WECUBECTL_TEST_CHROMIUM",
        &[
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ],
    )
}

/// The document as the browser has it after loading.
fn dom(browser: &Path, profile: &Path, page: &Path) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=2000",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_chromium, ignore = "needs Chromium")]
async fn a_browser_shows_the_comparison_and_runs_nothing_of_a_hostile_name() {
    let Some(browser) = chromium() else { return };
    let hostile = "<script>document.title='owned'</script>\"'";
    let world = World::demo().package(Package::new(hostile, "v1.0.0").running());
    let running = serve(world).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    for (lang, tag, title) in [
        ("en", "lang=\"en\"", "WeCube"),
        ("zh", "lang=\"zh-CN\"", "WeCube"),
    ] {
        let args = [
            "compare",
            "--config",
            &config,
            "--lang",
            lang,
            "--report",
            "report.html",
        ];
        let mut command = tokio::process::Command::from(env.command(&args));
        assert_eq!(command.status().await.unwrap().code(), Some(10));
        let page = env.path().join("report.html");
        let profile = env.path().join("profile");
        let dom = tokio::task::spawn_blocking({
            let browser = browser.clone();
            move || dom(&browser, &profile, &page)
        });
        let dom = dom.await.unwrap();
        assert!(dom.contains(tag), "{lang}");
        assert!(
            dom.contains(&format!("<title>{title}")),
            "{lang}: another title:\n{dom:.600}"
        );
        for cell in [
            "data-plugin=\"monitor\"",
            "data-aspect=\"static_files\"",
            "data-side=\"new\"",
            "data-state=\"hidden\"",
        ] {
            assert!(dom.contains(cell), "{lang}: {cell}");
        }
        assert!(!dom.contains("<script"), "{lang}: a script got in");
        assert!(
            dom.contains("&lt;script&gt;"),
            "{lang}: the name is not shown"
        );
        assert!(
            !dom.contains("src=") && !dom.contains("<link"),
            "{lang}: it refers to something"
        );
    }
}
