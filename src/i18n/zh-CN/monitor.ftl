## `check` 和 `schedule` 的消息：结论、等待、基线、cron 和 systemd。

monitor-title = WeCube 检查
monitor-title-of = { $name }：WeCube 检查
monitor-sighted = { $message }（始于 { $since }，发现 { $times } 次）
monitor-recovered = 已恢复：{ $finding }（始于 { $since }，发现 { $times } 次）
monitor-group = { $count ->
    [1] { $code } { $severity }：{ $title }
   *[other] { $code } { $severity }（{ $count }）：{ $title }
}
monitor-group-unknown = 未知：{ $count } 项检查无法进行（{ $codes }）
monitor-explains = { $codes } 也由此引起
monitor-not-evaluated = 因此有 { $count } 项检查无法进行
monitor-subject = { $subject }（{ $side }）
monitor-unknown = 未知
monitor-accepted = 基线已接受（{ $count }）
monitor-skipped = 未检查（{ $count }）
monitor-well = 正常：{ $checks } 项检查，没有发现问题。
monitor-only-info = 正常：{ $checks } 项检查，{ $infos } 条提示。
monitor-only-unknown = { $checks } 项检查中有 { $unknowns } 项无法进行；其余没有发现错误。详情：{ -wecubectl } explain { $code }
monitor-not-well = { $checks } 项检查：{ $errors } 个错误，{ $warnings } 个警告{ $unknowns ->
    [0] { "" }
   *[other] ，{ $unknowns } 项无法进行
}。详情：{ -wecubectl } explain { $code }
monitor-hidden = 另有 { $count } 个级别较低的发现未显示（用 --severity info 显示）。
monitor-waiting = 正在等待：{ $what }
monitor-interrupted = 检查被中断，没有改变任何内容
monitor-no-state = 没有状态目录，因此无法防止两个检查同时运行，也不读取运行日志：{ $cause }
monitor-not-kept = 未能保存本次检查的缓存，下次检查会重新请求全部内容：{ $cause }
monitor-memory-unread = 无法读取以前的检查保存的内容（{ $name }）：{ $cause }。本次检查对它们一无所知
monitor-memory-unstored = 无法保存下一次检查所需的内容（{ $name }）：{ $cause }
monitor-memory-none = 没有状态目录，--on-change 无法知道已经报告过什么，因此全部报告。请在配置中设置 state_dir
monitor-after-bad = “{ $value }”不是 K/N（1 ≤ K ≤ N ≤ 100），示例：--after 2/3
monitor-notify-alone = --notify 在有变化时运行：请加 --on-change
monitor-notify = --notify 的命令失败，下一次检查会再次报告：{ $cause }
monitor-notify-ended = 退出码 { $code }：{ $lines }
monitor-ping = 未能请求 ping URL：{ $cause }
monitor-ping-url = 文件中没有 http 或 https URL
monitor-textfile-of-other = { $path } 属于另一对实例。请在各自的配置中为每对实例命名（name = "prod"）；如果只是这对实例换了地址，请删除该文件
monitor-test-alarm = 这是告警测试，没有检查任何内容
monitor-test-alarm-hint = 无需处理：告警已送达
monitor-never-ran = 以前的检查没有见过 { $name } 的运行实例，无法接受其消失
monitor-lock-old = 另一个检查已运行 { $minutes } 分钟，超过了它的时限：当前没有任何检查在进行。如果其进程卡住，请结束它。
monitor-lock-unreadable = 锁文件没有说明由哪个进程、从何时起持有，当前可能没有任何检查在进行。请找到打开锁文件（状态目录下的 locks）的进程，如果卡住请结束它。
monitor-lock-future = 按本机时钟，另一个检查始于将来，无法得知它已运行多久，当前可能没有任何检查在进行。请检查时钟；如果其进程卡住，请结束它。
monitor-textfile = 未能写入 node_exporter 的文件：{ $cause }
monitor-format-only-check = nagios、prometheus 和 junit 格式只用于 check
monitor-format-only-check-hint = 此命令的格式：table、json、ndjson、tsv。
monitor-code-unknown = 没有代码为 { $code } 的检查
monitor-code-unknown-hint = { -wecubectl } check --list
monitor-day-bad = “{ $value }”不是有效日期，示例：2027-03-31
monitor-baseline-exists = { $path } 已存在
monitor-baseline-exists-hint = 请换一个文件名，或加 --yes 覆盖。
monitor-baseline-unreadable = 无法读取基线 { $path }：{ $error }
monitor-baseline-json = 第 { $line } 行第 { $column } 列不是有效的 JSON
monitor-baseline-format = 未知的格式 { $format }
monitor-baseline-unused = 基线中有 { $count } 项不再对应任何发现。要更新基线，请加 --save-baseline FILE --yes
monitor-baseline-saved = 已接受 { $count } 个发现，有效期至 { $expires }，保存在 { $path }

monitor-unit-differs = { $path } 已存在且与将要写入的内容不同，没有写入任何内容
monitor-unit-differs-hint = 先比较两者（同一命令不加 --dir 会输出 unit），再加 --yes 替换。
monitor-crontab = 无法运行 crontab：{ $cause }
monitor-crontab-list = crontab -l 失败，无法得知现有内容，没有写入任何内容：{ $lines }
monitor-crontab-write = crontab 拒绝了该表，没有改变任何内容：{ $lines }
monitor-crontab-back = crontab -l 显示的不是所写入的表，请查看：crontab -l
monitor-crontab-installed = 本用户的 crontab 中有这一行：{ $line }
monitor-crontab-removed = 本用户的 crontab 中没有此配置的行
monitor-crontab-no-mailer = 本机的 cron 无法发送邮件（没有 sendmail，或 MAILTO 为空），有发现时无人知道。请安装邮件程序，或使用 --ping-file、--textfile、check --notify
monitor-unit-written = 已写入 { $path }
monitor-schedule-config = 定时检查需要配置文件
monitor-schedule-config-hint = 先执行 `{ -wecubectl } config init FILE`，再加 --config FILE。
monitor-schedule-seed = 定时检查不能从标准输入读取令牌种子
monitor-schedule-seed-hint = 请存入权限为 0600 的文件，并加 --seed-file FILE。
monitor-schedule-program = 无法确定本程序的路径：{ $error }
monitor-schedule-path = { $path } 不能写入 crontab 或 unit 文件：{ $error }
monitor-schedule-not-text = 含有换行，或不是 UTF-8
