//! `deploy init`.

use super::cells::message;
use std::path::Path;

use crate::deploy::env::{OldInstance, variable};
use crate::deploy::host::files::FileChange;
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
                Cell::words(path.display()),
                Cell::text(created.message(), created.as_str()),
            ]);
        }
        if let Some(old) = self.old {
            let title = Text::new("env-init-missing");
            table.section("not_found", title, &[Column::Name, Column::Description]);
            for name in old.missing() {
                let about = match variable(name) {
                    Some(known) => message((known.about)()),
                    None => Cell::none(),
                };
                table.row([Cell::words(name), about]);
            }
        }
        let verdict = Text::new("env-init-done")
            .with("file", self.env_file.display())
            .with("config", self.config.display());
        table.verdict(Meaning::Good, verdict)
    }
}
