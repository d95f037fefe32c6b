# Messages of the room: apply
apply-side-new = 新平台
apply-side-old = 旧平台
apply-step = { $name } { $version }（{ $side }）
apply-step-unversioned = { $name }（{ $side }）
apply-page = { $path }（门户 { $portal }）：{ $state }
apply-page-more = { $first }，另有 { $more } 项
apply-page-served = { $length } 字节
apply-page-served-unmeasured = 可访问
apply-page-missing = 文件不存在（404）
apply-page-forbidden = 无权读取（403）
apply-page-not-a-script = 不是脚本或样式文件，而是 { $content_type }
apply-page-untyped = 不是脚本或样式文件
apply-page-empty = 文件为空
apply-page-unexpected = HTTP 状态码 { $status }
apply-page-unknown = 没有应答：{ $cause }
apply-read-failure = { $operation }（{ $target }）：{ $detail }
apply-not-asked = 运行提前结束，未曾读取

apply-refused = 平台拒绝了该请求：{ $message }（含义与处理办法：wecubectl explain { $cause }）
apply-canary-stopped = 未开始：第一个插件包失败，其余插件包也会因同样的原因失败
apply-drifted = 未开始：生成计划之后它已发生变化（{ $what }），请重新生成计划
apply-unchecked = 未开始：无法读取它当前的状态：{ $failure }
apply-stopped = 未开始或未再重试：本次运行已停止；再次执行同一命令即可继续

apply-no-effect-status = 平台应答 OK，但其状态为 { $is }，而不是 REGISTERED
apply-no-effect-rows = 平台应答 OK，但其资源文件记录没有更新
apply-no-effect-upload-time = 平台应答 OK，但其上传时间没有变化
apply-no-effect-update-time = 平台应答 OK，但其更新时间没有变化
apply-no-effect-ui-active = 平台应答 OK，但其页面没有被启用
apply-no-effect-not-listed = 平台应答 OK，但没有列出它的任何页面文件
apply-no-effect-hidden = 平台应答 OK，但有 { $count } 个页面文件不可见：{ $pages }
apply-no-effect-differs = 平台应答 OK，但有 { $count } 个页面文件在各门户上内容不一致：{ $pages }。可能混入了其他插件的文件，请单独对它重注册插件包

apply-unknown-answer-lost = 应答丢失（{ $cause }），且在限定时间内没有看到效果。它可能仍在执行：本次运行不会再次发送，下次运行以届时看到的状态为准
apply-unknown-no-trace = 应答丢失（{ $cause }），而该版本的平台不会为这种重注册留下痕迹。本次运行不会再次发送
apply-unknown-state = 平台应答 OK，但无法读取其效果：{ $failure }
apply-unknown-pages = 平台应答 OK，但门户没有应答其页面文件：{ $pages }
apply-unknown-interrupted = 请求发出后运行被中断。它可能仍在执行：下次运行以届时看到的状态为准

apply-variable-unchanged = 系统参数 { $name } 已经是 { $value }
apply-variable-absent = 系统参数 { $name } 保持原样
apply-variable-created = 已新建系统参数 { $name }：{ $value }
apply-variable-created-elsewhere = 系统参数 { $name } 为 { $value }：另一个运行同时新建了它，本次运行新建的记录已删除
apply-variable-updated = 系统参数 { $name } 已由 { $before } 改为 { $after }
apply-variable-drifted = 未写入系统参数 { $name }：生成计划之后它已发生变化。现在为：{ $rows }。请重新生成计划
apply-variable-failed = 无法设置系统参数 { $name }，或设置后无法读取：{ $failure }
apply-variable-no-effect = 平台应答 OK，但系统参数 { $name } 与预期不符。现在为：{ $rows }
apply-variable-row = { $value }（{ $status }，id { $id }）
apply-both = { $first }；{ $second }
apply-variable-no-row = 没有记录

apply-stop-canary = 在第一个插件包之后停止：{ $message }。其余插件包也会因同样的原因失败（wecubectl explain { $cause }）
apply-stop-broke-other-side = 在第一个插件包之后停止：它的重注册使另一侧的页面不可用
apply-stop-variable = 在重注册任何插件包之前停止：无法设置系统参数 GATEWAY_URL_NEW
apply-stop-journal = 已停止：无法写入运行日志，而没有日志就不发送任何请求：{ $error }
apply-stop-unsafe = 在写入任何内容之前停止：计划判定这样做不安全
apply-stop-interrupted = 因中断而停止；再次执行同一命令即可继续
apply-stop-terminated = 因终止请求而停止；再次执行同一命令即可继续

apply-event-variable-create = 系统参数 { $name }：新建，值为 { $value }
apply-event-variable-update = 系统参数 { $name }：由 { $before } 改为 { $after }
apply-event-variable-remove = 系统参数 { $name }：已有另一个运行新建的记录，删除本次运行的记录 { $id }
apply-event-started = { $step }：已发送重注册请求，进行中 { $in_flight } 个
apply-event-started-again = { $step }：第 { $attempt } 次发送重注册请求，进行中 { $in_flight } 个
apply-event-canary = { $step }：先单独发送重注册请求
apply-event-deferred = { $step }：主机过载，稍后重试，同时进行不超过 { $limit } 个：{ $message }
apply-event-watching = { $step }：应答丢失（{ $cause }），正在查看效果
apply-event-proving = { $step }：应答 OK，正在查看效果
apply-event-done = { $step }：完成，用时 { $seconds } 秒
apply-event-failed = { $step }：失败：{ $why }
apply-event-no-effect = { $step }：没有效果：{ $why }
apply-event-unknown = { $step }：结果未知：{ $why }
apply-event-skipped = { $step }：跳过（{ $code }）
apply-event-blocked = { $step }：受阻（{ $code }）
apply-event-blocked-on = { $step }：受阻，因为 { $on } 未能重注册
apply-event-broke = { $name }（{ $side }）：一个页面文件不再可见：{ $page }
