//! The page of faults: what each case must come to, as the rules state it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::list::FAULTS;
use super::phase::{Command, PHASES, Phase};
use super::rules::{RULES, Rule};
use super::run::Case;

/// The page, in each language with its file.
pub(super) fn pages(cases: &[Case]) -> [(std::path::PathBuf, String); 2] {
    [("faults.md", ENGLISH), ("faults.zh-CN.md", CHINESE)].map(|(name, head)| {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        (docs.join(name), head.page(cases))
    })
}

/// The words of a language. Phases and faults are names of the test and stay as they are there.
struct Head {
    begin: &'static str,
    count: fn(usize, usize, usize) -> String,
    rule: fn(&Rule) -> &'static str,
    rules: &'static str,
    table: &'static str,
    fault: &'static str,
}

const ENGLISH: Head = Head {
    begin: "# Faults

What `apply`, `compare` and `check` must do when something between them and the platform fails. `tests/it/faults/` stands as a proxy before simulated instances, spoils the answers to the requests of one phase, and compares exit code, writes (by the ledger of the simulator), registrations sent, the JSON document, memory (at most 256 MiB) and secrets in every output with the rules below. A part runs always, all of it by name:

```sh
cargo nextest run --release --test it faults_all --run-ignored all
```

",
    count: |cases, faults, phases| {
        format!("{cases} cases: {faults} faults at {phases} phases, each once and every time as far as that makes a difference.")
    },
    rule: |rule| rule.text,
    rules: "## Rules\n\nThe first that applies decides.\n\n| # | rule | cases |\n|---|---|---|\n",
    table: "Exit codes that are right if the fault strikes every request of the phase; after `/`: if it strikes the first one only. `check -o nagios` has its own codes.",
    fault: "fault",
};

const CHINESE: Head = Head {
    begin: "# 故障

`apply`、`compare` 和 `check` 与平台之间出现故障时必须有的结果。`tests/it/faults/` 作为代理位于模拟实例之前，破坏某一阶段请求的响应，并按下列规则核对退出码、写操作（以模拟器的台账为准）、发出的注册请求、JSON 文档、内存（不超过 256 MiB）以及所有输出中的密钥。一部分用例总是运行，全部用例按名称运行：

```sh
cargo nextest run --release --test it faults_all --run-ignored all
```

阶段和故障的名称与测试代码一致，保留英文。

",
    count: |cases, faults, phases| {
        format!("共 {cases} 个用例：{faults} 种故障，{phases} 个阶段；如结果可能不同，分别测试只出现一次和每次都出现。")
    },
    rule: |rule| rule.chinese,
    rules: "## 规则\n\n以第一条适用的规则为准。\n\n| # | 规则 | 用例数 |\n|---|---|---|\n",
    table: "故障影响该阶段每个请求时正确的退出码；`/` 之后为只影响第一个请求时的退出码。`check -o nagios` 使用自己的退出码。",
    fault: "故障",
};

impl Head {
    fn page(&self, cases: &[Case]) -> String {
        let count = (self.count)(cases.len(), FAULTS.len(), PHASES.len());
        let mut page = format!("{}{count}\n\n{}", self.begin, self.rules);
        for (number, rule) in RULES.iter().enumerate() {
            let of_rule = cases.iter().filter(|case| case.rule().text == rule.text);
            let (number, count) = (number + 1, of_rule.count());
            writeln!(page, "| {number} | {} | {count} |", (self.rule)(rule)).unwrap();
        }
        for command in [Command::Apply, Command::Compare, Command::Check] {
            self.table(&mut page, command, cases);
        }
        page
    }

    /// Exit codes by fault and phase.
    fn table(&self, page: &mut String, command: Command, cases: &[Case]) {
        let phases: Vec<&Phase> = PHASES
            .iter()
            .filter(|phase| phase.commands.contains(&command))
            .collect();
        writeln!(page, "\n## {}\n\n{}\n", command.name(), self.table).unwrap();
        for (number, phase) in phases.iter().enumerate() {
            writeln!(page, "{}. {}", number + 1, phase.name).unwrap();
        }
        let heads: Vec<String> = (1..=phases.len()).map(|n| n.to_string()).collect();
        writeln!(page, "\n| {} | {} |", self.fault, heads.join(" | ")).unwrap();
        writeln!(page, "|---|{}", "---|".repeat(phases.len())).unwrap();
        for fault in FAULTS {
            let mut cells: BTreeMap<(&str, bool), BTreeSet<u8>> = BTreeMap::new();
            let of_line = cases
                .iter()
                .filter(|case| case.command == command && case.fault.name == fault.name);
            for case in of_line {
                let cell = cells.entry((case.phase.name, case.once)).or_default();
                cell.extend(case.codes());
            }
            let shown = |phase: &str, once| {
                let codes = cells.get(&(phase, once)).into_iter().flatten();
                codes.map(ToString::to_string).collect::<Vec<_>>().join(" ")
            };
            let cells = phases.iter().map(|phase| {
                let (always, once) = (shown(phase.name, false), shown(phase.name, true));
                if once.is_empty() {
                    always
                } else {
                    format!("{always} / {once}")
                }
            });
            let cells: Vec<String> = cells.collect();
            writeln!(page, "| {} | {} |", fault.name, cells.join(" | ")).unwrap();
        }
    }
}
