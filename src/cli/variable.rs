//! `variable list`, `get`, `set`, `unset`.

use super::args::{PartArgs, StatusArg, VariableCommand};
use super::by_hand::{self, ReadBack};
use super::context::Context;
use super::session::{self, Session};
use super::{runtime, state};
use crate::confirm::Confirmation;
use crate::domain::{GATEWAY_URL, GATEWAY_URL_NEW, ReadFailure, Side, SystemVariable, VariableId};
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::messages::variable_rows;
use crate::plan::{VariableChange, VariableRequest, VariableRequestError, variable_change};
use crate::platform::{Health, HealthAnswer, HealthQuestion, Writer};
use crate::report::{Cell, Column, RecordTable};
use crate::settings::parse_address;

const COLUMNS: [Column; 8] = [
    Column::Name,
    Column::Value,
    Column::DefaultValue,
    Column::Scope,
    Column::Source,
    Column::Status,
    Column::PackageName,
    Column::Id,
];

/// Runs a variable command.
pub(super) fn run(
    command: VariableCommand,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    match command {
        VariableCommand::List(part) => runtime::block_on(async {
            let rows = Work::open(part, context).await?.rows(None).await?;
            context.show_table(&sheet("variable list", &rows))
        }),
        VariableCommand::Get { part, name } => runtime::block_on(async {
            let rows = Work::open(part, context).await?.rows(Some(&name)).await?;
            if rows.is_empty() {
                return Err(CommandError::new(Outcome::Failed, unknown(&name)));
            }
            context.show_table(&sheet("variable get", &rows))
        }),
        VariableCommand::Set {
            part,
            name,
            value,
            status,
            repair,
            id,
            force,
            yes,
        } => {
            let wish = VariableRequest {
                name,
                id,
                value,
                value_of_new: None,
                status: status.map(|status| status.word().to_owned()),
                repair,
            };
            runtime::block_on(async {
                Work::open(part, context)
                    .await?
                    .set(wish, force, yes, context)
                    .await
            })
        }
        VariableCommand::Unset {
            part,
            name,
            id,
            yes,
        } => runtime::block_on(async {
            Work::open(part, context)
                .await?
                .unset(&name, id, yes, context)
                .await
        }),
    }
}

fn unknown(name: &str) -> Text {
    Text::new("cli-variable-unknown").with("name", name.escape_default())
}

fn sheet(command: &'static str, rows: &[SystemVariable]) -> RecordTable {
    let mut sheet = RecordTable::new(command, "variables", &COLUMNS);
    for row in rows {
        sheet.row([
            Cell::plain(&row.name),
            Cell::plain(&row.value),
            Cell::plain(&row.default_value),
            Cell::plain(&row.scope),
            Cell::plain(&row.source),
            Cell::plain(&row.status),
            Cell::plain(&row.package_name),
            Cell::plain(&row.id),
        ]);
    }
    sheet
}

/// One side, ready to be asked about variables.
struct Work {
    session: Session,
    side: Side,
    /// The new side's gateway, whichever side is asked: the value that `GATEWAY_URL_NEW` is for.
    new_gateway: Option<String>,
}

impl Work {
    async fn open(part: PartArgs, context: &Context<'_>) -> Result<Self, CommandError> {
        let side = part.side.side();
        let settings = context.settings_of_reads(part.connect, None)?;
        session::require_side(&settings, side)?;
        let new = settings.new.as_ref();
        Ok(Self {
            new_gateway: new.map(|new| new.identity.gateway.to_string()),
            session: Session::connect_only(settings, side, context).await?,
            side,
        })
    }

    /// All rows, or those of one exact name, sorted.
    async fn rows(&self, name: Option<&str>) -> Result<Vec<SystemVariable>, CommandError> {
        let reader = self.session.reader(self.side)?;
        let read = match name {
            Some(name) => reader.variables_named(name).await,
            None => reader.variables().await,
        };
        read.map(sorted).map_err(CommandError::from)
    }

