//! Plans from facts written by hand.

use std::collections::BTreeMap;

use super::*;

fn column(name: &str, kind: &str) -> Column {
    Column {
        name: name.into(),
        kind: kind.into(),
        nullable: true,
        ..Column::default()
    }
}

fn table(columns: &[(&str, &str)]) -> Table {
    Table {
        columns: columns
            .iter()
            .map(|(name, kind)| column(name, kind))
            .collect(),
        engine: "InnoDB".into(),
        row_format: "Dynamic".into(),
        ..Table::default()
    }
}

/// A script, what the schema has, and what the statements want, by their numbers from 1.
struct Scene {
    script: &'static str,
    tables: Vec<(&'static str, Table)>,
    wanted: Vec<(usize, Wanted)>,
    ledger: Vec<(usize, LedgerState)>,
    options: Options,
}

fn scene(script: &'static str) -> Scene {
    Scene {
        script,
        tables: Vec::new(),
        wanted: Vec::new(),
        ledger: Vec::new(),
        options: Options::default(),
    }
}

impl Scene {
    fn has(mut self, name: &'static str, table: Table) -> Self {
        self.tables.push((name, table));
        self
    }

    fn wants(mut self, number: usize, wanted: Wanted) -> Self {
        self.wanted.push((number, wanted));
        self
    }

    fn wants_column(self, number: usize, column: Column) -> Self {
        self.wants(number, Wanted::Columns(BTreeMap::from([(0, column)])))
    }

    fn recorded(mut self, number: usize, state: LedgerState) -> Self {
        self.ledger.push((number, state));
        self
    }

    fn plan(&self) -> (Script, MigrationPlan) {
        let script = Script::parse("s.sql", self.script).unwrap();
        let ledger: Vec<LedgerRow> = self
            .ledger
            .iter()
            .map(|(number, state)| LedgerRow {
                script: script.name.clone(),
                number: *number,
                checksum: script.statements[number - 1].checksum.clone(),
                state: *state,
                total: script.statements.len(),
                script_checksum: script.checksum.clone(),
                error: None,
            })
            .collect();
        let facts = Facts {
            schema: "wecube".into(),
            tables: self
                .tables
                .iter()
                .map(|(name, table)| ((*name).into(), table.clone()))
                .collect(),
            wanted: self
                .wanted
                .iter()
                .map(|(number, wanted)| ((0, number - 1), wanted.clone()))
                .collect(),
        };
        let plan = plan(
            std::slice::from_ref(&script),
            &ledger,
            &facts,
            &self.options,
        );
        (script, plan)
    }

    fn words(&self) -> Vec<&'static str> {
        let (_, plan) = self.plan();
        let words = plan.steps.iter().map(|step| match &step.action {
            Action::Conflict(conflict) => conflict.as_str(),
            action => action.as_str(),
        });
        words.collect()
    }
}

#[test]
fn statements_behind_see_what_statements_before_will_do() {
    let created = table(&[("id", "int")]);
    let scene = scene(
        "create table t (id int); alter table t add a int; create index i on t (a); \
         insert into t values (1); alter table u add b int; create index j on t (c)",
    )
    .wants(1, Wanted::Table(created))
    .wants_column(2, column("a", "int"))
    .wants(4, Wanted::Rows(vec![RowFact::Absent]));
    assert_eq!(
        scene.words(),
        ["run", "run", "run", "run", "no_table", "no_column"]
    );
}

#[test]
fn what_is_there_is_recorded_kept_or_stops() {
    let wanted = table(&[("id", "int"), ("a", "varchar(45)")]);
    let script = "create table t (id int, a varchar(45))";
    let of = |present: Table| {
        scene(script)
            .has("t", present)
            .wants(1, Wanted::Table(wanted.clone()))
    };
    assert_eq!(of(wanted.clone()).words(), ["record_as_true"]);
    let mut commented = wanted.clone();
    commented.columns[1].comment = "c".into();
    assert_eq!(of(commented).words(), ["record_as_true"]);
    let short = table(&[("id", "int"), ("a", "varchar(10)"), ("b", "int")]);
    let mut stopped = of(short);
    assert_eq!(stopped.words(), ["different"]);
    let (script, plan) = stopped.plan();
    let (_, conflict) = plan.conflicts()[0];
    let aspects: Vec<_> = conflict
        .differences()
        .iter()
        .map(|one| one.aspects.clone())
        .collect();
    assert_eq!(
        aspects,
        [
            vec![Aspect::Shorter { present: 10 }],
            vec![Aspect::Extra { required: false }]
        ]
    );
    assert_eq!(
        conflict.differences()[0].meanings,
        [Meaning::Shorter { characters: 10 }, Meaning::LaterNone]
    );
    assert_eq!(
        repairs(&[script], &plan)[0].1,
        "ALTER TABLE `t`\n  MODIFY COLUMN `a` varchar(45) NULL DEFAULT NULL;"
    );
    stopped.options.keep_tables.insert("t".into());
    assert_eq!(stopped.words(), ["keep"]);
}

