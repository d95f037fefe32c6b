## src/check 的消息。发现旁边已显示实例和对象，消息中不再重复。

side-old = 旧
side-new = 新
severity-info = 提示
severity-warning = 警告
severity-error = 错误


check-unknown-old-not-read = 已配置旧实例，但无法读取
check-unknown = 未知：{ $cause }
check-unknown-of = { $count ->
    [1] { $names }：{ $cause }
   *[other] { $count } 项未知（{ $names }），首个原因：{ $cause }
}
check-unknown-relation = 两个令牌种子不同，且不知道两个实例是否共用数据库
check-unknown-maker = 从 id { $id } 看不出由哪个平台创建
check-unknown-launch = 本机没有运行日志说明 GATEWAY_URL_NEW 何时得到当前值，该运行实例可能更早
check-unknown-not-marked = 插件包列表中没有该字段
check-skip-no-old = 没有配置旧实例
check-skip-plugins = 被 --plugin 或 --skip-plugin 排除
check-skip-code = 被 --skip-code 排除
check-skip-not-chosen = 未被 --code 选中
check-skip-health = 没有请求健康检查
check-skip-seeds = 有一个实例使用登录而不是令牌种子
check-skip-variable = 没有旧实例时，插件使用 GATEWAY_URL
check-skip-no-value = 期望值无法确定：请加 --gateway-url URL
check-skip-no-role = 需要 --role ROLE
check-skip-retiring = 需要 --before-retiring-old
check-skip-no-ui-active = v4.2 起才有
check-skip-probes = 没有分别带令牌和不带令牌请求插件
check-acceptance-expired = { $finding }（接受期限 { $day } 已过）

check-seen = { $value }
check-seen-no-row = 没有这条记录
check-seen-shared = 两个实例有 { $packages } 个相同的插件包 id、{ $instances } 个相同的运行实例 id
check-seen-granted = 已授予 { $count } 个菜单
check-seen-served = 提供了 { $count } 个静态文件

check-failure-unreachable = 无法连接：{ $operation }（{ $target }）：{ $detail }
check-failure-no-answer = 没有及时应答：{ $operation }（{ $target }）：{ $detail }
check-failure-token = 令牌被拒绝：{ $operation }（{ $target }）：{ $detail }
check-failure-permission = 该用户或令牌无权读取：{ $operation }（{ $target }）：{ $detail }
check-failure-not-asked = 没有请求：{ $operation }（{ $target }）{ $detail }
check-failure = { $operation } 失败（{ $target }）：{ $detail }
check-hint-read-again = { -wecubectl } check
check-hint-not-wecube = 更正{ $side }实例的地址，或处理其前置应答方（代理、单点登录）；查看地址的来源：{ -wecubectl } config show
check-hint-unreachable = 启动{ $side }实例或打通其端口；查看地址的来源：{ -wecubectl } config show
check-hint-token = 给出{ $side }实例的令牌种子（--seed-file FILE、--old-seed-file FILE）；查看令牌内容：{ -wecubectl } token inspect

check-unreachable = { $address } 没有以平台的方式应答：{ $detail }
check-unreachable-portal = 门户 { $address } 没有应答：{ $detail }
check-version = 版本为“{ $version }”，core 会因此拒绝所有要求平台版本的插件
check-version-hint = 把 core 容器的环境变量 version 设为镜像版本，然后重建容器
check-health = core 应答：{ $detail }
check-health-hint = 查看 core 日志，确认 core 能访问数据库和 auth-server
check-clock = 时钟与本机相差 { $seconds } 秒
check-clock-hint = 用 NTP 校准所有时钟；v4 拒绝签发时间晚于其时钟的令牌
check-clock-not-told = 所有应答都没有 Date 头
check-token = 平台应答：{ $detail }
check-applying = 这对实例上有 apply 正在执行，结果可能改变
check-applying-hint = { -wecubectl } check

