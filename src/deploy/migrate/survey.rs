//! Asks a server what the checks before the first statement need to know.

use super::error::MigrateError;
use super::ledger;
use super::object::quote;
use super::preflight::{Survey, traces};
use super::server::{ConnectionSettings, Server, at};

/// Privileges of the account on the schema; the server itself compares the pattern of a grant.
const RIGHTS: &str = "SELECT PRIVILEGE_TYPE FROM (SELECT GRANTEE, '%' AS pattern, PRIVILEGE_TYPE FROM \
    information_schema.USER_PRIVILEGES UNION SELECT GRANTEE, TABLE_SCHEMA, PRIVILEGE_TYPE FROM \
    information_schema.SCHEMA_PRIVILEGES) AS granted WHERE DATABASE() LIKE pattern AND GRANTEE = CONCAT(QUOTE( \
    LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1)), '@', \
    QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))";

impl Server {
    /// Asks everything.
    pub(super) async fn survey(
        &mut self,
        settings: &ConnectionSettings,
    ) -> Result<Survey, MigrateError> {
        let mut survey = Survey {
            version: self.one("SELECT VERSION()").await?.unwrap_or_default(),
            data_dir: self.one("SELECT @@datadir").await?.unwrap_or_default(),
            ..Survey::default()
        };
        let rights = self.rows_if(RIGHTS).await;
        survey.rights = rights.iter().filter_map(|row| at(row, 0)).collect();
        let roles = "SELECT 1 FROM information_schema.APPLICABLE_ROLES LIMIT 1";
        survey.roles = !self.rows_if(roles).await.is_empty();
        // Whoever may write all the same is told by the server, statement by statement.
        let exempt = [
            "SUPER",
            "READ_ONLY ADMIN",
            "READ ONLY ADMIN",
            "CONNECTION_ADMIN",
        ];
        let exempt = exempt.iter().any(|right| survey.rights.contains(*right));
        let read_only = self.one_if("SELECT @@global.read_only").await;
        survey.read_only = read_only.is_some_and(|word| word != "0") && !exempt;
        let prefix = self.one_if("SELECT @@global.innodb_large_prefix").await;
        survey.short_indexes = prefix.is_some_and(|word| word == "0");
        let rows = self
            .rows(
                "SELECT TABLE_NAME, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES \
                 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
            )
            .await?;
        let sizes = rows
            .iter()
            .filter_map(|row| Some((at(row, 0)?, at(row, 1).unwrap_or(0))));
        survey.sizes = sizes.collect();
        survey.tables = survey.sizes.keys().cloned().collect();
        for table in survey.tables.iter().filter(|table| *table != ledger::TABLE) {
            let row = self
                .rows_if(&format!("SELECT 1 FROM {} LIMIT 1", quote(table)))
                .await;
            survey.filled.insert(table.clone(), !row.is_empty());
        }
        for (_, table, column, _) in traces() {
            let rows = self
                .rows(&format!(
                    "SELECT IFNULL(CHARACTER_MAXIMUM_LENGTH, 0) FROM information_schema.COLUMNS WHERE \
                     TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{table}' AND COLUMN_NAME = '{column}'"
                ))
                .await?;
            if let Some(characters) = rows.first().and_then(|row| at(row, 0)) {
                survey
                    .columns
                    .insert((table.to_owned(), column.to_owned()), characters);
            }
        }
        survey.galera = self.one_if("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_cluster_size'").await.is_some_and(|size| size.parse::<u32>().unwrap_or(0) > 1);
        survey.free = self.free(settings, &survey.data_dir).await;
        Ok(survey)
    }

    /// Free bytes where the data lies: from `MariaDB`'s plugin `disks`, or from the file system where
    /// the server is on this host. SQL itself tells nobody.
    async fn free(&mut self, settings: &ConnectionSettings, data_dir: &str) -> Option<u64> {
        let disks = self
            .rows_if("SELECT Path, Available FROM information_schema.DISKS")
            .await;
        let disks = disks
            .iter()
            .filter_map(|row| Some((at::<String>(row, 0)?, at::<u64>(row, 1)?)));
        let of_data = disks.filter(|(path, _)| data_dir.starts_with(path.as_str()));
        if let Some((_, kib)) = of_data.max_by_key(|(path, _)| path.len()) {
            return Some(kib.saturating_mul(1024));
        }
        let loopback = ["127.0.0.1", "::1", "localhost"].contains(&settings.host.as_str());
        let server = self.one_if("SELECT @@hostname").await?;
        let here = rustix::system::uname();
        if !loopback || here.nodename().to_str().ok()? != server {
            return None;
        }
        let facts = rustix::fs::statvfs(data_dir).ok()?;
        Some(facts.f_bavail.saturating_mul(facts.f_frsize))
    }
}