    async fn set(
        &self,
        mut wish: VariableRequest,
        force: bool,
        yes: bool,
        context: &Context<'_>,
    ) -> Result<Outcome, CommandError> {
        if wish.name == GATEWAY_URL_NEW {
            wish.value_of_new.clone_from(&self.new_gateway);
        }
        let names_gateway = [GATEWAY_URL, GATEWAY_URL_NEW].contains(&wish.name.as_str());
        let is_checked = names_gateway && !force;
        if let Some(value) = wish.value.as_mut().filter(|_| is_checked) {
            let address = parse_address(value)
                .map_err(|error| not_a_gateway(&wish.name, value, error.message()))?;
            value.replace_range(.., address.as_str());
        }
        let rows = self.rows(Some(&wish.name)).await?;
        let change = variable_change(&rows, &wish).map_err(|fault| refused(&fault, &wish.name))?;
        if change.is_nothing() {
            let already = Text::new("cli-variable-already").with("name", &wish.name);
            context.ui.notice(&already);
            let rows = sheet("variable set", &rows).outcome(Outcome::NothingToDo);
            return context.show_table(&rows);
        }
        if is_checked && change.writes_row() {
            self.require_gateway(&change).await?;
        }
        let confirmation =
            context.confirm(&question(&change, &self.session.address(self.side)), yes)?;
        self.carry_out(&change, &rows, "variable set", &confirmation, context)
            .await
    }

    /// A launch hands the value to every plugin, so it must be the address of a gateway that answers.
    async fn require_gateway(&self, change: &VariableChange) -> Result<(), CommandError> {
        let (after, before) = (&change.after, change.before.as_ref());
        if !after.is_active() && before.is_some_and(|row| row.value == after.value) {
            return Ok(());
        }
        let refused = |why| not_a_gateway(&after.name, after.effective(), why);
        let address = parse_address(after.effective()).map_err(|error| refused(error.message()))?;
        let health = Health::new(&address, &session::trust(&self.session.settings)?, None)?;
        match health.ask(HealthQuestion::Gateway).await {
            HealthAnswer::Healthy { .. } => Ok(()),
            HealthAnswer::Silent(cause) | HealthAnswer::Wrong(cause) => {
                Err(refused(cause.message()))
            }
        }
    }

    async fn unset(
        &self,
        name: &str,
        id: Option<String>,
        yes: bool,
        context: &Context<'_>,
    ) -> Result<Outcome, CommandError> {
        let rows = self.rows(Some(name)).await?;
        if rows.is_empty() && id.is_none() {
            context.ui.notice(&unknown(name));
            return context.show_table(&sheet("variable unset", &[]).outcome(Outcome::NothingToDo));
        }
        let wish = VariableRequest {
            name: name.to_owned(),
            id,
            // Which row is meant is what a change of its status alone would say.
            status: Some("inactive".to_owned()),
            ..VariableRequest::default()
        };
        let meant = variable_change(&rows, &wish).map_err(|fault| refused(&fault, name))?;
        let Some(row) = meant.before else {
            return Err(CommandError::new(Outcome::Failed, unknown(name)));
        };
        let question = Text::new("cli-confirm-unset")
            .with("name", &row.name)
            .with("value", &row.value)
            .with("instance", self.session.address(self.side));
        let confirmation = context.confirm(&question, yes)?;
        let change = VariableChange {
            before: Some(row.clone()),
            after: row.clone(),
            remove: vec![row],
        };
        self.carry_out(&change, &rows, "variable unset", &confirmation, context)
            .await
    }

