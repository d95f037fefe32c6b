# 模块 plan 的消息


plan-verdict-work = 将注册 { $steps } 个插件，{ $variable ->
    [set] 将设置 GATEWAY_URL_NEW
    [blocked] GATEWAY_URL_NEW 受阻
    [unknown] GATEWAY_URL_NEW 未知
   *[kept] GATEWAY_URL_NEW 不变
}，跳过 { $skipped } 个，受阻 { $blocked } 个。
plan-verdict-next = { $counts }下一步：{ -wecubectl } apply
plan-verdict-blocked = { $counts }下一步：按“解决步骤”处理
plan-verdict-nothing = 无需处理：跳过 { $skipped } 个，受阻 0 个。
plan-verdict-refused = 拒绝执行，不会写入任何内容：先解决 { $count } 个问题。
plan-verdict-value = 已停止，不会写入任何内容：GATEWAY_URL_NEW 缺少值。下一步：{ -wecubectl } apply { FLAG("--gateway-url", $candidate) }
plan-verdict-forecast = { $count ->
    [0] 升级没有已知问题。未写入任何内容。
   *[other] 升级将遇到 { $count } 个问题。未写入任何内容。下一步：在升级之前解决
}

plan-title = WeCube：计划
plan-label-database = 数据库
plan-relation-single = 只有一个实例
plan-relation-shared = 两侧共用（共有 { $packages } 个插件包、{ $instances } 个实例）：注册会影响两侧
plan-relation-separate = 两侧各有数据库：插件包需在各侧分别上传、注册并创建运行实例
plan-relation-unknown = 未知：有一个实例没有列出任何内容，或未能读取
plan-heading-refused = 拒绝执行：不会写入任何内容
plan-heading-variable = 系统参数
plan-heading-steps = 依次注册的插件（{ $count }）
plan-heading-effects = 附带影响
plan-heading-blocked = 受阻（需人工处理）：{ $count }
plan-heading-skipped = 跳过（无需处理）：{ $count }
plan-heading-remedies = 升级之前
plan-heading-notices = 注意
plan-head-reason = 原因
plan-no-steps = 无
plan-first-alone = 先行验证
plan-skipped-group = { $names }：{ $reason }

plan-reason-no-ui = 无界面
plan-reason-already-visible = 静态文件在每个门户上都已验证
plan-reason-not-running = 没有运行实例
plan-reason-not-for-this-side = 要求平台 { $needs } 或更新版本，该实例较旧
plan-reason-excluded = 被 --plugin 或 --skip-plugin 排除
plan-reason-dependency-older = 要求比 { $wanted } 更新的 { $name }，已注册的是 { $registered }
plan-reason-dependency-older-v3 = 要求 { $name } { $wanted } 或更新版本，已注册的是 { $registered }
plan-reason-dependency-missing = 要求 { $name } { $wanted }，但没有注册任何版本
plan-reason-version-unreadable = 要求 { $name } { $wanted }；v3 只比较数字，无法比较 { $found }
plan-reason-platform-too-old = 要求平台 { $wanted }，当前平台为 { $is }
plan-reason-dependency-failed = 依赖的 { $on } 未完成注册和验证
plan-reason-version-shown = 正在运行的是 { $running }，而旧门户显示的是 { $shown }
plan-reason-version-several = 有多个版本在运行：{ $running }
plan-reason-other-version-active = 运行的是 { $running }，但门户显示的是后来由他人注册的 { $active }；注册 { $running } 会使页面退回
plan-reason-version-picked = 指定了版本 { $picked }，但没有可注册的该版本插件包
plan-reason-version-unclear = 无法确定要注册的版本
plan-reason-two-editions = 该版本有多个发行版（{ $editions }），注册会同时改变它们
plan-reason-cycle = 依赖成环：{ $path }
plan-reason-not-registered = 插件包状态为 { $status }，不是 REGISTERED
plan-reason-not-on-this-side = 另一实例运行着 { $version }，该实例没有它的有效插件包
plan-reason-too-many-versions = 另有 { $others } 个有效版本；超过两个时 v3 拒绝注册
plan-reason-unreadable = 无法判断：{ $failure }
plan-reason-static-path = core 写入静态文件的目录不是门户提供的目录：列表中有 { $row }，而门户对它应答 404
plan-reason-static-path-set = core 将写入静态文件的目录不是门户提供的目录：环境文件中的 static_resource_server_path 以 /{ $folder } 结尾
plan-next-static-path = 让{ $side }实例 core 的 static_resource_server_path 以 /ui-resources 结尾（现在是 /{ $folder }）并重启 core，或让所有门户提供 /{ $folder }；然后：{ -wecubectl } apply { $flags }
plan-reason-no-portal = 未配置门户，无法检查静态文件
plan-reason-pages-unknown = { $count } 个静态文件无法确定是否存在：{ $portal }：{ $state }
plan-next-unverified = 请修复门户的应答；仍要注册时：{ -wecubectl } apply { $flags }

