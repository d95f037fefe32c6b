//! `deploy render`: writes the four compose files.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::OutputArg;
use crate::cli::context::Context;
use crate::deploy::env::Service;
use crate::deploy::host::files::{Change, FileTrouble, WantedFile};
use crate::deploy::render::{Rendered, masked_diff};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, RecordTable};

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[arg(long)]
    diff: bool,
    #[arg(short, long)]
    yes: bool,
}

/// A compose file and its place.
struct Wanted {
    service: Service,
    file: WantedFile,
    secret_keys: Vec<String>,
}

impl Wanted {
    fn of(rendered: Rendered, args: &RenderArgs) -> Result<Self, CommandError> {
        let path = args.out.join(rendered.service.compose_file());
        Ok(Self {
            service: rendered.service,
            file: WantedFile::look(path, rendered.text).map_err(|trouble| failed(&trouble))?,
            secret_keys: rendered.secret_keys,
        })
    }

    fn diff(&self) -> Option<String> {
        let before = String::from_utf8_lossy(self.file.before.as_deref().unwrap_or_default());
        let name = self.file.path.display().to_string();
        (self.file.change() != Change::Unchanged)
            .then(|| masked_diff(&name, &before, &self.file.text, &self.secret_keys))
    }
}

fn failed(trouble: &FileTrouble) -> CommandError {
    CommandError::new(Outcome::Failed, trouble.text())
}

/// Runs it.
pub(super) fn run(args: RenderArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let (_, rendered) = super::rendered(context, args.templates.as_deref())?;
    let wanted = rendered
        .into_iter()
        .map(|one| Wanted::of(one, &args))
        .collect::<Result<Vec<_>, _>>()?;
    let count = |change| {
        let same = |one: &&Wanted| one.file.change() == change;
        wanted.iter().filter(same).count()
    };
    let (created, changed) = (count(Change::Created), count(Change::Changed));
    let diffs: String = wanted.iter().filter_map(Wanted::diff).collect();
    let diffs: String = diffs
        .lines()
        .map(|line| crate::i18n::clean(line).into_owned() + "\n")
        .collect();
    if args.diff && context.output() == OutputArg::Table {
        context.data(&diffs)?;
        return Ok(Outcome::Ok);
    }
    if created + changed == 0 {
        return show(context, &wanted, Outcome::NothingToDo);
    }
    if args.diff {
        return show(context, &wanted, Outcome::Ok);
    }
    if changed > 0 && context.ui.talks() {
        context.ui.talk(&diffs);
    }
    let question = Text::new("env-confirm-render")
        .with("folder", args.out.display())
        .count("created", created)
        .count("changed", changed);
    let confirmation = context.confirm(&question, args.yes)?;
    for one in &wanted {
        one.file
            .write(&confirmation)
            .map_err(|trouble| failed(&trouble))?;
    }
    show(context, &wanted, Outcome::Ok)
}

fn show(
    context: &Context<'_>,
    wanted: &[Wanted],
    outcome: Outcome,
) -> Result<Outcome, CommandError> {
    let mut sheet = RecordTable::new(
        "deploy render",
        "files",
        &[Column::Name, Column::Path, Column::Result],
    )
    .outcome(outcome);
    for one in wanted {
        let change = one.file.change();
        sheet.row([
            Cell::words(one.service),
            Cell::words(one.file.path.display()),
            Cell::text(change.text(), change.as_str()),
        ]);
    }
    context.sheet(&sheet)
}
