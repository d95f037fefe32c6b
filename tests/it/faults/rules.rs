//! What must come of a fault: the rules, in the order in which they are looked at. They follow from
//! `docs/cli.md` (exit codes) and `docs/architecture.md` (rules), not from what the program did.

use super::fault::{Cause, Family, Meaning};
use super::phase::{Command, Role};
use super::proxy::Reach;
use super::run::{Case, Report};

/// What the simulator's ledger must hold at the end of an `apply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writes {
    /// Nothing was written.
    None,
    /// The variable at most; nothing was registered.
    NoRegistration,
    /// Nothing twice.
    NothingTwice,
    /// One row of the variable, each plugin with static files registered once.
    All,
    /// As `All`, or nothing was registered.
    AllOrNoRegistration,
}

/// A rule: what must come of the cases that it applies to.
pub(super) struct Rule {
    /// The rule, for people.
    pub(super) text: &'static str,
    /// The same in Chinese.
    pub(super) chinese: &'static str,
    applies: fn(&Case) -> bool,
    exits: fn(&Case) -> Vec<u8>,
    writes: Writes,
}

/// A fault that is one only if HEAD is sent too.
const GET_ONLY: &str = "a login page to GET of what HEAD shows";

/// Plugins of the pair with static files.
const WITH_FILES: usize = 2;

