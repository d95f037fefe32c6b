//! `deploy init`.

use super::cells::message;
use std::path::Path;

use crate::deploy::env::variable;
use crate::deploy::host::files::FileChange;
use crate::deploy::old::{OldInstance, OldValue, SHARED_VARIABLES};
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// The files that `deploy init` wrote.
pub struct InitReport<'a> {
    /// The env file.
    pub env_file: &'a Path,
    /// The configuration file.
    pub config: &'a Path,
    /// The old instance whose values were copied.
    pub old: Option<&'a OldInstance>,
}

impl InitReport<'_> {
    /// The report.
    pub fn table(&self) -> RecordTable {
        let columns = [Column::Path, Column::Result];
        let mut table = RecordTable::new("deploy init", "files", &columns);
        let created = FileChange::Created;
        for path in [self.env_file, self.config] {
            table.row([
                Cell::plain(path.display()),
                Cell::text(created.message(), created.as_str()),
            ]);
        }
        if let Some(old) = self.old {
            let title = Text::new("env-init-missing");
            let columns = [Column::Name, Column::Reason, Column::Description];
            table.section("not_found", title, &columns);
            for name in SHARED_VARIABLES {
                let reason = match old.value(name) {
                    OldValue::Set(_) => continue,
                    OldValue::Unresolved(unresolved) => unresolved.message(),
                    OldValue::Absent => Text::new("env-old-absent"),
                };
                let about = variable(name).map(|known| message((known.about)()));
                let about = about.unwrap_or_else(Cell::none);
                table.row([Cell::plain(name), message(reason), about]);
            }
        }
        let verdict = Text::new("env-init-done")
            .with("file", self.env_file.display())
            .with("config", self.config.display());
        table.verdict(Meaning::Good, verdict)
    }
}
