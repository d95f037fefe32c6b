## `check` 和 `schedule` 的文字：格式、等待、cron 和 systemd。
