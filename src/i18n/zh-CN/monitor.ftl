## `check` 和 `schedule` 的文字：格式、等待、cron 和 systemd。

monitor-title = WeCube 检查
monitor-found = 发现 { $count } 个问题
monitor-group = { $code } { $weight }：未满足“{ $title }”（{ $count }）
monitor-subject = { $side }：{ $subject }
monitor-unknown = 无法判断
monitor-accepted = 基线已接受（{ $count }）
monitor-skipped = 未检查（{ $count }）
monitor-well = 一切正常：{ $checks } 项检查，{ $errors } 个错误，{ $warnings } 个警告，{ $unknowns } 个无法判断。
monitor-only-unknown = 没有发现错误，但有内容读不到：{ $checks } 项检查，{ $errors } 个错误，{ $warnings } 个警告，{ $unknowns } 个无法判断。
monitor-not-well = 存在问题：{ $checks } 项检查，{ $errors } 个错误，{ $warnings } 个警告，{ $unknowns } 个无法判断。
monitor-beneath = 另有 { $count } 个级别较低的未显示（--severity）。
monitor-waiting = 正在等待：{ $what }
monitor-interrupted = 检查被中断
monitor-no-state = 无法防止两个检查同时运行，也不使用运行记录：{ $cause }
monitor-not-kept = 未能保存读取结果，下次检查将重新全部读取：{ $cause }
monitor-lock-old = 该检查已运行 { $minutes } 分钟，请查看其进程是否卡住。
monitor-textfile = 未能写入 node_exporter 的文件：{ $cause }
monitor-format-only-check = nagios、prometheus 和 junit 格式只用于 check
monitor-format-only-check-hint = 此命令的格式：table、json、ndjson、tsv。
monitor-code-unknown = 没有检查项 { $code }
monitor-code-unknown-hint = { -wecubectl } check --list
monitor-wait-bad = { $value } 不是有效的等待时间，示例：90s、10m
monitor-day-bad = { $value } 不是有效日期，示例：2027-03-31
monitor-baseline-exists = { $path } 已存在
monitor-baseline-exists-hint = 请换一个文件名，或用 --yes 覆盖。
monitor-baseline-unreadable = 无法使用基线 { $path }：{ $error }
monitor-baseline-unwritable = 未能写入基线 { $path }：{ $error }
monitor-baseline-unused = 基线中有 { $count } 项已不再出现，可以重新保存
monitor-baseline-saved = 已接受 { $count } 个问题，有效期至 { $expires }，写入 { $path }

monitor-unit-written = 已写入 { $path }
monitor-schedule-config = 定时检查需要配置文件
monitor-schedule-config-hint = 先运行 wecubectl config init，再用 --config 文件 指定
monitor-schedule-seed = 定时检查不能从标准输入读取种子，请指定文件
monitor-schedule-program = 无法确定本程序的位置：{ $error }
monitor-schedule-path = { $path } 不能写入 crontab 或 unit 文件：{ $error }
