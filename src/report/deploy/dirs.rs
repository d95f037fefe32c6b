//! `deploy dirs`.

use super::cells::{bad, good};
use std::path::Path;

use crate::deploy::dirs::{DirAttributes, DirChange, DirSpec, DirState, PlannedDir, Purpose};
use crate::deploy::host::files::{FileChange, PlannedFile};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

fn table(command: &'static str) -> RecordTable {
    let columns = [
        Column::Path,
        Column::Purpose,
        Column::Owner,
        Column::Mode,
        Column::Result,
    ];
    RecordTable::new(command, "directories", &columns)
}

fn purpose(purpose: Purpose) -> Cell {
    match purpose {
        Purpose::Home => Cell::text(Text::new("deploy-purpose-home"), "home"),
        Purpose::Log => Cell::text(Text::new("deploy-purpose-log"), "log"),
        Purpose::Certs => Cell::text(Text::new("deploy-purpose-certs"), "certs"),
        Purpose::Parent => Cell::text(Text::new("deploy-purpose-parent"), "parent"),
        Purpose::UiResources => {
            Cell::text(Text::new("deploy-purpose-ui-resources"), "ui_resources")
        }
    }
}

fn add_dir(
    table: &mut RecordTable,
    root: &Path,
    spec: &DirSpec,
    attributes: DirAttributes,
    result: Cell,
) {
    let owner = attributes.owner.map_or_else(Cell::none, |owner| {
        Cell::plain(format_args!("{}:{}", owner.uid, owner.gid))
    });
    table.row([
        Cell::plain(root.join(&spec.path).display()),
        purpose(spec.purpose),
        owner,
        Cell::plain(format_args!("{:04o}", attributes.mode)),
        result,
    ]);
}

fn add_file(table: &mut RecordTable, file: &PlannedFile, change: FileChange) {
    table.row([
        Cell::plain(file.path.display()),
        purpose(Purpose::Home),
        Cell::none(),
        Cell::plain("0600"),
        Cell::text(change.message(), change.as_str()),
    ]);
}

/// `--plan`, or with `strict` `--verify`: the states of the directories and files.
pub fn planned_dirs_table(
    root: &Path,
    dirs: &[PlannedDir],
    files: &[PlannedFile],
    strict: bool,
) -> RecordTable {
    let mut table = table(if strict {
        "deploy dirs --verify"
    } else {
        "deploy dirs --plan"
    });
    for dir in dirs {
        let state = match &dir.state {
            DirState::Good => good(Text::new("deploy-dir-good"), "good"),
            DirState::Missing => {
                Cell::text(Text::new("deploy-dir-missing"), "missing").meaning(Meaning::Warning)
            }
            DirState::Differs => {
                Cell::text(Text::new("deploy-dir-differs"), "differs").meaning(Meaning::Warning)
            }
            DirState::Blocked(obstacle) => bad(obstacle.message(), "in_the_way"),
        };
        add_dir(&mut table, root, &dir.spec, dir.attributes, state);
    }
    for file in files {
        add_file(&mut table, file, file.change());
    }
    let dirs = dirs.iter().filter(|dir| dir.state != DirState::Good);
    let files = files
        .iter()
        .filter(|file| file.change() != FileChange::Unchanged);
    let changes = dirs.count() + files.count();
    if changes == 0 {
        let verdict = Text::new("deploy-dirs-good").with("root", root.display());
        return table.verdict(Meaning::Good, verdict);
    }
    let verdict = Text::new("deploy-dirs-changes")
        .count("count", changes)
        .with("root", root.display());
    let table = table.verdict(Meaning::Warning, verdict);
    // A change that is only planned is not a finding.
    if strict {
        table.outcome(Outcome::Findings)
    } else {
        table
    }
}

/// The changes of directories and files.
pub fn changed_dirs_table(
    root: &Path,
    dirs: &[(DirSpec, DirAttributes, DirChange)],
    files: &[(PlannedFile, FileChange)],
) -> RecordTable {
    let mut table = table("deploy dirs");
    for (spec, attributes, change) in dirs {
        let result = match change {
            DirChange::None => Cell::text(Text::new("deploy-dir-good"), "good"),
            DirChange::Created => good(Text::new("deploy-dir-created"), "made"),
            DirChange::Updated => good(Text::new("deploy-dir-updated"), "changed"),
        };
        add_dir(&mut table, root, spec, *attributes, result);
    }
    for (file, change) in files {
        add_file(&mut table, file, *change);
    }
    let dirs = dirs
        .iter()
        .filter(|(.., change)| *change != DirChange::None);
    let files = files
        .iter()
        .filter(|(_, change)| *change != FileChange::Unchanged);
    let changes = dirs.count() + files.count();
    if changes == 0 {
        let verdict = Text::new("deploy-dirs-good").with("root", root.display());
        return table
            .verdict(Meaning::Good, verdict)
            .outcome(Outcome::NothingToDo);
    }
    let verdict = Text::new("deploy-dirs-changed")
        .count("count", changes)
        .with("root", root.display());
    table.verdict(Meaning::Good, verdict)
}
