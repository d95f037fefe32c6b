//! `data` of each call as `domain` values, if all versions read alike.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;

use crate::domain::{
    Dependency, FailureCause, FailureKind, Instance, InstanceId, MenuItem, PackageId,
    PlatformVersion, ReadFailure, ResourceFile, RouteItem, VariableId,
};
use crate::platform::wire::{
    ContainersDto, DependencyTreeDto, InstanceDto, LaunchedDto, ListedPackage, MenuDto, PackageDto,
    PackageRefDto, ResourceFileDto, RoleDto, RoleMenusDto, RouteItemDto, Rows, VariableDto,
    decode_data, excerpt,
};

/// What was asked, for errors.
#[derive(Clone, Copy, Debug)]
pub(in crate::platform) struct CallInfo<'a> {
    /// Operation (`ApiRequest::op`).
    pub(in crate::platform) op: &'static str,
    /// Method and address without secrets.
    pub(in crate::platform) target: &'a str,
}

impl CallInfo<'_> {
    fn failure(&self, cause: FailureCause) -> ReadFailure {
        ReadFailure {
            kind: FailureKind::NotWecube,
            operation: self.op,
            target: self.target.to_owned(),
            cause,
        }
    }
}

fn rows<T, D>(asked: CallInfo<'_>, data: &str, into: impl Fn(D) -> T) -> Result<Vec<T>, ReadFailure>
where
    D: serde::de::DeserializeOwned,
{
    let Rows::<D>(rows) = decode_data(asked.op, asked.target, data)?;
    Ok(fitted(rows.into_iter().map(into)))
}

/// A list that takes no more than its rows: one that is collected in the place of larger rows, or of
/// more, would keep that.
fn fitted<T>(rows: impl Iterator<Item = T>) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.shrink_to_fit();
    rows
}

/// The version. v4 tells an environment variable, which may be empty; what is no text at all is not
/// a version.
pub(in crate::platform) fn version(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<PlatformVersion, ReadFailure> {
    match serde_json::from_str::<Option<String>>(data) {
        Ok(text) => Ok(PlatformVersion::parse(&excerpt(&text.unwrap_or_default()))),
        Err(_) => Err(asked.failure(FailureCause::NotAVersion)),
    }
}

/// The rows of one call of [`super::Driver::list_packages`].
pub(in crate::platform) fn listed_packages(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<ListedPackage>, ReadFailure> {
    rows(asked, data, PackageDto::into_domain)
}

/// Puts the rows of [`super::Driver::list_packages`] together, sorted by name, version and id. A
/// package that is in two of them changed its status between the calls; the later answer counts.
pub(in crate::platform) fn packages(listings: Vec<Vec<ListedPackage>>) -> Vec<ListedPackage> {
    let listed = listings.into_iter().flatten();
    let by_id: BTreeMap<_, _> = listed.map(|row| (row.package.id.clone(), row)).collect();
    let mut packages: Vec<ListedPackage> = by_id.into_values().collect();
    packages.sort_by(|a, b| {
        let (a, b) = (&a.package, &b.package);
        (&a.name, &a.version, &a.id).cmp(&(&b.name, &b.version, &b.id))
    });
    packages
}

/// Instances of one package, in every state that the version shows, sorted by id.
pub(in crate::platform) fn instances(
    asked: CallInfo<'_>,
    package: &PackageId,
    data: &str,
) -> Result<Vec<Instance>, ReadFailure> {
    let mut instances = rows(asked, data, |dto: InstanceDto| dto.into_domain(package))?;
    instances.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(instances)
}

/// The container of each instance of one package.
pub(in crate::platform) fn launched(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<(InstanceId, String)>, ReadFailure> {
    rows(asked, data, |dto: LaunchedDto| {
        let (id, container) = dto.into_ids();
        (InstanceId::new(id), container)
    })
}

/// The value of an environment variable in each container that has it.
pub(in crate::platform) fn container_variable(
    asked: CallInfo<'_>,
    name: &str,
    data: &str,
) -> Result<BTreeMap<String, String>, ReadFailure> {
    let containers: ContainersDto = decode_data(asked.op, asked.target, data)?;
    Ok(containers.variable(name).into_iter().collect())
}

/// Direct dependencies of one package, sorted.
pub(in crate::platform) fn dependencies(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<Dependency>, ReadFailure> {
    let tree: DependencyTreeDto = decode_data(asked.op, asked.target, data)?;
    Ok(tree.into_domain())
}

/// Menus of `my-menus` and `all-menus`, in the platform's order.
pub(in crate::platform) fn menus(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<MenuItem>, ReadFailure> {
    rows(asked, data, MenuDto::into_domain)
}

/// The id of the role of that name in `roles/retrieve`; `None` if there is none.
pub(in crate::platform) fn role_id(
    asked: CallInfo<'_>,
    role: &str,
    data: &str,
) -> Result<Option<String>, ReadFailure> {
    let Rows::<RoleDto>(roles) = decode_data(asked.op, asked.target, data)?;
    Ok(roles.into_iter().find_map(|it| it.id_of(role)))
}

/// Menus of `roles/{id}/menus`.
pub(in crate::platform) fn role_menus(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<MenuItem>, ReadFailure> {
    let role: RoleMenusDto = decode_data(asked.op, asked.target, data)?;
    let menus = role.menu_list.0.into_iter();
    Ok(fitted(menus.map(MenuDto::into_domain)))
}

/// Rows of `resource-files`, in the platform's order (the portal loads them so).
pub(in crate::platform) fn resource_files(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<ResourceFile>, ReadFailure> {
    let mut rows = rows(asked, data, ResourceFileDto::into_domain)?;
    let (mut names, mut versions) = (HashSet::new(), HashSet::new());
    for row in &mut rows {
        share(&mut names, &mut row.package_name);
        share(&mut versions, &mut row.package_version);
    }
    Ok(rows)
}

/// Puts an equal value that is known in the place of a value, so that it is in memory once.
fn share<T: Clone + Eq + Hash>(known: &mut HashSet<T>, value: &mut T) {
    if let Some(same) = known.get(value) {
        same.clone_into(value);
    } else {
        known.insert(value.clone());
    }
}

/// Routes of core or a gateway, sorted (a gateway lists them in no order), each once.
pub(in crate::platform) fn routes(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Vec<RouteItem>, ReadFailure> {
    let mut routes = rows(asked, data, RouteItemDto::into_domain)?;
    routes.sort();
    routes.dedup();
    Ok(routes)
}

/// The package that a registration or an upload names, if the version names one.
pub(in crate::platform) fn package_ref(
    asked: CallInfo<'_>,
    data: &str,
) -> Result<Option<PackageId>, ReadFailure> {
    let dto: Option<PackageRefDto> = decode_data(asked.op, asked.target, data)?;
    Ok(dto.and_then(PackageRefDto::into_domain))
}

/// The id of the row that a create made, if the answer holds exactly that row: v3 gives what it
/// stored, v4 what it was sent with the new id. v3 drops a row in silence that it does not like, and
/// answers an empty list.
pub(in crate::platform) fn created_variable(
    asked: CallInfo<'_>,
    name: &str,
    data: &str,
) -> Result<Option<VariableId>, ReadFailure> {
    let rows = rows(asked, data, VariableDto::into_domain)?;
    Ok(match rows.as_slice() {
        [row] if row.name == name => Some(row.id.clone()),
        _ => None,
    })
}