check-variable-missing = 现在创建的运行实例会得到旧网关的地址
check-variable-several = 有 { $count } 条同名记录，创建运行实例时用哪一条无法确定
check-variable-inactive = 状态是“{ $status }”，创建运行实例时找不到它
check-variable-empty = 既没有值也没有默认值
check-variable-value = 当前值 { $value }，应为 { $wanted }
check-variable-local = 当前值 { $value }，但插件运行在 { $host } 上，从那里用该地址无法访问网关
check-variable-owned = 归属 { $owner }：下次注册该插件会切换它
check-variable-misread = { $name } 是 id 而不是名称，创建运行实例时不会读取
check-variable-set = { -wecubectl } variable set GATEWAY_URL_NEW { ARG($value) }
check-variable-repair = { -wecubectl } variable set --repair GATEWAY_URL_NEW { ARG($value) }
check-variable-owned-hint = 在门户“系统参数”中删除该记录，然后执行：{ -wecubectl } variable set GATEWAY_URL_NEW { ARG($value) }
check-variable-misread-hint = 在门户“系统参数”中删除该记录；创建运行实例时读取的名称是 GATEWAY_URL_NEW

check-hint-apply = { -wecubectl } apply
check-hint-register = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
check-hint-launch = 在门户中创建 { $name } { $version } 的运行实例
check-hint-unneeded = 如果它本来就不需要运行，无需处理；否则在门户中创建 { $name } { $version } 的运行实例
check-hint-relaunch = 在门户中逐个销毁 { $name } 的运行实例并重新创建
check-hint-plan = { -wecubectl } plan { FLAG("--plugin", $name) }
check-hint-grant = 在门户“角色管理”中把菜单授予 { $role }；查看每个条件：{ -wecubectl } plugin show --side { $side } { FLAG("--as-role", $role) } { ARG($name) }
check-hint-route = { -wecubectl } check --wait-until-ok 10m
check-portal-answers = { $address } 对每个静态文件都应答 HTTP { $status }
check-portal-answers-hint = 查看 { $address } 的门户或其前置代理的日志：访问规则、重定向、文件权限
check-portal-serves-all = { $address }：{ $detail }
check-portal-serves-all-hint = 让 { $address } 的门户或其前置代理对不存在的文件应答 404
check-role-nothing = { $role } 没有任何菜单：没有授予，或没有这个角色
check-role-nothing-hint = 在门户“角色管理”中查看角色；如果 { $role } 写错了，请更正 --role
check-role-lost = { $role } 缺少另一个实例上已有的菜单：{ $codes }
check-role-none = { $role } 没有它的任何菜单：{ $codes }

check-file-differs = { $count ->
    [1] { $first } 不一致：{ $seen }
   *[other] { $count } 个文件不一致，首个是 { $first }：{ $seen }
}

check-gone = { $running ->
    [0] 没有运行实例
   *[other] 有 { $running } 个运行实例
}，应有 { $expected } 个
check-gone-hint = 在门户中创建 { $name } 的运行实例；如果是有意销毁：{ -wecubectl } check { FLAG("--accept-gone", $name) }
check-gone-expected-hint = 在门户中创建 { $name } 的运行实例；如果是有意销毁，从配置的 expect_running 中去掉 { $name }，再运行：{ -wecubectl } check { FLAG("--accept-gone", $name) }
check-launching = { $ago } 秒前创建，尚未可用：{ $cause }
check-no-core-route = 有运行实例，但 core 没有到它的路由

