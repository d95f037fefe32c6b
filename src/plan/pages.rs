//! Whether a package's pages are proven visible on a side. Equal listings prove nothing: on one
//! database both sides list the same rows while no page loads (`docs/platform/two-instances.md#one-database`), so each portal's own answers decide.

use std::collections::BTreeSet;

use super::model::RegisterReason;
use super::view::SideView;
use crate::domain::{
    FilePath, FileState, Package, PackageState, PluginName, ResourceFile, ServedFile, Version,
};

/// What is known of a package's pages on a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// Each page that the side lists for this version is served by each of its portals, with the
    /// same content as everywhere else.
    Proven,
    /// They are not, or it is not known.
    NotProven(RegisterReason),
}

/// Judges the pages of a package.
pub(super) fn pages(view: &SideView<'_>, other: Option<&SideView<'_>>, package: &Package) -> Pages {
    if view.inventory.resource_files.known().is_none() {
        return Pages::NotProven(RegisterReason::PagesUnknown);
    }
    let listed = listed_pages(view, package);
    if listed.is_empty() {
        return Pages::NotProven(RegisterReason::NotListed);
    }
    let mut states: Vec<PageState> = Vec::new();
    states.extend(listed.iter().map(|path| page_state(view, other, path)));
    let count = |state| states.iter().filter(|s| **s == state).count();
    let hidden = count(PageState::Hidden);
    if hidden > 0 {
        let listed = listed.len();
        return Pages::NotProven(RegisterReason::PagesHidden { hidden, listed });
    }
    if count(PageState::Differs) > 0 {
        return Pages::NotProven(RegisterReason::ContentDiffers);
    }
    if count(PageState::Unknown) > 0 || view.identity().portals.is_empty() {
        return Pages::NotProven(RegisterReason::PagesUnknown);
    }
    Pages::Proven
}

/// The pages that a side lists for exactly this version: both the row and the directory in its path
/// name it.
fn listed_pages<'a>(view: &SideView<'a>, package: &Package) -> BTreeSet<&'a FilePath> {
    rows_of(view, package)
        .map(|row| &row.path)
        .filter(|path| path.is_script_or_style())
        .filter(|path| path.version_directory() == Some(package.version.as_str()))
        .collect()
}

fn rows_of<'a>(view: &SideView<'a>, package: &Package) -> impl Iterator<Item = &'a ResourceFile> {
    let rows = view.rows(&package.name).iter().copied();
    rows.filter(|row| row.package_version == package.version)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PageState {
    Served,
    Hidden,
    Differs,
    Unknown,
}

fn page_state(view: &SideView<'_>, other: Option<&SideView<'_>>, path: &FilePath) -> PageState {
    let answers = view.inventory.files.get(path);
    let mut state = PageState::Served;
    for portal in &view.identity().portals {
        match answers.and_then(|answers| answers.get(portal)) {
            Some(FileState::Served(_)) => {}
            Some(FileState::Unknown { .. }) | None => state = PageState::Unknown,
            Some(
                FileState::Missing
                | FileState::Forbidden
                | FileState::NotAScript { .. }
                | FileState::Empty
                | FileState::Unexpected { .. },
            ) => return PageState::Hidden,
        }
    }
    if differ(served(view, path).chain(other.into_iter().flat_map(|other| served(other, path)))) {
        return PageState::Differs;
    }
    state
}

fn served<'a>(view: &SideView<'a>, path: &FilePath) -> impl Iterator<Item = &'a ServedFile> {
    let answers = view.inventory.files.get(path).into_iter().flatten();
    answers.filter_map(|(_, state)| match state {
        FileState::Served(file) => Some(file),
        _ => None,
    })
}

/// Whether two of these are known to be other bytes. A length or digest that is unknown
/// contradicts nothing.
fn differ<'a>(files: impl Iterator<Item = &'a ServedFile>) -> bool {
    let (mut length, mut digest) = (None, None);
    for file in files {
        if file.length.is_some() && *length.get_or_insert(file.length) != file.length {
            return true;
        }
        if let Some(told) = &file.digest
            && *digest.get_or_insert(told) != told
        {
            return true;
        }
    }
    false
}

/// What a package looks like before anything is written.
pub(super) fn state_before(view: &SideView<'_>, package: &Package) -> PackageState {
    let rows = || rows_of(view, package);
    let browser_loads = |path: &&FilePath| path.is_script_or_style();
    PackageState {
        status: package.status.clone(),
        uploaded: package.uploaded.clone(),
        updated_time: package.updated_time.clone(),
        ui_active: package.ui_active,
        file_rows: rows().map(|row| row.id.clone()).collect(),
        pages: rows()
            .map(|row| &row.path)
            .filter(browser_loads)
            .cloned()
            .collect(),
    }
}

/// The pages that a side lists for a plugin and at least one of its portals serves now.
pub(super) fn served_pages(view: &SideView<'_>, name: &PluginName) -> BTreeSet<FilePath> {
    let rows = view.rows(name).iter();
    rows.map(|row| &row.path)
        .filter(|path| path.is_script_or_style() && served(view, path).next().is_some())
        .cloned()
        .collect()
}

/// Whether people may see a page of the plugin on that side: one is served, or it is not known.
pub(super) fn may_show(view: &SideView<'_>, name: &PluginName) -> bool {
    let portals = &view.identity().portals;
    let open = |path: &FilePath| {
        let answers = view.inventory.files.get(path);
        let answer = |portal| answers.and_then(|answers| answers.get(portal));
        let unsettled = |state: Option<&FileState>| {
            matches!(
                state,
                None | Some(FileState::Served(_) | FileState::Unknown { .. })
            )
        };
        portals.is_empty() || portals.iter().any(|portal| unsettled(answer(portal)))
    };
    let mut pages = view.rows(name).iter().map(|row| &row.path);
    pages.any(|path| path.is_script_or_style() && open(path))
}

/// How many rows a side has for a version: what is known of its size.
pub(super) fn size(view: &SideView<'_>, name: &PluginName, version: &Version) -> usize {
    let rows = view.rows(name).iter();
    rows.filter(|row| row.package_version == *version).count()
}
