//! `deploy dirs`: the document's directories, planned, made or verified.

use std::path::{Path, PathBuf};

use clap::Args;

use super::engine::{EngineArgs, ImageArgs, failed};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::dirs::{
    Did, DirError, DirState, Owner, Purpose, Root, Want, account_of_host, account_of_image, layout,
};
use crate::deploy::env::Service;
use crate::deploy::host::Engine;
use crate::deploy::host::files::{Change, FileTrouble, WantedFile};
use crate::deploy::images::Wanted;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, Meaning, RecordTable};

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

/// Owners that the directories need.
pub(super) struct Owners {
    /// Of each image's process, where it is known.
    pub(super) of_image: Vec<(Service, Option<Owner>)>,
    /// Of the pages.
    pub(super) ssh: Option<Owner>,
}

impl Owners {
    fn need(&self, want: &Want) -> crate::deploy::dirs::Need {
        let known = self
            .of_image
            .iter()
            .find(|(component, _)| *component == want.component);
        want.need(known.and_then(|(_, owner)| *owner), self.ssh)
    }
}

/// Runs it.
pub(super) fn run(args: DirsArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let wanted = args.images.wanted(context)?;
    let root_path = super::root(args.root.as_deref(), context)?;
    let owners = runtime::block_on(async {
        let (engine, facts) = args.engine.open().await?;
        if !facts.is_local() {
            let text = Text::new("deploy-dirs-remote").with("endpoint", &facts.endpoint);
            return Err(CommandError::usage(text).hint(Text::new("deploy-dirs-remote-hint")));
        }
        if args.world_writable {
            return Ok(Vec::new());
        }
        owners_of_images(&engine, &wanted, context).await
    })?;
    let owners = Owners {
        of_image: owners,
        ssh: ssh_owner(args.ssh_user.as_deref(), context)?,
    };
    let files = compose_files(args.compose_files.as_deref(), &root_path)?;
    if args.plan || args.verify {
        return verify(&root_path, &owners, &files, args.verify, context);
    }
    let root = open(&root_path)?;
    let changed = files
        .iter()
        .filter(|file| file.change() != Change::Unchanged);
    let lacking = lacking(&root, &owners)? + changed.count();
    let question = Text::new("deploy-dirs-confirm")
        .count("count", lacking)
        .with("root", root_path.display());
    let right = context.confirm(&question, args.yes || lacking == 0)?;
    let done = make(&root_path, &owners, &right)?;
    let files = put(files, &right)?;
    made(&root_path, &owners, &done, &files, context)
}

/// The user of each image, by number. A name is looked up in the image's own list of users.
pub(super) async fn owners_of_images(
    engine: &Engine,
    wanted: &[Wanted],
    context: &Context<'_>,
) -> Result<Vec<(Service, Option<Owner>)>, CommandError> {
    let mut owners = Vec::new();
    for one in wanted {
        let image = engine
            .image(&one.reference)
            .await
            .map_err(|error| failed(&error))?;
        let owner = match image {
            None => None,
            Some(image) => {
                let by_name = !image.user.is_empty()
                    && !image
                        .user
                        .split(':')
                        .next()
                        .is_some_and(|user| user.bytes().all(|b| b.is_ascii_digit()));
                let passwd = if by_name {
                    let read = engine.file_of_image(&image.id, "/etc/passwd").await;
                    read.map_err(|error| failed(&error))?
                } else {
                    None
                };
                let passwd = passwd.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                account_of_image(&image.user, passwd.as_deref())
            }
        };
        if owner.is_none() {
            context
                .ui
                .warn(&Text::new("deploy-dirs-user-unknown").with("image", &one.reference));
        }
        owners.push((one.component, owner));
    }
    Ok(owners)
}

