//! `docs/cli.md` and `docs/cli.zh-CN.md` show what each command really prints.
//!
//! Every `console` block of the pages begins with `$ COMMAND`; the test runs it and compares the rest
//! of the block. `<!-- scenario: NAME -->` starts a simulated pair in a new directory. Durations,
//! times and ids are not compared. To write the output of today into the pages:
//!
//! ```sh
//! WECUBECTL_UPDATE_DOCS=1 cargo nextest run --test it cli_pages
//! ```

#![cfg(feature = "sim")]

use std::path::Path;

use wecubectl::sim::{Addresses, Running, scenario, serve};

use crate::support::{TestEnv, path_of_tools};

/// As long as the path of a temporary directory, so that tables keep their shape.
const SHOWN_DIRECTORY: &str = "/srv/wecube-4.0";

/// A simulated pair with a directory of its own.
struct Setting {
    env: TestEnv,
    pair: Option<Running>,
}

impl Setting {
    async fn start(name: &str) -> Self {
        let env = TestEnv::new();
        let pair = match scenario(name) {
            None => None,
            Some(scenario) => Some(serve(scenario.world.service_time_ms(15.0)).await.unwrap()),
        };
        if let Some(pair) = &pair {
            env.config(pair.endpoints());
        }
        Self { env, pair }
    }

    /// What `$ wecubectl …` prints, with stable addresses, and the exit code if it is not 0.
    async fn run(&self, line: &str) -> String {
        let words = shlex::split(line).unwrap();
        let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let mut command = self.env.command(&args);
        command
            .env("COLUMNS", "100")
            .env("LANG", "C.UTF-8")
            .env("PATH", path_of_tools());
        let output = tokio::process::Command::from(command)
            .output()
            .await
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (mut shown, errors) = (text(output.stdout), text(output.stderr));
        if shown.is_empty() {
            shown = errors;
        }
        shown = self.stable(&shown);
        if let Some(code @ 1..) = output.status.code() {
            shown = format!("{}\n[exit code {code}]\n", shown.trim_end());
        }
        shown
    }

    fn stable(&self, text: &str) -> String {
        let directory = self.env.path().display().to_string();
        let mut text = text
            .replace(&directory, SHOWN_DIRECTORY)
            .replace(env!("CARGO_BIN_EXE_wecubectl"), "/usr/local/bin/wecubectl");
        let Some(pair) = &self.pair else {
            return stable_ports(&text);
        };
        let mut name = |addresses: &Addresses, ports: [&str; 3]| {
            let real = [&addresses.core, &addresses.gateway, &addresses.portal[0]];
            for (url, port) in real.into_iter().zip(ports) {
                let (host, _) = url.rsplit_once(':').unwrap();
                text = text.replace(url.as_str(), &format!("{host}:{port}"));
            }
        };
        name(&pair.endpoints().new, ["28000", "28005", "28080"]);
        if let Some(old) = &pair.endpoints().old {
            name(old, ["19100", "19110", "19090"]);
        }
        stable_ports(&text)
    }
}

/// Free ports of the machine, numbered from 20001 in the order in which they appear.
fn stable_ports(text: &str) -> String {
    let mut known: Vec<String> = Vec::new();
    let mut pieces = text.split("127.0.0.1:");
    let mut made = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let port: String = piece.chars().take_while(char::is_ascii_digit).collect();
        made.push_str("127.0.0.1:");
        if port.len() == 5 && port.as_str() > "30000" {
            let place = known.iter().position(|one| *one == port);
            let place = place.unwrap_or_else(|| {
                known.push(port.clone());
                known.len() - 1
            });
            made += &(20_001 + place).to_string();
        } else {
            made += &port;
        }
        made += &piece[port.len()..];
    }
    made
}

/// The page with the real output in its blocks.
async fn regenerate(page: &str, lang: &str) -> String {
    let mut setting = Setting::start("none").await;
    let mut made = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        made += line;
        made.push('\n');
        let name = line.strip_prefix("<!-- scenario: ");
        if let Some(name) = name.and_then(|rest| rest.strip_suffix(" -->")) {
            setting = Setting::start(name).await;
        }
        if line == "```console" {
            let command = lines.next().unwrap_or_default();
            let real = command.trim_start_matches("$ ").replacen(
                "wecubectl",
                &format!("wecubectl --lang {lang}"),
                1,
            );
            made += command;
            made.push('\n');
            made += setting.run(&real).await.trim_end();
            made.push_str("\n```\n");
            lines.by_ref().find(|line| *line == "```");
        }
    }
    made
}

/// The words of a page without durations, times, ids, ports, and without the width of tables. What
/// `deploy` says depends on the host (disk, memory, programs) and is left out.
fn comparable(page: &str) -> Vec<String> {
    let mut of_host = false;
    page.lines()
        .filter(|line| {
            match *line {
                "```" => of_host = false,
                line if line.starts_with("$ wecubectl deploy") => of_host = true,
                _ => {}
            }
            !of_host
        })
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let duration = |at: usize| {
                let unit =
                    |word: &&str| ["s", "ms", "秒"].iter().any(|unit| word.starts_with(unit));
                let number = words[at].starts_with(|c: char| c.is_ascii_digit());
                number && (words[at].contains('秒') || words.get(at + 1).is_some_and(unit))
            };
            let timed = (0..words.len()).any(duration);
            let shown = words.iter().map(|word| {
                let digits = word.chars().filter(char::is_ascii_digit).count();
                let number = !word.contains(|c: char| !c.is_ascii_digit() && c != '.');
                let volatile = (timed && digits > 0)
                    || (number && word.contains('.'))
                    || word.len() > 60
                    || (digits > 5 && !word.contains("://"));
                if volatile || word.contains(['─', '━']) {
                    "…".to_owned()
                } else if word.contains(['/', ':']) {
                    word.replace(|c: char| c.is_ascii_digit(), "")
                } else {
                    (*word).to_owned()
                }
            });
            shown.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

async fn check(name: &str, lang: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    let page = fs_err::read_to_string(&path).unwrap();
    let made = regenerate(&page, lang).await;
    #[expect(clippy::disallowed_methods, reason = "asks whether to write the page")]
    if std::env::var_os("WECUBECTL_UPDATE_DOCS").is_some() {
        fs_err::write(&path, made).unwrap();
        return;
    }
    let (page, made) = (comparable(&page), comparable(&made));
    for (number, (written, real)) in page.iter().zip(&made).enumerate() {
        assert_eq!(written, real, "docs/{name}, line {}", number + 1);
    }
    assert_eq!(page.len(), made.len(), "docs/{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn english_page_shows_the_real_output() {
    check("cli.md", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_page_shows_the_real_output() {
    check("cli.zh-CN.md", "zh").await;
}
