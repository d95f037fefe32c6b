## src/deploy/migrate 的文字：数据库 DDL。

migrate-no-scripts = 没有指定脚本，请用 --core-sql 和 --auth-sql 指定文件
migrate-script-twice = { $path }：同名脚本给了两次，而记账表以文件名区分脚本
migrate-script-empty = { $path } 中没有任何语句，文件是否不完整？
migrate-script-fault = { $path }：{ $fault }
migrate-split-quote = 第 { $line } 行的引号 { $quote } 没有闭合，文件是否不完整？
migrate-split-comment = 第 { $line } 行的注释没有闭合，文件是否不完整？
migrate-split-delimiter = 第 { $line } 行的 DELIMITER 后面没有分隔符
migrate-split-client = 第 { $line } 行是 mysql 客户端自己的命令，服务器无法识别：{ $command }
migrate-setting-missing = { $component } 的数据库连接信息不完整，请指定 { $flag }，或用 --env-file 给出环境变量文件
migrate-bad-address = { $address } 不是 HOST:PORT/SCHEMA 的形式
migrate-bad-duration = { $typed } 不是有效的时长，请写成 30s 或 5m 的形式

migrate-no-answer = { $address } 在十秒内没有以 MySQL 服务器的方式应答
migrate-refused = { $address } 拒绝用户 { $user } 或其密码
migrate-no-schema = { $address }：不存在数据库 { $schema }
migrate-not-connected = 无法连接 { $address }：{ $message }
migrate-server-says = { $address } 返回 { $code }：{ $message }
migrate-hint-temporary = 表定义要在临时表中对比，请授予 { $schema }.* 上的 CREATE TEMPORARY TABLES 权限
migrate-locked = 另一个迁移正在 { $schema } 上运行：连接 { $id }，{ $user }@{ $host }（已等待 { $seconds } 秒）。请等待其结束
migrate-locked-by-somebody = 另一个迁移正在 { $schema } 上运行（已等待 { $seconds } 秒）。请等待其结束
migrate-changed-since-shown = 计划显示之后 { $schema } 发生了变化，没有写入任何内容。请重新运行以查看新的计划
migrate-blocked = { $schema } 上存在冲突，没有写入任何内容
migrate-statement-failed = { $script } 的第 { $number } 条语句（第 { $line } 行）被拒绝，{ $code }：{ $message }
migrate-hint-waited = 其他连接占用该表达 { $seconds } 秒；请结束该连接，或用 --lock-wait 延长等待，然后重新运行，将从这条语句继续
migrate-hint-again = 之前的语句均已完成并记账；排除原因后重新运行，将从这条语句继续
migrate-interrupted = 已中断；记账表中有每条已完成的语句。重新运行会从正确的语句继续

migrate-progress-begins = 第 { $number }/{ $total } 条语句（{ $script }）：{ $head }
migrate-progress-waits = 第 { $number }/{ $total } 条语句，已等待 { $seconds } 秒，阻塞它的连接：{ $peers }
migrate-progress-waits-likely = 第 { $number }/{ $total } 条语句，等待锁已 { $seconds } 秒；此服务器不提供持有者信息。有未结束事务的连接：{ $peers }
migrate-progress-waits-unknown = 第 { $number }/{ $total } 条语句，等待锁已 { $seconds } 秒；此服务器不提供持有者信息

migrate-action-recorded = 已记账
migrate-action-session = 仅设置会话
migrate-action-run = 执行
migrate-action-true = 已成立，只记账
migrate-action-true-later = 已成立（与后面语句的结果一致），只记账
migrate-action-keep = 保留现状（--keep-table）

migrate-conflict-different = { $table } 已存在，但定义不同
migrate-conflict-partly = 其中第 { $there } 部分已成立，第 { $left } 部分尚未成立（{ $table }）
migrate-conflict-no-table = 表 { $table } 不存在，前面也没有语句创建它
migrate-conflict-no-column = { $table } 没有列 { $column }
migrate-conflict-refused = 服务器拒绝该定义，{ $code }：{ $message }
migrate-conflict-index = { $table } 的索引 { $index } 将有 { $bytes } 字节，而该行格式最多允许 { $limit } 字节
migrate-conflict-uncertain = 已开始但被中断，无法判断是否已生效；请检查后用 --keep-table 指定该表，或手工撤销
migrate-conflict-destroys = 会销毁数据；如确需执行，请加 --allow-destructive
migrate-conflict-other-schema = 操作的是 { $name }，不属于本数据库

migrate-change-edited = { $script }：第 { $number } 条语句（第 { $line } 行）已完成，但现在内容不同
migrate-change-moved = { $script }：第 { $number } 条语句已完成，现在成了第 { $now } 条
migrate-change-gone = { $script }：第 { $number } 条语句已完成，但已不在脚本中
migrate-change-shortened = { $script } 开始时有 { $before } 条语句，现在只有 { $now } 条，文件是否不完整？
migrate-change-behind = { $script } 与开始时不是同一个文件，但已完成的语句没有变化