check-lost = { $count ->
    [1] { $aspect }：{ $cause }
   *[other] 缺少 { $count } 项，首项是{ $aspect }：{ $cause }
}
check-several-running = 正在运行的版本：{ $running }
check-several-running-hint = 在门户中销毁不需要的版本的运行实例
check-shown-not-run = 页面是 { $shown }，运行实例是 { $running }
check-page-taken = 旧实例的用户已看不到它的页面：平台让他们加载 { $versions }，该版本在新实例上注册，从未复制到旧门户
check-not-shown-on-old = 新实例显示 { $versions }，旧实例仍显示 { $shown }
check-not-shown-on-old-hint = { -wecubectl } plan { FLAG("--plugin", $name) } --write-to both
check-taskman-hint = 在新实例上传 taskman v1.1.0 或更新版本，注册它并创建运行实例
check-gated = 版本 { $version }：{ $cause }
check-gated-hint = 上传适用于该平台的版本
check-orchestrations-hint = 两个实例并用期间无需处理；停用旧实例之前，在新实例上重新选择编排
check-content-differs = { $count ->
    [1] { $first } 不一致
   *[other] { $count } 个文件不一致，首个是 { $first }
}

check-relaunch-alone = 第 { $place } 步，共 { $of } 步：在门户中销毁 { $host }:{ $port }，再用端口 { $port } 创建 { $name }；网关加载其路由之前，{ $name } 在两个平台上都不可用
check-relaunch-others = 第 { $place } 步，共 { $of } 步：在门户中销毁 { $host }:{ $port }，再用端口 { $port } 创建 { $name }；期间由其余 { $others } 个运行实例提供服务
check-launched-by-v3 = { $at } 在重新创建之前一直使用旧网关
check-launched-by-v3-alone = { $at } 在重新创建之前一直使用 v3 给它的网关 { $gateway }
check-launched-by-v3-gone = { $at } 在重新创建之前一直使用 v3 给它的网关 { $gateway }，而该网关没有应答：{ $cause }
check-launched-before = { $at } 早于 GATEWAY_URL_NEW 的设置，重新创建之前一直使用旧网关
check-gateway-url = 当前值 { $value }
check-gateway-url-hint = 在停用旧实例的前一刻执行：{ -wecubectl } variable set GATEWAY_URL { ARG($value) }
check-route-only-old = 旧网关的路由指向 { $to }
check-route-only-old-hint = 在新实例上传、注册 { $name } 并创建运行实例，或排除它：{ -wecubectl } check --before-retiring-old { FLAG("--skip-plugin", $name) }
check-variable-only-old = 新实例没有该名称和范围的生效记录
check-variable-only-old-hint = { -wecubectl } variable set { ARG($name) } VALUE
check-page-only-old = 新实例上：{ $cause }
check-names-old = 值中含有 { $address }

check-ui-lost = 全部 { $count } 个带界面的已注册插件都失去了 uiActive
check-ui-lost-hint = { -wecubectl } apply
check-register-not-done = 注册向导没有完成最后一步
check-register-not-done-hint = 在门户的注册向导中完成 { $name } 的最后一步

check-seed-not-taken = 无论是否带本平台的令牌都返回 401
check-seed-not-taken-hint = 核对 { $name } 容器的 JWT_SIGNING_KEY 与平台的令牌种子，然后销毁并重新创建运行实例

check-why-package = 插件包已注册
check-why-running = 有运行实例
check-why-granted = { $role } 拥有它的某个菜单
check-why-not-granted = 均未授予：{ $codes }
check-why-token = 接受本平台的令牌
check-why-no-script = resource-files 只列出了样式表，没有脚本
check-why-active = 有菜单已激活
check-why-path = 有菜单带链接
check-why-none = 缺少：{ $codes }
check-why-ui-active = uiActive 为真
check-why-ui-inactive = uiActive 为假：之后注册过另一个版本，或升级到 v4.2 后还没有注册
check-why-instance-row = 有实例记录，不论是否运行（v4.5 起要求）
check-why-listed-v3 = 静态文件在资源文件列表中（最近注册的有效版本）
check-why-listed-v4 = 静态文件在资源文件列表中（最近上传的带界面有效版本）
check-why-listed-v42 = 静态文件在资源文件列表中（REGISTERED 且 uiActive 为真的版本）
check-why-served = 每个门户都提供静态文件
check-why-core-route = core 有到它的路由
check-why-no-core-route = core 没有到该插件的路由
check-why-gateway-route = 网关已加载该路由
check-why-reachable = 经网关访问有应答
