## Messages of `check` and `schedule`: verdict, waiting, baseline, cron and systemd.

monitor-title = WeCube check
monitor-title-of = { $name }: WeCube check
monitor-sighted = { $message } (since { $since }, found { $times ->
    [one] once
   *[other] { $times } times
})
monitor-recovered = recovered: { $finding } (since { $since }, found { $times ->
    [one] once
   *[other] { $times } times
})
monitor-group = { $count ->
    [one] { $code } { $severity }: { $title }
   *[other] { $code } { $severity } ({ $count }): { $title }
}
monitor-group-unknown = unknown: { $count ->
    [one] 1 check
   *[other] { $count } checks
} could not be evaluated ({ $codes })
monitor-explains = this explains { $codes }
monitor-not-evaluated = { $count ->
    [one] 1 check
   *[other] { $count } checks
} could not be evaluated because of this
monitor-subject = { $subject } ({ $side })
monitor-unknown = unknown
monitor-accepted = Accepted by the baseline ({ $count })
monitor-skipped = Not checked ({ $count })
monitor-well = OK: { $checks ->
    [one] 1 check
   *[other] { $checks } checks
}, no findings.
monitor-only-info = OK: { $checks ->
    [one] 1 check
   *[other] { $checks } checks
}, { $infos ->
    [one] 1 finding
   *[other] { $infos } findings
} for information.
monitor-only-unknown = { $unknowns ->
    [one] 1 check
   *[other] { $unknowns } checks
} of { $checks } could not be evaluated; no errors found in the others. Details: { -wecubectl } explain { $code }
monitor-not-well = { $errors ->
    [one] 1 error
   *[other] { $errors } errors
}, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
}{ $unknowns ->
    [0] { "" }
   *[other] , { $unknowns } of { $checks } checks could not be evaluated
}. Details: { -wecubectl } explain { $code }
monitor-hidden = { $count ->
    [one] 1 lower-severity finding
   *[other] { $count } lower-severity findings
} hidden (--severity info shows them).
monitor-waiting = waiting for: { $what }
monitor-interrupted = check interrupted; nothing was changed
monitor-no-state = no state directory, so a second check at the same time is possible and the journal is not read: { $cause }
monitor-not-kept = the cache of this check was not saved; the next check will request everything again: { $cause }
monitor-memory-unread = cannot read what earlier checks stored ({ $name }): { $cause }. This check knows nothing of them
monitor-memory-unstored = cannot store what the next check needs ({ $name }): { $cause }
monitor-memory-none = without a state directory --on-change cannot know what was told: everything is told. Set state_dir in the configuration
monitor-after-bad = "{ $value }" is not K/N with 1 ≤ K ≤ N ≤ 100; example: --after 2/3
monitor-notify-alone = --notify runs when something changed: add --on-change
monitor-notify = the command of --notify failed, so the next check tells this again: { $cause }
monitor-notify-ended = exit code { $code }: { $lines }
monitor-ping = the ping URL was not requested: { $cause }
monitor-ping-url = the file contains no http or https URL
monitor-textfile-of-other = { $path } is of another pair. Give each pair a name in its configuration (name = "prod"); if this pair only moved, remove the file
monitor-test-alarm = this is a test of the alarm; nothing was checked
monitor-test-alarm-hint = nothing to do: the alarm arrived
monitor-never-ran = no earlier check saw an instance of { $name } run, so it cannot be accepted as gone
monitor-lock-old = The other check has been running for { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}, which is longer than its deadline: nothing is being checked. End its process if it hangs.
monitor-lock-unreadable = The lock does not say which process holds it or since when, so nothing may be being checked. Find the process that has the lock file open (in the state directory, folder locks) and end it if it hangs.
monitor-lock-future = By the clock of this host the other check began in the future, so its age is unknown and nothing may be being checked. Check the clock, and end the process if it hangs.
monitor-textfile = the file for node_exporter was not written: { $cause }
monitor-format-only-check = the formats nagios, prometheus and junit belong to check
monitor-format-only-check-hint = Formats of this command: table, json, ndjson, tsv.
monitor-code-unknown = no check has the code { $code }
monitor-code-unknown-hint = { -wecubectl } check --list
monitor-day-bad = "{ $value }" is not a date; example: 2027-03-31
monitor-baseline-exists = { $path } already exists
monitor-baseline-exists-hint = Name another file, or add --yes to replace it.
monitor-baseline-unreadable = cannot read the baseline { $path }: { $error }
monitor-baseline-json = not valid JSON at line { $line }, column { $column }
monitor-baseline-format = unknown format { $format }
monitor-baseline-unused = { $count ->
    [one] 1 entry of the baseline matches
   *[other] { $count } entries of the baseline match
} no finding any more. To replace the baseline, add --save-baseline FILE --yes
monitor-baseline-saved = { $count ->
    [one] 1 finding
   *[other] { $count } findings
} accepted until { $expires }, saved in { $path }

monitor-unit-differs = { $path } exists and differs from what would be written; nothing was written
monitor-unit-differs-hint = Compare them (the same command without --dir prints the units), then add --yes to replace it.
monitor-crontab = crontab could not be run: { $cause }
monitor-crontab-list = crontab -l failed, so what is there is unknown; nothing was written: { $lines }
monitor-crontab-write = crontab refused the table; nothing was changed: { $lines }
monitor-crontab-back = crontab -l does not show the table that was written; look at it with: crontab -l
monitor-crontab-installed = the crontab of this user has the line: { $line }
monitor-crontab-removed = the crontab of this user has no line for this configuration
monitor-crontab-no-mailer = cron cannot send mail here (there is no sendmail, or MAILTO is empty), so nobody would hear of a finding. Install a mailer, or use --ping-file, --textfile or check --notify
monitor-unit-written = wrote { $path }
monitor-schedule-config = a scheduled check needs a configuration file
monitor-schedule-config-hint = Create one with `{ -wecubectl } config init FILE`, then add --config FILE.
monitor-schedule-seed = a scheduled check cannot read the signing seed from standard input
monitor-schedule-seed-hint = Store it in a file with mode 0600 and add --seed-file FILE.
monitor-schedule-program = the path of this program is unknown: { $error }
monitor-schedule-path = cannot write { $path } into a crontab or unit file: { $error }
monitor-schedule-not-text = it contains a line break or is not UTF-8
