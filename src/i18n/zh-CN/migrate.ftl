## src/deploy/migrate 的文字：数据库 DDL。
