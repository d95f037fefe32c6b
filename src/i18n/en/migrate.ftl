## Words of src/deploy/migrate: DDL on the databases.

migrate-no-scripts = no script is given; name the files with --core-sql and --auth-sql
migrate-script-twice = { $path }: a script of this name is given twice, and the ledger tells scripts by their names
migrate-script-empty = { $path } has no statement; is it cut off?
migrate-script-fault = { $path }: { $fault }
migrate-split-quote = the quote { $quote } of line { $line } is not closed; is the file cut off?
migrate-split-comment = the comment of line { $line } is not closed; is the file cut off?
migrate-split-delimiter = DELIMITER without a delimiter in line { $line }
migrate-split-client = line { $line } is a command of the mysql client, which no server understands: { $command }
migrate-setting-missing = where the database of { $component } is, is not known in full; give { $flag }, or an env file with --env-file
migrate-bad-address = { $address } is not HOST:PORT/SCHEMA
migrate-bad-duration = { $typed } is no duration; say it like 30s or 5m

migrate-no-answer = { $address } does not answer as a MySQL server within ten seconds
migrate-refused = { $address } refuses user { $user } or the password
migrate-no-schema = { $address }: there is no schema { $schema }
migrate-not-connected = no connection to { $address }: { $message }
migrate-server-says = { $address } says { $code }: { $message }
migrate-hint-temporary = definitions are compared in temporary tables; grant CREATE TEMPORARY TABLES ON { $schema }.*
migrate-locked = another migration runs on { $schema }: connection { $id }, { $user }@{ $host } (waited { $seconds } s). Wait until it has ended
migrate-locked-by-somebody = another migration runs on { $schema } (waited { $seconds } s). Wait until it has ended
migrate-changed-since-shown = { $schema } changed since the plan was shown; nothing was written. Run again to see the new plan
migrate-blocked = conflicts stand in the way on { $schema }; nothing was written
migrate-statement-failed = statement { $number } of { $script } (line { $line }) was refused with { $code }: { $message }
migrate-hint-waited = another connection held the table for { $seconds } s; end it, or wait longer with --lock-wait, and run again: it goes on at this statement
migrate-hint-again = the statements before it are done and in the ledger; when the cause is gone, run again: it goes on at this statement
migrate-interrupted = interrupted; the ledger has each statement that is done. Run again: it goes on at the right one

migrate-progress-begins = statement { $number } of { $total } ({ $script }): { $head }
migrate-progress-waits = statement { $number } of { $total }, waiting { $seconds } s for connection { $peers }
migrate-progress-waits-likely = statement { $number } of { $total }, waiting { $seconds } s for a lock; this server does not tell whose. Open transactions: connection { $peers }
migrate-progress-waits-unknown = statement { $number } of { $total }, waiting { $seconds } s for a lock; this server does not tell whose

migrate-action-recorded = in the ledger
migrate-action-session = set for the session
migrate-action-run = carry out
migrate-action-true = true already; record it
migrate-action-true-later = true already, as a later statement leaves it; record it
migrate-action-keep = keep what is there (--keep-table)

migrate-conflict-different = { $table } is there with another definition
migrate-conflict-partly = parts { $there } of it are true already, parts { $left } are not ({ $table })
migrate-conflict-no-table = the table { $table } is not there and no earlier statement makes it
migrate-conflict-no-column = { $table } has no column { $column }
migrate-conflict-refused = the server refuses it with { $code }: { $message }
migrate-conflict-index = the index { $index } of { $table } would have { $bytes } bytes; its row format allows { $limit }
migrate-conflict-uncertain = begun and cut off, and nothing tells whether it took effect; look, then --keep-table its table, or undo it by hand
migrate-conflict-destroys = destroys data; allow it with --allow-destructive
migrate-conflict-other-schema = works on { $name }, which is not this schema

migrate-change-edited = { $script }: statement { $number } (line { $line }) is done and reads otherwise now
migrate-change-moved = { $script }: statement { $number } is done and is number { $now } now
migrate-change-gone = { $script }: statement { $number } is done and no longer in the script
migrate-change-shortened = { $script } had { $before } statements when it was begun and has { $now } now; is it cut off?
migrate-change-behind = { $script } is another file than when it was begun, but what is done reads the same

