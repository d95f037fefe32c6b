## Words of `check` and `schedule`: formats, waiting, cron and systemd.
