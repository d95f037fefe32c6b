//! Journals of whole runs: written, cut off anywhere, read, undone; and the lock.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use futures::FutureExt;
use jiff::Timestamp;

use super::format::{Record, Who};
use super::*;
use crate::apply::testing::{PlanOf, Script, World, named, ready, variable};
use crate::apply::{
    ApplyOptions, ApplyReport, CancelSignal, Event, EventSink, SinkError, outcome, run,
};
use crate::domain::{Address, PackageId, Side, SystemVariable, Version};
use crate::error::Failure as _;
use crate::files::{FileError, FileFault};
use crate::i18n::{Catalog, Lang};
use crate::plan::{Plan, SideEffect, StepId, VariablePlan};

const CLOCK: Clock = || Timestamp::UNIX_EPOCH;
const URL: &str = "http://new:8005";
const SECRET: &str = "the-plugins-database-password";

fn state() -> (tempfile::TempDir, StateDir) {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(&dir.path().join("state")).unwrap();
    (dir, state)
}

fn new(name: &str) -> StepId {
    named::id(Side::New, name)
}

/// A plan that creates the variable, demotes a version and switches a variable with a secret value.
fn plan() -> Plan {
    let mut plan = PlanOf::independent(3);
    plan.variable = VariablePlan::Create {
        value: URL.to_owned(),
    };
    let password = SystemVariable {
        name: "DB_PASSWORD".to_owned(),
        source: "p0001__v1.0.0".to_owned(),
        ..variable("sys-1", SECRET)
    };
    plan.steps[1].effects = vec![
        SideEffect::Demotes {
            package: PackageId::new("package-other"),
            version: Version::new("v0.9.0"),
            running: false,
        },
        SideEffect::SwitchesVariable {
            id: password.id.clone(),
            name: password.name.clone(),
            to_active: false,
        },
    ];
    plan.variables_before = [(Side::New, vec![password])].into();
    plan
}

fn start(plan: &Plan) -> RunStart<'_> {
    RunStart {
        command: "apply",
        version: "0.1.0",
        who: Who {
            uid: Some(1000),
            user: Some("ops".to_owned()),
            host: None,
            pid: 4711,
        },
        plan,
    }
}

async fn recorded(plan: &Plan, world: &World, state: &StateDir) -> (ApplyReport, PathBuf) {
    let mut journal = Journal::begin(state, &start(plan), CLOCK).unwrap();
    let path = journal.path().to_path_buf();
    let options = ApplyOptions::default();
    let report = run(
        &ready(plan),
        world,
        None,
        &options,
        &mut journal,
        &CancelSignal::new(),
    )
    .await;
    journal.end(&report, outcome(&report)).unwrap();
    (report, path)
}

fn lines(commands: &[Command]) -> Vec<String> {
    let line = |command: &Command| {
        let key = command.text.key().trim_start_matches("journal-");
        format!("{key}: {}", command.line().unwrap_or_default())
    };
    commands.iter().map(line).collect()
}

fn mode(path: &Path) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(start_paused = true)]
async fn a_whole_run_is_read_back() {
    let (_dir, state) = state();
    let plan = plan();
    let world = World::of(&plan);
    world.script(&new("p0002"), [Script::WorksUnanswered]);
    let (_, path) = recorded(&plan, &world, &state).await;
    assert_eq!(mode(&path), 0o600);
    for dir in [
        state.path(),
        &state.path().join("runs"),
        &state.path().join("locks"),
    ] {
        assert_eq!(mode(dir), 0o700);
    }
    let run = read_run(&state, "last").unwrap();
    let words: Vec<_> = run
        .lines
        .iter()
        .map(|line| serde_json::to_value(&line.record).unwrap()["record"].clone())
        .collect();
    let count = |word: &str| words.iter().filter(|found| *found == word).count();
    assert_eq!(
        (count("started"), count("finished"), count("answer_lost")),
        (3, 3, 1)
    );
    assert_eq!(
        (count("variable_write_started"), count("variable_finished")),
        (1, 1)
    );
    let RunState::Ended(end) = &run.state else {
        panic!("{:?}", run.state);
    };
    assert_eq!((end.outcome.as_str(), end.exit_code), ("converged", 0));
    assert_eq!(end.counts.get("done"), Some(&3));
    assert_eq!(run.head.who.user.as_deref(), Some("ops"));
    assert_eq!(run.head.new.as_ref().unwrap().core, "http://new:8000");
    assert_eq!(run.head.steps.len(), 3);
    assert_eq!(run.unreadable, 0);
}