plan-next-upload = { -wecubectl } plugin upload --side { $side } FILE
plan-next-register = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
plan-next-register-uploaded = { -wecubectl } plugin register --side { $side } { ARG($name) } VERSION
plan-next-show = { -wecubectl } plugin show --side { $side } { ARG($name) }
plan-next-pick = { -wecubectl } apply { FLAG("--pick-version", $name, "VERSION") }
plan-next-pick-one-of = { -wecubectl } apply { FLAG("--pick-version", $name, $version) }
plan-next-skip = 接受现状并以退出码 0 结束：{ -wecubectl } apply { FLAG("--skip-plugin", $name) }
plan-next-first = 先解决 { $on }，然后运行：{ -wecubectl } apply
plan-next-decommission = { $side }门户 - 插件注册：删除 { $name } 不再需要的一个版本
plan-next-again = { -wecubectl } plan
plan-next-apply = { -wecubectl } apply

plan-reason-to-pages-hidden = 门户上缺少 { $listed } 个静态文件中的 { $hidden } 个
plan-reason-to-not-listed = 不在资源文件列表中
plan-reason-to-pages-unknown = 静态文件未能检查；由 --register-unverified 指定
plan-reason-to-content-differs = 各门户的静态文件内容不同
plan-reason-to-all-running = 由 --all-running 指定
plan-reason-to-named = 按名称指定

plan-effect-demotes = { $version } 会变为 UNREGISTERED
plan-effect-demotes-running = 正在运行的 { $version } 会变为 UNREGISTERED
plan-effect-takes-ui-active = 资源文件列表不再包含 { $version }（uiActive）
plan-effect-other-side-loses = { $side }门户会失去静态文件：它显示 { $shows }，没有此版本的文件
plan-effect-variable-on = 系统参数 { $name }（{ $id }）会被启用
plan-effect-variable-off = 系统参数 { $name }（{ $id }）会被停用
plan-effect-empties-folder = 复制之前清空插件目录；如果复制失败，静态文件会丢失
plan-effect-moves-upload-time = 上传时间会改变，两侧列出的版本可能随之变化
plan-effect-grants-roles = core 创建插件包声明的角色，并授予其菜单

plan-refusal-same-address = 两侧是同一个实例：{ $address } 同时用于两侧
plan-refusal-same-version = 两侧是同一个实例：版本都是 { $version }，列出的插件包和实例相同
plan-refusal-seeds-differ = 两侧的令牌种子不同，但两侧共用数据库和插件实例，插件实例只接受一个种子
plan-refusal-new-is-old = 新实例的版本是 { $version }
plan-refusal-new-older = 新实例（{ $new }）的版本低于旧实例（{ $old }）
plan-refusal-several-rows = 有 { $count } 个系统参数名为 GATEWAY_URL_NEW（{ $rows }）；创建运行实例时可能使用其中任意一个
plan-refusal-next-addresses = { -wecubectl } config show 列出每个地址的来源；--new-core 与 --old-core（以及网关、门户）必须是两个实例
plan-refusal-next-seeds = 在两个实例上设置相同的种子（jwt_signing_key），然后去掉 --old-seed-file
plan-refusal-next-versions = --new-core 应为刚启动的实例，--old-core 应为原有的实例
plan-refusal-next-several = { -wecubectl } variable set --repair GATEWAY_URL_NEW { ARG($value) }

