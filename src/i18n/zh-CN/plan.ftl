# Messages of the room: plan

plan-side-new = 新
plan-side-old = 旧

plan-reason-no-ui = 该插件没有前端页面
plan-reason-already-visible = 页面在每个门户上都已验证可见
plan-reason-not-running = 没有正在运行的实例
plan-reason-not-for-this-side = 该插件用于 { $needs } 及以上版本的平台，不适用于这一侧
plan-reason-excluded = 被 --plugin 或 --skip-plugin 排除
plan-reason-dependency-older = 需要比 { $wanted } 更新的 { $name }，已注册的是 { $registered }；请上传更新的 { $name }
plan-reason-dependency-older-v3 = 需要 { $wanted } 或更新的 { $name }，已注册的是 { $registered }；请上传更新的 { $name }
plan-reason-dependency-missing = 需要 { $name }（声明的版本：{ $wanted }），但没有任何已注册的版本；请上传并注册 { $name }
plan-reason-version-unreadable = 需要 { $name } { $wanted }，实际为 { $found }：v3 只能比较数字版本，其余一律拒绝
plan-reason-platform-too-old = 需要平台版本 { $wanted }，当前为 { $is }
plan-reason-dependency-blocked = 它依赖的 { $on } 受阻
plan-reason-dependency-failed = 它依赖的 { $on } 没有注册成功
plan-reason-version-shown = 正在运行的是 { $running }，而旧门户显示的是 { $shown }
plan-reason-version-several = 有多个版本在运行：{ $running }
plan-reason-version-picked = 指定的版本是 { $picked }，但没有可以注册的该版本插件包
plan-reason-version-unclear = 无法判断指的是哪个版本
plan-reason-two-editions = 同一版本存在多个发行版（{ $editions }），注册会同时影响它们
plan-reason-cycle = 依赖关系成环：{ $path }
plan-reason-not-registered = 其插件包状态为 { $status }，而不是 REGISTERED
plan-reason-not-on-this-side = 另一侧运行着 { $version }，这一侧没有它的有效插件包
plan-reason-too-many-versions = 另有 { $others } 个版本处于有效状态；超过两个时 v3 拒绝注册
plan-reason-unreadable = 做出判断所需的信息读取失败：{ $failure }

plan-next-upload = { -wecubectl } plugin upload --side { $side } 文件
plan-next-register = { -wecubectl } plugin register --side { $side } { $name } { $version }
plan-next-register-uploaded = { -wecubectl } plugin register --side { $side } { $name } 版本
plan-next-show = { -wecubectl } plugin show --side { $side } { $name }
plan-next-pick = { -wecubectl } apply --pick-version { $name }=版本
plan-next-pick-one-of = { -wecubectl } apply --pick-version { $name }=版本，版本为 { $versions } 之一
plan-next-skip = 如果已知晓并保持现状：{ -wecubectl } apply --skip-plugin { $name }
plan-next-first = 先处理 { $on }，然后 { -wecubectl } apply
plan-next-decommission = 在{ $side }门户的“插件注册”中删除 { $name } 不再需要的一个版本
plan-next-again = 可以读取之后：{ -wecubectl } plan
plan-next-apply = { -wecubectl } apply

plan-reason-to-pages-hidden = { $listed } 个页面文件中有 { $hidden } 个不可见
plan-reason-to-not-listed = 这一侧没有列出它的页面文件
plan-reason-to-pages-unknown = 页面是否可见读取失败
plan-reason-to-content-differs = 有页面文件与别处同一路径的内容不同
plan-reason-to-all-running = --all-running
plan-reason-to-named = 手工指定

plan-effect-demotes = { $version } 会变为 UNREGISTERED
plan-effect-demotes-running = 正在运行的 { $version } 会变为 UNREGISTERED
plan-effect-takes-ui-active = 页面文件不再列出 { $version }（uiActive 转移）
plan-effect-other-side-loses = { $side }门户会失去该页面：它显示的是 { $shows }，没有此版本的文件
plan-effect-variable-on = 系统参数 { $name }（{ $id }）会被启用
plan-effect-variable-off = 系统参数 { $name }（{ $id }）会被停用
plan-effect-empties-folder = 复制之前会先清空插件目录：如果复制失败，页面就没有了
plan-effect-moves-upload-time = 上传时间会改变，两侧列出的版本可能随之变化
plan-effect-grants-roles = 会创建插件包中声明的角色并授权

plan-refusal-same-address = 两侧是同一个实例：{ $address } 同时给了两侧
plan-refusal-same-version = 两侧是同一个实例：版本都是 { $version }，列出的插件包和实例相同
plan-refusal-seeds-differ = 两侧的种子不同，但共用同一个数据库和同一套插件实例，而插件只能有一个种子
plan-refusal-new-is-old = 新的一侧返回的版本是 { $version }
plan-refusal-new-older = 新的一侧（{ $new }）比旧的一侧（{ $old }）版本更低
plan-refusal-several-rows = 系统参数中有 { $count } 行名为 GATEWAY_URL_NEW（{ $ids }）；启动实例时用哪一行无法确定
plan-refusal-next-addresses = wecubectl config show 会列出每个地址的来源；--new-core 与 --old-core（以及网关、门户）必须指向两个实例
plan-refusal-next-seeds = 让两个实例使用相同的种子（jwt_signing_key），然后去掉 --old-seed-file
plan-refusal-next-versions = --new-core 应指向刚启动的实例，--old-core 应指向原有的实例
plan-refusal-next-several = { -wecubectl } variable set GATEWAY_URL_NEW 地址 --repair，保留一行并删除其余