#[tokio::test(start_paused = true)]
async fn no_value_of_another_variable_is_kept() {
    let (_dir, state) = state();
    let plan = plan();
    let world = World::of(&plan);
    let switching = async {
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        world.change_variables(|rows| "inactive".clone_into(&mut rows[0].status));
    };
    let ((report, path), ()) = tokio::join!(recorded(&plan, &world, &state), switching);
    assert_eq!(report.variable_changes.len(), 1);
    let text = fs_err::read_to_string(path).unwrap();
    assert!(text.contains("DB_PASSWORD") && text.contains(URL));
    assert!(!text.contains(SECRET));
}

#[tokio::test(start_paused = true)]
async fn what_a_run_changed_can_be_brought_back() {
    let (_dir, state) = state();
    let plan = plan();
    let world = World::of(&plan);
    recorded(&plan, &world, &state).await;
    let run = read_run(&state, "last").unwrap();
    insta::assert_snapshot!(lines(&undo(&run)).join("\n"), @r"
    undo-demotion: wecubectl plugin register --side new p0001 v0.9.0
    undo-switch: wecubectl variable set --side new --id sys-1 --status active DB_PASSWORD
    undo-variable-created: wecubectl variable unset GATEWAY_URL_NEW
    undo-files: 
    ");

    let before = SystemVariable {
        status: "inactive".to_owned(),
        ..variable("1", "http://it's old:8005")
    };
    let updating = Plan {
        variable: VariablePlan::Update {
            before: before.clone(),
            after: variable("1", URL),
        },
        variables_before: [(Side::New, vec![before])].into(),
        ..PlanOf::independent(0)
    };
    let world = World::of(&updating);
    recorded(&updating, &world, &state).await;
    let run = newest_other_than(&state, &run);
    insta::assert_snapshot!(lines(&undo(&run)).join("\n"), @r#"undo-variable-updated: wecubectl variable set --id 1 --status inactive GATEWAY_URL_NEW "http://it's old:8005""#);

    let nothing = PlanOf::independent(0);
    let (_dir, state) = self::state();
    recorded(&nothing, &World::of(&nothing), &state).await;
    assert_eq!(undo(&read_run(&state, "last").unwrap()), []);
}

/// Both began in one second, so their order is one of chance.
fn newest_other_than(state: &StateDir, run: &Run) -> Run {
    let all = list_runs(state).unwrap();
    let mut others = all.into_iter().filter(|summary| summary.id != run.head.run);
    others.next().unwrap().run.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_was_cut_anywhere_is_readable() {
    let (_dir, state) = state();
    let plan = plan();
    let (_, path) = recorded(&plan, &World::of(&plan), &state).await;
    let whole = fs_err::read(&path).unwrap();
    let head = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let mut known = 0;
    for cut in 0..whole.len() {
        fs_err::write(&path, &whole[..cut]).unwrap();
        let read = read_run(&state, "last");
        if cut < head {
            assert!(
                matches!(read, Err(ReadError::NoHead { .. })),
                "cut at {cut}"
            );
            continue;
        }
        let run = read.unwrap();
        assert!(run.unreadable <= 1);
        assert!(run.lines.len() >= known, "nothing is lost that was there");
        known = run.lines.len();
        let ended = matches!(run.state, RunState::Ended(_));
        assert_eq!(ended, cut == whole.len() - 1, "cut at {cut}");
        assert!(undo(&run).len() <= 5);
    }
}

/// Ends the run for good at the event of that number, as if it were killed there: nothing of it runs
/// any more.
struct KilledAt<'a> {
    journal: &'a mut Journal,
    left: usize,
}

impl EventSink for KilledAt<'_> {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        self.journal.on_event(event)?;
        self.left -= 1;
        if self.left == 0 {
            std::panic::resume_unwind(Box::new("killed"));
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_killed_at_any_event_has_said_what_it_had_begun() {
    let plan = plan();
    for left in 1..14 {
        let (_dir, state) = state();
        let world = World::of(&plan);
        let mut journal = Journal::begin(&state, &start(&plan), CLOCK).unwrap();
        let mut sink = KilledAt {
            journal: &mut journal,
            left,
        };
        let options = ApplyOptions::default();
        let (ready, cancel) = (ready(&plan), CancelSignal::new());
        let running = run(&ready, &world, None, &options, &mut sink, &cancel);
        let whole = AssertUnwindSafe(running).catch_unwind().await.is_ok();
        assert_eq!(whole, left > 11, "{left}");
        let run = read_run(&state, "last").unwrap();
        assert_eq!(run.state, RunState::CutOff);
        for id in world.begun() {
            assert!(run.lines.iter().any(|line| matches!(
                &line.record,
                Record::Started(started) if started.step.name == id.name.as_str()
            )));
        }
        if !world
            .variables_now()
            .iter()
            .all(|row| row.name == "DB_PASSWORD")
        {
            assert!(
                lines(&undo(&run))
                    .iter()
                    .any(|line| line.contains("variable unset"))
            );
        }
    }
}

#[test]
fn what_another_version_wrote_is_not_taken_for_ours() {
    let (_dir, state) = state();
    let plan = plan();
    let journal = Journal::begin(&state, &start(&plan), CLOCK).unwrap();
    let path = journal.path().to_path_buf();
    let head = fs_err::read_to_string(&path).unwrap();
    let later = format!(
        "{head}{}\nnot json\n{}\n",
        r#"{"at":"1970-01-01T00:00:00Z","record":"of_a_later_version","more":[1,2]}"#,
        r#"{"at":"1970-01-01T00:00:00Z","record":"stopping","detail":"x","more":1}"#
    );
    fs_err::write(&path, later).unwrap();
    let run = read_run(&state, journal.id()).unwrap();
    assert_eq!((run.lines.len(), run.unreadable), (1, 2));
    fs_err::write(&path, head.replace("\"format\":2", "\"format\":3")).unwrap();
    let newer = read_run(&state, journal.id());
    assert!(matches!(
        newer,
        Err(ReadError::NewerFormat { format: 3, .. })
    ));
}

#[test]
fn runs_are_found_by_the_beginning_of_their_id() {
    let (_dir, state) = state();
    assert_eq!(list_runs(&state).unwrap(), []);
    assert!(matches!(
        read_run(&state, "last"),
        Err(ReadError::NoSuchRun { .. })
    ));
    let plan = plan();
    let first = Journal::begin(&state, &start(&plan), CLOCK).unwrap();
    let second = Journal::begin(&state, &start(&plan), || Timestamp::MAX).unwrap();
    assert_eq!(list_runs(&state).unwrap().len(), 2);
    assert_eq!(list_runs(&state).unwrap()[0].id, second.id());
    assert_eq!(read_run(&state, "last").unwrap().head.run, second.id());
    assert_eq!(read_run(&state, "1970").unwrap().head.run, first.id());
    assert!(matches!(
        read_run(&state, ""),
        Err(ReadError::Several { .. })
    ));
    fs_err::write(first.path(), "").unwrap();
    assert!(list_runs(&state).unwrap()[1].run.is_err());
}

#[test]
fn a_run_whose_process_is_there_goes_on() {
    let (_dir, state) = state();
    let plan = plan();
    let start = RunStart {
        who: who(),
        ..start(&plan)
    };
    let journal = Journal::begin(&state, &start, CLOCK).unwrap();
    assert_eq!(
        read_run(&state, journal.id()).unwrap().state,
        RunState::GoingOn
    );
}

#[test]
fn a_directory_that_cannot_be_used_is_said_and_the_next_one_taken() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs_err::write(&file, "").unwrap();
    let candidates = [file.join("below"), PathBuf::from("/proc/wecubectl")];
    assert!(matches!(
        StateDir::choose(&candidates),
        Err(StateError::File(_))
    ));
    assert!(matches!(StateDir::choose(&[]), Err(StateError::NoneKnown)));
    let good = dir.path().join("good");
    let chosen = StateDir::choose(&[file.join("below"), good.clone()]).unwrap();
    assert_eq!(chosen.path(), good);
}

#[test]
fn state_directory_that_others_may_write_is_refused_and_no_other_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (open, good) = (dir.path().join("open"), dir.path().join("good"));
    fs_err::create_dir(&open).unwrap();
    let mode = |mode| fs_err::set_permissions(&open, std::fs::Permissions::from_mode(mode));
    mode(0o777).unwrap();
    let error = StateDir::choose(&[open.clone(), good.clone()]).unwrap_err();
    let said: Vec<String> = [vec![error.message()], error.hints()]
        .concat()
        .iter()
        .map(|text| Catalog::new(Lang::En).render(text))
        .collect();
    let command = format!("chmod go-w {}", open.display());
    assert!(said[1].contains(&command), "{said:?}");
    assert!(!good.exists());
    mode(0o755).unwrap();
    assert!(StateDir::choose(&[open, good]).is_ok());
}

#[test]
fn lock_that_is_a_link_is_refused_and_its_target_stays() {
    let (dir, state) = state();
    let theirs = dir.path().join("theirs");
    fs_err::write(&theirs, "theirs").unwrap();
    drop(Lock::acquire(&state, &[target("new")], &holder()).unwrap());
    let lock = fs_err::read_dir(state.path().join("locks")).unwrap().next();
    let lock = lock.unwrap().unwrap().path();
    fs_err::remove_file(&lock).unwrap();
    fs_err::os::unix::fs::symlink(&theirs, &lock).unwrap();
    let refused = Lock::acquire(&state, &[target("new")], &holder());
    let Err(LockError::File(error)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(error.fault, FileFault::Link);
    assert_eq!(fs_err::read_to_string(&theirs).unwrap(), "theirs");
}

fn holder() -> Holder {
    Holder {
        who: who(),
        since: "1970-01-01T00:00:00Z".to_owned(),
        command: "apply".to_owned(),
    }
}

fn target(name: &str) -> Address {
    Address::new(format!("http://{name}:8000"))
}

#[test]
fn a_lock_is_held_by_one_and_says_by_whom() {
    let (_dir, state) = state();
    let both = [target("new"), target("old")];
    let first = Lock::acquire(&state, &both, &holder()).unwrap();
    let second = Lock::acquire(&state, &[target("old")], &holder());
    let Err(LockError::Held {
        target: held,
        holder: Some(by),
    }) = &second
    else {
        panic!("{second:?}");
    };
    assert_eq!((held, &**by), (&target("old"), &holder()));
    assert!(Lock::acquire(&state, &[target("third")], &holder()).is_ok());
    drop(first);
    assert!(Lock::acquire(&state, &both, &holder()).is_ok());
    let file = fs_err::read_dir(state.path().join("locks")).unwrap().next();
    assert_eq!(mode(&file.unwrap().unwrap().path()), 0o600);
}

#[test]
fn of_several_locks_all_are_got_or_none() {
    let (_dir, state) = state();
    let held = Lock::acquire(&state, &[target("old")], &holder()).unwrap();
    assert!(Lock::acquire(&state, &[target("new"), target("old")], &holder()).is_err());
    assert!(Lock::acquire(&state, &[target("new")], &holder()).is_ok());
    drop(held);
}

/// Where the other process shall take the lock; it is this test program itself.
const HOLD: &str = "WECUBECTL_TEST_HOLD_LOCK";

/// Does nothing by itself: [`a_run_that_is_killed_gives_its_lock_back`] starts it as another process.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how a test tells its child process what to do"
)]
fn holds_a_lock_as_another_process() {
    let Some(root) = std::env::var_os(HOLD) else {
        return;
    };
    let state = StateDir::existing(Path::new(&root));
    let lock = Lock::acquire(&state, &[target("new")], &holder()).unwrap();
    writeln!(std::io::stdout(), "held").unwrap();
    // Ends when it is killed, or when the test that started it is gone.
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).unwrap();
    drop(lock);
}

