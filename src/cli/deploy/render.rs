//! `deploy render`: writes the four compose files.

use std::path::PathBuf;

use clap::Args;

use super::env_input::render_files;
use crate::cli::args::OutputArg;
use crate::cli::context::Context;
use crate::deploy::host::files::{FileChange, PlannedFile};
use crate::deploy::render::masked_diff;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Text, clean};
use crate::report::deploy::files_table;

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

pub(super) fn run(args: &RenderArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let (_, rendered) = render_files(context, args.templates.as_deref())?;
    let (mut files, mut diffs) = (Vec::new(), String::new());
    for one in rendered {
        let path = args.out.join(one.service.compose_file());
        let file = PlannedFile::read(path, one.text)?;
        diffs.push_str(&diff(&file, &one.secret_keys));
        files.push((one.service, file));
    }
    if args.diff && context.output() == OutputArg::Table {
        context.data(&diffs)?;
        return Ok(Outcome::Ok);
    }
    let count = |change| {
        let changes = files.iter().map(|(_, file)| file.change());
        changes.filter(|one| *one == change).count()
    };
    let (created, changed) = (count(FileChange::Created), count(FileChange::Changed));
    if created + changed > 0 && !args.diff {
        if changed > 0 && context.ui.prints_notices() {
            context.ui.page(&diffs);
        }
        let question = Text::new("env-confirm-render")
            .with("folder", args.out.display())
            .count("created", created)
            .count("changed", changed);
        let confirmation = context.confirm(&question, args.yes)?;
        for (_, file) in &files {
            file.write(&confirmation)?;
        }
    }
    context.show_table(&files_table(&args.out, &files, args.diff))
}

/// The diff of a file, with secrets hidden; empty if it does not change.
fn diff(file: &PlannedFile, secret_keys: &[String]) -> String {
    if file.change() == FileChange::Unchanged {
        return String::new();
    }
    let before = String::from_utf8_lossy(file.before.as_deref().unwrap_or_default());
    let name = file.path.display().to_string();
    let diff = masked_diff(&name, &before, &file.text, secret_keys);
    let lines = diff.lines().map(|line| clean(line).into_owned() + "\n");
    lines.collect()
}