/// The account that core copies pages with: of the flag, else of the env file.
pub(super) fn ssh_owner(
    flag: Option<&str>,
    context: &Context<'_>,
) -> Result<Option<Owner>, CommandError> {
    let given = context.files.env();
    let given = given.and_then(|(_, file)| file.get("host_wecube_username"));
    let Some(name) = flag.or(given) else {
        context.ui.warn(&Text::new("deploy-dirs-ssh-user-unknown"));
        return Ok(None);
    };
    let path = Path::new("/etc/passwd");
    let passwd = fs_err::read_to_string(path).map_err(|error| {
        let text = crate::settings::file_unreadable(path, &error);
        CommandError::new(Outcome::Failed, text)
    })?;
    if let Some(owner) = account_of_host(name, &passwd) {
        return Ok(Some(owner));
    }
    let text = Text::new("deploy-dirs-no-such-user").with("name", name);
    Err(CommandError::usage(text).hint(Text::new("deploy-dirs-no-such-user-hint")))
}

pub(super) fn open(path: &Path) -> Result<Root, CommandError> {
    Root::open(path).map_err(|error| broken(&error))
}

fn broken(error: &DirError) -> CommandError {
    CommandError::new(Outcome::Failed, error.text()).hint(error.hint())
}

/// How many directories are missing or not as they must be. Something in the way ends it before
/// anything is made.
pub(super) fn lacking(root: &Root, owners: &Owners) -> Result<usize, CommandError> {
    let (mut lacking, mut conflicts) = (0, Vec::new());
    for want in layout() {
        match root
            .state(&want.path, owners.need(&want))
            .map_err(|error| broken(&error))?
        {
            DirState::Good => {}
            DirState::Missing | DirState::Differs => lacking += 1,
            DirState::InTheWay(conflict) => conflicts.push(conflict.text()),
        }
    }
    if conflicts.is_empty() {
        return Ok(lacking);
    }
    Err(CommandError {
        outcome: Outcome::Unsafe,
        messages: conflicts,
        causes: Vec::new(),
        hints: vec![Text::new("deploy-dir-in-the-way-hint")],
    })
}

const COLUMNS: [Column; 5] = [
    Column::Path,
    Column::Purpose,
    Column::Owner,
    Column::Mode,
    Column::Result,
];

fn purpose(purpose: Purpose) -> Cell {
    match purpose {
        Purpose::Home => Cell::text(Text::new("deploy-purpose-home"), "home"),
        Purpose::Log => Cell::text(Text::new("deploy-purpose-log"), "log"),
        Purpose::Certs => Cell::text(Text::new("deploy-purpose-certs"), "certs"),
        Purpose::Way => Cell::text(Text::new("deploy-purpose-way"), "way"),
        Purpose::UiResources => {
            Cell::text(Text::new("deploy-purpose-ui-resources"), "ui_resources")
        }
    }
}

fn row(sheet: &mut RecordTable, root: &Path, want: &Want, owners: &Owners, result: Cell) {
    let need = owners.need(want);
    let owner = need.owner.map_or_else(Cell::none, |owner| {
        Cell::words(format!("{}:{}", owner.uid, owner.gid))
    });
    sheet.row([
        Cell::words(root.join(&want.path).display()),
        purpose(want.purpose),
        owner,
        Cell::words(format!("{:04o}", need.mode)),
        result,
    ]);
}

/// What is there and what would be made.
fn verify(
    path: &Path,
    owners: &Owners,
    files: &[WantedFile],
    strict: bool,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let root = open(path)?;
    let name = if strict {
        "deploy dirs --verify"
    } else {
        "deploy dirs --plan"
    };
    let mut sheet = RecordTable::new(name, "directories", &COLUMNS);
    let mut good = true;
    for want in layout() {
        let state = root.state(&want.path, owners.need(&want));
        let state = state.map_err(|error| broken(&error))?;
        good &= state == DirState::Good;
        let cell = match state {
            DirState::Good => {
                Cell::text(Text::new("deploy-dir-good"), "good").meaning(Meaning::Good)
            }
            DirState::Missing => {
                Cell::text(Text::new("deploy-dir-missing"), "missing").meaning(Meaning::Warning)
            }
            DirState::Differs => {
                Cell::text(Text::new("deploy-dir-differs"), "differs").meaning(Meaning::Warning)
            }
            DirState::InTheWay(conflict) => {
                Cell::text(conflict.text(), "in_the_way").meaning(Meaning::Bad)
            }
        };
        row(&mut sheet, path, &want, owners, cell);
    }
    for file in files {
        good &= file.change() == Change::Unchanged;
        file_row(&mut sheet, file, file.change());
    }
    // A plan that could be made is no finding.
    let outcome = if good || !strict {
        Outcome::Ok
    } else {
        Outcome::Findings
    };
    context.sheet(&sheet.outcome(outcome))
}

