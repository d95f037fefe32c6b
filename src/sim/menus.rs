//! Menus: the platform's own and those of plugins (recordings `my-menus.json`, `all-menus.json`,
//! `unknown-menus.json`, `labplug-menus.json`).

use serde_json::{Value, json};

use super::database::{Database, MenuRow, PackageRow};
use super::token::Caller;
use super::version::PlatformVersion;

/// A menu of the platform: code, code of its root (empty: it is a root), order, Chinese name.
type SystemMenu = (&'static str, &'static str, u32, &'static str);

/// From `all-menus.json`: code, root, order, Chinese name. The last two appear with v4.3
/// (`v4.3.0.sql`).
const SYSTEM_MENUS: &str = "\
JOBS - 1 任务
DESIGNING - 2 设计
IMPLEMENTATION - 3 执行
MONITORING - 4 监测
INTELLIGENCE_OPS - 5 智慧
ADJUSTMENT - 6 调整
COLLABORATION - 7 协同
ADMIN - 8 系统
IMPLEMENTATION_WORKFLOW_EXECUTION IMPLEMENTATION 9 任务编排执行
COLLABORATION_PLUGIN_MANAGEMENT COLLABORATION 10 插件注册
COLLABORATION_WORKFLOW_ORCHESTRATION COLLABORATION 11 任务编排
ADMIN_SYSTEM_PARAMS ADMIN 12 系统参数
ADMIN_RESOURCES_MANAGEMENT ADMIN 13 资源管理
ADMIN_USER_ROLE_MANAGEMENT ADMIN 14 用户管理
IMPLEMENTATION_BATCH_EXECUTION IMPLEMENTATION 15 批量执行
ADMIN_SYSTEM_DATA_MODEL ADMIN 16 数据模型
ADMIN_CERTIFICATION ADMIN 17 授权管理
ADMIN_SYSTEM_WORKFLOW_REPORT ADMIN 18 编排执行报表
ADMIN_BASE_MIGRATION ADMIN 19 底座迁移
REPORT - 20 报表";

fn all_system_menus() -> impl Iterator<Item = SystemMenu> {
    SYSTEM_MENUS.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let code = words.next()?;
        let root = words.next()?.trim_matches('-');
        Some((code, root, words.next()?.parse().ok()?, words.next()?))
    })
}

/// The menus are rows: after v4.3's script has run on a database, every side on it lists all.
fn system_menus(database: &Database) -> impl Iterator<Item = SystemMenu> {
    all_system_menus().take(if database.has_v4_3_rows { 20 } else { 18 })
}

fn root_order(code: &str) -> u32 {
    all_system_menus()
        .find(|(known, ..)| *known == code)
        .map_or(0, |(_, _, order, _)| order)
}

/// `my-menus`: the roots, and what `role_menu` binds to one of the caller's authorities.
/// `SUPER_ADMIN` holds every menu of the platform; plugins grant theirs in `register.xml`.
pub(super) fn my_menus(database: &Database, version: &PlatformVersion, caller: &Caller) -> Value {
    let granted = |row: &PackageRow, code: &str| {
        database
            .packages
            .iter()
            .filter(|other| other.package.name == row.package.name)
            .flat_map(|other| &other.package.authorities)
            .any(|authority| {
                caller.has(&authority.role) && authority.menus.iter().any(|m| m == code)
            })
    };
    let mut list: Vec<Value> = system_menus(database)
        .filter(|(_, root, ..)| root.is_empty() || caller.has("SUPER_ADMIN"))
        .map(|menu| system_item(&menu, version))
        .collect();
    list.extend(plugin_items(database, version, &granted));
    Value::Array(list)
}

/// `roles/{id}/menus`: the menus of a role, whose id is its name here (`docs/platform/endpoints.md`).
pub(super) fn of_role(database: &Database, version: &PlatformVersion, id: &str) -> Value {
    let role = Caller {
        user: String::new(),
        authorities: vec![id.to_owned()],
        panics: false,
    };
    json!({"roleId": id, "roleName": id, "menuList": my_menus(database, version, &role)})
}

/// `all-menus`: everything that active packages and the platform have.
pub(super) fn all_menus(database: &Database, version: &PlatformVersion) -> Value {
    let mut list: Vec<Value> = system_menus(database)
        .map(|menu| system_item(&menu, version))
        .collect();
    list.extend(plugin_items(database, version, &|_, _| true));
    Value::Array(list)
}

