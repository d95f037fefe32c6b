//! How long an index may be. Pure.
//!
//! `InnoDB`: 767 bytes for a column of an index in `COMPACT` and `REDUNDANT` rows, 3072 in `DYNAMIC` and
//! `COMPRESSED` ones (manual of `MySQL`, "`InnoDB` Limits").

use super::facts::{Column, Index, Table};

/// Bytes of a column that is longer than its row format allows: its length, the limit.
pub(super) fn too_long(table: &Table, index: &Index) -> Option<(u64, u64)> {
    let old = ["compact", "redundant"]
        .iter()
        .any(|name| table.row_format.eq_ignore_ascii_case(name));
    let limit = if old { 767 } else { 3072 };
    let lengths = index.columns.iter().filter_map(|(name, prefix)| {
        let column = table.column(name)?;
        let characters =
            prefix.map_or_else(|| column.length(), |prefix| Some(u64::from(prefix)))?;
        Some(characters * bytes_per_character(column))
    });
    lengths
        .max()
        .filter(|bytes| *bytes > limit)
        .map(|bytes| (bytes, limit))
}

fn bytes_per_character(column: &Column) -> u64 {
    let Some(collation) = &column.collation else {
        return 1;
    };
    match collation.split('_').next().unwrap_or_default() {
        "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => 4,
        "utf8" | "utf8mb3" | "ujis" | "eucjpms" => 3,
        "gbk" | "gb2312" | "big5" | "sjis" | "cp932" | "euckr" | "ucs2" => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::migrate::facts::IndexKind;

    #[test]
    fn old_row_formats_refuse_what_new_ones_take() {
        for (format, collation, length, prefix, wanted) in [
            ("Compact", "utf8mb4_bin", 500, None, Some((2000, 767))),
            ("Dynamic", "utf8mb4_bin", 500, None, None),
            ("Dynamic", "utf8mb4_bin", 1024, None, Some((4096, 3072))),
            ("Compact", "utf8mb4_bin", 500, Some(128), None),
            ("Compact", "utf8_bin", 255, None, None),
            ("Compact", "utf8_bin", 256, None, Some((768, 767))),
            ("Redundant", "latin1_bin", 767, None, None),
        ] {
            let column = Column {
                name: "a".into(),
                kind: format!("varchar({length})"),
                collation: Some(collation.into()),
                ..Column::default()
            };
            let table = Table {
                columns: vec![column],
                row_format: format.into(),
                ..Table::default()
            };
            let columns = vec![("a".into(), prefix)];
            let index = Index {
                name: "i".into(),
                kind: IndexKind::Plain,
                columns,
            };
            assert_eq!(
                too_long(&table, &index),
                wanted,
                "{format} {collation} {length}"
            );
        }
    }
}
