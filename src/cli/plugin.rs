//! `plugin list`, `show`, `upload`, `register`.

use std::collections::BTreeSet;
use std::path::Path;

use super::apply::{self, RunOptions, carry_out};
use super::args::{ConnectArgs, PartArgs, PluginCommand};
use super::by_hand::{self, ReadBack};
use super::context::Context;
use super::errors::UsageError;
use super::job::{self, Inventories};
use super::session::{self, Session};
use super::{accounts, runtime, state};
use crate::apply::ApplyOptions;
use crate::check::{ConditionState, visibility_conditions};
use crate::domain::{
    Inventory, Package, PackageId, PluginName, ReadFailure, Reading, Side, Version,
};
use crate::error::{CommandError, Failure};
use crate::exit::Outcome;
use crate::files::{MIB, read};
use crate::i18n::{Catalog, Lang, Text};
use crate::plan::messages::read_failure;
use crate::plan::{StepId, plan_register};
use crate::platform::{ObserveOptions, Reader, granted_menus, observe, role_menus, token_probe};
use crate::report::{Cell, Column, RecordTable};
use crate::settings::parse_duration;

/// Columns of [`package_row`].
const PACKAGE_COLUMNS: [Column; 7] = [
    Column::Name,
    Column::Version,
    Column::Status,
    Column::Edition,
    Column::HasUi,
    Column::Instances,
    Column::Id,
];

/// Runs a plugin command.
pub(super) fn run(command: PluginCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        PluginCommand::List(part) => {
            let inventory = one_side(part, context)?;
            context.show_table(&list(&inventory))
        }
        PluginCommand::Show {
            part,
            name,
            as_role: Some(role),
            login_file,
        } => as_role(
            part,
            &PluginName::new(name),
            &role,
            login_file.as_deref(),
            context,
        ),
        PluginCommand::Show { part, name, .. } => {
            let inventory = one_side(part, context)?;
            let name = PluginName::new(name);
            if !packages(&inventory).any(|package| package.name == name) {
                return Err(unknown_plugin(&name, &inventory));
            }
            context.show_table(&show(&inventory, &name))
        }
        PluginCommand::Upload { part, file, yes } => {
            let side = part.side.side();
            runtime::block_on(upload(part.connect, side, &file, yes, context))
        }
        PluginCommand::Register {
            part,
            name,
            version,
            yes,
            unknown_after,
        } => {
            let id = StepId {
                side: part.side.side(),
                name: PluginName::new(name),
            };
            let wait = Wait { yes, unknown_after };
            runtime::block_on(register(
                part.connect,
                id,
                version.map(Version::new),
                wait,
                context,
            ))
        }
    }
}

/// Reads one side.
fn one_side(part: PartArgs, context: &Context<'_>) -> Result<Inventory, CommandError> {
    let side = part.side.side();
    let settings = context.settings_of_reads(part.connect, None)?;
    session::require_side(&settings, side)?;
    runtime::block_on(async {
        let session = Session::connect_only(settings, side, context).await?;
        let inventory = session.observe(side, session.settings.deep).await?;
        if let Some(failure) = inventory.packages.failure() {
            return Err(failure.clone().into());
        }
        for failure in inventory.failures() {
            let text = Text::new("cli-not-read").nested("what", read_failure(failure));
            context.ui.warn(&text);
        }
        Ok(inventory)
    })
}

/// Why somebody in a role does not see the plugin: each condition, with its state.
fn as_role(
    part: PartArgs,
    name: &PluginName,
    role: &str,
    login: Option<&Path>,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let side = part.side.side();
    let mut settings = context.settings_of_reads(part.connect, None)?;
    session::require_side(&settings, side)?;
    settings.leave_out(side.other());
    let mut of_role = settings.clone();
    of_role.authorities = vec![role.to_owned()];
    let users = login.map(|file| accounts::tokens(&settings, file, None, context));
    let users = users.transpose()?;
    let (inventory, menus, probe) = runtime::block_on(async {
        if let Some(users) = users {
            let reader = accounts::reader(&settings, side, users).await?;
            let deep = ObserveOptions {
                deep: settings.deep,
            };
            let inventory = observe(&reader, deep).await;
            let probe = token_probe(&reader, name).await;
            return Ok((inventory, role_menus(&reader, role).await, probe));
        }
        let session = Session::connect_only(settings, side, context).await?;
        let inventory = session.observe(side, session.settings.deep).await?;
        let probe = token_probe(session.reader(side)?, name).await;
        let session = Session::connect_only(of_role, side, context).await?;
        let menus = granted_menus(session.reader(side)?).await;
        Ok::<_, CommandError>((inventory, menus, probe))
    })?;
    if let Some(failure) = inventory.packages.failure() {
        return Err(failure.clone().into());
    }
    if !packages(&inventory).any(|package| package.name == *name) {
        return Err(unknown_plugin(name, &inventory));
    }
    let mut sheet = RecordTable::new(
        "plugin show",
        "conditions",
        &[
            Column::Condition,
            Column::State,
            Column::Requires,
            Column::Reason,
        ],
    );
    let english = Catalog::new(Lang::En);
    let mut unmet = false;
    for condition in visibility_conditions(&inventory, name, role, &menus, Some(&probe)) {
        let cause = match &condition.state {
            ConditionState::Yes => None,
            ConditionState::NotApplicable(cause) => Some(cause),
            ConditionState::No(cause) | ConditionState::Unknown(cause) => {
                unmet = true;
                Some(cause)
            }
        };
        let cell = |text: &Text| Cell::text(text.clone(), english.render(text));
        sheet.row([
            Cell::plain(condition.code),
            Cell::plain(condition.state.as_str()),
            cell(&condition.text),
            cause.map_or_else(Cell::none, cell),
        ]);
    }
    if unmet {
        sheet = sheet.outcome(Outcome::Findings);
    }
    context.show_table(&sheet)
}

