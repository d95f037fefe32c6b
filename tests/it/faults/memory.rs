//! How much memory an answer takes, whatever it holds: at most the cap for its bytes and 64 MiB more,
//! beside what the binary needs anyway.
//!
//! All kinds at three phases, with the default cap; it prints a table (`docs/limits.md`):
//!
//! ```sh
//! cargo nextest run --test it memory_of_every_answer --run-ignored all --no-capture
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use super::fault::{JSON, text};
use super::phase::{Command, PHASES, Phase};
use super::proxy::{Reach, Trap};
use super::run::{Report, Waits, run};
use super::wire::{Exchange, Piece};

/// What the binary needs for its code, its connections and small answers, in MiB.
const BASE: u64 = 40;
/// What an answer may take beyond the cap for its bytes, in MiB.
const BEYOND: u64 = 64;

/// A kind of answer, and how it is made.
type Kind = (&'static str, fn(&Exchange<'_>) -> Vec<Piece>);

/// Answers of a little less than `MIB` MiB, unless they are larger for a purpose.
fn kinds<const MIB: usize>() -> [Kind; 11] {
    [
        ("one long text in a field that is read", |it| {
            filled::<MIB>(it, r#"{"status":"OK","data":[{"path":""#, "x", r#""}]}"#)
        }),
        ("one long text in a field that is not read", |it| {
            filled::<MIB>(it, r#"{"status":"OK","other":""#, "x", r#"","data":[]}"#)
        }),
        ("a long message of an error", |it| {
            filled::<MIB>(it, r#"{"status":"ERROR","message":""#, "x", r#""}"#)
        }),
        ("empty rows", |it| {
            filled::<MIB>(it, r#"{"status":"OK","data":[{}"#, ",{}", "]}")
        }),
        ("rows with every field that is read", |it| {
            let row =
                r#",{"id":"i","name":"n","code":"c","path":"p","packageName":"p","context":"c"}"#;
            filled::<MIB>(
                it,
                r#"{"status":"OK","data":[{"id":"i","name":"n","packageName":"p","context":"c"}"#,
                row,
                "]}",
            )
        }),
        ("many keys", |it| {
            let mut keys = String::new();
            for n in 0..MIB * 80_000 {
                let _infallible = write!(keys, "\"{n}\":1,");
            }
            filled::<0>(
                it,
                &[r#"{"status":"OK","data":[{"#, &keys].concat(),
                "",
                r#""a":1}]}"#,
            )
        }),
        ("many small lists, nested", |it| {
            filled::<MIB>(
                it,
                r#"{"status":"OK","data":[[]"#,
                ",[[[[[[[[[[[[]]]]]]]]]]]]",
                "]}",
            )
        }),
        ("bytes that are no text", |it| {
            answered(it, "", &vec![0xff; MIB << 20])
        }),
        ("our token, again and again", |it| {
            let token = it
                .request
                .token
                .clone()
                .unwrap_or_else(|| "none".to_owned());
            filled::<MIB>(it, r#"{"status":"ERROR","message":""#, &token, r#""}"#)
        }),
        ("a packed answer of 200 times its size", |it| {
            let packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let mut packer = std::io::BufWriter::new(packer);
            packer.write_all(&vec![b' '; (100 * MIB) << 20]).unwrap();
            let bomb = packer.into_inner().unwrap().finish().unwrap();
            answered(it, "Content-Encoding: gzip\r\n", &bomb)
        }),
        ("an answer that does not end", |_| {
            let head = format!("HTTP/1.1 200 X\r\n{JSON}\r\n");
            let piece = Piece::Bytes(vec![b' '; 1 << 20]);
            let body = std::iter::repeat_n(piece, 3 * MIB);
            [text(&head)]
                .into_iter()
                .chain(body)
                .chain([Piece::Silence])
                .collect()
        }),
    ]
}

fn filled<const MIB: usize>(it: &Exchange<'_>, begin: &str, unit: &str, end: &str) -> Vec<Piece> {
    let units = unit.repeat((MIB << 20).checked_div(unit.len()).unwrap_or_default());
    answered(it, "", [begin, &units, end].concat().as_bytes())
}

fn answered(it: &Exchange<'_>, headers: &str, body: &[u8]) -> Vec<Piece> {
    let is_file = it.request.path.starts_with("/ui-resources/");
    let kind = if is_file {
        "Content-Type: application/javascript\r\n"
    } else {
        JSON
    };
    it.answer(200, &[kind, headers].concat(), body)
}

async fn measure(command: Command, phase: &Phase, kind: Kind, body_limit: &'static str) -> Report {
    let trap = Trap {
        is_hit: phase.is_hit,
        once: false,
        reach: Reach::Never,
        wire: kind.1,
    };
    let signs_in = phase.role == super::phase::Role::Login;
    let waits = Waits {
        body_limit,
        ..Waits::LONG
    };
    run(command, signs_in, Some(trap), "json", waits).await
}

/// The highest peak in MiB, exit codes, and what is wrong, over these phases.
async fn worst(
    phases: &[(Command, &'static Phase)],
    kind: Kind,
    body_limit: &'static str,
) -> (u64, BTreeSet<i32>, Vec<String>) {
    let limit: u64 = body_limit.parse().unwrap();
    let (mut peak, mut exits, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (command, phase) in phases {
        let report = measure(*command, phase, kind, body_limit).await;
        let of_case =
            |what: &str| format!("{} | {} | {}: {what}", command.name(), phase.name, kind.0);
        let mib = report.peak_kib >> 10;
        peak = peak.max(mib);
        exits.extend(report.exit);
        if report.struck == 0 {
            wrong.push(of_case("no request of the phase"));
        }
        if mib > limit + BEYOND + BASE {
            wrong.push(of_case(&format!("{mib} MiB")));
        }
        if report.exit.is_none() {
            wrong.push(of_case("ended by a signal"));
        }
        wrong.extend(report.wrong.iter().map(|what| of_case(what)));
    }
    (peak, exits, wrong)
}

/// One listing, with a cap of 8 MiB.
#[tokio::test(flavor = "multi_thread")]
async fn memory_of_a_listing_is_bounded() {
    let phase = PHASES
        .iter()
        .find(|phase| phase.name == "new core: own menus")
        .unwrap();
    let mut wrong = Vec::new();
    for kind in kinds::<7>() {
        let (_, exits, found) = worst(&[(Command::Compare, phase)], kind, "8").await;
        wrong.extend(found);
        // An error of the platform, or that there are no rows, is an answer.
        if !exits.is_subset(&BTreeSet::from([1, 10, 11, 22])) {
            wrong.push(format!("{}: {exits:?}", kind.0));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "large answers: by name"]
async fn memory_of_every_answer() {
    let names = [
        "new core: packages",
        "new core: own menus",
        "new portal: static files",
    ];
    let keys = PHASES.iter().filter(|phase| names.contains(&phase.name));
    let phases: Vec<_> = keys
        .map(|phase| (phase.commands[phase.commands.len() - 1], phase))
        .collect();
    let mut wrong = Vec::new();
    for kind in kinds::<60>() {
        let (peak, exits, found) = worst(&phases, kind, "64").await;
        println!("| {} | {peak} | {exits:?} |", kind.0);
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
