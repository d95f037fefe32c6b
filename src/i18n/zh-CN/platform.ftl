# 模块 platform 的消息

# 平台版本的限制。

platform-limit-version-newer = 该版本比已知的所有版本都新，按已知的最新版本处理。
platform-limit-version-unknown = 平台返回的版本号无法识别，按同代中最早的版本处理。
platform-limit-token-cause = 该版本对所有无效令牌给出同样的提示。查看原因请运行：wecubectl token inspect FILE
platform-limit-no-trace-without-ui = 该版本无法验证无界面插件的注册。
platform-limit-listing-statuses = 该版本只列出状态为 UNREGISTERED、REGISTERED 或 DECOMMISSIONED 的插件包，不显示其他状态的插件包。
platform-account-no-user = 第一行没有用户名
platform-account-no-password = 第二行没有密码
platform-account-more-lines = 超过两行

# 重注册被拒绝的原因（cause）以及下一步（next）。

## Token

token-secret-place-file = { $path }
token-secret-place-stdin = 标准输入
token-secret-wide-mode = { $path } 的权限是 { $mode }，本机其他用户也能访问。请收紧：chmod 600 { ARG($path) }
token-secret-unreadable = { $place }：无法读取（{ $cause }）。
token-secret-bom = { $place }：以字节顺序标记开头，它不属于密钥。请把文件保存为不带该标记的 UTF-8。
token-secret-assignment = { $place }：内容是 NAME=VALUE。请只写值，不带名称和引号。
token-secret-empty = { $place }：内容为空。请把密钥写成一行放进去；如果平台用的是自带的默认令牌种子，就写那个默认令牌种子。
token-secret-too-large = { $place }：超过 { $limit } 字节，不会只是一个密钥。请检查是否给错了文件。
token-secret-not-utf8 = { $place }：第 { $position } 个字节不是 UTF-8 文本。请检查是否给错了文件。

token-seed-rule-alphabet = 第 { $position } 个字符不在 A-Z a-z 0-9 + / 之内
token-seed-rule-padding = 第 { $position } 个字符是 Base64 填充符（=），v4 一律不接受，即使 Base64 本该有它
token-seed-rule-left-over = 第 { $position } 个字符是多出来的：不计换行的长度除以 4 不能余 1
token-seed-rule-no-bytes = 解码后密钥为空，v3 不会用它签名，而在 v4 上任何人都能签名
token-seed-rule-blank = 内容为空白，而 v3 core 不会用默认令牌种子代替空白令牌种子
token-seed-only-v3 = 这个令牌种子 v3 能用、v4 不能用：{ $rule }。用它的话，v4 的 auth-server 起不来，v4 core 对所有令牌都回 401。请选一个只含 A-Z a-z 0-9 + /、且长度除以 4 不余 1 的令牌种子，新旧两边都换上并重启。
token-seed-only-v4 = 这个令牌种子 v4 能用、v3 不能用：{ $rule }。请在 v3 上去掉这项设置，或把默认令牌种子完整写上，并在这里给出同一个令牌种子。
token-seed-refused = 从这个令牌种子得不到密钥：{ $rule }。请检查它是否就是平台上的完整令牌种子（JWT_SIGNING_KEY），前后没有别的内容。

token-script-ends-replacement = 第 { $position } 个字符会结束容器启动脚本里的 sed 命令：这个值根本设不进去，占位符原样留下，v4 core 会改用平台的默认令牌种子。请换一个不含 ~ & \ " 和控制字符的值。
token-script-breaks-command = 第 { $position } 个字符是换行，容器启动脚本里的 sed 命令会因此失败：这个值根本设不进去。请把值写成一行。
token-script-inserts-placeholder = 第 { $position } 个字符会被容器启动脚本（sed）换成占位符的名字。请换一个不含 ~ & \ " 和控制字符的值。
token-script-escapes = 第 { $position } 个字符在容器启动脚本（sed）里会转义后面的字符，最后得到的是另一个值。请换一个不含 ~ & \ " 和控制字符的值。
token-script-breaks-json = 第 { $position } 个字符会破坏容器启动脚本写出的 JSON 配置，进程起不来。请换一个不含 ~ & \ " 和控制字符的值。

