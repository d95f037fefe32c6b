//! `deploy dirs`: plans, creates or verifies the directories.

use std::path::{Path, PathBuf};

use clap::Args;

use super::env_input::{compose_files, root};
use super::errors::DeployInputError;
use super::session::{EngineArgs, ImageArgs};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::dirs::{
    DirOwners, Owner, PlannedDir, account_of_host, ensure_all, image_owners, plan_dirs,
};
use crate::deploy::env::Service;
use crate::deploy::host::Engine;
use crate::deploy::host::files::{FileChange, PlannedFile};
use crate::deploy::images::{ImageRef, names};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{FileError, MIB, read_text};
use crate::i18n::Text;
use crate::report::deploy::{changed_dirs_table, planned_dirs_table};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct DirsArgs {
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) images: ImageArgs,
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) compose_files: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) ssh_user: Option<String>,
    #[arg(long, conflicts_with = "verify")]
    pub(crate) plan: bool,
    #[arg(long)]
    pub(crate) verify: bool,
    #[arg(long)]
    pub(crate) world_writable: bool,
    #[arg(short, long)]
    pub(crate) yes: bool,
}

pub(super) fn run(args: &DirsArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let wanted = args.images.images(context)?;
    let root = root(args.root.as_deref(), context)?;
    let owners = runtime::block_on(async {
        let (engine, _) = args.engine.connect_local().await?;
        let wanted = (!args.world_writable).then_some(wanted.as_slice());
        owners(&engine, wanted, args.ssh_user.as_deref(), context).await
    })?;
    let files = planned_files(args.compose_files.as_deref(), &root, context)?;
    let dirs = plan_dirs(&root, &owners)?;
    if args.plan || args.verify {
        return context.show_table(&planned_dirs_table(&root, &dirs, &files, args.verify));
    }
    let changed = files
        .iter()
        .filter(|file| file.change() != FileChange::Unchanged);
    let pending = PlannedDir::count_changes(&dirs)? + changed.count();
    let question = Text::new("deploy-dirs-confirm")
        .count("count", pending)
        .with("root", root.display());
    let confirmation = context.confirm(&question, args.yes || pending == 0)?;
    let dirs = ensure_all(&root, &owners, &confirmation)?;
    let files = write_files(files, &confirmation)?;
    context.show_table(&changed_dirs_table(&root, &dirs, &files))
}

/// The owners of the directories; those of images are unknown with `None`. Warns about unknown ones.
pub(super) async fn owners(
    engine: &Engine,
    wanted: Option<&[ImageRef]>,
    ssh_user: Option<&str>,
    context: &Context<'_>,
) -> Result<DirOwners, CommandError> {
    let wanted = wanted.unwrap_or_default();
    let images = image_owners(engine, wanted).await?;
    let pairs = wanted.iter().zip(&images);
    let unknown = pairs.filter(|(_, (_, owner))| owner.is_none());
    let unknown: Vec<ImageRef> = unknown.map(|(one, _)| one.clone()).collect();
    if !unknown.is_empty() {
        let warning = Text::new("deploy-dirs-user-unknown");
        context.ui.warn(&warning.with("images", names(&unknown)));
    }
    let ssh = ssh_owner(ssh_user, context)?;
    Ok(DirOwners { images, ssh })
}

/// The account with which core copies static files: from the flag, else from the env file.
fn ssh_owner(flag: Option<&str>, context: &Context<'_>) -> Result<Option<Owner>, CommandError> {
    let given = context.files.env();
    let given = given.and_then(|(_, file)| file.get("host_wecube_username"));
    let Some(name) = flag.or(given) else {
        context.ui.warn(&Text::new("deploy-dirs-ssh-user-unknown"));
        return Ok(None);
    };
    let path = Path::new("/etc/passwd");
    let passwd = read_text(path, 16 * MIB)?;
    match account_of_host(name, &passwd) {
        Some(owner) => Ok(Some(owner)),
        None => Err(DeployInputError::NoSuchUser(name.to_owned()).into()),
    }
}

/// The four compose files of a directory, each with its path below the root.
fn planned_files(
    from: Option<&Path>,
    root: &Path,
    context: &Context<'_>,
) -> Result<Vec<PlannedFile>, CommandError> {
    let Some(from) = from else {
        return Ok(Vec::new());
    };
    let files = compose_files(from, Text::new("deploy-conflict-file-hint"), |loose| {
        context.ui.warn(&loose.text());
    })?;
    let planned = files
        .into_iter()
        .map(|(service, _, text)| planned_file(root, service, text));
    Ok(planned.collect::<Result<_, _>>()?)
}

/// A compose file with its path below the root.
pub(super) fn planned_file(
    root: &Path,
    service: Service,
    text: String,
) -> Result<PlannedFile, FileError> {
    let path = root.join(service.name()).join(service.compose_file());
    PlannedFile::read(path, text)
}

/// Writes files.
pub(super) fn write_files(
    files: Vec<PlannedFile>,
    confirmation: &Confirmation,
) -> Result<Vec<(PlannedFile, FileChange)>, FileError> {
    let write = |file: PlannedFile| {
        let change = file.write(confirmation)?;
        Ok((file, change))
    };
    files.into_iter().map(write).collect()
}
