# 模块 cli 的消息

cli-warning = 警告：{ $text }
cli-error = 错误：{ $text }
cli-cause = 原因：{ $text }
cli-hint = 提示：{ $text }
cli-compare-needs-old = compare 需要新旧两套实例，但没有配置旧实例
cli-needs-side = 没有配置{ $label }实例：请给出 --{ $side }-core、--{ $side }-gateway 和 --{ $side }-portal，或在 wecubectl.toml 中填写 [{ $side }]
cli-needs-side-hint = wecubectl config init 生成带注释的 wecubectl.toml；对新实例，用 --env-file FILE 指定升级部署文档的环境变量文件即可
cli-config-exists = { $path } 已存在，未作改动
cli-config-exists-hint = 请换一个文件名，或先移走原文件
cli-config-written = 已写入 { $path }。填写地址和令牌种子文件后运行：wecubectl plan { FLAG("--config", $path) }
cli-confirm = 将注册 { $steps } 个插件包，改动：{ $instances }。是否继续？请输入 yes：
cli-confirm-repair = 在 { $instance } 上，{ $name } 的记录将保留 { $keep }，删除 { $gone }。是否继续？请输入 yes：
cli-confirm-unset = 将在 { $instance } 上删除 { $name } = { $value }。是否继续？请输入 yes：
cli-confirm-upload = 将把 { $file } 上传到 { $instance }。是否继续？请输入 yes：
cli-confirm-variable = 将在 { $instance } 上设置 { $name } = { $value }（{ $status }）。是否继续？请输入 yes：
cli-demo-begins = 场景 { $name }：{ $summary }
cli-demo-start = 模拟实例无法启动：{ $error }
cli-explain-unknown = 未知代码“{ $code }”
cli-explain-unknown-hint = wecubectl explain 列出全部代码
cli-nobody-to-ask = 需要确认，但没有终端；未作任何改动
cli-nobody-to-ask-hint = 请查看计划，然后加上 --yes 运行同一命令
cli-not-confirmed = 未确认；未作任何改动
cli-output-failed = 无法写入标准输出：{ $error }
cli-plugin-dependencies = 依赖
cli-plugin-files = 各门户上的静态文件
cli-plugin-menus = 菜单
cli-plugin-routes = 路由
cli-plugin-unknown = { $instance } 上没有名为 { $name } 的插件包
cli-plugin-unknown-hint = { -wecubectl } plugin list 列出名称
cli-report-unwritable = 无法写入报告 { $path }：{ $error }
cli-report-written = 报告：{ $path }
cli-runtime = 异步运行时无法启动：{ $error }
cli-seed-hazard = { $source }：容器的启动脚本会改变令牌种子的第 { $position } 个字符
cli-seed-missing = 没有配置令牌种子；访问令牌由它签名
cli-seed-missing-hint = 请把实例的令牌种子（JWT_SIGNING_KEY）存入权限为 0600 的文件，并加上 --seed-file FILE
cli-login-file = { $place }：{ $cause }
cli-login-file-hint = 登录文件有两行：用户名和密码；权限为 0600
cli-seed-not-in-env-file = { $path } 中没有可读的 JWT_SIGNING_KEY
cli-seed-refused = { $source } 中的令牌种子无法使用：{ $rule }
cli-seed-refused-hint = v3 接受此令牌种子，但 v4 的 auth-server 用它无法启动。请改用两侧都接受的令牌种子：A–Z a–z 0–9 + /，无填充符，长度除以四不余一
cli-sim-fault = 故障“{ $fault }”：{ $error }
cli-sim-fault-unknown = 没有名为“{ $name }”的故障；可用的故障：{ $known }
cli-sim-fault-plugin = { $name } 需要插件名称：{ $name }=PLUGIN
cli-sim-fault-delay = { $name } 需要插件名称和毫秒数：{ $name }=PLUGIN,MS
cli-sim-fault-number = { $name } 需要整数：{ $name }=N
cli-sim-fault-milliseconds = { $name } 需要毫秒数：{ $name }=MS
cli-sim-fault-seconds = { $name } 需要秒数：{ $name }=S
cli-sim-fault-no-old = 模拟环境没有旧实例
cli-sim-fault-no-plugin = 模拟环境没有名为“{ $name }”的插件
cli-sim-listen = 模拟器无法在 { $address } 上监听：{ $error }
cli-sim-scenario = 未知场景“{ $name }”；可用场景：{ $known }
cli-sim-world = { $path } 描述的环境无法模拟：{ $error }
cli-sim-world-json = 第 { $line } 行第 { $column } 列：“{ $path }”的值缺失、未知或类型错误
cli-sim-world-no-portal = { $side ->
    [old] 旧实例没有门户
   *[other] 新实例没有门户
 }
