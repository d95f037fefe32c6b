//! Registration, for each generation (`docs/platform/registration.md`).
//!
//! Three parts: check, copy over ssh, write rows. The first and last hold the lock of the state for a
//! moment; copying waits for the static hosts. A registration runs in its own task, because it goes
//! on after its caller has gone.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::copying::{Refusal, copy};
use super::core_rows::{no_package, package_item};
use super::database::{FileRow, PackageRow, v4_paths};
use super::faults::{Fault, Kind};
use super::shared::Shared;
use super::state::WorldState;
use super::version::{v3_compare, v4_weight};
use super::wire::{Answer, Request, SideName, v3_error, v3_ok, v4_error, v4_ok};
use super::world::{MadeBy, Package};

/// A registration under way.
#[derive(Debug, Clone)]
struct Job {
    side: SideName,
    id: String,
    operator: String,
    /// v4.2+'s `ui/register`: pages only, no checks, no status.
    ui_only: bool,
}

/// `POST packages/register/{id}` on v3: the answer is the package.
pub(super) async fn v3(shared: &Shared, request: &Request, id: &str) -> Answer {
    let job = Job {
        side: request.side,
        id: id.to_owned(),
        operator: String::new(),
        ui_only: false,
    };
    match started(shared, job).await {
        Err(closed) => closed,
        Ok(Ok(row)) => v3_ok(&package_item(&row)),
        Ok(Err(refusal)) if refusal.message == no_package(id) => v3_error(&refusal.message),
        Ok(Err(refusal)) => v3_error(&format!(
            "Failed to register plugin package.{}",
            refusal.message
        )),
    }
}

/// `POST packages/register/{id}` on v4: the answer is null, from v4.2 on `{id}`.
pub(super) async fn v4(shared: &Shared, request: &Request, id: &str, operator: &str) -> Answer {
    let job = Job {
        side: request.side,
        id: id.to_owned(),
        operator: operator.to_owned(),
        ui_only: false,
    };
    v4_answer(shared, job).await
}

/// `POST packages/ui/register` (v4.2+): copies the pages and takes `uiActive`, nothing else.
pub(super) async fn v4_ui(shared: &Shared, request: &Request, operator: &str) -> Answer {
    let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
    let job = Job {
        side: request.side,
        id: body["id"].as_str().unwrap_or_default().to_owned(),
        operator: operator.to_owned(),
        ui_only: true,
    };
    v4_answer(shared, job).await
}

async fn v4_answer(shared: &Shared, job: Job) -> Answer {
    let with_id = shared.state().side(job.side).version.has_ui_active() && !job.ui_only;
    match started(shared, job).await {
        Err(closed) => closed,
        Ok(Ok(row)) if with_id => v4_ok(&json!({"id": row.package.id})),
        Ok(Ok(_)) => v4_ok(&Value::Null),
        Ok(Err(refusal)) => v4_error(refusal.code, &refusal.message),
    }
}

/// v4's words for an id that is not there (`register-unknown-id.json`).
pub(super) fn unknown_v4(id: &str) -> String {
    format!("can not find plugin packages with id:{id} name: version:")
}

/// Starts the registration in its own task and waits for it; the error is a closed connection.
async fn started(shared: &Shared, job: Job) -> Result<Result<PackageRow, Refusal>, Answer> {
    let early = {
        let state = shared.state();
        let row = state.database(job.side).by_id(&job.id);
        let name = row.map_or("", |row| row.package.name.as_str());
        let fault = state.faults.find(job.side, Kind::EarlyAnswer, name);
        fault.map(Fault::amount)
    };
    if let Some(status) = early {
        let task = shared.clone();
        tokio::spawn(async move { noted(&task, &job).await });
        return Err(early_answer(status).await);
    }
    let lost = {
        let state = shared.state();
        let row = state.database(job.side).by_id(&job.id);
        row.and_then(|row| {
            let find = |kind| state.faults.find(job.side, kind, &row.package.name);
            let delayed = find(Kind::LostAnswer).map(|fault| Some(fault.amount()));
            delayed.or_else(|| find(Kind::LostForGood).map(|_| None))
        })
    };
    let task = shared.clone();
    match lost {
        Some(after) => {
            tokio::spawn(async move {
                if let Some(ms) = after {
                    sleep(Duration::from_millis(ms)).await;
                    drop(noted(&task, &job).await);
                }
            });
            sleep(Duration::from_millis(20)).await;
            Err(Answer::closed())
        }
        None => tokio::spawn(async move { noted(&task, &job).await })
            .await
            .map_err(|_| Answer::closed()),
    }
}

