//! The words of what other tests do not show.

use crate::domain::{PackageStatus, PluginName, Reading, Side, VariableId, Version};
use crate::i18n::{Catalog, Lang, Text};
use crate::plan::testing::{Pair, Release, english, failure, pkg, variable};
use crate::plan::{Notice, SideEffect, SkipReason, SkippedPackage, VariablePlan, messages};

fn left(reason: SkipReason) -> SkippedPackage {
    SkippedPackage {
        side: Side::New,
        name: PluginName::new("monitor"),
        version: Some(Version::new("v2.0.7")),
        package: None,
        reason,
    }
}

#[test]
fn blocked_has_hint_and_skipped_has_none() {
    let on = PluginName::new("wecmdb");
    let v = Version::new;
    for (reason, hint) in [
        (SkipReason::NoUi, None),
        (SkipReason::AlreadyVisible, None),
        (SkipReason::NotRunning, None),
        (SkipReason::Excluded, None),
        (SkipReason::NotForThisSide { needs: v("v4.0.0") }, None),
        (
            SkipReason::PlatformTooOld {
                wanted: v("v5"),
                is: "v4.0.0".to_owned(),
            },
            Some("to accept this and exit 0: wecubectl apply --skip-plugin monitor"),
        ),
        (
            SkipReason::DependencyFailed { on: on.clone() },
            Some("resolve wecmdb first, then run: wecubectl apply"),
        ),
        (
            SkipReason::DependencyFailed { on },
            Some("resolve wecmdb first, then run: wecubectl apply"),
        ),
        (
            SkipReason::VersionUnclear {
                running: vec![v("v1"), v("v2")],
                shown: None,
                picked: None,
            },
            Some("wecubectl apply --pick-version monitor=VERSION"),
        ),
        (
            SkipReason::TwoEditions {
                editions: Vec::new(),
            },
            Some("wecubectl plugin show --side new monitor"),
        ),
        (
            SkipReason::Cycle { path: Vec::new() },
            Some("wecubectl plugin register --side new monitor v2.0.7"),
        ),
        (
            SkipReason::NotRegistered {
                status: PackageStatus::Unregistered,
            },
            Some("wecubectl plugin register --side new monitor v2.0.7"),
        ),
        (
            SkipReason::NotRegistered {
                status: PackageStatus::Decommissioned,
            },
            Some("wecubectl plugin upload --side new FILE"),
        ),
        (
            SkipReason::NotOnThisSide {
                other_runs: v("v1"),
            },
            Some("wecubectl plugin upload --side new FILE"),
        ),
        (
            SkipReason::TooManyVersions { others: 3 },
            Some(
                "new portal, plugin registration: delete a version of monitor that is no longer needed",
            ),
        ),
        (
            SkipReason::Unreadable {
                failure: failure("packages.list"),
            },
            Some("wecubectl plan"),
        ),
    ] {
        assert_eq!(reason.is_blocking(), hint.is_some(), "{}", reason.code());
        let said = messages::skipped_package(&left(reason));
        assert_eq!(said.hint.as_ref().map(english).as_deref(), hint);
    }
}