    /// Writes while nobody else of us does, and reads back until it shows: an answer that was lost
    /// proves nothing, and `update` with an id that is gone answers OK too.
    async fn carry_out(
        &self,
        change: &VariableChange,
        seen: &[SystemVariable],
        command: &'static str,
        confirmation: &Confirmation,
        context: &Context<'_>,
    ) -> Result<Outcome, CommandError> {
        let name = &change.after.name;
        let cores = self.session.cores(&[self.side]);
        let state_dir = self.session.settings.state_dir.clone();
        let _lock = state::lock(state_dir, &cores, command, context)?;
        let _shield = runtime::Shield::raise();
        if self.rows(Some(name)).await? != seen {
            let text = Text::new("cli-variable-drifted").with("name", name);
            let hint = Text::new("cli-variable-rows-hint").with("name", name);
            return Err(CommandError::new(Outcome::Unsafe, text).hint(hint));
        }
        let writer = self.session.writer(self.side, confirmation)?;
        let written = self.write(&writer, change).await?;
        let look = async || {
            let rows = self.session.reader(self.side)?.variables_named(name).await;
            Ok(match rows.map(sorted) {
                Ok(rows) if shows(change, written.id.as_ref(), &rows) => ReadBack::Shows(rows),
                Ok(rows) => ReadBack::Differs(rows),
                Err(failure) => ReadBack::Unread(failure),
            })
        };
        match by_hand::read_back(look).await? {
            ReadBack::Shows(rows) => {
                way_back(change, context);
                context.show_table(&sheet(command, &rows).outcome(Outcome::Converged))
            }
            ReadBack::Differs(rows) => self.not_as_wanted(change, &written, &rows, &writer).await,
            ReadBack::Unread(failure) => {
                let text = Text::new("cli-variable-unproven").with("name", name);
                let error = CommandError::new(Outcome::Partial, text);
                Err(by_hand::because(error, &failure))
            }
        }
    }

    /// The write, then the removals. What surely did not arrive ends it.
    async fn write(
        &self,
        writer: &Writer,
        change: &VariableChange,
    ) -> Result<Written, CommandError> {
        let mut written = Written::default();
        let kept_out = |failure: &ReadFailure| {
            let hint = Text::new("cli-variable-rows-hint").with("name", &change.after.name);
            CommandError::from(failure.clone()).hint(hint)
        };
        if change.writes_row() {
            let answer = match &change.before {
                Some(row) => {
                    let answer = writer.update_variable(&change.after).await;
                    answer.map(|()| Some(row.id.clone()))
                }
                None => writer.create_variable(&change.after).await,
            };
            written.id = written
                .took(answer)
                .map_err(|failure| kept_out(&failure))?
                .flatten();
        }
        for row in &change.remove {
            let answer = writer.delete_variable(&row.id).await;
            written.took(answer).map_err(|failure| kept_out(&failure))?;
        }
        Ok(written)
    }

    /// What was wanted does not show: another writer's row beside ours, an answer that was lost, or an
    /// OK without effect.
    async fn not_as_wanted(
        &self,
        change: &VariableChange,
        written: &Written,
        rows: &[SystemVariable],
        writer: &Writer,
    ) -> Result<Outcome, CommandError> {
        let name = &change.after.name;
        let hint = Text::new("cli-variable-rows-hint").with("name", name);
        let twin = rows.iter().any(|row| Some(&row.id) < written.id.as_ref());
        if change.before.is_none()
            && twin
            && let Some(own) = &written.id
        {
            writer
                .delete_variable(own)
                .await
                .map_err(|failure| CommandError::from(failure).hint(hint.clone()))?;
            let text = Text::new("cli-variable-gave-way").with("name", name);
            return Err(CommandError::new(Outcome::Unsafe, text).hint(hint));
        }
        let error = match &written.lost {
            Some(failure) => {
                let text = Text::new("cli-variable-unproven").with("name", name);
                by_hand::because(CommandError::new(Outcome::Partial, text), failure)
            }
            None => CommandError::new(
                Outcome::NoEffect,
                Text::new("cli-variable-no-effect").with("name", name),
            ),
        };
        Err(error.hint(hint))
    }
}