migrate-means-extra = it is more than wanted and disturbs no statement
migrate-means-extra-required = rows that do not name it are refused
migrate-means-extra-refuses = it may refuse rows
migrate-means-missing-column = v4 fails with "Unknown column"
migrate-means-missing-index = queries are slower, and duplicates are not refused where it is unique
migrate-means-missing-foreign-key = rows without a counterpart are not refused
migrate-means-shorter = values of more than { $characters } characters are refused, or cut where the server is not strict
migrate-means-longer = it holds more than wanted; nothing is lost
migrate-means-type = values may be refused or changed
migrate-means-stricter = NULL is refused
migrate-means-looser = NULL is not refused
migrate-means-default = rows that do not name it get another value
migrate-means-collation = comparisons with other columns may fail or be slow
migrate-means-unnoticed = no statement notices
migrate-means-other = it is not what the statements count on
migrate-means-value = somebody changed the row, or it is another one with the same key
migrate-means-later-sets = statement { $number } of { $script } makes it as wanted
migrate-means-later-adds = statement { $number } of { $script } adds it once more and will be refused
migrate-means-later-needs = statement { $number } of { $script } needs it and will be refused
migrate-means-later-none = no later statement of these scripts names it
migrate-and = { $one }; { $two }

migrate-section-steps = Statements that are left
migrate-section-differences = Side by side
migrate-section-findings = Before the first statement
migrate-stops = stops
migrate-note = note
migrate-runs-now = a migration runs on { $schema } now: connection { $id }, { $user }@{ $host }

migrate-finding-version-old = the server is { $version }; MySQL 5.7 or 8, or MariaDB 10 or 11 is needed
migrate-finding-version-untried = the server is { $version }; this is made for MySQL 5.7 and 8, MariaDB 10 and 11
migrate-finding-read-only = the server is read-only; is it a replica?
migrate-finding-short-indexes = innodb_large_prefix is off: indexes of more than 767 bytes are refused
migrate-finding-not-wecube = { $schema } is not the schema of { $component } of a WeCube platform: it has no { $tables }
migrate-finding-missed-script = the schema missed { $script }: it has no { $columns } as that script leaves it. Run that script first, or give it with --core-sql
migrate-finding-privileges = on { $schema } these privileges are not granted: { $rights }
migrate-finding-script-known = { $script } is the script { $version } as in { $of }
migrate-finding-script-elsewhere = { $script } is a script for the schema of { $component }
migrate-finding-script-unknown = { $script } is none of the files that are known (SHA-256 { $checksum }…)
migrate-finding-disk = the largest table that is altered may be copied: up to { $needed } MiB; { $free } MiB are free
migrate-finding-disk-full = the largest table that is altered may be copied: up to { $needed } MiB; only { $free } MiB are free in { $path }
migrate-finding-disk-unknown = the largest table that is altered may be copied: up to { $needed } MiB in { $path } of the server's host; what is free there cannot be known from here

migrate-backup-unreadable = the backup { $path } cannot be read: { $error }
migrate-backup-no-file = the backup { $path } is no file
migrate-backup-empty = the backup { $path } is empty
migrate-backup-old = the backup { $path } is { $hours } hours old; 24 are allowed
migrate-backup-no-dump = the backup { $path } does not begin like a dump of mysqldump (of compressed ones only gzip's are read)
migrate-backup-cut-off = the backup { $path } has no "Dump completed" at its end: it is cut off
migrate-backup-other-schema = the backup { $path } has no table of { $schema }
migrate-backup-misses = { $count ->
    [one] the backup { $path } misses a table of { $schema }: { $tables }
   *[other] the backup { $path } misses { $count } tables of { $schema }: { $tables }, …
 }
migrate-no-backup = there is no backup of { $schema } ({ $component }); nothing was written
migrate-backup-line = make one: { $line } and give it with --backup, or say --without-backup { $schema }
migrate-stopped-before = stopped before the first statement; nothing was written
migrate-stopped-hint = `{ -wecubectl } deploy migrate repair` prints the ALTER that joins both definitions; --keep-table NAME goes on with what is there; --accept-script NAME takes a changed script as it is
migrate-repair-next = Run these as a user of the database who may. Then all that a script wants is there; what is there beside it stays, so say so: { -wecubectl } deploy migrate run … { $keep }
migrate-repair-none = Nothing has to be joined: what is there holds all that the scripts want, and more. Go on with it: { -wecubectl } deploy migrate run … { $keep }
migrate-confirm = { $count ->
    [one] One statement will be carried out on { $schemas }. Type yes to go on:
   *[other] { $count } statements will be carried out on { $schemas }. Type yes to go on:
 }