cli-target = --target “{ $target }”不是 v4 的版本
cli-target-hint = 请给出要升级到的版本，例如 --target v4.0.0
cli-target-old = plan --target 需要旧实例：请给出 --old-core、--old-gateway 和 --old-portal
cli-token-claims = 声明
cli-token-minted = 两分钟内有效；用法：Authorization: Bearer TOKEN
cli-token-signed = 由所给令牌种子签名
cli-upload-not-a-zip = { $path } 不是 zip 文件；插件包必须是 zip
cli-usage-conflict = { $argument } 不能与 { $other } 同时使用
cli-usage-help = wecubectl --help，或 wecubectl COMMAND --help
cli-usage-invalid-value = “{ $value }”不是 { $argument } 的有效值；可选值：{ $known }
cli-usage-missing-argument = 缺少参数：{ $argument }
cli-usage-no-command = 没有给出命令
cli-usage-other = 无法识别这些参数
cli-usage-unknown-argument = 未知参数 { $argument }
cli-usage-unknown-command = 未知命令“{ $command }”
cli-variable-already = { $name } 已是该值；未作任何改动
cli-variable-no-effect = 平台应答 OK，但 { $name } 没有变为新值
cli-variable-no-such-row = { $name } 没有编号为 { $id } 的记录
cli-variable-empty-name = 系统参数的名称为空；未作任何改动
cli-variable-not-a-gateway = { $name } 必须是能应答的网关的 http 或 https 地址；“{ $value }”：{ $why }。未作任何改动
cli-variable-not-a-gateway-hint = 请更正该值，例如 http://HOST:8005。如果插件实例能通过它访问网关，只是本机不能，请加 --force
cli-variable-several = { $name } 有多条记录（{ $rows }），无法判断指的是哪一条；未作任何改动
cli-variable-several-hint = { -wecubectl } variable set --repair { ARG($name) } VALUE 保留一条取该值的记录并删除其余；--id ID 指定一条
cli-variable-unknown = 没有名为“{ $name }”的系统参数
cli-variable-value-missing = { $name } 需要一个值
cli-journal = 运行日志：{ $path }，运行编号 { $run }
cli-insecure = 不检查 TLS 证书（--insecure）：网络上的攻击者可以读取令牌
cli-locked-hint = 请等另一次运行结束；{ -wecubectl } run list 列出各次运行
cli-state-hint = 没有发送任何请求；请用 --state-dir DIR 指定可写的目录
cli-no-state = 没有找到状态目录；请用 --state-dir DIR 指定
cli-run-hint = { -wecubectl } run list 列出各次运行；--state-dir DIR 读取其他目录
cli-run-going-on = 进行中
cli-run-cut-off = 被中断：已开始的操作可能已生效
cli-run-events = 事件
cli-run-nothing-to-undo = 该次运行没有可撤销的改动
cli-limit = { $side }：{ $limit }
cli-report-no-folder = 报告的目录 { $folder } 不存在；没有发送任何请求
cli-skip-no-match = --skip-plugin “{ $glob }”没有匹配任何插件
cli-plugin-no-version = { $instance } 上没有插件包 { $name } { $version }
cli-variable-drifted = 等待确认期间 { $name } 的记录发生了变化；未作任何改动
cli-variable-rows-hint = { -wecubectl } variable get { ARG($name) } 列出当前记录
cli-variable-unproven = 不知道 { $name } 是否已写入：应答丢失，回读也没有看到新值
cli-variable-gave-way = 有人同时创建了 { $name }；已保留对方的记录，删除本次创建的记录
cli-variable-was = 原值：{ $name } = { $value }（{ $status }），编号 { $id }
cli-upload-unproven = 不知道插件包是否已上传：应答丢失，列表中也没有新的插件包
cli-upload-unproven-hint = 用 { -wecubectl } plugin list 查看；几分钟后仍没有时再重新上传
cli-report-is-folder = 报告文件 { $path } 是一个目录；没有发送任何请求
cli-apply-not-compared = 以下结果已验证，但之后未能对比两侧
cli-apply-settling = 等待新网关加载 { $count } 个插件的路由（最多 { $within }）：{ $names }
cli-apply-open = 之前的运行可能还有 { $count } 个注册在进行；等待确认其结果：{ $names }
cli-interrupted = 已中断；未作任何改动
cli-interrupted-hint = 请重新运行同一命令
cli-proxy = 环境变量 { $name } 不是代理的地址
cli-proxy-hint = 请给出形如 http://proxy.example:3128 的地址；如不使用代理：unset { $name }
cli-upload-interrupted = 上传时被中断；平台可能已收到插件包
cli-seed-v3-only = v3 接受 { $source } 中的令牌种子，但 v4 不接受（{ $rule }）：请在升级前在两侧更换
cli-target-new-unasked = --target 只读取旧实例；不会访问新实例（{ $address }）
cli-other-side-left-out = 无法读取{ $side }实例，因此注册对该实例的影响未知
cli-not-read = 未能读取，因此未知：{ $what }
cli-did-you-mean = 是否想用 { $name }？
cli-help-usage = 用法：
cli-help-commands = 命令
cli-help-arguments = 参数
cli-help-options = 选项
cli-help-connection = 连接选项
cli-help-output = 输出选项
cli-help-global = 全局选项
cli-help-some-options = [选项]
cli-help-some-command = <命令>
cli-help-values = [可选值：{ $values }]
cli-help-default = [默认值：{ $values }]
cli-usage-malformed-value = “{ $value }”不是 { $argument } 的有效值
cli-usage-value-missing = { $argument } 需要一个值
cli-usage-takes-no-value = { $argument } 不接受值
cli-usage-repeated = { $argument } 只能给出一次
cli-usage-not-utf8 = 有参数不是有效的 UTF-8 文本

