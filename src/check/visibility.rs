//! The conditions under which a role sees the page of a plugin.

use std::collections::BTreeSet;

use super::messages::{self};
use crate::compare::{Aspect, Cause, Cell, PluginSide, State, compare};
use crate::domain::{
    Generation, Inventory, MenuItem, Package, PluginName, ReadFailure, Reading, TokenProbe,
};
use crate::i18n::Text;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its name, stable: `package_active`.
    pub code: &'static str,
    /// The condition in words.
    pub text: Text,
    /// Its state.
    pub state: ConditionState,
}

/// Whether a condition is met.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ConditionState {
    /// Met.
    Yes,
    /// Not met, with the fact.
    No(Text),
    /// Unknown, with the cause.
    Unknown(Text),
    /// Does not apply here, with the reason.
    NotApplicable(Text),
}

impl ConditionState {
    /// The value in JSON.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    fn of(cell: &Cell) -> Self {
        let cause = || {
            let cause = cell.causes.first();
            cause.map_or_else(|| Text::new("compare-cause-not-asked"), Cause::text)
        };
        match cell.state {
            State::Visible => Self::Yes,
            State::Hidden => Self::No(cause()),
            State::Unknown => Self::Unknown(cause()),
            State::NotApplicable => Self::NotApplicable(cause()),
        }
    }

    fn unread(failure: &ReadFailure) -> Self {
        Self::Unknown(messages::failure(failure))
    }
}

/// Every condition under which users in a role see the page of a plugin, in the order in which a user
/// meets them (docs/platform/portal.md#when-a-page-is-visible). `role_menus` are the codes of the menus
/// granted to the role, `probe` the answers of the plugin with and without a token.
pub fn visibility_conditions(
    inventory: &Inventory,
    name: &PluginName,
    role: &str,
    role_menus: &Reading<BTreeSet<String>>,
    probe: Option<&Reading<TokenProbe>>,
) -> Vec<Condition> {
    let alone = compare(inventory, inventory);
    let Some(row) = alone.plugins.iter().find(|row| row.name == *name) else {
        return vec![Condition {
            code: "package_active",
            text: Text::new("check-why-package"),
            state: match (inventory.packages.failure(), of_name(inventory, name)) {
                (Some(failure), _) => ConditionState::unread(failure),
                (None, Some(package)) => ConditionState::No(
                    Text::new("compare-cause-not-registered")
                        .with("status", package.status.as_str()),
                ),
                (None, None) => ConditionState::No(Text::new("compare-cause-not-on-this-side")),
            },
        }];
    };
    let own = &row.new;
    let mut conditions = vec![
        Condition {
            code: "package_active",
            text: Text::new("check-why-package"),
            state: ConditionState::of(own.cell(Aspect::Package)),
        },
        Condition {
            code: "instance_running",
            text: Text::new("check-why-running"),
            state: match ConditionState::of(own.cell(Aspect::Running)) {
                // Here it is asked for, whether it runs elsewhere or nowhere.
                ConditionState::NotApplicable(why) => ConditionState::No(why),
                state => state,
            },
        },
    ];
    conditions.extend(menus(inventory, own, role, role_menus));
    conditions.extend(listing(inventory, name, own));
    conditions.push(Condition {
        code: "files_served",
        text: Text::new("check-why-served"),
        state: ConditionState::of(own.cell(Aspect::StaticFiles)),
    });
    conditions.push(core_route(inventory, name));
    conditions.push(Condition {
        code: "gateway_route",
        text: Text::new("check-why-gateway-route"),
        state: ConditionState::of(own.cell(Aspect::Route)),
    });
    conditions.push(Condition {
        code: "reachable",
        text: Text::new("check-why-reachable"),
        state: ConditionState::of(own.cell(Aspect::Reachable)),
    });
    conditions.push(Condition {
        code: "token_taken",
        text: Text::new("check-why-token"),
        state: match probe {
            None => ConditionState::Unknown(Text::new("compare-cause-not-asked")),
            Some(Reading::Unknown(failure)) => ConditionState::unread(failure),
            Some(Reading::Known(probe)) if probe.is_refused() => {
                ConditionState::No(messages::seen(super::tokens::REFUSED))
            }
            Some(Reading::Known(_)) => ConditionState::Yes,
        },
    });
    conditions
}

fn of_name<'a>(inventory: &'a Inventory, name: &PluginName) -> Option<&'a Package> {
    let mut packages = inventory.packages.known()?.iter();
    packages.find(|package| package.name == *name)
}