/// By name, then by id.
fn sorted(mut rows: Vec<SystemVariable>) -> Vec<SystemVariable> {
    rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    rows
}

/// What the platform said to the writes.
#[derive(Default)]
struct Written {
    /// The row that was written, if the platform says which.
    id: Option<VariableId>,
    /// The last answer that was lost: what it was to may have been done.
    lost: Option<ReadFailure>,
}

impl Written {
    /// An answer, a lost one, or a failure that ends it.
    fn took<T>(&mut self, answer: Result<T, ReadFailure>) -> Result<Option<T>, ReadFailure> {
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.may_have_arrived() => {
                self.lost = Some(failure);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Whether the rows are what the change was to make of them.
fn shows(change: &VariableChange, id: Option<&VariableId>, rows: &[SystemVariable]) -> bool {
    let removed = |row: &SystemVariable| change.remove.iter().any(|gone| gone.id == row.id);
    if rows.iter().any(removed) {
        return false;
    }
    if change.remove.iter().any(|gone| gone.id == change.after.id) {
        return true;
    }
    let id = change.before.as_ref().map(|row| &row.id).or(id);
    let right = |row: &&SystemVariable| {
        id.is_none_or(|id| row.id == *id)
            && row.value == change.after.value
            && row.status == change.after.status
    };
    let alone = change.before.is_some() || rows.len() == 1;
    alone && rows.iter().any(|row| right(&row))
}

/// One question for all that will be written.
fn question(change: &VariableChange, instance: &str) -> Text {
    let after = &change.after;
    if change.remove.is_empty() {
        return Text::new("cli-confirm-variable")
            .with("name", &after.name)
            .with("value", &after.value)
            .with("status", &after.status)
            .with("instance", instance);
    }
    let gone = change
        .remove
        .iter()
        .map(|row| format!("{} = {}", row.id, row.value));
    Text::new("cli-confirm-repair")
        .with("name", &after.name)
        .with(
            "keep",
            format_args!("{} = {} ({})", after.id, after.value, after.status),
        )
        .with("gone", gone.collect::<Vec<_>>().join(", "))
        .with("instance", instance)
}

/// What was there before, so that it can be brought back.
fn way_back(change: &VariableChange, context: &Context<'_>) {
    let was = |row: &SystemVariable| {
        Text::new("cli-variable-was")
            .with("name", &row.name)
            .with("id", &row.id)
            .with("value", &row.value)
            .with("status", &row.status)
    };
    let changed = change.before.iter().filter(|_| change.writes_row());
    for row in changed.chain(&change.remove) {
        context.ui.notice(&was(row));
    }
}

fn not_a_gateway(name: &str, value: &str, why: Text) -> CommandError {
    // A password in an address is not repeated.
    let shown = value.rsplit('@').next().unwrap_or_default();
    let text = Text::new("cli-variable-not-a-gateway")
        .with("name", name)
        .with("value", shown.escape_default())
        .nested("why", why);
    CommandError::usage(text).hint(Text::new("cli-variable-not-a-gateway-hint"))
}

fn refused(fault: &VariableRequestError, name: &str) -> CommandError {
    match fault {
        VariableRequestError::EmptyName => {
            CommandError::usage(Text::new("cli-variable-empty-name"))
        }
        VariableRequestError::Several(rows) => {
            let text = Text::new("cli-variable-several")
                .with("name", name)
                .with("rows", variable_rows(rows));
            let hint = Text::new("cli-variable-several-hint").with("name", name);
            CommandError::new(Outcome::Unsafe, text).hint(hint)
        }
        VariableRequestError::NoSuchRow(id) => CommandError::usage(
            Text::new("cli-variable-no-such-row")
                .with("name", name)
                .with("id", id),
        ),
        VariableRequestError::ValueMissing => {
            CommandError::usage(Text::new("cli-variable-value-missing").with("name", name))
        }
    }
}

impl StatusArg {
    fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}