/// The rules; the first that applies decides.
pub(super) const RULES: &[Rule] = &[
    Rule {
        text: "the answer is whole and right, if late: as without the fault",
        chinese: "响应完整且正确，只是较晚：与无故障时相同",
        applies: |case| case.fault.meaning == Meaning::Harmless,
        exits: |_| vec![0],
        writes: Writes::All,
    },
    Rule {
        text: "a read fails once and asking again helps: as without the fault",
        chinese: "一次读取失败，重新读取成功：与无故障时相同",
        applies: |case| case.is_read() && !case.signs_in() && case.once && case.is_passing(),
        exits: |_| vec![0],
        writes: Writes::All,
    },
    Rule {
        text: "`compare` does not rest on variables, on core's own list of routes, or on the dependencies of one side, which the other side tells as well; nor does `check` on those of the old side: as without the fault, unless the port refuses from then on (10, 21)",
        chinese: "`compare` 不依赖系统参数、core 自己的路由列表，也不依赖一侧的依赖关系（另一侧也会给出）；`check` 不依赖旧侧的这些内容：与无故障时相同；如端口此后拒绝连接则为 10 或 21",
        applies: Case::rests_on_something_else,
        exits: |case| if case.shuts() { vec![10, 21] } else { vec![0] },
        writes: Writes::None,
    },
    Rule {
        text: "a plugin answers, whatever it says: it is reached, as without the fault; 401 with and without a token is a finding of `check` (10)",
        chinese: "插件有应答，无论内容如何都算可达：与无故障时相同；带与不带令牌都返回 401 时由 `check` 报告（10）",
        applies: |case| case.phase.role == Role::Plugin && case.is_answer_of_a_plugin(),
        exits: |case| {
            let is_found = case.command == Command::Check && case.fault.name.starts_with("401");
            vec![if is_found { 10 } else { 0 }]
        },
        writes: Writes::All,
    },
    Rule {
        text: "signing in without the key of the login: every version takes the password as it is, so as without the fault",
        chinese: "登录时没有取得登录密钥：各版本都接受明文密码，因此与无故障时相同",
        applies: |case| {
            case.phase.name.ends_with("key of the login") && case.fault.family != Family::Connection
        },
        exits: |_| vec![0],
        writes: Writes::None,
    },
    Rule {
        text: "the status of the envelope tells health, whatever its data is: as without the fault",
        chinese: "健康状态由信封的 `status` 决定，与其数据无关：与无故障时相同",
        applies: |case| {
            case.phase.name == "old core: health" && case.fault.name == "data is a number"
        },
        exits: |_| vec![0],
        writes: Writes::None,
    },
    Rule {
        text: "`check` cannot read something: a finding (10)",
        chinese: "`check` 有内容无法读取：报告为问题（10）",
        applies: |case| case.command == Command::Check,
        exits: |_| vec![10],
        writes: Writes::None,
    },
    Rule {
        text: "version, packages or variables cannot be read: the exit code of the cause (20, 21, 22; 1 if the platform refuses), nothing is written",
        chinese: "版本、插件包或系统参数无法读取：退出码由原因决定（20、21、22；平台拒绝时为 1），不写入任何内容",
        applies: |case| case.phase.role == Role::Gate,
        exits: |case| vec![case.cause()],
        writes: Writes::None,
    },
    Rule {
        text: "`compare` cannot read something else: unknown, so different (10), or 21 if the port refuses before the packages are read",
        chinese: "`compare` 有其他内容无法读取：未知，因此视为不同（10）；如在读取插件包之前端口已拒绝连接则为 21",
        applies: |case| case.command == Command::Compare,
        exits: |case| if case.shuts() { vec![10, 21] } else { vec![10] },
        writes: Writes::None,
    },
    Rule {
        text: "what a plugin needs cannot be read: it is not registered; unknown (11), blocked (13), or the exit code of the cause",
        chinese: "插件所需的内容无法读取：不注册该插件；未知（11）、受阻（13），或由原因决定",
        applies: |case| case.phase.role == Role::Need,
        exits: |case| vec![11, 13, case.cause()],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "a gateway does not say what it is: the run stops before the first write (21; 2 if the new one answers something else, because launches would use it)",
        chinese: "网关没有表明身份：在第一次写入之前停止（21；如新网关以其他内容应答则为 2，因为新建实例会使用它）",
        applies: Case::hides_a_gateway,
        exits: |case| {
            if case.leaves_unanswered() {
                vec![21]
            } else {
                vec![2]
            }
        },
        writes: Writes::None,
    },
    Rule {
        text: "the port of the new core or of a portal refuses before the first write: the run stops (21)",
        chinese: "新 core 或某个门户的端口在第一次写入之前拒绝连接：停止（21）",
        applies: |case| {
            let name = case.phase.name;
            let is_needed = name.starts_with("new core") || name.contains("portal");
            case.phase.role == Role::Aspect && case.shuts() && is_needed
        },
        exits: |_| vec![21],
        writes: Writes::None,
    },
    Rule {
        text: "the port of the old core refuses from then on, perhaps before the packages are read: the comparison is unknown (11), or the run stops before the first write (21)",
        chinese: "旧 core 的端口此后拒绝连接，可能早于读取插件包：对比未知（11），或在第一次写入之前停止（21）",
        applies: |case| {
            let is_old_core = case.phase.name.starts_with("old core");
            case.phase.role == Role::Aspect && case.shuts() && is_old_core
        },
        exits: |_| vec![11, 21],
        writes: Writes::AllOrNoRegistration,
    },
    Rule {
        text: "the comparison at the end cannot read it either: everything is registered; unknown (11)",
        chinese: "结束时的对比也无法读取：全部已注册；未知（11）",
        applies: |case| {
            let read_again = ["own menus", "old gateway: routes", "new gateway: plugins"];
            !case.once
                && read_again
                    .iter()
                    .any(|name| case.phase.name.ends_with(name))
        },
        exits: |_| vec![11],
        writes: Writes::All,
    },
    Rule {
        text: "what `apply` only compares cannot be read: everything is registered; 0, or unknown (11)",
        chinese: "`apply` 只用于对比的内容无法读取：全部已注册；0 或未知（11）",
        applies: |case| matches!(case.phase.role, Role::Aspect | Role::Plugin),
        exits: |_| vec![0, 11],
        writes: Writes::All,
    },
    Rule {
        text: "a registration cures what a portal answers (404, 410, an empty file, a page instead of a script): as without the fault",
        chinese: "门户的应答可由注册修复（404、410、空文件、以页面代替脚本）：与无故障时相同",
        applies: |case| case.phase.role == Role::File && case.is_curable(),
        exits: |_| vec![0],
        writes: Writes::All,
    },
    Rule {
        text: "the fault is in the chunks of a body, and the answer that says that a file is missing, to a HEAD, has none: as without the fault",
        chinese: "故障在响应体的分块中，而说明文件不存在的应答针对 HEAD，没有响应体：与无故障时相同",
        applies: |case| case.phase.role == Role::File && case.is_in_chunks(),
        exits: |_| vec![0],
        writes: Writes::All,
    },
    Rule {
        text: "the portal refuses connections: the run stops before the first write (21)",
        chinese: "门户拒绝连接：在第一次写入之前停止（21）",
        applies: |case| case.phase.role == Role::File && case.shuts(),
        exits: |_| vec![21],
        writes: Writes::None,
    },
    Rule {
        text: "one static file of several is unknown, the others are missing: as without the fault",
        chinese: "多个静态文件中有一个未知，其余缺失：与无故障时相同",
        applies: |case| case.phase.role == Role::File && case.once,
        exits: |_| vec![0],
        writes: Writes::All,
    },
    Rule {
        text: "static files are unknown before the first write: nothing is registered; blocked (13), or 21 if no portal answers",
        chinese: "第一次写入之前静态文件未知：不注册任何插件包；受阻（13），没有门户应答时为 21",
        applies: |case| case.phase.role == Role::File,
        exits: |_| vec![13, 21],
        writes: Writes::NoRegistration,
    },
    Rule {
        text: "the mark by which runs notice each other may not be there: the exit code of the cause, or as without the fault",
        chinese: "执行之间用来互相识别的标记可能不存在：退出码由原因决定，或与无故障时相同",
        applies: |case| case.phase.name == "new core: mark of the run is created",
        exits: |case| vec![0, case.cause()],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "the platform did the write and its answer was lost or replaced: the state proves it (0)",
        chinese: "平台已完成写入，但应答丢失或被替换：由状态证明（0）",
        applies: |case| {
            case.phase.role == Role::Write && case.reach != Reach::Never && !case.is_envelope()
        },
        exits: |case| if case.shuts() { vec![11, 21] } else { vec![0] },
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "core itself says ERROR to a registration, which ends it: it is sent again, one after the other; done (0) or failed (1, 11)",
        chinese: "core 自己对注册应答 ERROR，注册由此结束：逐个重新发送；完成（0）或失败（1、11）",
        applies: |case| case.phase.name == "new core: registration" && case.is_envelope(),
        exits: |_| vec![0, 1, 11],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "the platform did the write and says ERROR: the state decides (0), or failed (1, 11)",
        chinese: "平台已完成写入，却应答 ERROR：以状态为准（0），或失败（1、11）",
        applies: |case| case.phase.role == Role::Write && case.reach != Reach::Never,
        exits: |_| vec![0, 1, 11],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "a write did not reach the platform, which nothing proves: not sent again; unknown (11), failed (1), no effect (12), or the exit code of the cause",
        chinese: "写入没有到达平台，且无从证明：不再发送；未知（11）、失败（1）、无效果（12），或由原因决定",
        applies: |case| case.phase.role == Role::Write,
        exits: |case| vec![1, 11, 12, case.cause()],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "what was written is read back and fails once: read again (0), or the run stops before the next write (the exit code of the cause)",
        chinese: "写入的内容被读回时失败一次：重新读取（0），或在下一次写入之前停止（退出码由原因决定）",
        applies: |case| case.once && !case.shuts(),
        exits: |case| vec![0, case.cause()],
        writes: Writes::AllOrNoRegistration,
    },
    Rule {
        text: "static files read back are not there (404, 410, empty, a page): no effect (12)",
        chinese: "读回的静态文件不存在（404、410、空文件、页面）：无效果（12）",
        applies: |case| case.phase.role == Role::FileProof && case.is_curable(),
        exits: |_| vec![12],
        writes: Writes::NothingTwice,
    },
    Rule {
        text: "what was written cannot be read back: unknown (11); failed (1) or the exit code of the cause if nothing was registered",
        chinese: "写入的内容无法读回：未知（11）；如没有注册任何插件包，则为失败（1）或由原因决定",
        applies: |_| true,
        exits: |case| vec![1, 11, case.cause()],
        writes: Writes::NothingTwice,
    },
];