/// Whether the menus of the package are granted, active and linked. One granted and active menu is enough.
fn menus(
    inventory: &Inventory,
    own: &PluginSide,
    role: &str,
    role_menus: &Reading<BTreeSet<String>>,
) -> Vec<Condition> {
    let brought = own.package.as_ref().map(|package| {
        let reading = inventory.package_menus.get(&package.id);
        reading.map(Reading::as_result)
    });
    let brought: Result<&[MenuItem], ConditionState> = match brought {
        Some(Some(Ok(menus))) if menus.is_empty() => Err(ConditionState::NotApplicable(Text::new(
            "compare-cause-no-menus",
        ))),
        Some(Some(Ok(menus))) => Ok(menus),
        Some(Some(Err(failure))) => Err(ConditionState::unread(failure)),
        _ => Err(ConditionState::Unknown(Text::new(
            "compare-cause-not-asked",
        ))),
    };
    let (granted, menus) = match (brought, role_menus) {
        (Err(state), _) => (Err(state.clone()), Err(state)),
        (Ok(menus), Reading::Unknown(failure)) => (
            Err(ConditionState::unread(failure)),
            Ok(menus.iter().collect::<Vec<_>>()),
        ),
        (Ok(menus), Reading::Known(codes)) => {
            let granted: Vec<&MenuItem> =
                menus.iter().filter(|it| codes.contains(&it.code)).collect();
            if granted.is_empty() {
                (Ok(Vec::new()), Ok(menus.iter().collect()))
            } else {
                (Ok(granted.clone()), Ok(granted))
            }
        }
    };
    let all = own_menu_codes(inventory, own);
    vec![
        Condition {
            code: "menu_granted",
            text: Text::new("check-why-granted").with("role", role),
            state: match granted {
                Err(state) => state,
                Ok(granted) if granted.is_empty() => ConditionState::No(
                    Text::new("check-why-not-granted").with("codes", messages::first_few(&all)),
                ),
                Ok(_) => ConditionState::Yes,
            },
        },
        among(&menus, "menu_active", Text::new("check-why-active"), |it| {
            it.active
        }),
        among(&menus, "menu_path", Text::new("check-why-path"), |it| {
            !it.path.is_empty()
        }),
    ]
}

fn own_menu_codes(inventory: &Inventory, own: &PluginSide) -> Vec<String> {
    let package = own.package.as_ref();
    let reading = package.and_then(|package| inventory.package_menus.get(&package.id));
    let menus = reading.and_then(Reading::known).into_iter().flatten();
    menus.map(|menu| menu.code.clone()).collect()
}

/// Whether one of the menus satisfies a condition.
fn among(
    menus: &Result<Vec<&MenuItem>, ConditionState>,
    code: &'static str,
    text: Text,
    holds: fn(&MenuItem) -> bool,
) -> Condition {
    let state = match menus {
        Err(state) => state.clone(),
        Ok(menus) if menus.iter().any(|menu| holds(menu)) => ConditionState::Yes,
        Ok(menus) => {
            let codes: Vec<&str> = menus.iter().map(|menu| menu.code.as_str()).collect();
            ConditionState::No(
                Text::new("check-why-none").with("codes", messages::first_few(&codes)),
            )
        }
    };
    Condition { code, text, state }
}

/// The conditions of this version for the resource file list.
fn listing(inventory: &Inventory, name: &PluginName, own: &PluginSide) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let package = own
        .package
        .as_ref()
        .and_then(|it| inventory.package(&it.id));
    let no_ui = package.is_some_and(|package| !package.has_ui) && own.listed.is_empty();
    let unless_no_ui = |state: ConditionState| {
        if no_ui {
            ConditionState::NotApplicable(Text::new("compare-cause-no-ui"))
        } else {
            state
        }
    };
    if inventory.capabilities.listing_needs_ui_active {
        conditions.push(Condition {
            code: "ui_active",
            text: Text::new("check-why-ui-active"),
            state: unless_no_ui(match package.map(|package| package.ui_active) {
                Some(Some(true)) => ConditionState::Yes,
                Some(Some(false)) => ConditionState::No(Text::new("check-why-ui-inactive")),
                _ => ConditionState::Unknown(Text::new("check-unknown-not-marked")),
            }),
        });
    }
    if inventory.capabilities.listing_needs_instance {
        conditions.push(Condition {
            code: "instance_row",
            text: Text::new("check-why-instance-row"),
            state: unless_no_ui(instance_row(inventory, name)),
        });
    }
    let text = match inventory.capabilities.generation {
        Generation::V3 => Text::new("check-why-listed-v3"),
        Generation::V4 if inventory.capabilities.listing_needs_ui_active => {
            Text::new("check-why-listed-v42")
        }
        Generation::V4 => Text::new("check-why-listed-v4"),
    };
    let state = match ConditionState::of(own.cell(Aspect::ResourceFiles)) {
        ConditionState::Yes if !lists_a_script(inventory, name) => {
            ConditionState::No(Text::new("check-why-no-script"))
        }
        state => state,
    };
    conditions.push(Condition {
        code: "files_listed",
        text,
        state,
    });
    conditions
}

/// Style sheets alone show nothing.
fn lists_a_script(inventory: &Inventory, name: &PluginName) -> bool {
    let mut pages = inventory.pages_of(name).into_iter().flatten();
    pages.any(|row| row.path.as_str().to_ascii_lowercase().contains(".js"))
}

/// Whether the plugin has an instance row of any state and version.
fn instance_row(inventory: &Inventory, name: &PluginName) -> ConditionState {
    let packages = match &inventory.packages {
        Reading::Known(packages) => packages.iter().filter(|it| it.name == *name),
        Reading::Unknown(failure) => return ConditionState::unread(failure),
    };
    let mut unread = None;
    for package in packages {
        match inventory.instances.get(&package.id) {
            Some(Reading::Known(rows)) if !rows.is_empty() => return ConditionState::Yes,
            Some(Reading::Unknown(failure)) => unread = Some(failure),
            _ => {}
        }
    }
    match unread {
        Some(failure) => ConditionState::unread(failure),
        None => ConditionState::No(Text::new("compare-cause-no-instance")),
    }
}

fn core_route(inventory: &Inventory, name: &PluginName) -> Condition {
    Condition {
        code: "core_route",
        text: Text::new("check-why-core-route"),
        state: match &inventory.core_routes {
            Reading::Unknown(failure) => ConditionState::unread(failure),
            Reading::Known(routes) if routes.iter().any(|it| it.context == *name) => {
                ConditionState::Yes
            }
            Reading::Known(_) => ConditionState::No(Text::new("check-why-no-core-route")),
        },
    }
}