migrate-means-extra = 比要求的多，不影响任何语句
migrate-means-extra-required = 未给出该列的记录会被拒绝
migrate-means-extra-refuses = 可能拒绝某些记录
migrate-means-missing-column = v4 会报 “Unknown column”
migrate-means-missing-index = 查询变慢；若是唯一索引则无法拒绝重复记录
migrate-means-missing-foreign-key = 没有对应记录的数据不会被拒绝
migrate-means-shorter = 超过 { $characters } 个字符的值会被拒绝，非严格模式下会被截断
migrate-means-longer = 容量大于要求，不会丢失内容
migrate-means-type = 值可能被拒绝或被改变
migrate-means-stricter = 不允许 NULL
migrate-means-looser = 不会拒绝 NULL
migrate-means-default = 未给出该列的记录会得到不同的默认值
migrate-means-collation = 与其他列比较可能失败或变慢
migrate-means-unnoticed = 对语句没有影响
migrate-means-other = 与语句所依赖的定义不同
migrate-means-value = 该记录被人修改过，或是键相同的另一条记录
migrate-means-later-sets = { $script } 的第 { $number } 条语句会使其符合要求
migrate-means-later-adds = { $script } 的第 { $number } 条语句会再次添加它，将被拒绝
migrate-means-later-needs = { $script } 的第 { $number } 条语句需要它，将被拒绝
migrate-means-later-none = 这些脚本后面的语句都不涉及它
migrate-and = { $one }；{ $two }

migrate-section-steps = 尚未完成的语句
migrate-section-differences = 逐项对比
migrate-section-findings = 执行第一条语句之前的检查
migrate-stops = 阻止执行
migrate-note = 提示
migrate-runs-now = 有一个迁移正在 { $schema } 上运行：连接 { $id }，{ $user }@{ $host }

migrate-finding-version-old = 服务器版本为 { $version }；需要 MySQL 5.7 或 8，或 MariaDB 10 或 11
migrate-finding-version-untried = 服务器版本为 { $version }；本工具面向 MySQL 5.7 和 8、MariaDB 10 和 11
migrate-finding-read-only = 服务器处于只读状态，是否为从库？
migrate-finding-short-indexes = innodb_large_prefix 已关闭：超过 767 字节的索引会被拒绝
migrate-finding-not-wecube = { $schema } 不是 WeCube 平台 { $component } 的数据库：缺少表 { $tables }
migrate-finding-missed-script = 该数据库漏执行了 { $script }：{ $columns } 不存在或不符合该脚本的结果。请先执行该脚本，或用 --core-sql 一并给出
migrate-finding-privileges = 在 { $schema } 上缺少权限：{ $rights }
migrate-finding-script-known = { $script } 是 { $version } 脚本，与 { $of } 中的一致
migrate-finding-script-elsewhere = { $script } 是用于 { $component } 数据库的脚本
migrate-finding-script-unknown = { $script } 不是任何已知的文件（SHA-256 { $checksum }…）
migrate-finding-disk = 要修改的最大的表可能被整表复制：最多 { $needed } MiB；可用 { $free } MiB
migrate-finding-disk-full = 要修改的最大的表可能被整表复制：最多 { $needed } MiB；{ $path } 只剩 { $free } MiB
migrate-finding-disk-unknown = 要修改的最大的表可能被整表复制：在服务器主机的 { $path } 中最多需要 { $needed } MiB；从这里无法得知剩余空间

migrate-backup-unreadable = 无法读取备份 { $path }：{ $error }
migrate-backup-no-file = 备份 { $path } 不是文件
migrate-backup-empty = 备份 { $path } 是空文件
migrate-backup-old = 备份 { $path } 已有 { $hours } 小时，最多允许 24 小时
migrate-backup-no-dump = 备份 { $path } 的开头不像 mysqldump 的输出（压缩文件只支持 gzip）
migrate-backup-cut-off = 备份 { $path } 末尾没有 “Dump completed”，文件不完整
migrate-backup-other-schema = 备份 { $path } 中没有 { $schema } 的任何表
migrate-backup-misses = 备份 { $path } 缺少 { $schema } 的 { $count } 张表：{ $tables }
migrate-no-backup = 没有 { $schema }（{ $component }）的备份，没有写入任何内容
migrate-backup-line = 先做备份：{ $line } 然后用 --backup 指定，或明确写出 --without-backup { $schema }
migrate-stopped-before = 在执行第一条语句之前停止，没有写入任何内容
migrate-stopped-hint = `{ -wecubectl } deploy migrate repair` 会给出使两种定义一致的 ALTER；--keep-table NAME 保留现状继续；--accept-script NAME 接受已改动的脚本
migrate-repair-next = 请以有权限的数据库用户执行以上语句。之后脚本要求的内容就齐全了；多出的部分保留，因此继续时请注明：{ -wecubectl } deploy migrate run … { $keep }
migrate-repair-none = 无需合并：现有内容包含脚本要求的全部，且更多。请保留现状继续：{ -wecubectl } deploy migrate run … { $keep }
migrate-confirm = 将在 { $schemas } 上执行 { $count } 条语句。输入 yes 继续：