plan-notice-clock = { $side }服务器的时钟与本机相差 { $seconds } 秒
plan-notice-clock-next = 请同步时钟（NTP）；可以继续执行，因为令牌使用服务器的时钟
plan-notice-shared = 两侧共用数据库：注册会影响两侧，列表一致不能证明静态文件可以加载
plan-notice-separate = 两侧各有数据库：插件包需在各侧分别上传、注册并创建运行实例
plan-notice-relation-unknown = 无法判断两侧是否共用数据库；每次注册之后都会检查另一侧
plan-notice-taskman = taskman { $version } 不能用于 v4；v4.0.0 及以上需要 taskman v1.1.0 或更新版本
plan-notice-orchestrations = { $name } 可以配置编排，而新旧实例的编排不通用：这类配置（告警通知回调）在另一实例可能缺失或报错
plan-notice-misread = 有一个系统参数名为 system__global__GATEWAY_URL_NEW（{ $id }）；创建运行实例时不会读取它，名称必须是 GATEWAY_URL_NEW
plan-notice-misread-next = { -wecubectl } variable unset system__global__GATEWAY_URL_NEW --id { $id }
plan-notice-owned = GATEWAY_URL_NEW 属于插件 { $name }（packageName）；注册 { $name } 会停用它
plan-notice-owned-next = 在新门户的“系统参数”中保存该行一次，packageName 即被清空
plan-notice-writes-to-v3 = 旧实例是 v3：一次只注册一个插件，复制之前清空插件目录，改变上传时间，并授权插件包声明的角色
plan-notice-several-versions = { $name } 在{ $side }实例有多个有效版本：{ $versions }
plan-notice-launched-by-v3 = 有 { $count } 个实例由 v3 创建，在新实例上重新创建之前仍会调用旧网关
plan-notice-not-read = { $side }实例有部分内容未能读取：{ $failure }
plan-notice-target-refuses = 升级之后 { $name } { $version } 无法注册：{ $reason }
plan-notice-target-switches-on = 升级之后注册 { $plugin } 会启用系统参数 { $variable }
plan-notice-target-switches-off = 升级之后注册 { $plugin } 会停用系统参数 { $variable }
plan-notice-remedy = { $name } 的解决步骤：

plan-do-upload-newer = 向{ $side }实例上传比 { $than } 更新的 { $name } 插件包（{ $than } 本身不够）
plan-do-upload = 向{ $side }实例上传 { $name } { $than } 或更新版本
plan-do-register = 在{ $side }实例注册 { $name } { $version }
plan-do-register-uploaded = 在{ $side }实例注册刚上传的 { $name }
plan-do-launch = 在{ $side }门户为 { $name } 创建运行实例，然后销毁旧实例
plan-do-launch-next = { $side }门户：插件注册 - { $name } - 运行管理
plan-do-old-side-loses = 在下一步之前，旧门户没有 { $name } 的静态文件（它显示 { $shows }）
plan-do-upgrade = 将{ $side }平台升级到 { $at-least } 或更新版本，或使用要求更低的插件包
plan-do-upgrade-next = 如果平台已是该版本，请将其环境变量 version 设为该版本号
plan-do-apply = 再次运行 apply
plan-do-pick = 选择 { $name } 的版本：{ $versions }
plan-do-decommission = 在{ $side }实例删除 { $name } 的一个发行版或版本

