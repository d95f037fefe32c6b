//! The cells of one side of a row, all but the static files.

use std::collections::BTreeSet;

use super::cause::{Cause, CoreRoute};
use super::model::Cell;
use super::view::PluginView;
use crate::domain::{MenuItem, PackageStatus, Reach, RouteItem, Version};

/// A row as one of its sides sees it.
pub(super) struct PluginOnSide<'a> {
    /// The side that is judged.
    pub(super) own: &'a PluginView<'a>,
    /// The other one.
    pub(super) other: &'a PluginView<'a>,
}

impl PluginOnSide<'_> {
    /// The cell of a plugin that is not expected on this side; `None` if it is.
    pub(super) fn not_expected(&self) -> Option<Cell> {
        let requirement = match self.own.chosen {
            Some(_) => self.own.requirement.clone(),
            // What the side does not have cannot be missed where it would be refused anyway.
            None if self.lacks_package() => self.other_package_requirement(),
            None => None,
        };
        if let Some(requirement) = requirement {
            return Some(Cell::not_applicable(Cause::NotForThisSide {
                needs: requirement.needs,
                is: requirement.is,
            }));
        }
        let nowhere = |view: &PluginView<'_>| view.is_any_running() == Ok(false);
        (nowhere(self.own) && nowhere(self.other)).then(|| Cell::not_applicable(Cause::RunsNowhere))
    }

    fn lacks_package(&self) -> bool {
        self.own.chosen.is_none() && self.own.packages.is_ok()
    }

    fn other_package_requirement(&self) -> Option<super::requirement::PlatformRequirement> {
        let package = self.other.chosen?;
        self.own
            .requirements
            .against(package, self.own.index.inventory)
    }

    /// Whether the plugin brings pages, judged by the other side if this one has no package.
    pub(super) fn has_ui(&self) -> Option<bool> {
        let own = self.own.has_ui();
        own.or_else(|| self.other.has_ui())
    }

    /// The cell if this side has no package or could not list its packages.
    fn no_package(&self) -> Cell {
        match &self.own.packages {
            Ok(_) => Cell::hidden(Cause::NotOnThisSide),
            Err(failure) => Cell::unknown(Cause::NotRead((*failure).clone())),
        }
    }

    pub(super) fn package(&self) -> Cell {
        let cell = match self.own.chosen {
            None => self.no_package(),
            Some(package) if package.status.is_active() => Cell::visible(),
            Some(package) => match self.demoted(&package.version) {
                Some(cause) if package.status == PackageStatus::Unregistered => Cell::hidden(cause),
                _ => Cell::hidden(Cause::NotRegistered {
                    status: package.status.clone(),
                }),
            },
        };
        match self.not_expected() {
            // A registered package that runs nowhere is there all the same.
            Some(not_asked) if !cell.causes.is_empty() || self.own.requirement.is_some() => {
                not_asked
            }
            _ => cell,
        }
    }

    /// The cause for a version that is not active while others are.
    fn demoted(&self, version: &Version) -> Option<Cause> {
        let by = self.own.active();
        (!by.is_empty() && !by.contains(version)).then(|| Cause::Demoted {
            version: version.clone(),
            by,
        })
    }

    pub(super) fn running(&self) -> Cell {
        if let Some(cell) = self.not_expected() {
            return cell;
        }
        let Some(package) = self.own.chosen else {
            return self.no_package();
        };
        match self.own.is_running(package) {
            Err(cause) => Cell::unknown(cause),
            Ok(true) => Cell::visible(),
            Ok(false) => Cell::hidden(self.not_running()),
        }
    }

    fn not_running(&self) -> Cause {
        let running = self.own.running_versions();
        match running.as_slice() {
            [] => Cause::NoInstance,
            [version] => {
                let demoted = self.demoted(version);
                demoted.unwrap_or(Cause::OtherVersionRuns { running })
            }
            _ => Cause::OtherVersionRuns { running },
        }
    }

    /// By the menus' own state. What our token's authorities are granted tells only what is there, or
    /// if the sides differ: real plugins grant their menus to other roles than an administrator's,
    /// so that none of theirs is in `my-menus` (`all-menus` and `my-menus` of the recordings).
    pub(super) fn menus(&self) -> Cell {
        if let Some(cell) = self.not_expected() {
            return cell;
        }
        let brought = match (self.own.menus(), self.own.chosen) {
            (_, Some(package)) if !package.status.is_active() => return self.package(),
            (Some(Ok(menus)), _) => menus,
            (Some(Err(cause)), _) => return Cell::unknown(cause),
            (None, _) => return self.menus_without_package(),
        };
        let absent = self.absent_menus(brought);
        let inactive = codes(brought.iter().filter(|menu| !menu.active));
        let mut causes = Vec::new();
        if !absent.is_empty() {
            causes.push(Cause::MenuAbsent { codes: absent });
        }
        if !inactive.is_empty() {
            causes.push(Cause::MenuInactive { codes: inactive });
        }
        match (causes.pop(), brought) {
            (None, []) => Cell::not_applicable(Cause::NoMenus),
            (None, _) => Cell::visible(),
            (Some(last), _) => {
                let mut cell = Cell::hidden(last);
                cell.causes.splice(0..0, causes);
                cell
            }
        }
    }

    fn menus_without_package(&self) -> Cell {
        match self.other.menus() {
            Some(Ok([])) if self.lacks_package() => Cell::not_applicable(Cause::NoMenus),
            _ => self.no_package(),
        }
    }

    /// Menus that the same version has on the other side and lacks here, and menus that the token's
    /// authorities see there and not here.
    fn absent_menus(&self, brought: &[MenuItem]) -> BTreeSet<String> {
        let mut absent = BTreeSet::new();
        let here = codes(brought.iter());
        let version = |view: &PluginView<'_>| view.chosen.map(|package| package.version.clone());
        if let Some(Ok(there)) = self.other.menus()
            && version(self.own) == version(self.other)
        {
            absent.extend(codes(there.iter()).difference(&here).cloned());
        }
        if let (Ok(seen_here), Ok(seen_there)) =
            (&self.own.index.seen_menus, &self.other.index.seen_menus)
        {
            let granted_there = here.iter().filter(|code| {
                seen_there.contains(code.as_str()) && !seen_here.contains(code.as_str())
            });
            absent.extend(granted_there.cloned());
        }
        absent
    }

    pub(super) fn resource_files(&self) -> Cell {
        if let Some(cell) = self.not_expected() {
            return cell;
        }
        if self.has_ui() == Some(false) {
            return Cell::not_applicable(Cause::NoUi);
        }
        let listed = match &self.own.pages {
            Err(failure) => return Cell::unknown(Cause::NotRead((*failure).clone())),
            Ok(_) => self.own.listed(),
        };
        match self.own.chosen {
            _ if listed.is_empty() => self.not_listed(),
            Some(package) if !listed.contains(&package.version) => {
                Cell::hidden(Cause::OtherVersion {
                    listed,
                    expected: vec![package.version.clone()],
                })
            }
            _ => Cell::visible(),
        }
    }

    /// The cell if the side lists no page.
    pub(super) fn not_listed(&self) -> Cell {
        match self.own.chosen {
            None => self.no_package(),
            Some(_) => Cell::hidden(Cause::NotListed),
        }
    }

    /// By the routes that the gateway forwards by, whichever version they lead to.
    pub(super) fn route(&self) -> Cell {
        if let Some(cell) = self.not_expected() {
            return cell;
        }
        let routes = match self.own.gateway_routes() {
            Err(failure) => return Cell::unknown(Cause::NotRead(failure.clone())),
            Ok(routes) => routes,
        };
        if !routes.is_empty() {
            return self.leads_to_an_instance(&routes);
        }
        match self.own.is_any_running() {
            Ok(false) if self.lacks_package() => self.no_package(),
            Ok(false) => Cell::hidden(Cause::NoInstance),
            _ => Cell::hidden(Cause::NoRoute {
                core: match self.own.core_routes() {
                    Err(_) => CoreRoute::Unread,
                    Ok(routes) if routes.is_empty() => CoreRoute::Lacks,
                    Ok(_) => CoreRoute::Offers,
                },
            }),
        }
    }

    /// Both platforms make routes of the hosts and ports of their container rows, so that one which
    /// leads to no such port is left from a container that is gone. Hosts may have several names;
    /// ports decide.
    fn leads_to_an_instance(&self, routes: &[&RouteItem]) -> Cell {
        let ports: BTreeSet<String> = self
            .own
            .instances()
            .iter()
            .map(|instance| instance.port.to_string())
            .collect();
        if ports.is_empty() || routes.iter().any(|route| ports.contains(&route.port)) {
            return Cell::visible();
        }
        let to = routes
            .iter()
            .map(|route| format!("{}:{}", route.host, route.port));
        Cell::hidden(Cause::RouteElsewhere { to: to.collect() })
    }

    pub(super) fn reachable(&self) -> Cell {
        if let Some(cell) = self.not_expected() {
            return cell;
        }
        let reach = self.own.index.inventory.reach.get(self.own.name);
        match (reach, self.own.is_any_running()) {
            (Some(Reach::Reached { .. }), _) => Cell::visible(),
            (Some(Reach::Down { cause }), _) => Cell::hidden(Cause::Down {
                seen: cause.clone(),
            }),
            (Some(Reach::Unknown { cause }), _) => Cell::unknown(Cause::Unsettled {
                seen: cause.clone(),
            }),
            (None, Ok(false)) if self.lacks_package() => self.no_package(),
            (None, Ok(false)) => Cell::hidden(Cause::NoInstance),
            (None, Ok(true)) => Cell::unknown(Cause::NotAsked),
            (None, Err(cause)) => Cell::unknown(cause),
        }
    }
}

fn codes<'a>(menus: impl Iterator<Item = &'a MenuItem>) -> BTreeSet<String> {
    menus.map(|menu| menu.code.clone()).collect()
}