fn packages(inventory: &Inventory) -> impl Iterator<Item = &Package> {
    inventory.packages.known().into_iter().flatten()
}

fn unknown_plugin(name: &PluginName, inventory: &Inventory) -> CommandError {
    UsageError::UnknownPlugin {
        name: name.clone(),
        version: None,
        instance: inventory.identity.core.clone(),
    }
    .into()
}

fn list(inventory: &Inventory) -> RecordTable {
    let mut sheet = RecordTable::new("plugin list", "plugins", &PACKAGE_COLUMNS);
    for package in packages(inventory) {
        sheet.row(package_row(inventory, package));
    }
    sheet
}

fn package_row(inventory: &Inventory, package: &Package) -> [Cell; 7] {
    let instances = match inventory.running_instances(&package.id) {
        Some(running) => Cell::list(running.iter().map(|i| format!("{}:{}", i.host, i.port))),
        None => Cell::none(),
    };
    [
        Cell::plain(&package.name),
        Cell::plain(&package.version),
        Cell::plain(package.status.as_str()),
        Cell::plain(package.edition.as_str()),
        Cell::flag(package.has_ui),
        instances,
        Cell::plain(&package.id),
    ]
}

fn show(inventory: &Inventory, name: &PluginName) -> RecordTable {
    let mut sheet = RecordTable::new("plugin show", "plugins", &PACKAGE_COLUMNS);
    let of_name: Vec<&Package> = packages(inventory)
        .filter(|package| package.name == *name)
        .collect();
    for package in &of_name {
        sheet.row(package_row(inventory, package));
    }
    dependencies(&mut sheet, inventory, &of_name);
    menus(&mut sheet, inventory, &of_name);
    pages(&mut sheet, inventory, name);
    routes(&mut sheet, inventory, name);
    sheet
}

fn dependencies(sheet: &mut RecordTable, inventory: &Inventory, packages: &[&Package]) {
    sheet.section(
        "dependencies",
        Text::new("cli-plugin-dependencies"),
        &[Column::PackageVersion, Column::Name, Column::Version],
    );
    for package in packages {
        let declared = inventory.dependencies.get(&package.id);
        for wanted in declared.and_then(Reading::known).into_iter().flatten() {
            sheet.row([
                Cell::plain(&package.version),
                Cell::plain(&wanted.name),
                Cell::plain(&wanted.version),
            ]);
        }
    }
}

/// Each code once, whichever versions bring it.
fn menus(sheet: &mut RecordTable, inventory: &Inventory, packages: &[&Package]) {
    sheet.section(
        "menus",
        Text::new("cli-plugin-menus"),
        &[Column::Code, Column::Name, Column::Path, Column::Active],
    );
    let mine = inventory.my_menus.known();
    let mut seen = BTreeSet::new();
    for package in packages {
        let brought = inventory.package_menus.get(&package.id);
        for menu in brought.and_then(Reading::known).into_iter().flatten() {
            if !seen.insert(&menu.code) {
                continue;
            }
            let ours = mine.and_then(|menus| menus.iter().find(|m| m.code == menu.code));
            sheet.row([
                Cell::plain(&menu.code),
                Cell::plain(&menu.display_name),
                Cell::plain(&menu.path),
                Cell::flag(ours.unwrap_or(menu).active),
            ]);
        }
    }
}

fn routes(sheet: &mut RecordTable, inventory: &Inventory, name: &PluginName) {
    sheet.section(
        "routes",
        Text::new("cli-plugin-routes"),
        &[Column::Location, Column::Address],
    );
    for (at, routes) in [
        ("core", &inventory.core_routes),
        ("gateway", &inventory.gateway_routes),
    ] {
        let routes = routes.known().into_iter().flatten();
        for route in routes.filter(|r| r.context == *name && r.path.is_none()) {
            sheet.row([
                Cell::plain(at),
                Cell::plain(format!("{}:{}", route.host, route.port)),
            ]);
        }
    }
}

fn pages(sheet: &mut RecordTable, inventory: &Inventory, name: &PluginName) {
    sheet.section(
        "files",
        Text::new("cli-plugin-files"),
        &[Column::Path, Column::Portal, Column::State],
    );
    for row in inventory.pages_of(name).into_iter().flatten() {
        for (portal, state) in inventory.files.get(&row.path).into_iter().flatten() {
            sheet.row([
                Cell::plain(&row.path),
                Cell::plain(portal),
                Cell::text(state.text(), state.code()),
            ]);
        }
    }
}