token-identity-user = 用户名
token-identity-authority = 第 { $nth } 个权限
token-identity-empty = { $part }为空。
token-identity-comma = { $part }里有逗号。每个权限请单独写一个 --authority。
token-identity-bracket = { $part }里有方括号；令牌用方括号括起整个权限列表。
token-identity-space = { $part }里有空格；v4 不去掉空格，这样的名字匹配不到任何权限。
token-identity-control = { $part }里有控制字符。
token-identity-too-long = { $part }超过 { $limit } 个字符；v4.2 及以后记录注册人的那一列放不下。

token-mint-failed = 无法签发令牌：{ $cause }
token-mint-no-header = 令牌无法放入请求头

token-clock-server-ahead = { $server } 的时钟比本机快 { $seconds } 秒。wecubectl 会调整自己的令牌，但用户登录和插件可能失败。请用 NTP 校准两边的时钟。
token-clock-server-behind = { $server } 的时钟比本机慢 { $seconds } 秒。wecubectl 会调整自己的令牌，但用户登录和插件可能失败。请用 NTP 校准两边的时钟。

token-malformed-empty = 没有令牌
token-malformed-too-large = 有 { $bytes } 字节，服务器都不接受这么长的请求头
token-malformed-parts = 有 { $count } 段；令牌应是用点号隔开的三段
token-malformed-base64 = { $part }不是 base64url
token-malformed-json = { $part }不是 JSON 对象
token-part-header = 头部
token-part-payload = 载荷
token-part-signature = 签名




token-refusal-no-bearer = v3 要求前面正好是 "Bearer "（大写 B，一个空格），否则当作没带令牌
token-refusal-bearer-spelling = 令牌前面的内容不会被去掉：请写成 "Bearer "，大写 B，一个空格
token-refusal-bearer-alone = Bearer 后面没有令牌
token-refusal-algorithm = 签名算法是 { $found }；只接受 HS256、HS384、HS512
token-refusal-no-algorithm = 头部没有写签名算法
token-refusal-padded = 其中一段以 = 结尾；v4 auth-server 要求不带填充的 base64url
token-refusal-unsigned = 没有签名
token-refusal-another-key = 签名用的不是所给的令牌种子
token-refusal-expired = 已过期 { $seconds } 秒
token-refusal-issued-ahead = iat 比服务器时间晚 { $seconds } 秒，而 v4 不容许任何时钟偏差：请把签发时间提前，或校准时钟
token-refusal-not-yet-valid = nbf 还有 { $seconds } 秒才到
token-refusal-exp-missing = 没有 exp，v4 必须有
token-refusal-time-not-number = { $claim } 不是数字；请写 1970 年起的整秒数，不加引号
token-refusal-time-not-whole = { $claim } 带小数或指数；v4 auth-server 只接受整秒
token-refusal-type-missing = 没有 type；v3 要求 accessToken
token-refusal-refresh-token = 这是刷新令牌；v3 要求访问令牌
token-refusal-type-other = type 是 { $found }；v3 要求 accessToken
token-refusal-authority-missing = 没有 authority，v3 必须有
token-refusal-authority-array = authority 是数组；请写成一个字符串："[A,B]"
token-refusal-authority-other = authority 不是字符串；请写成 "[A,B]"
token-refusal-authority-too-short = authority 不足两个字符，会让 v4 core 崩溃；v4.0 自己的刷新令牌就是这样
token-refusal-sub-empty = sub 为空；v4 core 要求有用户名
token-refusal-wrong-type = { $claim } 的类型 v4 auth-server 无法解析
token-refusal-needs-registration = needRegister 为 true：v4 auth-server 只允许申请角色