/// Makes what is missing and puts right what differs; what was done to each.
pub(super) fn make(
    path: &Path,
    owners: &Owners,
    right: &Confirmation,
) -> Result<Vec<(Want, Did)>, CommandError> {
    let mut root = open(path)?;
    root.make(right).map_err(|error| broken(&error))?;
    let mut done = Vec::new();
    for want in layout() {
        let did = root.put_right(&want.path, owners.need(&want), right);
        done.push((want, did.map_err(|error| broken(&error))?));
    }
    Ok(done)
}

/// The page of what was made.
fn made(
    path: &Path,
    owners: &Owners,
    done: &[(Want, Did)],
    files: &[(WantedFile, Change)],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let mut sheet = RecordTable::new("deploy dirs", "directories", &COLUMNS);
    for (want, did) in done {
        let cell = match did {
            Did::Nothing => Cell::text(Text::new("deploy-dir-good"), "good"),
            Did::Made => Cell::text(Text::new("deploy-dir-made"), "made").meaning(Meaning::Good),
            Did::Changed => {
                Cell::text(Text::new("deploy-dir-changed"), "changed").meaning(Meaning::Good)
            }
        };
        row(&mut sheet, path, want, owners, cell);
    }
    for (file, change) in files {
        file_row(&mut sheet, file, *change);
    }
    let idle = done.iter().all(|(_, did)| *did == Did::Nothing)
        && files.iter().all(|(_, change)| *change == Change::Unchanged);
    let outcome = if idle {
        Outcome::NothingToDo
    } else {
        Outcome::Ok
    };
    context.sheet(&sheet.outcome(outcome))
}

fn file_row(sheet: &mut RecordTable, file: &WantedFile, change: Change) {
    sheet.row([
        Cell::words(file.path.display()),
        purpose(Purpose::Home),
        Cell::none(),
        Cell::words("0600"),
        Cell::text(change.text(), change.as_str()),
    ]);
}

/// The four compose files of a directory, each for its place below the root.
fn compose_files(from: Option<&Path>, root: &Path) -> Result<Vec<WantedFile>, CommandError> {
    let Some(from) = from else {
        return Ok(Vec::new());
    };
    let files = super::four_files(from, Text::new("deploy-conflict-file-hint"))?;
    files
        .into_iter()
        .map(|(service, _, text)| wanted_file(root, service, text))
        .collect()
}

/// A compose file in its place below the root.
pub(super) fn wanted_file(
    root: &Path,
    service: Service,
    text: String,
) -> Result<WantedFile, CommandError> {
    let path = root.join(service.name()).join(service.compose_file());
    WantedFile::look(path, text).map_err(|trouble| unwritable(&trouble))
}

fn unwritable(trouble: &FileTrouble) -> CommandError {
    CommandError::new(Outcome::Failed, trouble.text())
}

/// Puts compose files into their places.
pub(super) fn put(
    files: Vec<WantedFile>,
    right: &Confirmation,
) -> Result<Vec<(WantedFile, Change)>, CommandError> {
    let put = |file: WantedFile| {
        let change = file.write(right).map_err(|trouble| unwritable(&trouble))?;
        Ok((file, change))
    };
    files.into_iter().map(put).collect()
}
