//! `variable list`, `get`, `set`, `unset`.

use super::args::{PartArgs, StatusArg, VariableCommand};
use super::context::Context;
use super::session::{self, Session};
use super::{job, runtime};
use crate::domain::{GATEWAY_URL_NEW, ReadFailure, Side, SystemVariable, VariableId};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::new_row;
use crate::report::{Cell, Sheet};

const COLUMNS: [&str; 8] = [
    "name",
    "value",
    "default_value",
    "scope",
    "source",
    "status",
    "package_name",
    "id",
];

/// Runs a variable command.
pub(super) fn run(
    command: VariableCommand,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    match command {
        VariableCommand::List(part) => runtime::block_on(async {
            let rows = Work::open(part, context).await?.rows(None).await?;
            context.sheet(&sheet("variable list", &rows))
        }),
        VariableCommand::Get { part, name } => runtime::block_on(async {
            let rows = Work::open(part, context).await?.rows(Some(&name)).await?;
            if rows.is_empty() {
                return Err(CommandError::new(Outcome::Failed, unknown(&name)));
            }
            context.sheet(&sheet("variable get", &rows))
        }),
        VariableCommand::Set {
            part,
            name,
            value,
            status,
            repair,
            id,
            yes,
        } => {
            let wanted = Wanted {
                name,
                value,
                status,
                id,
                yes,
            };
            runtime::block_on(async {
                let work = Work::open(part, context).await?;
                if repair {
                    work.repair(wanted, context).await
                } else {
                    work.set(wanted, context).await
                }
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

fn sheet(command: &'static str, rows: &[SystemVariable]) -> Sheet {
    let mut sheet = Sheet::new(command, &COLUMNS);
    for row in rows {
        sheet.row([
            Cell::words(&row.name),
            Cell::words(&row.value),
            Cell::words(&row.default_value),
            Cell::words(&row.scope),
            Cell::words(&row.source),
            Cell::words(&row.status),
            Cell::words(&row.package_name),
            Cell::words(&row.id),
        ]);
    }
    sheet
}

struct Wanted {
    name: String,
    value: Option<String>,
    status: Option<StatusArg>,
    id: Option<String>,
    yes: bool,
}

/// One side, ready to be asked about variables.
struct Work {
    session: Session,
    side: Side,
}

impl Work {
    async fn open(part: PartArgs, context: &Context<'_>) -> Result<Self, CommandError> {
        let side = part.side.side();
        let settings = context.settings(part.connect, None)?;
        session::need(&settings, side)?;
        Ok(Self {
            session: Session::open_only(settings, side, context).await?,
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
        let mut rows = read.map_err(|failure| job::kept_out(&failure))?;
        rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(rows)
    }

    /// The one row that is meant, none where there is none; several are an error that lists them.
    async fn one(
        &self,
        name: &str,
        id: Option<&str>,
    ) -> Result<Option<SystemVariable>, CommandError> {
        let rows = self.rows(Some(name)).await?;
        if let Some(id) = id {
            let row = rows.into_iter().find(|row| row.id.as_str() == id);
            return row.map(Some).ok_or_else(|| {
                CommandError::usage(
                    Text::new("cli-variable-no-such-row")
                        .with("name", name)
                        .with("id", id),
                )
            });
        }
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(Some(row.clone())),
            several => {
                let ids: Vec<&str> = several.iter().map(|row| row.id.as_str()).collect();
                let text = Text::new("cli-variable-several")
                    .with("name", name)
                    .with("ids", ids.join(", "));
                let hint = Text::new("cli-variable-several-hint").with("name", name);
                Err(CommandError::new(Outcome::Unsafe, text).hint(hint))
            }
        }
    }

    fn value(&self, wanted: &Wanted) -> Result<String, CommandError> {
        match &wanted.value {
            Some(value) => Ok(value.clone()),
            None if wanted.name == GATEWAY_URL_NEW => {
                Ok(self.session.gateway(Side::New).ok_or_else(|| {
                    CommandError::usage(
                        Text::new("cli-variable-value-missing").with("name", &wanted.name),
                    )
                })?)
            }
            None => Err(CommandError::usage(
                Text::new("cli-variable-value-missing").with("name", &wanted.name),
            )),
        }
    }

    async fn set(&self, wanted: Wanted, context: &Context<'_>) -> Result<Outcome, CommandError> {
        let before = self.one(&wanted.name, wanted.id.as_deref()).await?;
        let status = wanted.status.map(StatusArg::word);
        let after = if let Some(row) = &before {
            let value = match (&wanted.value, status) {
                // The status alone is meant: the value stays.
                (None, Some(_)) => row.value.clone(),
                _ => self.value(&wanted)?,
            };
            SystemVariable {
                value,
                status: status.unwrap_or(&row.status).to_owned(),
                ..row.clone()
            }
        } else {
            let row = SystemVariable {
                name: wanted.name.clone(),
                ..new_row(&self.value(&wanted)?)
            };
            SystemVariable {
                status: status.unwrap_or("active").to_owned(),
                ..row
            }
        };
        if before.as_ref() == Some(&after) {
            context
                .ui
                .say(&Text::new("cli-variable-already").with("name", &wanted.name));
            return context.show(
                &sheet("variable set", &[after]).outcome(Outcome::NothingToDo),
                Outcome::NothingToDo,
            );
        }
        let question = Text::new("cli-confirm-variable")
            .with("name", &after.name)
            .with("value", &after.value)
            .with("status", &after.status)
            .with("instance", self.session.address(self.side));
        let writer = self
            .session
            .writer(self.side, &context.confirm(&question, wanted.yes)?)?;
        let written = match &before {
            Some(_) => writer
                .update_variable(&after)
                .await
                .map(|()| Some(after.id.clone())),
            None => writer.create_variable(&after).await,
        };
        let id = written.map_err(|failure: ReadFailure| job::kept_out(&failure))?;
        self.prove(&after, id, context).await
    }

    /// Reads again what was written: `update` with an id that is gone answers OK too.
    async fn prove(
        &self,
        after: &SystemVariable,
        id: Option<VariableId>,
        context: &Context<'_>,
    ) -> Result<Outcome, CommandError> {
        let rows = self.rows(Some(&after.name)).await?;
        let holds = |row: &&SystemVariable| {
            id.as_ref().is_none_or(|id| row.id == *id)
                && row.value == after.value
                && row.status == after.status
        };
        if !rows.iter().any(|row| holds(&row)) {
            let text = Text::new("cli-variable-no-effect").with("name", &after.name);
            return Err(CommandError::new(Outcome::NoEffect, text));
        }
        context.show(
            &sheet("variable set", &rows).outcome(Outcome::Converged),
            Outcome::Converged,
        )
    }

    /// Keeps one of several rows and removes the others.
    async fn repair(&self, wanted: Wanted, context: &Context<'_>) -> Result<Outcome, CommandError> {
        let rows = self.rows(Some(&wanted.name)).await?;
        let keep = match wanted.id.as_deref() {
            Some(id) => rows.iter().find(|row| row.id.as_str() == id),
            // The first that a launch may use, else the first: ids sort, so that two of us keep the same.
            None => rows.iter().find(|row| row.is_active()).or(rows.first()),
        };
        let Some(keep) = keep else {
            return self.set(wanted, context).await;
        };
        let gone: Vec<&SystemVariable> = rows.iter().filter(|row| row.id != keep.id).collect();
        if !gone.is_empty() {
            let listed: Vec<String> = gone
                .iter()
                .map(|row| format!("{} = {}", row.id, row.value))
                .collect();
            let question = Text::new("cli-confirm-repair")
                .with("name", &wanted.name)
                .with("keep", format_args!("{} = {}", keep.id, keep.value))
                .with("gone", listed.join(", "))
                .with("instance", self.session.address(self.side));
            let writer = self
                .session
                .writer(self.side, &context.confirm(&question, wanted.yes)?)?;
            for row in gone {
                writer
                    .delete_variable(&row.id)
                    .await
                    .map_err(|failure| job::kept_out(&failure))?;
            }
        }
        self.set(Wanted { id: None, ..wanted }, context).await
    }

    async fn unset(
        &self,
        name: &str,
        id: Option<String>,
        yes: bool,
        context: &Context<'_>,
    ) -> Result<Outcome, CommandError> {
        let Some(row) = self.one(name, id.as_deref()).await? else {
            context.ui.say(&unknown(name));
            return context.show(
                &sheet("variable unset", &[]).outcome(Outcome::NothingToDo),
                Outcome::NothingToDo,
            );
        };
        let question = Text::new("cli-confirm-unset")
            .with("name", &row.name)
            .with("value", &row.value)
            .with("instance", self.session.address(self.side));
        let writer = self
            .session
            .writer(self.side, &context.confirm(&question, yes)?)?;
        writer
            .delete_variable(&row.id)
            .await
            .map_err(|failure| job::kept_out(&failure))?;
        if self
            .rows(Some(name))
            .await?
            .iter()
            .any(|left| left.id == row.id)
        {
            return Err(CommandError::new(
                Outcome::NoEffect,
                Text::new("cli-variable-no-effect").with("name", name),
            ));
        }
        context.show(
            &sheet("variable unset", &[row]).outcome(Outcome::Converged),
            Outcome::Converged,
        )
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
