# 模块 journal 的消息
journal-state = 无法使用状态目录：{ $cause }
journal-state-none = 没有可用的状态目录，请用 --state-dir 指定
journal-write = 无法写入运行日志 { $path }：{ $reason }。请腾出磁盘空间，或用 --state-dir 指定其他目录，然后重新运行
journal-read = 无法读取 { $path }：{ $reason }
journal-no-such-run = { $path } 中没有运行 { $id }；`{ -wecubectl } run list` 可列出全部运行
journal-no-runs = { $path } 中还没有运行记录
journal-several-runs = 有多个运行以 { $id } 开头，请给出更长的编号
journal-no-head = { $path } 没有可读的首行：该运行在发送任何请求之前就被中断
journal-newer-format = { $path } 由本程序的更高版本写入（格式 { $format }），请用该版本读取

journal-lock-held = 另一个运行正在写入 { $target }：{ $command }，主机 { $host } 上的进程 { $pid }，用户 { $user }，开始于 { $since }。请等待其结束
journal-lock-held-by-somebody = 另一个运行正在写入 { $target }。请等待其结束
journal-lock-unsupported = { $path } 所在的文件系统不支持文件锁，无法避免两个运行同时写入。请用 --state-dir 指定本地磁盘上的目录
journal-lock-file = 无法使用锁文件 { $path }：{ $reason }。请用 --state-dir 指定其他目录

journal-undo-demotion = 使 { $name } { $version } 恢复为 REGISTERED，同时 { $registered } 不再是 REGISTERED
journal-undo-ui-active = 重新启用 { $name } { $version } 的页面，同时 { $registered } 的页面不再启用
journal-undo-switch = 把系统参数 { $name } 的状态恢复为 { $status }
journal-undo-variable-gone = 系统参数 { $name }（id { $id }）在运行之后已不存在；运行日志不保存它的值，只能手工新建
journal-undo-variable-new = 系统参数 { $name }（id { $id }）在运行期间出现，并非本次运行新建；请确认是否需要
journal-undo-variable-created = 删除本次运行新建的系统参数 { $name }
journal-undo-variable-maybe = 删除系统参数 { $name }：运行在即将新建它时被中断，请先确认它是否存在（{ -wecubectl } variable get { ARG($name) }）
journal-undo-variable-updated = 把系统参数 { $name } 恢复为 { $value }（{ $status }）
journal-undo-files = 已重注册的 { $count } 个插件包的文件仍留在复制到的位置，新的记录编号与上传时间也无法恢复；这些都没有害处