/// What something before core says.
async fn early_answer(status: u64) -> Answer {
    let http = |status| u16::try_from(status).unwrap_or(500);
    match status {
        0 => std::future::pending().await,
        1000.. => v4_ok(&Value::Null).with_status(http(status - 1000)),
        302 => Answer::html(302, "").header("Location", "/login"),
        _ => Answer::html(http(status), "<html><body>proxy</body></html>"),
    }
}

/// Carries a registration out and notes it in the ledger.
async fn noted(shared: &Shared, job: &Job) -> Result<PackageRow, Refusal> {
    let place = shared
        .ledger()
        .begin(job.side, &job.id, shared.since_start());
    let row = shared.state().database(job.side).by_id(&job.id).cloned();
    let result = match row {
        None => Err(Refusal::plain(unknown(shared, job))),
        Some(row) => {
            let package = &row.package;
            shared
                .ledger()
                .package(place, &package.name, &package.version);
            carried_out(shared, job, &row).await
        }
    };
    shared.state().side_mut(job.side).registers_done += 1;
    let text = match &result {
        Ok(_) => "ok",
        Err(refusal) => refusal.message.as_str(),
    };
    shared.ledger().end(place, text, shared.since_start());
    result
}

fn unknown(shared: &Shared, job: &Job) -> String {
    if shared.state().side(job.side).version.is_v3() {
        no_package(&job.id)
    } else {
        unknown_v4(&job.id)
    }
}

async fn carried_out(shared: &Shared, job: &Job, row: &PackageRow) -> Result<PackageRow, Refusal> {
    let name = &row.package.name;
    let (slow_ms, no_effect, no_ui_ms) = {
        let state = shared.state();
        if !job.ui_only {
            check(&state, job.side, &row.package)?;
        }
        let slow = state.faults.find(job.side, Kind::SlowRegister, name);
        (
            slow.map_or(0, Fault::amount),
            state.faults.hits(job.side, Kind::NoEffect, name),
            state.timing.no_ui_ms,
        )
    };
    sleep(Duration::from_millis(slow_ms)).await;
    if no_effect {
        return Ok(row.clone());
    }
    if row.package.ui.is_some() {
        copy(shared, job.side, &row.package, job.ui_only).await?;
    } else {
        sleep(Duration::from_secs_f64(no_ui_ms / 1000.0)).await;
    }
    finish(&mut shared.state(), job)
}

/// What is looked at before anything is done.
fn check(state: &WorldState, side: SideName, package: &Package) -> Result<(), Refusal> {
    if state.side(side).version.is_v3() {
        check_v3(state, side, package)
    } else {
        check_v4(state, side, package)
    }
}

/// Equal or newer is enough; removed packages and a fourth active version are refused.
fn check_v3(state: &WorldState, side: SideName, package: &Package) -> Result<(), Refusal> {
    let own = state.side(side).version.bare();
    for need in &package.dependencies {
        if need.name == "platform" {
            if v3_compare(own, &need.version).is_none_or(std::cmp::Ordering::is_lt) {
                return Err(Refusal::plain(format!(
                    "Platform version does not match.At least {} required but currently the version is {own}.",
                    need.version
                )));
            }
            continue;
        }
        let met = state.database(side).packages.iter().any(|row| {
            row.package.name == need.name
                && row.package.is_active()
                && v3_compare(&row.package.version, &need.version)
                    .is_some_and(std::cmp::Ordering::is_ge)
        });
        if !met {
            return Err(Refusal::plain(format!(
                "Plugin dependency validation failed:make sure dependency packege {} {} is in active status",
                need.name, need.version
            )));
        }
    }
    if package.status == "DECOMMISSIONED" {
        return Err(Refusal::plain(format!(
            "Failed to register PluginPackage[{}/{}] as it is DECOMMISSIONED status [DECOMMISSIONED]",
            package.name, package.version
        )));
    }
    let others = state
        .database(side)
        .packages
        .iter()
        .filter(|row| row.package.name == package.name && row.package.version != package.version)
        .filter(|row| row.package.is_active())
        .count();
    if others > 2 {
        return Err(Refusal::plain(format!(
            "Not allowed to register more packages. Current active packages: [{others}]"
        )));
    }
    Ok(())
}

