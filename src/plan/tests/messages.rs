//! The words of what other tests do not show.

use crate::domain::{PackageStatus, PluginName, Side, Version};
use crate::i18n::{Catalog, Lang};
use crate::plan::testing::{Pair, Release, english, failure, pkg, variable};
use crate::plan::{Notice, SkipReason, SkippedPackage, VariablePlan, messages};

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
fn who_needs_a_person_has_a_hint_and_who_does_not_has_none() {
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
            Some("wecubectl apply --skip-plugin monitor, if it is known and shall stay so"),
        ),
        (
            SkipReason::DependencyBlocked { on: on.clone() },
            Some("first see to wecmdb, then wecubectl apply"),
        ),
        (
            SkipReason::DependencyFailed { on },
            Some("first see to wecmdb, then wecubectl apply"),
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
                "in the new portal, plugin registration: delete the version of monitor that is not needed",
            ),
        ),
        (
            SkipReason::Unreadable {
                failure: failure("packages.list"),
            },
            Some("wecubectl plan, once it can be read"),
        ),
    ] {
        assert_eq!(reason.is_blocking(), hint.is_some(), "{}", reason.code());
        let said = messages::skipped_package(&left(reason));
        assert_eq!(said.hint.as_ref().map(english).as_deref(), hint);
    }
}

#[test]
fn the_variable_is_told_in_words() {
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
        }),
        said(VariablePlan::NotAsked {
            effective: effective.clone(),
            matches: true,
        }),
        said(VariablePlan::NotAsked {
            effective,
            matches: false,
        }),
        said(VariablePlan::NotAsked {
            effective: None,
            matches: false,
        }),
        said(VariablePlan::ValueNeeded {
            candidate: "http://127.0.0.1:8005".to_owned(),
        }),
        said(VariablePlan::Unreadable {
            failure: failure("variables.list"),
        }),
    ];
    insta::assert_snapshot!(lines.join("\n"), @"
    GATEWAY_URL_NEW is created: http://new:8005
    GATEWAY_URL_NEW is right: http://old:8005
    GATEWAY_URL_NEW is changed: http://old:8005 (active) → http://new:8005 (active)
    GATEWAY_URL_NEW has several rows (sys_var_1, sys_var_1); none is touched | wecubectl variable set GATEWAY_URL_NEW URL --repair, which keeps one row and removes the rest
    GATEWAY_URL_NEW is not touched; a launch would use http://old:8005, which is the new gateway
    GATEWAY_URL_NEW is not touched; a launch would use http://old:8005, which is not the new gateway | wecubectl variable set GATEWAY_URL_NEW URL
    GATEWAY_URL_NEW is not touched; there is no gateway address that a launch would use | wecubectl variable set GATEWAY_URL_NEW URL
    the value of GATEWAY_URL_NEW must be given: http://127.0.0.1:8005 may not be what plugin instances reach the new gateway by | wecubectl apply --gateway-url http://127.0.0.1:8005 (or the address of the load balancer before the new gateways)
    system variables could not be read: GET /variables.list: no whole answer: timed out (variables.list) | wecubectl plan, once it can be read
    ");
}

#[test]
fn every_notice_of_a_busy_plan_has_chinese_words() {
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
    两侧共用同一个数据库：注册带来的改变会影响两侧，列表一致并不能说明页面可用
    monitor 的页面中有配置编排的功能：新旧两侧的编排并不通用，这类配置（告警通知回调）在另一侧可能不可见或报错
    terminal 的解决办法：
    向新侧上传比 v0.2.1 更新的 itsdangerous 插件包（恰好 v0.2.1 不够）
    在新侧注册刚上传的 itsdangerous
    从此刻起旧门户没有 itsdangerous 的页面（它显示的是 v0.2.1），下一步使其恢复
    在旧侧注册刚上传的 itsdangerous
    在新门户启动 itsdangerous 的实例，然后销毁旧实例
    再次执行主任务
    ");
}