plan-variable-create = 将创建 GATEWAY_URL_NEW：{ $value }
plan-variable-keep = GATEWAY_URL_NEW 已是此值：{ $value }
plan-variable-update = 将修改 GATEWAY_URL_NEW：{ $before }（{ $before-status }）→ { $after }（active）
plan-variable-several = GATEWAY_URL_NEW 有多行（{ $rows }），都不会改动
plan-variable-not-asked = 不改动 GATEWAY_URL_NEW；创建运行实例时使用 { $effective }，即新网关
plan-variable-not-asked-other = 不改动 GATEWAY_URL_NEW；创建运行实例时使用 { $effective }，它不是新网关
plan-variable-not-asked-none = 不改动 GATEWAY_URL_NEW；没有为创建运行实例设置网关地址
plan-variable-undecided-other = 受阻：没有配置旧实例，因此不设置 GATEWAY_URL_NEW；创建运行实例时使用 { $effective }，它不是新网关
plan-variable-undecided-none = 受阻：没有配置旧实例，因此不设置 GATEWAY_URL_NEW；没有为创建运行实例设置网关地址
plan-variable-next-undecided = 如果旧实例继续运行：{ -wecubectl } apply --coexisting（设置为 { $wanted }）；如果新实例已替换旧实例：{ -wecubectl } apply --in-place（不设置）。也可写入 wecubectl.toml 的 [apply]：coexisting = true 或 in_place = true
plan-variable-value-needed = GATEWAY_URL_NEW 缺少值：插件实例可能无法通过 { $candidate } 访问新网关
plan-variable-unreadable = 系统参数未能读取：{ $failure }
plan-variable-next-set = { -wecubectl } variable set GATEWAY_URL_NEW URL
plan-variable-next-value = { -wecubectl } apply { FLAG("--gateway-url", $candidate) }（或新网关前的负载均衡地址）

plan-read-failure = { $target }：{ $kind }：{ $detail }（{ $operation }）
plan-failure-unreachable = 无法连接
plan-failure-no-answer = 没有完整的应答
plan-failure-token-refused = 令牌被拒绝
plan-failure-permission = 没有权限
plan-failure-not-wecube = 不是 WeCube 平台
plan-failure-redirected = 被重定向；wecubectl 不跟随重定向
plan-failure-endpoint-absent = 该版本没有此接口
plan-failure-server-error = 服务器错误
plan-failure-refused = 平台拒绝
plan-failure-too-large = 应答过大
plan-failure-ambiguous = 未验证
plan-failure-not-asked = 未查询
plan-failure-hint-permission = 请确认种子属于该实例：{ -wecubectl } token mint > FILE && { -wecubectl } token inspect FILE --seed-file SEED
plan-failure-hint-authority = 令牌缺少权限 { $authority }：请不要指定 --authority（默认权限包含它），或加上 { FLAG("--authority", $authority) }；使用 --login-file 时，请换用其角色拥有 { $authority } 的用户
plan-failure-hint-not-wecube = 请确认这是 platform-core 的地址（升级部署文档中的端口 8000），而不是门户的地址：curl -i { ARG($target) }
plan-failure-hint-unreachable = 请检查地址、服务和防火墙：curl -i { ARG($target) }
plan-failure-hint-too-large = 请确认该地址由 WeCube 平台应答；--body-limit MIB 可接受更大的应答

plan-selection-no-match = 没有插件匹配“{ $glob }”；未作任何处理
plan-selection-no-match-hint = { -wecubectl } plugin list 列出名称；* 和 ? 是通配符，名称区分大小写
plan-selection-unknown-plugin = { $flag }：没有名为 { $name } 的插件包
plan-selection-unknown-version = --pick-version：插件包 { $name } { $version } 不存在
plan-selection-unknown-hint = { -wecubectl } plugin list 列出名称和版本