/// Strictly newer is wanted, and REGISTERED alone counts; the status of the package itself is not
/// looked at (`register-dependency-equal-version.json`).
fn check_v4(state: &WorldState, side: SideName, package: &Package) -> Result<(), Refusal> {
    let own = state.side(side).version.text();
    let mut unmet = Vec::new();
    for need in &package.dependencies {
        let wanted = v4_weight(&need.version);
        if need.name == "platform" {
            if wanted > v4_weight(own) {
                return Err(Refusal::plain(format!(
                    "platform version required {} > {own}",
                    need.version
                )));
            }
            continue;
        }
        let met = state.database(side).packages.iter().any(|row| {
            row.package.name == need.name
                && row.package.status == "REGISTERED"
                && v4_weight(&row.package.version) > wanted
        });
        if !met {
            unmet.push(format!("{}:{}", need.name, need.version));
        }
    }
    if unmet.is_empty() {
        return Ok(());
    }
    Err(Refusal::plain(format!(
        "depence {} illegal",
        unmet.join(",")
    )))
}

/// Writes the rows. The files are there by now, also when this fails.
fn finish(state: &mut WorldState, job: &Job) -> Result<PackageRow, Refusal> {
    let side = job.side;
    let name = match state.database(side).by_id(&job.id) {
        Some(row) => row.package.name.clone(),
        None => return Err(Refusal::plain(unknown_v4(&job.id))),
    };
    let v3 = state.side(side).version.is_v3();
    if state.faults.strike(side, Kind::Deadlock, &name) {
        let cause = "Deadlock found when trying to get lock; try restarting transaction";
        return Err(if v3 {
            Refusal::plain(format!("\n### Error updating database.  Cause: {cause}"))
        } else {
            Refusal {
                code: 10_000_023,
                message: format!(
                    "System error [Failed to execute database sql] (Error 1213 (40001): {cause})"
                ),
            }
        });
    }
    if v3 {
        finish_v3(state, side, &job.id);
    } else {
        finish_v4(state, job);
    }
    let row = state.database(side).by_id(&job.id).cloned();
    let row = row.ok_or_else(|| Refusal::plain(unknown_v4(&job.id)))?;
    if side == SideName::New
        && state.faults.hits(side, Kind::OldBreaks, &name)
        && let Some(old) = &mut state.old
    {
        old.clear_package(&name, &row.package.version);
    }
    Ok(row)
}

/// Other versions stay as they are; the upload time moves; resource rows keep their ids.
fn finish_v3(state: &mut WorldState, side: SideName, id: &str) {
    let now = state.stored_now(side);
    let database = state.database_mut(side);
    let Some(row) = database.by_id_mut(id) else {
        return;
    };
    "REGISTERED".clone_into(&mut row.package.status);
    row.package.upload_timestamp = now;
    let own = row.source();
    let prefix = format!("{}__", row.package.name);
    for variable in &mut database.variables {
        if variable.source == own {
            "active".clone_into(&mut variable.status);
        } else if variable.source.starts_with(&prefix) {
            "inactive".clone_into(&mut variable.status);
        }
    }
}

/// New resource rows; up to v4.1 the other versions are set back, from v4.2 on they lose
/// `uiActive`; both editions of the version are registered; variables are switched.
fn finish_v4(state: &mut WorldState, job: &Job) {
    let now = state.stored_now(job.side);
    let root = state.side(job.side).root();
    let version = state.side(job.side).version.clone();
    let Some(row) = state.database(job.side).by_id(&job.id) else {
        return;
    };
    let (name, own, of) = (
        row.package.name.clone(),
        row.package.version.clone(),
        row.source(),
    );
    let paths = v4_paths(&row.package, &root);
    let files: Vec<FileRow> = paths
        .into_iter()
        .map(|related_path| FileRow {
            id: state.ids.make(MadeBy::V4, "p_ui"),
            related_path,
        })
        .collect();
    let has_ui = !files.is_empty();
    let database = state.database_mut(job.side);
    for row in database
        .packages
        .iter_mut()
        .filter(|row| row.package.name == name)
    {
        let this = row.package.id == job.id;
        if this && has_ui {
            row.files.clone_from(&files);
        }
        if has_ui && version.has_ui_active() {
            row.package.ui_active = this;
        }
        if !job.ui_only {
            if version.demotes() && row.package.status == "REGISTERED" {
                "UNREGISTERED".clone_into(&mut row.package.status);
            }
            if row.package.version == own {
                "REGISTERED".clone_into(&mut row.package.status);
            }
        }
        if version.has_ui_active() && row.package.version == own {
            job.operator.clone_into(&mut row.package.updated_by);
            row.package.updated_time.clone_from(&now);
        }
    }
    if job.ui_only {
        return;
    }
    for variable in &mut database.variables {
        if variable.package_name.as_ref() == Some(&name) && variable.status == "active" {
            "inactive".clone_into(&mut variable.status);
        }
        if variable.source == of {
            "active".clone_into(&mut variable.status);
        }
    }
}
