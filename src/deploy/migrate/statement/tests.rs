use super::*;

#[test]
fn list_of_what_may_run() {
    let destructive = |what: &str| Permit::Destructive(what.to_owned());
    let unlisted = |what: &str| Permit::Unlisted(what.to_owned());
    let refused = |what: &str| Permit::Refused(what.to_owned());
    for (text, wanted) in [
        (
            "CREATE TABLE a (id int) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='x'",
            Permit::Allowed,
        ),
        (
            "CREATE TABLE a (id int) ENGINE=FEDERATED CONNECTION='x'",
            unlisted("ENGINE FEDERATED"),
        ),
        (
            "CREATE TABLE a (id int) DATA DIRECTORY='/x'",
            unlisted("DATA"),
        ),
        (
            "create or replace table a (id int)",
            destructive("CREATE OR REPLACE TABLE"),
        ),
        (
            "ALTER TABLE a ADD COLUMN (b int, c int), ADD INDEX (b)",
            Permit::Allowed,
        ),
        ("ALTER TABLE a DROP COLUMN b", destructive("DROP COLUMN")),
        ("ALTER TABLE a ALTER COLUMN b DROP DEFAULT", Permit::Allowed),
        ("ALTER TABLE a DISCARD TABLESPACE", unlisted("DISCARD")),
        (
            "DELETE FROM a WHERE 1=1",
            destructive("DELETE WITHOUT WHERE"),
        ),
        ("DELETE FROM a", destructive("DELETE WITHOUT WHERE")),
        ("DELETE FROM a WHERE name='x'", Permit::Allowed),
        (
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @x=1",
            unlisted("CREATE EVENT"),
        ),
        ("CALL p()", unlisted("CALL P")),
        (
            "EXECUTE IMMEDIATE 'drop table a'",
            unlisted("EXECUTE IMMEDIATE"),
        ),
        ("PREPARE s FROM 'x'", unlisted("PREPARE")),
        (
            "BEGIN NOT ATOMIC DROP TABLE a; END",
            unlisted("BEGIN … END"),
        ),
        ("SET GLOBAL foreign_key_checks=0", refused("SET GLOBAL")),
        ("SET @@global.foreign_key_checks=0", refused("SET GLOBAL")),
        (
            "SET foreign_key_checks=0, GLOBAL x=1",
            refused("SET GLOBAL"),
        ),
        (
            "SET FOREIGN_KEY_CHECKS=0, @x = 1, NAMES utf8",
            Permit::Allowed,
        ),
        ("SET sql_log_bin=0", unlisted("SET SQL_LOG_BIN")),
        (
            "SET STATEMENT max_statement_time=1 FOR DROP TABLE a",
            destructive("DROP TABLE"),
        ),
        (
            "SET STATEMENT sql_log_bin=0 FOR ALTER TABLE a ADD b int",
            unlisted("SET SQL_LOG_BIN"),
        ),
        ("SHUTDOWN", refused("SHUTDOWN")),
        ("SELECT 1 INTO OUTFILE '/x'", refused("INTO OUTFILE")),
        ("LOAD DATA INFILE 'x' INTO TABLE a", refused("LOAD DATA")),
        ("ANALYZE DELETE FROM a", refused("ANALYZE DELETE")),
        ("GRANT ALL ON *.* TO x", refused("GRANT ALL")),
        ("CREATE USER x", refused("CREATE USER")),
        ("DROP DATABASE x", refused("DROP DATABASE")),
        ("SELECT RELEASE_ALL_LOCKS()", refused("RELEASE_ALL_LOCKS")),
        ("FLUSH TABLES WITH READ LOCK", refused("FLUSH TABLES")),
        (
            "CREATE PROCEDURE p() BEGIN DROP TABLE a; END",
            destructive("DROP IN CREATE PROCEDURE"),
        ),
        (
            "CREATE DEFINER=`a`@`b` PROCEDURE p() SELECT 1",
            Permit::Allowed,
        ),
        (
            "CREATE DEFINER=CURRENT_USER VIEW v AS SELECT 1",
            Permit::Allowed,
        ),
    ] {
        assert_eq!(outline(text).permit, wanted, "{text}");
    }
}

#[test]
fn schemas_before_tables_are_found() {
    for (text, wanted) in [
        ("DROP TABLE a, other.b", vec!["other"]),
        ("RENAME TABLE a TO other.a", vec!["other"]),
        ("ALTER TABLE a RENAME TO other.a", vec!["other"]),
        (
            "INSERT INTO a SELECT x.id FROM other.b x JOIN `third`.c y ON x.id = y.id",
            vec!["other", "third"],
        ),
        ("CREATE INDEX i ON other.a (id)", vec!["other"]),
        ("UPDATE a x SET x.b = 1 WHERE x.c = 1.5", vec![]),
        ("SELECT other.a.id FROM t", vec!["other"]),
        (
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES other.c (id)",
            vec!["other"],
        ),
    ] {
        assert_eq!(outline(text).schemas, wanted, "{text}");
    }
}

#[test]
fn names_that_a_statement_makes_and_removes() {
    for (text, makes, removes) in [
        ("CREATE TABLE IF NOT EXISTS `a` (id int)", vec!["a"], vec![]),
        (
            "CREATE UNIQUE INDEX i USING BTREE ON a (b)",
            vec!["a.i"],
            vec![],
        ),
        (
            "ALTER TABLE a ADD b int, ADD COLUMN c int AFTER b, ADD UNIQUE KEY u (b)",
            vec!["a.b", "a.c", "a.u"],
            vec![],
        ),
        (
            "ALTER TABLE a ADD CONSTRAINT n UNIQUE (b), ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
            vec!["a.n", "a.f"],
            vec![],
        ),
        (
            "ALTER TABLE a CHANGE COLUMN b c int, DROP INDEX i",
            vec!["a.c"],
            vec!["a.b", "a.i"],
        ),
        ("ALTER TABLE a CHANGE b b int", vec![], vec![]),
        (
            "RENAME TABLE a TO b, c TO d",
            vec!["b", "d"],
            vec!["a", "c"],
        ),
        ("DROP TABLE IF EXISTS a, b", vec![], vec!["a", "b"]),
    ] {
        let found = outline(text);
        let paths = |keys: &[Key]| keys.iter().map(Key::path).collect::<Vec<_>>();
        assert_eq!(
            (paths(&found.makes), paths(&found.removes)),
            (
                makes.iter().map(ToString::to_string).collect(),
                removes.iter().map(ToString::to_string).collect()
            ),
            "{text}"
        );
    }
}
