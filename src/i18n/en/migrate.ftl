## Messages of src/deploy/migrate: DDL on the databases.

migrate-no-scripts = No script given. Name the files with --core-sql and --auth-sql
migrate-script-twice = { $path }: a script of this name is given twice; the ledger tells scripts apart by their names
migrate-script-empty = { $path } has no statement; is it cut off?
migrate-script-fault = { $path }: { $fault }
migrate-split-quote = The quote { $quote } of line { $line } is not closed; is the file cut off?
migrate-split-comment = The comment of line { $line } is not closed; is the file cut off?
migrate-split-delimiter = DELIMITER without a delimiter in line { $line }
migrate-split-client = Line { $line } is a command of the mysql client, which no server understands: { $command }
migrate-setting-missing = The address of the database of { $component } is incomplete. Add { $flag }, or name an env file with --env-file
migrate-bad-address = { $address } is not HOST:PORT/SCHEMA or /SOCKET/SCHEMA
migrate-bad-place = { $typed } is not SCRIPT:N, for example v4.0.0.sql:12
migrate-no-such-place = { $typed }: no script given has this statement

migrate-io-refused = connection refused
migrate-io-no-socket = no such socket
migrate-io-denied = permission denied
migrate-io-timeout = timed out
migrate-io-lost = connection lost
migrate-io-server = { $code }: { $message }
migrate-io-other = { $error }