#[test]
fn a_schema_ahead_of_its_ledger_is_recognised() {
    // All three were run by hand: the table has what the last of them leaves.
    let scene = scene(
        "create table t (a varchar(9)); alter table t add b int; alter table t modify a varchar(20)",
    )
    .has("t", table(&[("a", "varchar(20)"), ("b", "int")]))
    .wants(1, Wanted::Table(table(&[("a", "varchar(9)")])))
    .wants_column(2, column("b", "int"))
    .wants_column(3, column("a", "varchar(20)"));
    assert_eq!(
        scene.words(),
        ["record_as_true", "record_as_true", "record_as_true"]
    );
    assert!(!scene.plan().1.is_done());
}

#[test]
fn a_statement_that_was_begun_is_decided_by_the_schema() {
    let begun = |script| scene(script).recorded(1, LedgerState::Started);
    let alter = "alter table t add a int";
    let there = table(&[("id", "int"), ("a", "int")]);
    let absent = table(&[("id", "int")]);
    let mut plain = table(&[("id", "int")]);
    plain.engine = "MyISAM".into();
    for (scene, wanted) in [
        (
            begun(alter)
                .has("t", there.clone())
                .wants_column(1, column("a", "int")),
            "record_as_true",
        ),
        (
            begun(alter)
                .has("t", absent.clone())
                .wants_column(1, column("a", "int")),
            "run",
        ),
        (begun("update t set id = id + 1").has("t", absent), "run"),
        (
            begun("update t set id = id + 1").has("t", plain),
            "uncertain",
        ),
        (begun("create view v as select 1"), "uncertain"),
        (scene("create view v as select 1"), "run"),
        (
            begun("insert into t values (1)")
                .has("t", there)
                .wants(1, Wanted::Rows(vec![RowFact::Same])),
            "record_as_true",
        ),
    ] {
        assert_eq!(scene.words(), [wanted], "{}", scene.script);
    }
}

#[test]
fn half_true_statements_destroying_ones_and_other_schemas_stop() {
    let present = || table(&[("id", "int"), ("a", "int")]);
    let half = scene("alter table t add a int, add b int")
        .has("t", present())
        .wants(
            1,
            Wanted::Columns(BTreeMap::from([
                (0, column("a", "int")),
                (1, column("b", "int")),
            ])),
        );
    assert_eq!(half.words(), ["partly"]);
    let (script, plan) = half.plan();
    assert_eq!(
        repairs(&[script], &plan)[0].1,
        "ALTER TABLE `t`\n  ADD COLUMN `b` int;"
    );
    let mut drop = scene("drop table t").has("t", present());
    assert_eq!(drop.words(), ["destroys"]);
    drop.options.allow_destructive = true;
    assert_eq!(drop.words(), ["run"]);
    assert_eq!(scene("drop table t").words(), ["record_as_true"]);
    assert_eq!(
        scene("use other; create table o.t (a int)").words(),
        ["other_schema", "other_schema"]
    );
    let long = scene("create index i on t (n)").has("t", {
        let mut table = table(&[("n", "varchar(1024)")]);
        table.columns[0].collation = Some("utf8mb4_bin".into());
        table
    });
    assert_eq!(long.words(), ["index_too_long"]);
}

#[test]
fn what_is_recorded_is_left_and_sessions_are_set_where_needed() {
    let scene = scene("set a = 1; create table t (id int); set a = 2; create table u (id int)")
        .recorded(1, LedgerState::Done)
        .recorded(2, LedgerState::Done)
        .wants(4, Wanted::Table(table(&[("id", "int")])));
    assert_eq!(scene.words(), ["done", "done", "session", "run"]);
    let (_, plan) = scene.plan();
    assert_eq!(
        plan.steps[0].action,
        Action::Session {
            recorded: true,
            needed: true
        }
    );
    assert_eq!((plan.to_run(), plan.recorded()), (1, 2));
}