plan-notice-clock = { $side }侧的时钟与本机相差 { $seconds } 秒
plan-notice-clock-next = 请用 NTP 校准时钟；令牌按服务器的时钟签发，可以继续执行
plan-notice-shared = 两侧共用同一个数据库：注册带来的改变会影响两侧，列表一致并不能说明页面可用
plan-notice-separate = 两侧各有数据库：插件包需要在各自一侧上传、注册和启动
plan-notice-relation-unknown = 无法判断两侧是否共用同一个数据库；可能影响另一侧的内容会受到监视
plan-notice-taskman = taskman { $version } 不能用于 v4；从 v4.0.0 起需要 taskman v1.1.0 或更新版本
plan-notice-orchestrations = { $name } 的页面中有配置编排的功能：新旧两侧的编排并不通用，这类配置（告警通知回调）在另一侧可能不可见或报错
plan-notice-misread = 有一个系统参数的名称就是 system__global__GATEWAY_URL_NEW（{ $id }）：启动实例时不会读取它，名称必须是 GATEWAY_URL_NEW
plan-notice-misread-next = { -wecubectl } variable unset system__global__GATEWAY_URL_NEW --id { $id }
plan-notice-owned = GATEWAY_URL_NEW 属于插件 { $name }（packageName）：注册 { $name } 会将其停用
plan-notice-owned-next = 在新门户的“系统参数”中将该行保存一次，packageName 即被清空
plan-notice-writes-to-v3 = 旧的一侧是 v3：一次只注册一个，每次都会先清空插件目录再复制、改变上传时间，并授权插件包中声明的角色
plan-notice-several-versions = { $side }侧的 { $name } 有多个有效版本：{ $versions }
plan-notice-launched-by-v3 = 有 { $count } 个实例由 v3 启动，在新的一侧重新启动之前仍会调用旧网关
plan-notice-not-read = { $side }侧有部分内容读取失败，对此不作任何结论：{ $failure }
plan-notice-target-refuses = 升级之后 { $name } { $version } 无法注册：{ $reason }
plan-notice-target-switches-on = 升级之后注册 { $plugin } 会启用系统参数 { $variable }
plan-notice-target-switches-off = 升级之后注册 { $plugin } 会停用系统参数 { $variable }
plan-notice-remedy = { $name } 的解决办法：

plan-do-upload-newer = 向{ $side }侧上传比 { $than } 更新的 { $name } 插件包（恰好 { $than } 不够）
plan-do-upload = 向{ $side }侧上传 { $than } 或更新的 { $name } 插件包
plan-do-register = 在{ $side }侧注册 { $name } { $version }
plan-do-register-uploaded = 在{ $side }侧注册刚上传的 { $name }
plan-do-launch = 在{ $side }门户启动 { $name } 的实例，然后销毁旧实例
plan-do-launch-next = { $side }门户：插件注册 - { $name } - 运行管理
plan-do-old-side-loses = 从此刻起旧门户没有 { $name } 的页面（它显示的是 { $shows }），下一步使其恢复
plan-do-upgrade = 将{ $side }平台升级到 { $at-least } 或更新版本，或使用要求更低的插件包
plan-do-upgrade-next = 如果平台已是该版本，其环境变量 version 必须如实写成数字版本
plan-do-apply = 再次执行主任务
plan-do-pick = 指明 { $name } 用哪个版本：{ $versions }
plan-do-decommission = 在{ $side }侧删除 { $name } 的一个发行版或版本

plan-variable-create = 新建 GATEWAY_URL_NEW：{ $value }
plan-variable-keep = GATEWAY_URL_NEW 已正确：{ $value }
plan-variable-update = 修改 GATEWAY_URL_NEW：{ $before }（{ $before-status }）→ { $after }（active）
plan-variable-several = GATEWAY_URL_NEW 有多行（{ $ids }），都不改动
plan-variable-not-asked = 不改动 GATEWAY_URL_NEW；启动实例时会使用 { $effective }，即新网关
plan-variable-not-asked-other = 不改动 GATEWAY_URL_NEW；启动实例时会使用 { $effective }，它不是新网关
plan-variable-not-asked-none = 不改动 GATEWAY_URL_NEW；没有启动实例可用的网关地址
plan-variable-value-needed = 必须给出 GATEWAY_URL_NEW 的值：插件实例未必能通过 { $candidate } 访问新网关
plan-variable-unreadable = 系统参数读取失败：{ $failure }
plan-variable-next-set = { -wecubectl } variable set GATEWAY_URL_NEW 地址
plan-variable-next-value = { -wecubectl } apply --gateway-url { $candidate }（或新网关前面的负载均衡地址）
plan-read-failure = { $target }：{ $kind }：{ $detail }（{ $operation }）
plan-failure-unreachable = 无法连接
plan-failure-no-answer = 没有完整的应答
plan-failure-token-refused = 令牌被拒绝
plan-failure-permission = 没有权限
plan-failure-not-wecube = 应答的不是 WeCube 平台
plan-failure-redirected = 重定向，不会跟随
plan-failure-endpoint-absent = 该版本没有此接口
plan-failure-server-error = 服务器错误
plan-failure-refused = 平台拒绝
plan-failure-too-large = 应答过大
plan-failure-not-supported = 该版本不支持
plan-failure-not-asked = 未查询
