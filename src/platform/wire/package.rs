//! Packages, their instances, dependencies and files.

use serde::Deserialize;

use super::tolerant::{Flag, Needed, Number, Rows, Txt};
use crate::domain::{
    Dependency, Edition, FilePath, Instance, InstanceId, InstanceStatus, Package, PackageId,
    PackageStatus, PluginName, ResourceFile, ResourceFileId, Version,
};

/// A row of `GET /packages`, and `data` of a v3 register.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct PackageDto {
    id: Needed,
    name: Needed,
    #[serde(default)]
    version: Txt,
    #[serde(default)]
    status: Txt,
    #[serde(default)]
    upload_timestamp: Txt,
    #[serde(default)]
    ui_package_included: Flag,
    #[serde(default)]
    edition: Txt,
    #[serde(default)]
    register_done: Flag,
    #[serde(default)]
    ui_active: Flag,
    #[serde(default)]
    updated_by: Txt,
    #[serde(default)]
    updated_time: Txt,
    /// v4.2 on: rows of `plugin_instances` of this package.
    instances: Option<Rows<RowInstanceDto>>,
}

/// An instance as a v4.2 or later puts it into a package's row: `{id, address: "host:port"}`.
///
/// The row comes from `plugin_instances` without a look at `container_status`
/// (`services/database/package.go`, `QueryPluginPackages`, v4.2.0 to v4.5.6). So an empty list proves
/// that no instance runs, and a full one does not prove that one does: on a database that a v3 wrote,
/// rows in another state may be left. Whoever needs to know asks `packages/{id}/instances`.
#[derive(Debug, Deserialize)]
struct RowInstanceDto {
    #[serde(default)]
    id: Txt,
    #[serde(default)]
    address: Txt,
}

/// The same, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct InstanceRow {
    /// Row id.
    pub(in crate::platform) id: InstanceId,
    /// `host:port`.
    pub(in crate::platform) address: String,
}

/// A package, and what its row says of instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct ListedPackage {
    /// The package.
    pub(in crate::platform) package: Package,
    /// Its rows in `plugin_instances`, in whatever state; `None` if the version does not say (before
    /// v4.2).
    pub(in crate::platform) instance_rows: Option<Vec<InstanceRow>>,
}

impl ListedPackage {
    /// Whether the row settles that the package has no instance, so that nothing need be asked.
    pub(in crate::platform) fn has_no_instance(&self) -> bool {
        self.instance_rows.as_ref().is_some_and(Vec::is_empty)
    }
}

impl PackageDto {
    /// The domain's package.
    pub(in crate::platform) fn into_domain(self) -> ListedPackage {
        let Self {
            id: Needed(id),
            name: Needed(name),
            version: Txt(version),
            status: Txt(status),
            upload_timestamp: Txt(uploaded),
            ui_package_included: Flag(has_ui),
            edition: Txt(edition),
            register_done: Flag(register_done),
            ui_active: Flag(ui_active),
            updated_by: Txt(updated_by),
            updated_time: Txt(updated_time),
            instances,
        } = self;
        let package = Package {
            id: PackageId::new(id),
            name: PluginName::new(name),
            version: Version::new(version),
            status: PackageStatus::parse(&status),
            edition: parse_edition(edition),
            has_ui: has_ui.unwrap_or(false),
            uploaded: moment(uploaded),
            ui_active,
            register_done,
            updated_time: moment(updated_time),
            updated_by: Some(updated_by).filter(|by| !by.is_empty()),
        };
        ListedPackage {
            package,
            instance_rows: instances.map(|Rows(rows)| {
                let row = |row: RowInstanceDto| InstanceRow {
                    id: InstanceId::new(row.id.0),
                    address: row.address.0,
                };
                rows.into_iter().map(row).collect()
            }),
        }
    }
}

/// A moment as given; `None` if the column is null, which v4 shows as Go's zero time.
fn moment(text: String) -> Option<String> {
    (!text.is_empty() && !text.starts_with("0001-01-01")).then_some(text)
}

fn parse_edition(text: String) -> Edition {
    match text.as_str() {
        "" | "community" => Edition::Community,
        "enterprise" => Edition::Enterprise,
        _ => Edition::Other(text),
    }
}

/// A row of `packages/{id}/instances`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct InstanceDto {
    id: Needed,
    #[serde(default)]
    host: Txt,
    #[serde(default)]
    port: Number<u16>,
    #[serde(default)]
    container_name: Txt,
    #[serde(default)]
    container_status: Txt,
    #[serde(default)]
    package_id: Txt,
}

impl InstanceDto {
    /// The domain's instance; `asked` is the package that it was asked for, taken where the row does
    /// not name one.
    pub(in crate::platform) fn into_domain(self, asked: &PackageId) -> Instance {
        let Self {
            id: Needed(id),
            host: Txt(host),
            port: Number(port),
            container_name: Txt(container_name),
            container_status: Txt(status),
            package_id: Txt(package),
        } = self;
        Instance {
            id: InstanceId::new(id),
            package: if package.is_empty() {
                asked.clone()
            } else {
                PackageId::new(package)
            },
            host,
            port,
            container_name,
            status: if status == "RUNNING" {
                InstanceStatus::Running
            } else {
                InstanceStatus::Other(status)
            },
        }
    }
}

/// `data` of `packages/{id}/dependencies`: the package itself and its dependencies. v3 goes on below
/// each of them (the whole tree), v4 does not; only the direct ones are taken, and what lies below
/// is not even decoded.
#[derive(Debug, Deserialize)]
pub(in crate::platform) struct DependencyTreeDto {
    #[serde(default)]
    dependencies: Rows<DependencyDto>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DependencyDto {
    package_name: Needed,
    #[serde(default)]
    version: Txt,
}

impl DependencyTreeDto {
    /// Direct dependencies, sorted, each once: an order of the database means nothing.
    pub(in crate::platform) fn into_domain(self) -> Vec<Dependency> {
        let Self {
            dependencies: Rows(rows),
        } = self;
        let mut dependencies: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let DependencyDto {
                    package_name: Needed(name),
                    version: Txt(version),
                } = row;
                Dependency {
                    name: PluginName::new(name),
                    version: Version::new(version),
                }
            })
            .collect();
        dependencies.sort();
        dependencies.dedup();
        dependencies
    }
}

/// A row of `resource-files`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct ResourceFileDto {
    id: Needed,
    package_name: Needed,
    #[serde(default)]
    package_version: Txt,
    #[serde(default)]
    related_path: Txt,
}

impl ResourceFileDto {
    /// The domain's row; the path stays as given, [`crate::platform::endpoints::ProbePath`] judges it
    /// before it is asked.
    pub(in crate::platform) fn into_domain(self) -> ResourceFile {
        let Self {
            id: Needed(id),
            package_name: Needed(name),
            package_version: Txt(version),
            related_path: Txt(path),
        } = self;
        ResourceFile {
            id: ResourceFileId::new(id),
            package_name: PluginName::new(name),
            package_version: Version::new(version),
            path: FilePath::new(path),
        }
    }
}

/// `data` of a registration or an upload: v3 the whole package, v4.2 and later `{id}`, v4.0 and v4.1 null.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::platform) struct PackageRefDto {
    id: Txt,
}

impl PackageRefDto {
    /// The package's id, if the version says it.
    pub(in crate::platform) fn into_domain(self) -> Option<PackageId> {
        let Self { id: Txt(id) } = self;
        (!id.is_empty()).then(|| PackageId::new(id))
    }
}
