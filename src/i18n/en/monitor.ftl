## Words of `check` and `schedule`: formats, waiting, cron and systemd.

monitor-title = WeCube check
monitor-found = { $count ->
    [one] { $count } finding
   *[other] { $count } findings
}
monitor-group = { $code } { $weight }: not so that { $title } ({ $count })
monitor-subject = { $side }: { $subject }
monitor-unknown = unknown
monitor-accepted = Accepted by the baseline ({ $count })
monitor-skipped = Not evaluated ({ $count })
monitor-well = All is well: { $checks } checks, { $errors } errors, { $warnings } warnings, { $unknowns } unknown.
monitor-only-unknown = Nothing is known to be wrong, but not all could be read: { $checks } checks, { $errors } errors, { $warnings } warnings, { $unknowns } unknown.
monitor-not-well = Not well: { $checks } checks, { $errors } errors, { $warnings } warnings, { $unknowns } unknown.
monitor-beneath = { $count } of less severity left out (--severity).
monitor-waiting = waiting for: { $what }
monitor-interrupted = the check was interrupted
monitor-no-state = two checks at once are not kept apart, and what the journal knows is not used: { $cause }
monitor-not-kept = what was read is not kept, so that the next check asks for all of it again: { $cause }
monitor-lock-old = That check has been going on for { $minutes } minutes: see whether its process hangs.
monitor-textfile = the file for node_exporter was not written: { $cause }
monitor-format-only-check = nagios, prometheus and junit are formats of check alone
monitor-format-only-check-hint = Formats of this command: table, json, ndjson, tsv.
monitor-code-unknown = there is no check { $code }
monitor-code-unknown-hint = { -wecubectl } check --list
monitor-wait-bad = { $value } is no time to wait, such as 90s or 10m
monitor-day-bad = { $value } is no day, such as 2027-03-31
monitor-baseline-exists = { $path } is there already
monitor-baseline-exists-hint = Name another file, or replace it with --yes.
monitor-baseline-unreadable = the baseline { $path } cannot be used: { $error }
monitor-baseline-unwritable = the baseline { $path } was not written: { $error }
monitor-baseline-unused = { $count ->
    [one] { $count } entry of the baseline was
   *[other] { $count } entries of the baseline were
} not found any more: it can be saved anew
monitor-baseline-saved = { $count ->
    [one] { $count } finding
   *[other] { $count } findings
} accepted until { $expires }, in { $path }

monitor-unit-written = { $path } written
monitor-schedule-config = a scheduled check needs a configuration file
monitor-schedule-config-hint = wecubectl config init, then name it: --config FILE
monitor-schedule-seed = a scheduled check cannot read the seed from standard input: name a file
monitor-schedule-program = where this program lies is not known: { $error }
monitor-schedule-path = { $path } cannot stand in a crontab or a unit: { $error }
