//! For whom a statement waits, asked on the ledger's connection while the data connection works.

use super::server::{Peer, Server, peer};

/// For whom a statement waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The connections that hold what it waits for.
    pub peers: Vec<Peer>,
    /// Whether the server itself said so; otherwise these have open transactions, and one of them is likely.
    pub certain: bool,
}

impl Server {
    /// For whom another connection waits; nothing if it works by itself or nothing can be told.
    pub(super) async fn waits_for(&mut self, id: u64) -> Option<Waiting> {
        let state = format!("SELECT STATE FROM information_schema.PROCESSLIST WHERE ID = {id}");
        let state = self.one_if(&state).await?;
        let metadata = state.to_ascii_lowercase().contains("lock");
        let of_metadata = [performance_schema(id), metadata_lock_info(id)];
        let of_metadata = of_metadata.into_iter().filter(|_| metadata);
        for query in of_metadata.chain([data_lock_waits(id), innodb_lock_waits(id)]) {
            let peers = peers(self, &query).await;
            if !peers.is_empty() {
                return Some(Waiting {
                    peers,
                    certain: true,
                });
            }
        }
        if !metadata {
            return None;
        }
        let peers = peers(self, &open_transactions(id)).await;
        Some(Waiting {
            peers,
            certain: false,
        })
    }
}

async fn peers(server: &mut Server, query: &str) -> Vec<Peer> {
    server
        .rows_if(query)
        .await
        .iter()
        .filter_map(peer)
        .collect()
}

/// `MySQL` 8, `MySQL` 5.7 and `MariaDB` where the instrument is on.
fn performance_schema(id: u64) -> String {
    format!(
        "SELECT DISTINCT t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST \
         FROM performance_schema.metadata_locks w \
         JOIN performance_schema.threads me ON me.THREAD_ID = w.OWNER_THREAD_ID \
         JOIN performance_schema.metadata_locks g ON g.OBJECT_TYPE = w.OBJECT_TYPE \
           AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA AND g.OBJECT_NAME <=> w.OBJECT_NAME \
           AND g.LOCK_STATUS = 'GRANTED' \
         JOIN performance_schema.threads t ON t.THREAD_ID = g.OWNER_THREAD_ID \
         WHERE w.LOCK_STATUS = 'PENDING' AND me.PROCESSLIST_ID = {id} AND t.PROCESSLIST_ID <> {id}"
    )
}

/// `MariaDB` with the plugin `metadata_lock_info`.
fn metadata_lock_info(id: u64) -> String {
    format!(
        "SELECT DISTINCT p.ID, p.USER, p.HOST FROM information_schema.METADATA_LOCK_INFO m \
         JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID \
         WHERE m.THREAD_ID <> {id} AND m.TABLE_SCHEMA = DATABASE() AND m.TABLE_NAME <> ''"
    )
}

/// `MySQL` 8.
fn data_lock_waits(id: u64) -> String {
    format!(
        "SELECT DISTINCT b.PROCESSLIST_ID, b.PROCESSLIST_USER, b.PROCESSLIST_HOST \
         FROM performance_schema.data_lock_waits w \
         JOIN performance_schema.threads me ON me.THREAD_ID = w.REQUESTING_THREAD_ID \
         JOIN performance_schema.threads b ON b.THREAD_ID = w.BLOCKING_THREAD_ID \
         WHERE me.PROCESSLIST_ID = {id}"
    )
}

/// `MySQL` 5.7 and `MariaDB`.
fn innodb_lock_waits(id: u64) -> String {
    format!(
        "SELECT DISTINCT p.ID, p.USER, p.HOST FROM information_schema.INNODB_LOCK_WAITS w \
         JOIN information_schema.INNODB_TRX me ON me.trx_id = w.requesting_trx_id \
         JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id \
         JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id \
         WHERE me.trx_mysql_thread_id = {id}"
    )
}

/// Where nothing tells who holds a lock: who has a transaction open, the oldest first.
fn open_transactions(id: u64) -> String {
    format!(
        "SELECT p.ID, p.USER, p.HOST FROM information_schema.INNODB_TRX t \
         JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id \
         WHERE p.ID NOT IN ({id}, CONNECTION_ID()) ORDER BY t.trx_started LIMIT 5"
    )
}