#[test]
fn variable_plan_renders_as_messages() {
    let row = variable("sys_var_1", "GATEWAY_URL_NEW", "http://old:8005");
    let said = |plan: VariablePlan| {
        let said = messages::variable(&plan);
        let hint = said.hint.as_ref().map(english);
        let hint = hint.map(|hint| format!(" | {hint}")).unwrap_or_default();
        format!("{}{hint}", english(&said.message))
    };
    let effective = Some("http://old:8005".to_owned());
    let lines = [
        said(VariablePlan::Create {
            value: "http://new:8005".to_owned(),
        }),
        said(VariablePlan::Keep { row: row.clone() }),
        said(VariablePlan::Update {
            before: row.clone(),
            after: variable("x", "y", "http://new:8005"),
        }),
        said(VariablePlan::Several {
            rows: vec![row.clone(), row],
            wanted: "http://new:8005".to_owned(),
        }),
        said(VariablePlan::NotAsked {
            effective: Reading::Known(effective.clone()),
            matches: true,
        }),
        said(VariablePlan::NotAsked {
            effective: Reading::Known(effective.clone()),
            matches: false,
        }),
        said(VariablePlan::NotAsked {
            effective: Reading::Known(None),
            matches: false,
        }),
        said(VariablePlan::NotAsked {
            effective: Reading::Unknown(failure("variables.list")),
            matches: false,
        }),
        said(VariablePlan::Undecided {
            effective,
            wanted: "http://new:8005".to_owned(),
        }),
        said(VariablePlan::Undecided {
            effective: None,
            wanted: "http://new:8005".to_owned(),
        }),
        said(VariablePlan::ValueNeeded {
            candidate: "http://127.0.0.1:8005".to_owned(),
        }),
        said(VariablePlan::Unreadable {
            failure: failure("variables.list"),
        }),
    ];
    insta::assert_snapshot!(lines.join("\n"), @"
    GATEWAY_URL_NEW will be created: http://new:8005
    GATEWAY_URL_NEW already has this value: http://old:8005
    GATEWAY_URL_NEW will change: http://old:8005 (active) → http://new:8005 (active)
    GATEWAY_URL_NEW has several rows (sys_var_1 = http://old:8005 [active], sys_var_1 = http://old:8005 [active]); none will change | wecubectl variable set --repair GATEWAY_URL_NEW http://new:8005
    GATEWAY_URL_NEW will not change; a launch uses http://old:8005, the new gateway
    GATEWAY_URL_NEW will not change; a launch uses http://old:8005, which is not the new gateway | wecubectl variable set GATEWAY_URL_NEW URL
    GATEWAY_URL_NEW will not change; no gateway address is set for a launch | wecubectl variable set GATEWAY_URL_NEW URL
    system variables could not be read: GET /variables.list: no complete response: timed out (variables.list) | wecubectl plan
    blocked: GATEWAY_URL_NEW is not set, because no old instance is configured; a launch uses http://old:8005, which is not the new gateway | if an old instance keeps running, wecubectl apply --coexisting (sets http://new:8005); if the new instance replaced it, wecubectl apply --in-place (sets nothing). In wecubectl.toml: coexisting = true or in_place = true under [apply]
    blocked: GATEWAY_URL_NEW is not set, because no old instance is configured; no gateway address is set for a launch | if an old instance keeps running, wecubectl apply --coexisting (sets http://new:8005); if the new instance replaced it, wecubectl apply --in-place (sets nothing). In wecubectl.toml: coexisting = true or in_place = true under [apply]
    GATEWAY_URL_NEW needs a value: plugin instances may not reach the new gateway at http://127.0.0.1:8005 | wecubectl apply --gateway-url http://127.0.0.1:8005 (or the address of the load balancer in front of the new gateways)
    system variables could not be read: GET /variables.list: no complete response: timed out (variables.list) | wecubectl plan
    ");
}

#[test]
fn every_notice_has_chinese_message() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1"),
        pkg("monitor", "v2.0.7"),
    ];
    let plan = Pair::shared(Release::V400, &packages).plan();
    let zh = Catalog::new(Lang::Zh);
    let mut lines = Vec::new();
    for notice in &plan.notices {
        lines.push(zh.render(&messages::notice(notice).message));
        if let Notice::Remedy { actions, .. } = notice {
            lines.extend(
                actions
                    .iter()
                    .map(|action| zh.render(&messages::remedy_step(action).message)),
            );
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    两侧共用数据库：注册会影响两侧，列表一致不能证明静态文件可以加载
    monitor 可以配置编排，而新旧实例的编排不通用：这类配置（告警通知回调）在另一实例可能缺失或报错
    terminal 的解决步骤：
    向新实例上传比 v0.2.1 更新的 itsdangerous 插件包（v0.2.1 本身不够）
    在新实例注册刚上传的 itsdangerous
    在下一步之前，旧门户没有 itsdangerous 的静态文件（它显示 v0.2.1）
    在旧实例注册刚上传的 itsdangerous
    在新门户为 itsdangerous 创建运行实例，然后销毁旧实例
    再次运行 apply
    ");
}

#[test]
fn switched_variable_is_on_or_off_afterwards() {
    for (to_active, key) in [
        (true, "plan-effect-variable-on"),
        (false, "plan-effect-variable-off"),
    ] {
        let id = VariableId::new("7");
        let expected = Text::new(key).with("name", "V").with("id", &id);
        let name = "V".to_owned();
        let effect = SideEffect::SwitchesVariable {
            id,
            name,
            to_active,
        };
        assert_eq!(messages::side_effect(&effect), expected);
        assert_eq!(effect.code(), "switches_variable");
    }
    assert_eq!(Notice::SharedDatabase.code(), "shared_database");
}