migrate-no-answer = { $address } does not answer as a MySQL server within ten seconds
migrate-refused = { $address } refuses user { $user } or the password
migrate-refused-plain = The server or the account may require TLS: remove --db-tls disabled
migrate-no-schema = { $address }: schema { $schema } does not exist
migrate-not-connected = No connection to { $address }: { $cause }
migrate-tls-wanted = { $address } accepts encrypted connections only
migrate-tls-wanted-hint = Use --db-tls required (with --db-ca-file FILE if the server's authority is your own) or --db-tls preferred
migrate-tls-missing = { $address } cannot encrypt connections
migrate-tls-missing-hint = Enable TLS on the server, or use --db-tls disabled
migrate-tls-failed = { $address }: the encrypted connection failed: { $error }
migrate-tls-issuer = its certificate is from an authority that is not trusted
migrate-tls-expired = its certificate has expired
migrate-tls-name = its certificate is for another name
migrate-tls-failed-hint = Name the server's authority with --db-ca-file FILE, or connect without verification with --db-tls preferred
migrate-ca-none = The file of authorities { $path } has no certificate in PEM form
migrate-auth-plugin = { $address }: user { $user } signs in by { $plugin }, which { -wecubectl } does not support. Use an account with mysql_native_password, caching_sha2_password or ed25519
migrate-password-rsa = { $address }: the password of { $user } begins with RSA@; it is encrypted for the platform
migrate-password-rsa-hint = Write the decrypted password into a file that only you can read, and name it with --core-db-password-file or --auth-db-password-file
migrate-proxied = { $address } is a proxy (ProxySQL, MaxScale): it spreads statements over connections, so locks and session variables do not hold
migrate-proxied-hint = Give the address of the database server itself with --core-db or --auth-db
migrate-server-says = { $address } refuses with { $code }: { $message }
migrate-locked = Another migration is running on { $schema }: connection { $id }, { $user }@{ $host } (waited { $seconds } s). Wait until it has ended
migrate-locked-by-somebody = Another migration is running on { $schema } (waited { $seconds } s). Wait until it has ended
migrate-data-busy = { $schema }: connection { $id } of an earlier run is still carrying out its statement (waited { $seconds } s). Wait until it has ended, or wait longer with --runner-wait
migrate-lock-lost = The lock of the ledger on { $schema } was lost; nothing more was sent
migrate-ledger-row-gone = The ledger row of statement { $number } of { $script } is gone; its transaction was rolled back
migrate-changed-since-shown = { $schema } changed since the plan was shown; nothing was written. Run again to see the new plan
migrate-changed-meanwhile = Statement { $number } of { $script }: what it changes is not as in the plan any more; somebody changed the schema meanwhile
migrate-blocked = Conflicts on { $schema }; nothing was written
migrate-statement-failed = Statement { $number } of { $script } (line { $line }) was refused with { $code }: { $message }
migrate-statement-cut-off = Statement { $number } of { $script } was cut off: { $cause }
migrate-transaction-open = { $script } leaves a transaction open; it was rolled back
migrate-transaction-open-hint = Add COMMIT to the script, or remove what begins the transaction; then run again
migrate-hint-waited = Another connection held the table for { $seconds } s. End it, or wait longer with --lock-wait; then run again: it continues at this statement
migrate-hint-again = The statements before it are done and in the ledger. Run again: it continues at this statement
migrate-stop-deadline = { $schema }: stopped before statement { $number } of { $total }, because the time of the run is over (--deadline). The ledger has each statement that is done. Run again: it continues there
migrate-interrupted = Interrupted; the ledger has each statement that is done. Run again: it continues there

migrate-scratch-not-ours = Schema { $schema } has tables and is not a scratch schema of { -wecubectl }
migrate-scratch-no-right = The account may not make the scratch schema { $schema } for the rehearsal ({ $code }: { $message })
migrate-scratch-grant = Grant it: { $grant }
migrate-rehearse-without = Or rehearse on another server with --rehearse-on HOST:PORT, or run with --without-rehearsal: whatever exists is then a conflict
migrate-rehearse-galera = This server is a node of a Galera cluster: a rehearsal here would block all nodes
migrate-rehearse-replicas = Replicas follow this server, and the account may not keep a rehearsal out of its binlog
migrate-rehearse-replicas-unknown = Replicas may follow this server: the account sees no other connections, and may not keep a rehearsal out of the binlog
migrate-rehearse-on-hint = Rehearse on another server of the same version with --rehearse-on HOST:PORT, or run with --without-rehearsal
migrate-rehearse-binlog-hint = Or grant the account BINLOG ADMIN (MySQL: SESSION_VARIABLES_ADMIN): the rehearsal then stays out of the binlog
migrate-rehearse-other-server = The server of --rehearse-on differs ({ $there }, here { $here }); its version and lower_case_table_names must be the same
migrate-rehearsal-changed = { $schema } changed during the rehearsal. Stop what changes it, then run again

migrate-progress-begins = Statement { $number } of { $total } ({ $script }): { $head }
migrate-progress-waits = Statement { $number } of { $total }, waiting { $seconds } s for connection { $peers }
migrate-progress-waits-likely = Statement { $number } of { $total }, waiting { $seconds } s for a lock; this server does not tell whose. Open transactions: connection { $peers }
migrate-progress-waits-unknown = Statement { $number } of { $total }, waiting { $seconds } s for a lock; this server does not tell whose

migrate-action-recorded = in the ledger
migrate-action-session = set for the session
migrate-action-run = carry out
migrate-action-compare = exists; the rehearsal will compare it
migrate-action-true = already true; record it
migrate-action-true-later = already true as a later statement leaves it; record it
migrate-action-keep = keep what is there, as decided

migrate-mark-rows = rehearsed with rows
migrate-mark-probed = rehearsed on structure, rows checked
migrate-mark-structure = rehearsed on structure only
migrate-mark-not-run = not rehearsed
migrate-mark-schema = not rehearsed: it names { $schema }
migrate-mark-not-copied = not rehearsed: { $object } could not be copied
migrate-mark-behind = not rehearsed: it needs { $place }, which was not rehearsed
migrate-mark-instant = { $mark }; INSTANT
migrate-mark-rebuild = { $mark }; { $algorithm }, a table of { $mib } MiB

migrate-conflict-different = { $object } exists with another definition
migrate-conflict-partly = Partly true: { $there } exists, { $left } does not
migrate-conflict-exists = { $objects } exists; without a rehearsal nothing tells whether it is the same
migrate-conflict-absent = { $objects } does not exist
migrate-conflict-refused = The server refuses it with { $code }: { $message }
migrate-conflict-rows = Rows stand in its way ({ $object }). See them with: { $query }
migrate-conflict-narrows = { $columns } would hold less than now
migrate-conflict-undecided = Statements around it were carried out by hand; nothing in the schema tells whether it was
migrate-conflict-cut-off = It was begun and cut off; nothing tells whether it took effect
migrate-conflict-section = Statements { $first } to { $last } depend on each other and were cut off; what they did before is not known
migrate-conflict-destructive = { $what } may destroy data or is not on the list of what upgrade scripts need
migrate-conflict-forbidden = { $what } is never carried out: it reaches beyond the schema, or the server would read the script in another way than wecubectl
migrate-conflict-other-schema = It works on { $name }, which is not this schema
migrate-conflict-referenced = { $by } refers to what it changes with a foreign key
migrate-conflict-elsewhere = Table { $table } belongs to schema { $schema }
migrate-conflict-too-long = It has { $bytes } bytes; the server takes { $limit } (max_allowed_packet)

migrate-remedy-different = See what joins both: { -wecubectl } deploy migrate repair. To continue with what is there: { FLAG("--keep-table", $object) }
migrate-remedy-decide = If it took effect: { FLAG("--mark-done", $place) }. If not: { FLAG("--resume-at", $place) }
migrate-remedy-partly = Do by hand what is left, then run again; or leave it as it is: { FLAG("--mark-done", $place) }
migrate-remedy-section = Look at the rows that these statements change. To continue at this statement: { FLAG("--resume-at", $place) }; what stands before it then counts as done
migrate-remedy-refused = Remove the cause and run again; if the statement is not needed: { FLAG("--mark-done", $place) }
migrate-remedy-rows = Correct these rows, then run again
migrate-remedy-destructive = Check the statement; then allow it with --allow-destructive
migrate-remedy-forbidden = Have the database's administrator do it, then: { FLAG("--mark-done", $place) }
migrate-remedy-referenced = Drop that foreign key and run again; then make the foreign key again
migrate-remedy-elsewhere = Give this script with the flag of that schema (--core-sql or --auth-sql)
migrate-remedy-too-long = Have the administrator run: SET GLOBAL max_allowed_packet = { $bytes }

migrate-change-edited = { $script }: statement { $number } (line { $line }) is done and was edited since
migrate-change-moved = { $script }: statement { $number } is done and is now number { $now }
migrate-change-gone = { $script }: statement { $number } is done and no longer in the script
migrate-change-shortened = { $script } had { $before } statements when it was begun and has { $now } now; is it cut off?
migrate-change-edition = { $version } was carried out as in { $done }; { $script } is the edition of { $given }. Leave it out, or take it with { FLAG("--accept-script", $script) }
migrate-change-behind = { $script } is another file than when it was begun, but what is done is unchanged

migrate-section-steps = Statements
migrate-section-conflicts = Conflicts
migrate-section-differences = Differences
migrate-section-findings = Checks
migrate-stops = stops
migrate-note = note
migrate-runs-now = A migration is running on { $schema } now: connection { $id }, { $user }@{ $host }

migrate-verdict-stopped = { $conflicts ->
    [one] 1 conflict; nothing can be carried out before it is resolved
   *[other] { $conflicts } conflicts; nothing can be carried out before they are resolved
 }
migrate-verdict-done = All { $total } statements are in the ledger
migrate-verdict-left = { $run ->
    [one] 1 statement to carry out, { $record } to record as true, { $recorded } in the ledger
   *[other] { $run } statements to carry out, { $record } to record as true, { $recorded } in the ledger
 }
migrate-verdict-ran = { $run ->
    [one] 1 statement carried out, { $recorded } recorded as true
   *[other] { $run } statements carried out, { $recorded } recorded as true
 }

migrate-finding-version-old = The server is { $version }; MySQL 5.7 or 8, or MariaDB 10 or 11 is needed
migrate-finding-version-untried = The server is { $version }; supported are MySQL 5.7 and 8, MariaDB 10 and 11
migrate-finding-read-only = The server is read-only; is it a replica?
migrate-finding-short-indexes = innodb_large_prefix is off: indexes of more than 767 bytes are refused
migrate-finding-galera = The server is a node of a Galera cluster: the lock against a second migration holds on this node only. Start no other migration on another node
migrate-finding-not-wecube = { $schema } is not the schema of { $component } of a WeCube platform: it has no { $tables }
migrate-finding-missed-script = The schema missed { $script }: it has no { $columns } as that script leaves it. Run that script first, or give it with --core-sql
migrate-finding-privileges = On { $schema } these privileges are not granted: { $rights }
migrate-finding-script-known = { $script } is the script { $version } as in { $of }
migrate-finding-script-elsewhere = { $script } is a script for the schema of { $component }
migrate-finding-script-unknown = { $script } is not a known file (SHA-256 { $checksum }…)
migrate-finding-disk = The largest table that is altered may be copied: up to { $needed } MiB; { $free } MiB are free
migrate-finding-disk-full = The largest table that is altered may be copied: up to { $needed } MiB; only { $free } MiB are free in { $path }
migrate-finding-disk-unknown = The largest table that is altered may be copied: up to { $needed } MiB in { $path } of the server's host; its free space cannot be known from here

migrate-backup-unreadable = The backup { $path } cannot be read: { $error }
migrate-backup-empty = The backup { $path } is empty
migrate-backup-no-date = The backup { $path } has no date of its own (--skip-dump-date); make one without that option
migrate-backup-old = The backup { $path } was made { $hours } hours ago ({ $date }); 24 are allowed
migrate-backup-no-dump = The backup { $path } does not begin like a dump of mysqldump (of compressed ones only gzip's are read)
migrate-backup-cut-off = The backup { $path } has no "Dump completed" at its end: it is cut off
migrate-backup-partial = The backup { $path } was made with --where: rows are left out
migrate-backup-other-schema = The backup { $path } has no table of { $schema }
migrate-backup-misses = { $count ->
    [one] The backup { $path } misses a table of { $schema }: { $tables }
   *[other] The backup { $path } misses { $count } tables of { $schema }: { $tables }, …
 }
migrate-backup-no-rows = { $count ->
    [one] The backup { $path } has no rows of a table of { $schema } that has some: { $tables }
   *[other] The backup { $path } has no rows of { $count } tables of { $schema } that have some: { $tables }, …
 }
migrate-no-backup = No backup of { $schema } ({ $component }); nothing was written
migrate-backup-line = Make one: { $line } and name it with --backup, or continue without one: { FLAG("--without-backup", $schema) }
migrate-stopped-before = Stopped before the first statement; nothing was written
migrate-stopped-hint = The table of conflicts says how to resolve each; --statements shows all statements
migrate-repair-next = Run these as a user who may. What is there beside them stays, so continue with: { -wecubectl } deploy migrate run … { $keep }
migrate-repair-none = Nothing to join: what is there holds all that the scripts want, and more. Continue with: { -wecubectl } deploy migrate run … { $keep }
migrate-repair-nothing = Nothing to join
migrate-confirm = { $count ->
    [one] One statement will be carried out on { $schemas }. Continue? Type yes:
   *[other] { $count } statements will be carried out on { $schemas }. Continue? Type yes:
 }
