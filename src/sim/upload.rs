//! `POST /platform/v1/packages`: takes a plugin's zip and makes its rows.
//!
//! The zip is not opened: name and version are read from its file name, and what it holds is taken
//! from the world's `uploads`, or guessed (no pages, no dependencies).

use serde_json::{Value, json};

use super::core_rows::package_item;
use super::database::PackageRow;
use super::shared::Shared;
use super::state::WorldState;
use super::version::PlatformVersion;
use super::wire::{Answer, Request, SideName, v3_error, v3_ok, v4_error, v4_ok};
use super::world::{MadeBy, Package};

/// On v3 the answer is the package.
pub(super) fn v3(shared: &Shared, request: &Request) -> Answer {
    let Some((name, version)) = file_name(request) else {
        return v3_error("Only zip file is supported.");
    };
    let mut state = shared.state();
    if state.database(request.side).find(&name, &version).is_some() {
        return v3_error(&format!(
            "Plugin package [name={name}, version={version}] exists."
        ));
    }
    let row = insert(&mut state, request.side, &name, &version);
    row.map_or_else(
        || v3_error("upload failed"),
        |row| v3_ok(&package_item(&row)),
    )
}

/// On v4 the answer is null, from v4.2 on `{id}`; then there is a limit of packages per name too.
pub(super) fn v4(shared: &Shared, request: &Request, platform: &PlatformVersion) -> Answer {
    let Some((name, version)) = file_name(request) else {
        return v4_error(-1, "register xml and image tar can not empty");
    };
    let mut state = shared.state();
    let database = state.database(request.side);
    if database.find(&name, &version).is_some() {
        return v4_error(-1, &format!("plugin {name}:{version} already existed"));
    }
    let there = database
        .packages
        .iter()
        .filter(|row| row.package.name == name && row.package.status != "DECOMMISSIONED")
        .count();
    if platform.upload_limit().is_some_and(|limit| there > limit) {
        return v4_error(-1, &format!("plugin {name} package num limit"));
    }
    let row = insert(&mut state, request.side, &name, &version);
    match row {
        Some(row) if platform.has_ui_active() => v4_ok(&json!({"id": row.package.id})),
        _ => v4_ok(&Value::Null),
    }
}

/// Makes the rows of an uploaded package: not registered, without instances.
fn insert(state: &mut WorldState, side: SideName, name: &str, version: &str) -> Option<PackageRow> {
    let known = state
        .uploads
        .iter()
        .find(|package| package.name == name && package.version == version)
        .cloned();
    let here = state.side(side);
    let made_by = here.made_by();
    let (platform, root) = (here.version.clone(), here.root());
    let mut package = known.unwrap_or_else(|| Package::new(name, version));
    package.id = String::new();
    package.instances.clear();
    package.made_by = made_by;
    "UNREGISTERED".clone_into(&mut package.status);
    package.upload_timestamp = state.stored_now(side);
    package.register_done = made_by == MadeBy::V3;
    let WorldState { databases, ids, .. } = state;
    let index = match (side, databases.len()) {
        (SideName::Old, 2) => 1,
        _ => 0,
    };
    databases[index].insert(package, &platform, &root, ids);
    databases[index].packages.last().cloned()
}

/// `itsdangerous` and `v0.2.5` from `filename="itsdangerous-v0.2.5.zip"` in the form.
fn file_name(request: &Request) -> Option<(String, String)> {
    if !request.content_type.starts_with("multipart/form-data") {
        return None;
    }
    let head = String::from_utf8_lossy(&request.body[..request.body.len().min(4096)]);
    let (_, rest) = head.split_once("filename=\"")?;
    let (file, _) = rest.split_once('"')?;
    let stem = file.rsplit('/').next()?.strip_suffix(".zip")?;
    let (name, version) = stem.rsplit_once('-')?;
    (!name.is_empty() && !version.is_empty()).then(|| (name.to_owned(), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::wire::Via;
    use super::*;

    #[test]
    fn the_file_name_tells_name_and_version() {
        let request = Request {
            side: SideName::New,
            via: Via::Core,
            portal: 0,
            method: "POST".to_owned(),
            path: "/platform/v1/packages".to_owned(),
            query: String::new(),
            authorization: None,
            if_none_match: None,
            host: String::new(),
            content_type: "multipart/form-data; boundary=x".to_owned(),
            body: b"--x\r\nContent-Disposition: form-data; name=\"zip-file\"; filename=\"service-mgmt-v0.7.1.zip\"\r\n".to_vec(),
        };
        let found = file_name(&request).unwrap();
        assert_eq!(found, ("service-mgmt".to_owned(), "v0.7.1".to_owned()));
    }
}