token-limitation-any-of = { $operation }：会被拒绝（HTTP 200，{ $denial }）；需要其中之一：{ $authorities }
token-limitation-all-of = { $operation }：会被拒绝（HTTP 200，{ $denial }）；需要全部：{ $authorities }
token-operation-package-details = 读取插件包的实例、依赖和菜单
token-operation-register = 注册插件包
token-operation-upload = 上传插件包
token-operation-read-variables = 读取系统参数
token-operation-write-variables = 修改系统参数
token-operation-all-menus = 读取全部菜单
token-operation-servers = 读取资源服务器
token-limitation-never-expires = 在这里永不过期
token-limitation-milliseconds = exp 用了毫秒却按秒解读：要几万年后才过期
token-limitation-refresh-token = 这是刷新令牌，却照样通过
token-limitation-no-user = sub 不是字符串，平台会把 %!s(<nil>) 之类的名字写进记录
token-limitation-no-authorities = 从 authority 读不出任何权限：格式应是 [A,B]
token-limitation-spaces-kept = authority 里的空格会保留：" B" 不等于 "B"

# 调用失败的原因。

cause-unspecified = 没有更多信息
cause-at = { $place }：{ $cause }
cause-through = { $cause }（经由代理 { $proxy }）
cause-said = { $words }
cause-unknown-host = 主机名无法解析
cause-port-refused = 端口拒绝连接
cause-connect-timeout = 连接超时
cause-no-connection = 无法建立连接：{ $reason }
cause-tls = TLS 失败：{ $reason }
cause-tls-expired = 证书已过期
cause-tls-not-yet-valid = 证书尚未生效
cause-tls-wrong-name = 证书属于另一个主机名
cause-tls-unknown-issuer = 证书不是由受信任的机构签发的
cause-tls-client-certificate = 服务器要求提供它信任的客户端证书
cause-tls-nothing-in-common = 服务器不支持 wecubectl 所支持的任何 TLS 版本或加密套件
cause-tls-only-tls = 地址以 http 开头，但服务器在这个端口上使用 TLS
cause-tls-not-tls = 服务器在这个端口上不使用 TLS
tls-hint-authority = 请用 --ca-file FILE（PEM）信任签发它的证书机构，或直接信任该证书
tls-hint-client-certificate = 请用 --client-cert FILE --client-key FILE 提供证书
tls-hint-address = 请改用地址 { $address }
tls-no-certificate = 证书颁发机构文件里没有 PEM 证书
tls-bad-certificate = 证书颁发机构文件的第 { $number } 个证书无法读取：{ $reason }
tls-setup = 无法设置 TLS：{ $reason }
tls-client-certificate = 无法读取客户端证书或其私钥，或两者不匹配
cause-no-answer = { $limit } 内没有响应
cause-stalled = 收到 { $bytes } 字节后中断，{ $limit } 内没有继续
cause-unfinished = { $limit } 后响应仍未结束（已收到 { $bytes } 字节）
cause-run-over = 应答之前，本次运行的时限（--deadline）已到
cause-broken = 响应之前连接断开
cause-not-http = 响应不是 HTTP
cause-cut-off = 响应中途连接断开，开头是：{ $begins }
cause-too-large = 响应超过 { $limit } 字节
cause-bad-path = { $path } 不是该实例的路径
cause-bad-request = 无法构造请求：{ $reason }
cause-no-token = 没有令牌：{ $cause }
cause-token-timeout = 未能及时得到令牌
cause-no-seed = 没有给出令牌种子
cause-repeated = { $cause }（已试 { $attempts } 次）
cause-not-asked = 未请求，因为之前的请求失败：{ $cause }
cause-redirect = HTTP { $http } 重定向到 { $location }
cause-redirect-nowhere = HTTP { $http } 重定向，但没有给出地址
cause-second-document = { $cause }，后面还有第二份内容，已忽略
cause-too-deep = JSON 嵌套超过 { $levels } 层
cause-too-many-values = 解析该回复需要超过 { $mib } MiB 内存（见 { $field }）
cause-status-ok = HTTP { $http }，但 `status` 是 OK
cause-no-message = HTTP { $http }，没有提示信息
cause-no-message-code = HTTP { $http }，错误码 { $code }，没有提示信息
cause-asks-confirmation = 平台要求确认：{ $words }
cause-http-said = HTTP { $http }：{ $words }
cause-not-identified = 无法确认此地址是门户，因此文件缺失不能作为证明：{ $cause }
cause-serves-what-is-not-there = 对不存在的文件，此门户的应答是 HTTP { $http } 而不是 404，因此它的应答不能作为证明
cause-http = HTTP { $http }
cause-gateway-not-found = HTTP 404：404 page not found（core 停止时网关也这样回答）
cause-answers-as = 此地址也像{ $role }一样回答，可能是{ $role }或负载均衡
cause-of-either-instance = 两个实例的回答相同，无法判断此地址属于哪一个
cause-gateway-without-core = { $cause }：这里回答的是网关，它后面的 core 没有响应
cause-not-envelope = HTTP { $http }：{ $body }
cause-body-empty = 响应为空
cause-body-not-text = { $bytes } 字节，不是文本
cause-body-html = HTML：{ $begins }
cause-body-not-json = 不是 JSON：{ $begins }
cause-body-cut-off = JSON 在 { $bytes } 字节后中断：{ $begins }
cause-body-second-document = 不止一份内容，第二份是：{ $begins }
cause-body-not-an-object = JSON 是{ $kind }，不是对象
cause-body-no-status = JSON 没有 `status`：{ $begins }
cause-body-unknown-status = JSON 的 `status` 无法识别：{ $status }
cause-not-a-version = data：应是版本号，却不是文本
cause-unexpected-data = { $path }：内容不符合预期（{ $reason }）
cause-json-array = 数组
cause-json-null = 空值
cause-json-string = 字符串
cause-json-number = 数字
cause-json-boolean = 布尔值
cause-data-missing = 缺少字段“{ $name }”
cause-data-flag = “{ $name }”既不是“是”也不是“否”
cause-data-number = “{ $name }”不是范围内的数字
cause-data-empty = 内容为空，而没有它这一行就没有意义
cause-data-type = 类型不符（解析器提示：{ $words }）
cause-missing-rows = 共 { $total } 行，只收到 { $rows } 行
cause-no-access-token = 响应里没有访问令牌
cause-no-package = 已经没有编号为 { $id } 的插件包
cause-side-not-opened = 没有为此打开该实例
cause-bad-file-path = 未请求：路径{ $reason }
cause-path-empty = 为空
cause-path-not-from-root = 不以 / 开头
cause-path-other-host = 以两个斜杠开头，浏览器会把后面的内容当作主机名
cause-path-dot-segment = 含有 `.` 或 `..` 段
cause-path-backslash = 含有反斜杠
cause-path-control = 含有控制字符
cause-no-length = 门户没有给出长度
cause-core-restarted = core 重新启动过，这次注册已经结束
cause-sent-by-run = 运行 { $run } 发送了请求，在收到应答之前就结束了