impl Case {
    pub(super) fn rule(&self) -> &'static Rule {
        let found = RULES.iter().find(|rule| (rule.applies)(self));
        found.expect("the last rule applies to every case")
    }

    /// Signing in is not tried again: wrong passwords lock accounts.
    fn signs_in(&self) -> bool {
        self.phase.role == Role::Login
    }

    /// Whether a plugin may have answered so, not something before it.
    fn is_answer_of_a_plugin(&self) -> bool {
        let of_a_proxy = ["407", "429", "502", "503", "504", "200 without a body"];
        let name = self.fault.name;
        self.fault.family == Family::Status && !of_a_proxy.iter().any(|it| name.starts_with(it))
    }

    fn is_read(&self) -> bool {
        self.phase.role != Role::Write
    }

    fn is_passing(&self) -> bool {
        matches!(self.fault.meaning, Meaning::Passing(_))
    }

    /// Whether the answer is an envelope of the platform's own.
    fn is_envelope(&self) -> bool {
        self.fault.meaning == Meaning::Lasting(Cause::Refused)
    }

    fn shuts(&self) -> bool {
        self.fault.name == "reset, then the port refuses"
    }

    fn is_curable(&self) -> bool {
        // A portal that serves the same for a name that does not exist says nothing of any file.
        let for_one = ["200 without a body", "200 with a login page"];
        let for_all = ["404 page", "410", GET_ONLY];
        let name = self.fault.name;
        for_all.contains(&name) || self.once && for_one.contains(&name)
    }

    fn is_in_chunks(&self) -> bool {
        ["last chunk is missing", "chunk is cut"].contains(&self.fault.name)
    }

    fn rests_on_something_else(&self) -> bool {
        let phases: &[&str] = match self.command {
            Command::Compare => &[
                "new core: variables",
                "new core: routes",
                "new core: dependencies",
                "old core: dependencies",
            ],
            Command::Check => &["old core: dependencies"],
            Command::Apply => &[],
        };
        phases.contains(&self.phase.name)
    }

    /// Whether nothing is answered, or nothing whole.
    fn leaves_unanswered(&self) -> bool {
        self.fault.family == Family::Connection && self.cause() == 21
    }

    /// Whether a gateway is never identified. An old one that answers something is only unknown; an
    /// envelope that is OK is a gateway's, whatever its data is.
    fn hides_a_gateway(&self) -> bool {
        let lasts = (!self.once || self.shuts()) && self.fault.name != "data is a number";
        let name = self.phase.name;
        lasts
            && (name == "new gateway: routes"
                || name == "old gateway: routes" && self.leaves_unanswered())
    }

    /// The exit code of the cause.
    fn cause(&self) -> u8 {
        let appended = ["two documents", "a text after the document"];
        match self.fault.meaning {
            // Without a token a v4 answers ERROR; with something behind it that is core's own crash.
            _ if self.phase.name == "new core: version" && appended.contains(&self.fault.name) => {
                21
            }
            Meaning::Harmless => 0,
            Meaning::Passing(cause) | Meaning::Lasting(cause) => match cause {
                Cause::Unreachable => 21,
                Cause::NotWecube => 22,
                Cause::NoPermission => 20,
                Cause::Refused => 1,
            },
        }
    }

    /// The exit codes that are right.
    pub(super) fn codes(&self) -> Vec<u8> {
        (self.rule().exits)(self)
    }

    /// The same in the case's format.
    pub(super) fn exits(&self) -> Vec<i32> {
        let codes = self.codes();
        let nagios = |code: u8| match code {
            0 => vec![0],
            10 => vec![1, 2, 3],
            _ => vec![3],
        };
        let codes = if self.format == "nagios" {
            codes.into_iter().flat_map(nagios).collect()
        } else {
            codes
        };
        codes.into_iter().map(i32::from).collect()
    }

    /// Everything that is not as it must be; empty if all is well.
    pub(super) fn judge(&self, report: &Report) -> Vec<String> {
        let mut wrong = report.wrong.clone();
        let mut require = |is_right: bool, message: String| {
            if !is_right {
                wrong.push(message);
            }
        };
        let exit = report.exit.unwrap_or(-1);
        let (exits, rule) = (self.exits(), self.rule());
        require(report.struck > 0, "the fault struck nothing".to_owned());
        require(
            exits.contains(&exit),
            format!("exit code {exit}, not of {exits:?}"),
        );
        if self.format == "json" {
            let told = report.told;
            require(
                told == Some(exit.into()),
                format!("the document tells {told:?}, not {exit}"),
            );
        }
        if self.command != Command::Apply {
            require(report.writes == 0, format!("{} writes", report.writes));
            return wrong;
        }
        let (rows, total) = (report.rows, report.registrations.len());
        // After core's own ERROR a second one may follow; that none overlaps is looked at in any case.
        let again = self.phase.role == Role::Write && self.is_envelope();
        let each_once = report.most_registered <= 1 && total <= WITH_FILES;
        let each_once = (each_once || again) && rows <= 1;
        require(
            each_once,
            format!("{rows} rows, registrations {:?}", report.registrations),
        );
        let names: std::collections::BTreeSet<_> = report.registrations.iter().collect();
        let all = rows == 1 && names.len() == WITH_FILES;
        if exit == 0 {
            require(
                all,
                format!("exit code 0 with {rows} rows, {total} registrations"),
            );
        }
        match rule.writes {
            Writes::None => require(report.writes == 0, format!("{} writes", report.writes)),
            Writes::NoRegistration => require(total == 0, format!("{total} registrations")),
            Writes::NothingTwice => {}
            Writes::AllOrNoRegistration => require(
                all || total == 0,
                format!("{rows} rows, {total} registrations"),
            ),
            Writes::All => require(all, format!("{rows} rows, {total} registrations")),
        }
        if !self.is_envelope() {
            require(
                report.most_sent <= 1,
                format!("a registration was sent {} times", report.most_sent),
            );
        }
        wrong
    }

    /// Whether the case is tried. The fault must fit the phase: only JSON of the platform has its
    /// faults, an envelope that the platform did not write comes instead of its own, and what it wrote
    /// itself is lost after.
    pub(super) fn is_meant(&self) -> bool {
        let family = self.fault.family;
        let fits = self.phase.is_json || matches!(family, Family::Connection | Family::Status);
        let fits =
            fits && (self.fault.name != GET_ONLY || self.phase.name.contains("static files"));
        let reaches = match self.fault.reach {
            _ if self.is_read() => self.reach == self.fault.reach,
            Reach::After => self.reach == Reach::After,
            _ => !(self.is_envelope() && self.reach == Reach::Early),
        };
        // A read that is not repeated ends the same, whether the fault passes or not.
        let is_written = matches!(self.phase.role, Role::Write | Role::Proof | Role::FileProof);
        let is_polled =
            is_written || (self.phase.role == Role::File && self.command == Command::Apply);
        let differs = !self.once || self.is_passing() || is_polled;
        let is_tried = self.fault.is_common() || (self.phase.is_key && (self.once || !is_written));
        fits && reaches && differs && is_tried
    }
}