# Outcomes, as `run list` shows them
outcome-converged = 完成并已验证
outcome-nothing-to-do = 无需处理
outcome-same = 没有差异
outcome-ok = 完成
outcome-failed = 失败
outcome-usage = 用法错误
outcome-different = 有差异
outcome-findings = 有发现
outcome-work-to-do = 有待处理
outcome-partial = 部分失败或未知
outcome-no-effect = 没有生效
outcome-blocked = 完成，部分受阻
outcome-unsafe = 因不安全而拒绝
outcome-not-confirmed = 未确认
outcome-no-permission = 没有权限
outcome-unreachable = 无法连接
outcome-not-wecube = 不是 WeCube 平台
outcome-locked = 已被锁定
outcome-interrupted = 已中断

# Events and properties of `run show`
cli-run-event-run = 开始运行
cli-run-event-variable-write-started = 开始写系统参数
cli-run-event-variable-finished = 系统参数处理完毕
cli-run-event-started = 开始注册
cli-run-event-deferred = 推迟
cli-run-event-answer-lost = 应答丢失
cli-run-event-verifying = 正在验证
cli-run-event-finished = 结束
cli-run-event-page-broken = 静态文件丢失
cli-run-event-stopping = 正在停止
cli-run-event-ended = 运行结束
cli-run-event-unknown = 未知
cli-run-run = 运行编号
cli-run-command = 命令
cli-run-started = 开始时间
cli-run-outcome = 结果
cli-run-user = 用户
cli-run-host = 主机
cli-run-new = 新实例
cli-run-old = 旧实例