# 插件无法访问的原因。

reach-seen = { $gateway }；{ $instances }
reach-list = { $all }，{ $next }
reach-no-route = 网关没有通往它的路由
reach-no-answer = 网关得不到它的响应
reach-not-found = 网关回答 404 page not found
reach-not-found-despite-route = 网关有路由，却回答 404 page not found
reach-unclear = 网关或它前面的代理代替插件作了响应
reach-gateway-silent = 网关没有响应：{ $cause }
reach-no-address = 没有一个实例有地址
reach-port-refused = { $address } 拒绝连接
reach-port-answers = { $address } 回答 HTTP { $status }
reach-port-open = { $address } 端口已打开
reach-port-no-address = { $address }：平台没有列出地址
reach-port-loopback = { $address } 指网关所在主机，不是本机
reach-port-timeout = { $address }：从本机连接超时
reach-port-no-connection = { $address }：从本机无法连接（{ $reason }）

role-core = core
role-gateway = 网关
role-portal = 门户
role-wrong = { $address } 被配置为{ $side }实例的{ $role }，但那里回答的是{ $is }
role-wrong-instance = { $address } 被配置为{ $side }实例（{ $version }）的{ $role }，但它属于另一个实例
role-foreign = { $address } 被配置为{ $side }实例的{ $role }，但它不是 WeCube 的服务：它不把请求转发到 core
role-hint-right = 请使用{ $side }实例的{ $role }的地址：--{ $flag } { $right }
role-hint-none = 请给出{ $role }自身的地址（升级部署文档中的端口 { $port }）：--{ $flag } ADDRESS
