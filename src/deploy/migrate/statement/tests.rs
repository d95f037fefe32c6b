//! Statements of every kind, taken apart.

use super::*;
use crate::deploy::migrate::facts::IndexKind;

fn column(name: &str, definition: &str) -> (String, String) {
    (name.to_owned(), definition.to_owned())
}

#[test]
fn a_table_is_taken_apart_without_its_foreign_keys() {
    let text = "CREATE TABLE IF NOT EXISTS `job` (\n `id` varchar(64) NOT NULL COMMENT 'a, (b)',\n \
                owner int, PRIMARY KEY (`id`),\n CONSTRAINT `fk_owner` FOREIGN KEY (`owner`) \
                REFERENCES `person` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT\n) ENGINE=InnoDB COMMENT 'x'";
    let Kind::CreateTable(create) = Kind::of(text) else {
        panic!()
    };
    assert_eq!(create.table, "job");
    assert_eq!(create.options, "ENGINE=InnoDB COMMENT 'x'");
    assert!(!create.body.contains("CONSTRAINT"), "{}", create.body);
    assert!(
        create.body.ends_with("PRIMARY KEY (`id`)"),
        "{}",
        create.body
    );
    assert_eq!(
        create.foreign_keys,
        [ForeignKey {
            name: Some("fk_owner".to_owned()),
            columns: vec!["owner".to_owned()],
            table: "person".to_owned(),
            to: vec!["id".to_owned()],
            rules: "ON DELETE CASCADE".to_owned(),
        }]
    );
}

#[test]
fn clauses_are_understood() {
    let text = "alter table t add column a varchar(9) default ',' after b, add c int first, \
                modify d text, change e f int, change g g int, add index (h), \
                add unique key u (i(10), j), add constraint n unique (`k`), drop column l, \
                drop m, drop index o, drop primary key, drop foreign key p, rename to q, \
                engine=innodb, add constraint r foreign key (s) references v(w)";
    let Kind::AlterTable { table, clauses } = Kind::of(text) else {
        panic!()
    };
    assert_eq!(table, "t");
    let plain = |name: &str, kind, columns: &[(&str, Option<u32>)]| {
        let columns = columns
            .iter()
            .map(|(name, prefix)| ((*name).to_owned(), *prefix));
        let (name, columns) = (name.to_owned(), columns.collect());
        Clause::AddIndex(Index {
            name,
            kind,
            columns,
        })
    };
    let add = |(name, definition)| Clause::AddColumn { name, definition };
    let modify = |(name, definition)| Clause::ModifyColumn { name, definition };
    let wanted = [
        add(column("a", "varchar(9) default ','")),
        add(column("c", "int")),
        modify(column("d", "text")),
        Clause::RenameColumn {
            old: "e".into(),
            name: "f".into(),
            definition: "int".into(),
        },
        modify(column("g", "int")),
        plain("h", IndexKind::Plain, &[("h", None)]),
        plain("u", IndexKind::Unique, &[("i", Some(10)), ("j", None)]),
        plain("n", IndexKind::Unique, &[("k", None)]),
        Clause::DropColumn("l".into()),
        Clause::DropColumn("m".into()),
        Clause::DropIndex("o".into()),
        Clause::DropIndex("PRIMARY".into()),
        Clause::DropForeignKey("p".into()),
        Clause::RenameTo("q".into()),
        Clause::Other,
    ];
    assert_eq!(clauses[..wanted.len()], wanted);
    assert!(matches!(&clauses[wanted.len()], Clause::AddForeignKey(key) if key.table == "v"));
}

#[test]
fn indexes_rows_and_the_rest_are_told_apart() {
    let index = Kind::of("CREATE INDEX i USING BTREE ON t (`name`)");
    assert!(
        matches!(&index, Kind::AlterTable { table, clauses } if table == "t" && clauses.len() == 1),
        "{index:?}"
    );
    let Kind::Insert(insert) =
        Kind::of("insert into t (a,`b`,c) values ('x;',NULL,-1),(now(), b'1', 1.5)")
    else {
        panic!()
    };
    assert_eq!(insert.columns, ["a", "b", "c"]);
    let literal: Vec<bool> = insert
        .rows
        .iter()
        .flatten()
        .map(|value| value.literal)
        .collect();
    assert_eq!(literal, [true, true, true, false, true, true]);
    for text in [
        "insert into t select 1",
        "insert ignore into t values (1)",
        "insert into t values (1) on duplicate key update a=1",
        "update t set a=1",
        "delete from t where a=1",
        "replace into t values (1)",
    ] {
        assert_eq!(Kind::of(text), Kind::Rows { table: "t".into() }, "{text}");
    }
    assert_eq!(Kind::of("SET FOREIGN_KEY_CHECKS = 0"), Kind::Session);
    assert_eq!(Kind::of("set global x = 0"), Kind::Other);
    assert_eq!(Kind::of("/*!40101 SET NAMES utf8 */"), Kind::Session);
    assert_eq!(
        Kind::of("use `other`"),
        Kind::Use {
            schema: "other".into()
        }
    );
    assert_eq!(Kind::of("create view v as select 1"), Kind::Other);
    assert_eq!(Kind::of("create table t like u"), Kind::Other);
    assert_eq!(Kind::of("create table o.t (a int)").table(), Some("o.t"));
}

#[test]
fn what_destroys_is_told() {
    for text in [
        "drop table a",
        "DROP INDEX a ON b",
        "truncate a",
        "delete from a",
        "delete from a -- where\n",
        "alter table a drop column b",
        "alter table a add c int, drop b",
        "create procedure p() begin drop table x; end",
    ] {
        assert!(destroys(text), "{text}");
    }
    for text in [
        "delete from a where b=1",
        "alter table a add drop_it int",
        "alter table a alter column b drop default",
        "insert into a values ('drop table x')",
        "create table drops (a int)",
    ] {
        assert!(!destroys(text), "{text}");
    }
}