/// Where several active packages have one code, the active menu wins, then the higher order.
fn plugin_items(
    database: &Database,
    version: &PlatformVersion,
    wanted: &dyn Fn(&PackageRow, &str) -> bool,
) -> Vec<Value> {
    let mut best: Vec<(&PackageRow, &MenuRow)> = Vec::new();
    for row in database
        .packages
        .iter()
        .filter(|row| row.package.is_active())
    {
        for menu in row.menus.iter().filter(|menu| wanted(row, &menu.menu.code)) {
            let known = best
                .iter_mut()
                .find(|(_, other)| other.menu.code == menu.menu.code);
            match known {
                None => best.push((row, menu)),
                Some(slot) => {
                    let rank =
                        |(row, menu): (&PackageRow, &MenuRow)| (row.is_running(), menu.order);
                    if rank((row, menu)) > rank(*slot) {
                        *slot = (row, menu);
                    }
                }
            }
        }
    }
    best.sort_by_key(|(_, menu)| (root_order(&menu.menu.category), menu.order));
    best.into_iter()
        .map(|(row, menu)| {
            let source = if version.is_v3() {
                &row.package.id
            } else {
                "PLUGIN"
            };
            let order = root_order(&menu.menu.category) * 10_000 + menu.order;
            json!({"id": menu.id, "category": menu.menu.category, "code": menu.menu.code,
                   "source": source, "menuOrder": order,
                   "displayName": menu.menu.display_name,
                   "localDisplayName": menu.menu.local_display_name,
                   "path": menu.menu.path, "active": row.is_running() && !menu.greyed})
        })
        .collect()
}

fn system_item(menu: &SystemMenu, version: &PlatformVersion) -> Value {
    let (code, root, order, local) = menu;
    let category = match (root.is_empty(), version.is_v3()) {
        (true, true) => Value::Null,
        _ => json!(root),
    };
    let path = if version.is_v3() {
        Value::Null
    } else {
        json!("")
    };
    // One row of v3's has SQL NULL as its name (`labplug-menus.json`).
    let name = if version.is_v3() && *code == "ADMIN_CERTIFICATION" {
        Value::Null
    } else {
        json!("")
    };
    json!({"id": code, "category": category, "code": code, "source": "SYSTEM",
           "menuOrder": order, "displayName": name, "localDisplayName": local,
           "path": path, "active": true})
}

/// `packages/{id}/menus`. v4 does not look whether the package is there, and has other fields.
pub(super) fn package_menus(
    database: &Database,
    row: Option<&PackageRow>,
    version: &PlatformVersion,
) -> Value {
    let mut list: Vec<Value> = system_menus(database)
        .map(|menu| {
            if version.is_v3() {
                return system_item(&menu, version);
            }
            let (code, root, order, local) = menu;
            let id = if root.is_empty() {
                code.to_owned()
            } else {
                format!("{root}__{code}")
            };
            json!({"id": id, "pluginPackageId": "", "code": code, "category": root,
                   "source": "SYSTEM", "displayName": local, "localDisplayName": local,
                   "menuOrder": order, "path": "", "active": true})
        })
        .collect();
    let Some(row) = row else {
        return Value::Array(list);
    };
    list.extend(row.menus.iter().map(|menu| {
        let package = &row.package.id;
        let root = root_order(&menu.menu.category);
        let mut item = json!({"id": menu.id, "category": menu.menu.category,
            "code": menu.menu.code, "source": package, "menuOrder": root * 10_000 + menu.order,
            "displayName": menu.menu.display_name,
            "localDisplayName": menu.menu.local_display_name,
            "path": menu.menu.path, "active": row.is_running() && !menu.greyed});
        if !version.is_v3() {
            item["pluginPackageId"] = json!(package);
            item["menuOrder"] = json!(menu.order);
        }
        item
    }));
    Value::Array(list)
}

/// The `menus` and `localMenus` of v4.2's package list: `ROOT-name`, sorted; null where none.
pub(super) fn names_in_list(row: &PackageRow) -> (Value, Value) {
    let mut names: Vec<String> = row
        .menus
        .iter()
        .map(|menu| format!("{}-{}", menu.menu.category, menu.menu.display_name))
        .collect();
    names.sort();
    let mut local: Vec<String> = row
        .menus
        .iter()
        .map(|menu| {
            let root = all_system_menus()
                .find(|(code, ..)| *code == menu.menu.category)
                .map_or("", |(.., name)| name);
            format!("{root}-{}", menu.menu.local_display_name)
        })
        .collect();
    local.sort();
    let local = if local.is_empty() {
        Value::Null
    } else {
        json!(local)
    };
    (json!(names), local)
}