async fn upload(
    connect: ConnectArgs,
    side: Side,
    file: &Path,
    yes: bool,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let settings = context.settings_of_reads(connect, None)?;
    session::require_side(&settings, side)?;
    // The whole package is in memory; those of the project have up to some hundred MiB.
    let bytes = read(file, 2048 * MIB)?;
    // Every zip begins so, an empty one included.
    if !(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")) {
        return Err(UsageError::NotAZip(file.to_owned()).into());
    }
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned();
    let session = Session::connect_only(settings, side, context).await?;
    let question = Text::new("cli-confirm-upload")
        .with("file", &name)
        .with("instance", session.address(side));
    let confirmation = context.confirm(&question, yes)?;
    let state_dir = session.settings.state_dir.clone();
    let _lock = state::lock(state_dir, &session.cores(&[side]), "plugin upload", context)?;
    let reader = session.reader(side)?;
    let before = reader.package_ids().await?;
    let writer = session.writer(side, &confirmation)?;
    let _shield = runtime::Shield::raise();
    let uploaded = tokio::select! {
        biased;
        uploaded = writer.upload(&name, bytes) => uploaded,
        signal = runtime::until_signal() => {
            return Err(UploadError::Interrupted(signal).into());
        }
    };
    let id = match uploaded {
        Ok(id) => id,
        Err(failure) if failure.may_have_arrived() => {
            Some(appeared(reader, &before, failure).await?)
        }
        Err(failure) => return Err(failure.into()),
    };
    let mut sheet = RecordTable::new(
        "plugin upload",
        "plugins",
        &[Column::Name, Column::Id, Column::Side],
    );
    let id = id.map_or_else(Cell::none, Cell::plain);
    sheet.row([Cell::plain(name), id, Cell::plain(side)]);
    context.show_table(&sheet)
}

/// The package that is there now and was not before an upload whose answer was lost.
async fn appeared(
    reader: &Reader,
    before: &BTreeSet<PackageId>,
    lost: ReadFailure,
) -> Result<PackageId, CommandError> {
    let look = async || {
        Ok(match reader.package_ids().await {
            Ok(now) => match now.difference(before).next() {
                Some(id) => ReadBack::Shows(id.clone()),
                None => ReadBack::Differs(()),
            },
            Err(failure) => ReadBack::Unread(failure),
        })
    };
    match by_hand::read_back(look).await? {
        ReadBack::Shows(id) => Ok(id),
        _ => Err(UploadError::Unproven(lost).into()),
    }
}

/// It is unknown whether an upload arrived.
#[derive(Debug)]
enum UploadError {
    /// A signal came.
    Interrupted(Outcome),
    /// The answer was lost, and no new package is listed.
    Unproven(ReadFailure),
}

impl Failure for UploadError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Interrupted(signal) => *signal,
            Self::Unproven(_) => Outcome::Partial,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Interrupted(_) => Text::new("cli-upload-interrupted"),
            Self::Unproven(_) => Text::new("cli-upload-unproven"),
        }
    }

    fn causes(&self) -> Vec<Text> {
        match self {
            Self::Interrupted(_) => Vec::new(),
            Self::Unproven(lost) => vec![read_failure(lost)],
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("cli-upload-unproven-hint")]
    }
}

struct Wait {
    yes: bool,
    unknown_after: Option<String>,
}

async fn register(
    connect: ConnectArgs,
    id: StepId,
    version: Option<Version>,
    wait: Wait,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let mut settings = context.settings_of_reads(connect, None)?;
    if let Some(typed) = &wait.unknown_after {
        settings.unknown_after = parse_duration("--unknown-after", typed)?;
    }
    session::require_side(&settings, id.side)?;
    let session = Session::connect_with_optional(settings, id.side, context).await?;
    let seen = Inventories::observe(&session).await?;
    let options = job::plan_options(&session, seen.new.as_ref(), None);
    let input = seen.input(&options);
    let inventory = if id.side == Side::New {
        &seen.new
    } else {
        &seen.old
    };
    if let Some(inventory) = inventory
        && !packages(inventory).any(|package| package.name == id.name)
    {
        return Err(unknown_plugin(&id.name, inventory));
    }
    if let (Some(inventory), Some(version)) = (inventory, &version) {
        let mut of_name = packages(inventory).filter(|package| package.name == id.name);
        if !of_name.any(|package| package.version == *version) {
            return Err(UsageError::UnknownPlugin {
                name: id.name,
                version: Some(version.clone()),
                instance: inventory.identity.core.clone(),
            }
            .into());
        }
    }
    let plan = plan_register(input, &id, version.as_ref());
    let options = ApplyOptions {
        parallel: 1,
        ..apply::options(&session.settings)
    };
    let how = RunOptions {
        command: "plugin register",
        yes: wait.yes,
        report: None,
        options: Some(options),
    };
    carry_out(&session, &seen, plan, &how, context).await
}
