//! `deploy render`.

use std::path::Path;

use crate::deploy::env::Service;
use crate::deploy::host::files::{FileChange, PlannedFile};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// The compose files of `deploy render`; with `planned` nothing was written.
pub fn files_table(folder: &Path, files: &[(Service, PlannedFile)], planned: bool) -> RecordTable {
    let columns = [Column::Name, Column::Path, Column::Result];
    let mut table = RecordTable::new("deploy render", "files", &columns);
    for (service, file) in files {
        let change = file.change();
        table.row([
            Cell::plain(service),
            Cell::plain(file.path.display()),
            Cell::text(change.message(), change.as_str()),
        ]);
    }
    let count = |change| {
        let changes = files.iter().map(|(_, file)| file.change());
        changes.filter(|one| *one == change).count()
    };
    let (created, changed) = (count(FileChange::Created), count(FileChange::Changed));
    let idle = created + changed == 0;
    let verdict = match (idle, planned) {
        (true, _) => Text::new("env-render-unchanged"),
        (false, true) => Text::new("env-render-planned"),
        (false, false) => Text::new("env-render-done"),
    };
    let verdict = verdict.with("folder", folder.display());
    if idle {
        let verdict = verdict.count("count", files.len());
        table
            .verdict(Meaning::Good, verdict)
            .outcome(Outcome::NothingToDo)
    } else {
        let verdict = verdict.count("created", created).count("changed", changed);
        table.verdict(Meaning::Good, verdict)
    }
}
