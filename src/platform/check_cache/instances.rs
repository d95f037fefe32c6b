//! Which instances run, as far as the listings tell it without a question for each package.

use crate::domain::{Instance, InstanceStatus, PluginName, RouteItem};
use crate::platform::wire::{InstanceRow, ListedPackage};

/// Instances of a package, if its row and core's routes settle them; `None` if the package must be
/// asked.
///
/// Core lists one route without a path for each row of `plugin_instances` whose container is RUNNING,
/// whatever the package's status (`services/database/route.go`, `GetRouteItems`, the same in v4.0.0,
/// v4.2.0 and v4.5.6; v3: `docs/platform/endpoints.md#instances`). From v4.2 on a package's row names its instances without
/// their state, so that those run whose address is among the routes. Before it a row names none: a
/// package that is not active and whose name has no route has none that runs, any other is asked.
pub(in crate::platform) fn instances_from_listing(
    listed: &ListedPackage,
    all: &[ListedPackage],
    routes: &[RouteItem],
) -> Option<Vec<Instance>> {
    let package = &listed.package;
    let mut running = routes
        .iter()
        .filter(|route| route.path.is_none() && route.context == package.name);
    let Some(rows) = &listed.instance_rows else {
        let none = !package.status.is_active() && running.next().is_none();
        return none.then(Vec::new);
    };
    let runs_at: Vec<(&str, &str)> = running
        .map(|route| (route.host.as_str(), route.port.as_str()))
        .collect();
    let told = rows.iter().map(|row| {
        let (host, port) = row.address.rsplit_once(':')?;
        let shared = all
            .iter()
            .filter(|other| other.package.name == package.name)
            .flat_map(|other| other.instance_rows.iter().flatten())
            .filter(|other: &&InstanceRow| other.address == row.address)
            .count();
        if shared != 1 {
            return None;
        }
        Some(Instance {
            id: row.id.clone(),
            package: package.id.clone(),
            host: host.to_owned(),
            port: port.parse().ok()?,
            container_name: String::new(),
            status: if runs_at.contains(&(host, port)) {
                InstanceStatus::Running
            } else {
                InstanceStatus::Other(String::new())
            },
        })
    });
    let mut instances: Vec<Instance> = told.collect::<Option<_>>()?;
    instances.sort_by(|a, b| a.id.cmp(&b.id));
    Some(instances)
}

/// Whether the instances of a plugin, in all its versions, still run as they did when they were read:
/// core has one route without a path for each that runs, and they lead to the same addresses.
pub(in crate::platform) fn are_still_running(
    name: &PluginName,
    instances: &[Instance],
    routes: &[RouteItem],
) -> bool {
    let running = instances.iter();
    let running = running.filter(|it| it.status == InstanceStatus::Running);
    let mut running: Vec<(&str, String)> = running
        .map(|it| (it.host.as_str(), it.port.to_string()))
        .collect();
    let of_plugin = routes
        .iter()
        .filter(|route| route.path.is_none() && route.context == *name);
    let mut expected: Vec<(&str, String)> = of_plugin
        .map(|route| (route.host.as_str(), route.port.clone()))
        .collect();
    running.sort();
    expected.sort();
    running == expected
}