#[test]
fn a_run_that_is_killed_gives_its_lock_back() {
    let (_dir, state) = state();
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("journal::tests::holds_a_lock_as_another_process")
        .env(HOLD, state.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let held = said
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("held"));
    assert!(held);
    let refused = Lock::acquire(&state, &[target("new")], &holder());
    let Err(LockError::Held {
        holder: Some(by), ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(by.who.pid, child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(Lock::acquire(&state, &[target("new")], &holder()).is_ok());
}

#[test]
fn every_error_has_whole_words_in_both_languages() {
    let path = PathBuf::from("/var/lib/wecubectl");
    let error = || FileError::writing(&path, std::io::Error::from_raw_os_error(30));
    let held = |holder| LockError::Held {
        target: target("new"),
        holder,
    };
    let texts = [
        StateError::NoneKnown.message(),
        StateError::File(error()).message(),
        held(None).message(),
        held(Some(Box::new(holder()))).message(),
        LockError::Unsupported { path: path.clone() }.message(),
        LockError::File(error()).message(),
        ReadError::File(error()).message(),
        ReadError::NoSuchRun {
            id: "x".to_owned(),
            path: path.clone(),
        }
        .message(),
        ReadError::Several { id: "x".to_owned() }.message(),
        ReadError::NoHead { path: path.clone() }.message(),
        ReadError::NewerFormat {
            path: path.clone(),
            format: 2,
        }
        .message(),
    ];
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for text in &texts {
            let words = catalog.render(text);
            assert!(
                !words.contains(['{', '}']) && !words.contains("journal-"),
                "{words}"
            );
        }
    }
}
