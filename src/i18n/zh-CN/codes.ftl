## `check` 的发现，按代码列出标题、含义、依据和处理。`explain CODE`、`check --list` 和 docs/codes/ 由此生成。
## 命令写在反引号中；终端上不显示反引号。

explain-W0101-title = core、网关或门户没有以 WeCube 平台的方式应答
explain-W0101-meaning = core、网关或门户没有应答，或应答者不是 WeCube 平台。凡要从它读取的内容都是未知，需要这些内容的检查各报告一次。
explain-W0101-source = core 的版本和插件包列表、网关的 `GET /gateway/v1/route-items`、各门户的静态文件。门户对所有文件都没有应答时才算停止服务。
explain-W0101-action = 启动该服务，或打通本机到该服务的端口。查看各地址的来源：`{ -wecubectl } config show`

explain-W0102-title = 平台版本不以数字开头
explain-W0102-meaning = v4 的 core 会原样返回其容器的环境变量 `version`。该值不是数字时按版本 0 处理，凡要求平台版本的插件都无法注册。
explain-W0102-source = `GET /platform/v1/appinfo/version`
explain-W0102-action = 把 core 容器的 `version` 设为镜像版本（例如 v4.0.0），并重建容器。仅重启会沿用旧环境变量。

explain-W0103-title = core 报告自身不健康
explain-W0103-meaning = core 的健康检查失败：它无法使用数据库或 auth-server。
explain-W0103-source = `GET /platform/v1/health-check`
explain-W0103-action = 查看 core 日志，确认 core 能访问数据库和 auth-server。

explain-W0104-title = 时钟偏差超过 30 秒
explain-W0104-meaning = 服务器与本机的时钟不一致。v4 会拒绝签发时间晚于其时钟的令牌。wecubectl 把签发时间提前 60 秒；若服务器慢得更多，见 W0109。
explain-W0104-source = 应答的 `Date` 头
explain-W0104-action = 用 NTP 校准所有主机的时钟，包括运行 wecubectl 的主机。

explain-W0105-title = 令牌被拒绝
explain-W0105-meaning = 平台拒绝了 wecubectl 用令牌种子签发（或登录得到）的令牌。需要令牌的内容都无法读取。
explain-W0105-source = 第一个应答 401 的请求
explain-W0105-action = 核对令牌种子与该实例容器的 `jwt_signing_key`。旧实例使用另一个种子时，用 `--old-seed-file FILE` 给出。查看令牌内容：`{ -wecubectl } token inspect`。另见 W0104。

explain-W0106-title = 两个实例共用插件，但令牌种子不同
explain-W0106-meaning = 两个实例使用同一个数据库和同一批插件容器。插件只认一个令牌种子，因此其中一个实例的用户打开任何插件页面都会被登出。
explain-W0106-source = 给 wecubectl 的令牌种子，以及两个实例的插件包 id 和运行实例 id
explain-W0106-action = 让两个实例使用相同的 `jwt_signing_key`，重建它们的容器，并去掉 `--old-seed-file`。

explain-W0107-title = 作为新实例给出的并不是新实例
explain-W0107-meaning = 它是 v3，或比旧实例更旧，或两个地址指向同一个实例。其余发现可能也对错了对象。
explain-W0107-source = 两个实例的 `GET /platform/v1/appinfo/version`
explain-W0107-action = 让 `--new-core` 指向后启动的实例。查看各地址的来源：`{ -wecubectl } config show`

explain-W0108-title = wecubectl apply 正在执行
explain-W0108-meaning = 同一对实例上有 apply 正在执行，检查结果随时可能改变。
explain-W0108-source = 本机的运行日志
explain-W0108-action = 等 apply 结束后执行：`{ -wecubectl } check`

explain-W0109-title = 时钟慢 60 秒以上，新令牌会被拒绝
explain-W0109-meaning = v4 会拒绝签发时间晚于其时钟的令牌：在时钟正确的服务器上登录的用户会被拒绝，直到时钟赶上。wecubectl 按服务器的时钟给自己的令牌标注签发时间。
explain-W0109-source = 应答的 `Date` 头
explain-W0109-action = 用 NTP 校准所有主机的时钟，包括运行 wecubectl 的主机。

explain-W0201-title = 缺少 GATEWAY_URL_NEW
explain-W0201-meaning = 现在创建的运行实例会得到旧网关的地址，停用旧实例后就不能工作。
explain-W0201-source = 新实例的 `POST /platform/v1/system-variables/retrieve`。没有旧实例时不检查：此时插件使用 GATEWAY_URL。
explain-W0201-action = 执行：`{ -wecubectl } variable set GATEWAY_URL_NEW URL`

explain-W0202-title = GATEWAY_URL_NEW 有多条记录
explain-W0202-meaning = 创建运行实例时使用数据库最后返回的一条，插件得到哪个地址无法确定。
explain-W0202-source = 新实例的 `POST /platform/v1/system-variables/retrieve`
explain-W0202-action = 保留一条并删除其余：`{ -wecubectl } variable set GATEWAY_URL_NEW URL --repair`

explain-W0203-title = GATEWAY_URL_NEW 未生效
explain-W0203-meaning = 创建运行实例时只读取状态为 active 的系统参数，因此插件会得到旧网关的地址。在 v4 上创建时不填状态，就不会生效。
explain-W0203-source = 新实例的 `POST /platform/v1/system-variables/retrieve`，`status` 列
explain-W0203-action = 使其生效：`{ -wecubectl } variable set GATEWAY_URL_NEW URL`。是否由插件停用，见 W0205。

explain-W0204-title = GATEWAY_URL_NEW 的值不正确
explain-W0204-meaning = 该系统参数为空、与期望的地址不同，或是回环地址而插件运行在其他主机上。用它创建的运行实例无法访问网关。
explain-W0204-source = 新实例的 `POST /platform/v1/system-variables/retrieve`。期望值取自 `--gateway-url`；只有一个可能的地址时取新网关。
explain-W0204-action = 执行：`{ -wecubectl } variable set GATEWAY_URL_NEW URL`。然后销毁并重新创建已使用错误值的运行实例。

explain-W0205-title = GATEWAY_URL_NEW 归属某个插件
explain-W0205-meaning = 下次注册该插件时，平台会停用该系统参数，或随另一版本重新启用。
explain-W0205-source = 新实例的 `POST /platform/v1/system-variables/retrieve`，`packageName` 和 `source` 列
explain-W0205-action = 在门户“系统参数”中删除该记录，再把它创建为平台的系统参数：`{ -wecubectl } variable set GATEWAY_URL_NEW URL`

explain-W0206-title = 有系统参数名为 system__global__GATEWAY_URL_NEW
explain-W0206-meaning = 升级部署文档中显示的是这个标签，但它是 id，不是名称。创建运行实例时不会读取它。
explain-W0206-source = 新实例的 `POST /platform/v1/system-variables/retrieve`
explain-W0206-action = 在门户“系统参数”中删除该记录。创建运行实例时读取的名称是 GATEWAY_URL_NEW。

explain-W0301-title = 正在使用的插件没有注册
explain-W0301-meaning = 插件有运行实例，或其静态文件已列出，但插件包没有注册。在 v4.0 和 v4.1 上，注册一个版本会取消其他版本的注册。
explain-W0301-source = `GET /platform/v1/packages` 和各插件包的运行实例
explain-W0301-action = 执行：`{ -wecubectl } plugin register --side SIDE NAME VERSION`。有多个版本时先选定一个：`{ -wecubectl } plan --plugin NAME`

explain-W0302-title = 已注册的插件没有运行实例
explain-W0302-meaning = 已注册的版本没有运行实例，插件的菜单是灰色的。若没有人使用该插件，见 W0319。
explain-W0302-source = `GET /platform/v1/packages/ID/instances`
explain-W0302-action = 在门户中创建运行实例。如果该插件本来就不需要运行：`{ -wecubectl } check --skip-plugin NAME`

explain-W0303-title = 依赖版本过旧或缺失：下次注册会被拒绝
explain-W0303-meaning = 插件目前可用，但新实例会拒绝再次注册它，下次 apply 会受阻。v4 要求依赖的版本严格高于声明的版本。
explain-W0303-source = 各有效插件包声明的依赖，按新实例的规则判断
explain-W0303-action = 查看解决步骤（通常是上传更新的依赖）：`{ -wecubectl } plan --plugin NAME`

explain-W0304-title = 运行中插件的菜单未激活
explain-W0304-meaning = 插件有运行实例，但用户看到的菜单是灰色的。创建运行实例会激活菜单，销毁最后一个会停用菜单；注册不影响菜单。
explain-W0304-source = 插件包菜单的 `active` 列，以及它的运行实例
explain-W0304-action = 在门户中逐个销毁运行实例，并重新创建。

explain-W0305-title = 角色缺少插件在另一个实例上已有的菜单
explain-W0305-meaning = 该角色的用户在另一个实例上能打开的页面，在这里打不开。v4 注册插件时不授予菜单，v3 会授予。
explain-W0305-source = 只含该角色的令牌所能看到的菜单，以及插件包的菜单。给出 `--role` 时才检查。
explain-W0305-action = 在门户“角色管理”中授予菜单。查看每个条件：`{ -wecubectl } plugin show NAME --side SIDE --as-role ROLE`

explain-W0306-title = 静态文件不在资源文件列表中
explain-W0306-meaning = 门户不会加载该插件，点击菜单会回到首页。从 v4.2.1 起，core 只列出 `uiActive` 为真的插件包；从 v4.5 起还要求有运行实例。
explain-W0306-source = `GET /platform/v1/resource-files`
explain-W0306-action = 执行：`{ -wecubectl } plugin register --side SIDE NAME VERSION`。v4.5 起还需创建运行实例。

explain-W0307-title = 门户缺少静态文件（404）
explain-W0307-meaning = 脚本缺失时门户不报错，用户只会回到首页。两个实例的资源文件列表相同不能说明问题，只有门户的应答才能说明。
explain-W0307-source = 向每个门户请求 `GET /platform/v1/resource-files` 列出的每个 `.js` 和 `.css` 文件
explain-W0307-action = 注册插件会把文件复制到门户：`{ -wecubectl } plugin register --side SIDE NAME VERSION`；处理新实例的全部插件：`{ -wecubectl } apply`

explain-W0308-title = 门户无权读取静态文件（403）
explain-W0308-meaning = 门户的 Web 服务器没有读取文件的权限，插件页面无法加载。
explain-W0308-source = 向每个门户请求 `GET /platform/v1/resource-files` 列出的每个 `.js` 和 `.css` 文件
explain-W0308-action = 在门户所在主机上，让 nginx 可以读取 `ui-resources` 下的插件目录（属主、权限、SELinux）。

explain-W0309-title = 门户返回的静态文件是 HTML 或其他类型
explain-W0309-meaning = 门户返回 200，但内容不是脚本或样式表：通常是负载均衡或代理的错误页，或登录页。浏览器会拒绝加载。
explain-W0309-source = 每个门户上每个静态文件的 `Content-Type`
explain-W0309-action = 先直接向门户请求该文件，再经负载均衡请求，找出替换内容的一方。

explain-W0310-title = 门户上的静态文件为空
explain-W0310-meaning = 门户返回的文件长度为 0：磁盘已满，或复制中断。
explain-W0310-source = 每个门户上每个静态文件的长度
explain-W0310-action = 清理门户主机的磁盘空间，然后执行：`{ -wecubectl } plugin register --side SIDE NAME VERSION`

explain-W0311-title = 门户返回意外的状态码
explain-W0311-meaning = 门户对静态文件返回了 200、403、404 以外的状态码，例如重定向或 502。插件页面无法加载。
explain-W0311-source = 每个门户上每个静态文件的 HTTP 状态码
explain-W0311-action = 查看门户及其前面代理的日志。

explain-W0312-title = 同一实例的各门户静态文件不一致
explain-W0312-meaning = 用户得到的内容取决于负载均衡选中的门户。集群只复制了一部分，或混入了其他版本的文件；v3 上同时注册两个插件也会混淆文件。
explain-W0312-source = 同一文件在该实例各门户上的 SHA-256；门户不返回 `ETag` 且没有 `--deep` 时比较长度
explain-W0312-action = 单独注册该插件：`{ -wecubectl } plugin register --side SIDE NAME VERSION`。然后比较内容：`{ -wecubectl } check --deep`

explain-W0313-title = core 没有到运行中插件的路由
explain-W0313-meaning = core 没有的路由，网关无法加载，因此插件页面的所有调用都返回 404。
explain-W0313-source = core 的 `GET /platform/v1/route-items`，以及插件的运行实例
explain-W0313-action = 在门户中销毁运行实例并重新创建：创建时会生成路由。

explain-W0314-title = 网关没有加载到运行中插件的路由
explain-W0314-meaning = 网关加载路由之前，插件页面的调用会失败：启动 30 秒后首次加载，之后每分钟一次，v3 每十分钟一次。若插件刚创建运行实例，见 W0318。
explain-W0314-source = 网关的 `GET /gateway/v1/route-items`，以及 core 的路由
explain-W0314-action = 等待加载：`{ -wecubectl } check --wait-until-ok 10m`。若一直缺少，查看网关日志，确认它能访问 core。

explain-W0315-title = 网关的路由指向不存在的运行实例
explain-W0315-meaning = 网关把调用发到已不存在的容器的端口。网关会忽略空的路由列表，继续使用旧路由。
explain-W0315-source = 网关的 `GET /gateway/v1/route-items`，以及插件的运行实例
explain-W0315-action = 等待下次加载：`{ -wecubectl } check --wait-until-ok 10m`。若路由仍不变，重启网关。

explain-W0316-title = 经网关访问插件没有应答
explain-W0316-meaning = 网关有路由，但容器已停止，或网关无法访问它。用户在该插件的每个页面上都会看到错误。
explain-W0316-source = 经网关的一次请求、网关的路由，以及到运行实例端口的 TCP 连接
explain-W0316-action = 在容器所在主机上查看日志（`docker logs NAME`），然后重新启动容器。
explain-W0317-title = 插件的运行实例消失
explain-W0317-meaning = 插件的运行实例少于以前的检查所见，或配置的 `expect_running` 列出了该插件却没有运行实例。调用该插件的一切都会失败。
explain-W0317-source = `GET /platform/v1/packages/ID/instances`，以及以前的检查保存在状态目录中的运行实例数
explain-W0317-action = 在门户中创建运行实例。如果是有意销毁：`{ -wecubectl } check --accept-gone NAME`

explain-W0318-title = 插件刚创建运行实例，尚未可用
explain-W0318-meaning = 最新的运行实例创建不到 5 分钟（v3 为 15 分钟，其网关每十分钟加载一次路由）。插件正在启动；不是由自己创建它的网关要到下次加载才知道它的路由。超过这段时间则报告 W0314、W0315 或 W0316，级别为错误。只有 v4 能说明运行实例的创建时间。销毁之后、创建之前，无法区分重新创建与销毁：此时为 W0317 或 W0302。
explain-W0318-source = 运行实例的 id（含创建时间），以及 W0314、W0315、W0316 所看的内容
explain-W0318-action = 等待：`{ -wecubectl } check --wait-until-ok 10m`

explain-W0319-title = 已注册但无人使用的插件没有运行实例
explain-W0319-meaning = 该插件无界面，也没有运行中的插件依赖它，没有用户受影响。
explain-W0319-source = `GET /platform/v1/packages/ID/instances`，以及运行中插件包的依赖
explain-W0319-action = 如果该插件本来就不需要运行，无需处理；否则在门户中创建运行实例。

explain-W0320-title = 角色没有插件的任何菜单
explain-W0320-meaning = 该角色的用户在两个实例上都无法打开插件。若角色没有任何菜单，则没有授予，或没有这个角色。
explain-W0320-source = 角色的菜单，以及插件包的菜单。给出 `--role` 时才检查。
explain-W0320-action = 如果该角色应能打开插件，在门户“角色管理”中授予菜单。查看每个条件：`{ -wecubectl } plugin show NAME --side SIDE --as-role ROLE`

explain-W0401-title = 插件在旧实例上可见，在新实例上不可见
explain-W0401-meaning = 新实例的用户用不了该插件：那里缺少注册、运行实例、菜单、资源文件列表或静态文件。
explain-W0401-source = 两个实例的对比，即 `{ -wecubectl } compare` 的结果
explain-W0401-action = 查看缺少什么：`{ -wecubectl } plan`。然后执行：`{ -wecubectl } apply`

explain-W0402-title = 插件在新实例上可见，在旧实例上不可见
explain-W0402-meaning = 升级后新增的插件属于正常情况；否则说明旧实例被改动过。
explain-W0402-source = 两个实例的对比，即 `{ -wecubectl } compare` 的结果
explain-W0402-action = 如果用户仍在使用旧实例：`{ -wecubectl } plugin register --side old NAME VERSION`。如果接受现状：`{ -wecubectl } check --save-baseline FILE`

explain-W0403-title = 两个实例使用同一插件的不同版本
explain-W0403-meaning = 两个实例的用户使用的插件页面和接口不同。
explain-W0403-source = 两个实例的插件包和资源文件列表
explain-W0403-action = 选定一个版本，在两个实例上注册并创建运行实例：`{ -wecubectl } plan --plugin NAME`

explain-W0404-title = 同一插件有多个版本同时运行
explain-W0404-meaning = 网关可能把调用发到其中任意一个，每次的应答可能不同。
explain-W0404-source = 各插件包的运行实例
explain-W0404-action = 在门户中销毁不需要的版本的运行实例。

explain-W0405-title = 用户看到的页面所属版本没有运行
explain-W0405-meaning = 页面是一个版本，运行实例是另一个版本，页面可能调用不存在的接口。
explain-W0405-source = 资源文件列表和运行实例
explain-W0405-action = 注册正在运行的版本，或为显示的版本创建运行实例：`{ -wecubectl } plan --plugin NAME`

explain-W0406-title = 旧实例显示的版本与新实例上注册的版本不同
explain-W0406-meaning = 共用一个数据库时，从 v4.2 起旧实例继续显示原来的版本：两个实例的用户看到的页面不同。v4.0 或 v4.1 会让旧实例的页面消失，见 W0411。
explain-W0406-source = 两个实例的资源文件列表，以及旧门户的静态文件
explain-W0406-action = 在两个实例上注册同一版本：`{ -wecubectl } plan --plugin NAME --write-to both`

explain-W0407-title = taskman 版本过旧，不适用于 v4
explain-W0407-meaning = v1.1.0 之前的 taskman 不能在 v4 上工作。
explain-W0407-source = 新实例的插件包
explain-W0407-action = 在新实例上传 taskman v1.1.0 或更新版本，注册它并创建运行实例。

explain-W0408-title = 插件要求的平台版本高于新实例
explain-W0408-meaning = 插件包声明的平台版本更高，新实例会拒绝注册它。在旧实例上这属于正常情况，不报告。
explain-W0408-source = 插件包声明的依赖
explain-W0408-action = 上传适用于该平台的插件版本。如果平台其实足够新，见 W0102。

explain-W0409-title = 插件页面依赖编排，而 v3 与 v4 的编排不通用
explain-W0409-meaning = 引用一个实例的编排的设置，在另一个实例上可能不可见或失败（例如 monitor 的告警回调）。
explain-W0409-source = 两个实例的插件包。给出 `--before-retiring-old` 时才检查。
explain-W0409-action = 两个实例并用期间无需处理。停用旧实例之前，在新实例上重新选择编排。

explain-W0410-title = 同一版本的静态文件在两个实例上不一致
explain-W0410-meaning = 同一版本打包过两次，或 v3 上同时注册两个插件时混淆了文件。
explain-W0410-source = 同一文件在两个实例上的 SHA-256（或长度）
explain-W0410-action = 找出不正确的实例：`{ -wecubectl } compare --deep`。然后在那里单独注册该插件：`{ -wecubectl } plugin register --side SIDE NAME VERSION`

explain-W0411-title = 旧实例的页面被新实例上注册的版本取代而消失
explain-W0411-meaning = 共用一个数据库时，v4.0 或 v4.1 会让旧实例列出旧门户没有的文件。旧实例的用户无法再打开该页面。
explain-W0411-source = 两个实例的资源文件列表，以及旧门户的静态文件
explain-W0411-action = 在两个实例上注册同一版本：`{ -wecubectl } plan --plugin NAME --write-to both`

explain-W0501-title = 运行实例由 v3 创建，将失去网关
explain-W0501-meaning = 无论系统参数如何，重新创建之前它一直使用当时给它的网关地址；停用旧实例后就没有网关可用。没有配置旧实例时，若 `GATEWAY_URL` 所指的网关没有应答则报告：它已经失去网关。
explain-W0501-source = 运行实例的 id 说明由哪一代平台创建；没有旧实例时还有 `GATEWAY_URL` 所指地址的 `GET /gateway/v1/route-items`
explain-W0501-action = 按提示的顺序（先处理被依赖的）销毁并用同一端口重新创建。只有一个运行实例的插件在此期间两个平台都不可用。

explain-W0502-title = 运行实例早于 GATEWAY_URL_NEW 的设置
explain-W0502-meaning = 重新创建之前它一直使用旧网关的地址。如果运行日志没有记录该参数何时得到当前值，晚于参数创建的运行实例为未知。
explain-W0502-source = 运行实例 id 和系统参数 id 中的时间，以及本机的运行日志
explain-W0502-action = 按提示的顺序销毁，并用同一端口重新创建。

explain-W0503-title = GATEWAY_URL 仍指向旧网关
explain-W0503-meaning = 创建运行实例时如果找不到 GATEWAY_URL_NEW，就使用 GATEWAY_URL。
explain-W0503-source = 新实例的 `POST /platform/v1/system-variables/retrieve`
explain-W0503-action = 在停用旧实例的前一刻执行（不要提前，v3 创建运行实例时使用该值）：`{ -wecubectl } variable set GATEWAY_URL URL`

explain-W0504-title = 只有旧网关有到插件的路由
explain-W0504-meaning = 停用旧实例后，对该插件的调用会失败。
explain-W0504-source = 两个网关的 `GET /gateway/v1/route-items`
explain-W0504-action = 在新实例上传、注册该插件并创建运行实例；不再需要时排除它：`{ -wecubectl } check --before-retiring-old --skip-plugin NAME`

explain-W0505-title = 只有旧实例有该系统参数
explain-W0505-meaning = 两个实例的数据库相互独立，这个名称和范围的参数没有复制过来。需要它的插件在新实例上会失败。
explain-W0505-source = 两个实例的 `POST /platform/v1/system-variables/retrieve`
explain-W0505-action = 如果新实例的插件需要它：`{ -wecubectl } variable set NAME VALUE`

explain-W0506-title = 只有旧门户提供插件的静态文件
explain-W0506-meaning = 停用旧实例后，该插件的页面随之消失。
explain-W0506-source = 两个实例各门户上的静态文件
explain-W0506-action = 查看缺少什么：`{ -wecubectl } plan --plugin NAME`。然后执行：`{ -wecubectl } apply --plugin NAME`

explain-W0507-title = 系统参数中含有旧实例的地址
explain-W0507-meaning = 停用旧实例后，使用该地址的功能会失败。
explain-W0507-source = 新实例所有生效的系统参数的值
explain-W0507-action = 修改地址：`{ -wecubectl } variable set NAME VALUE`。然后销毁并重新创建读取它的运行实例。

explain-W0508-title = 运行实例由 v3 创建，且没有配置旧实例
explain-W0508-meaning = 无论系统参数如何，重新创建之前它一直使用当时给它的网关地址。该网关可能会被停用。若它没有应答，见 W0501。
explain-W0508-source = 运行实例的 id 说明由哪一代平台创建；`GATEWAY_URL` 所指地址的 `GET /gateway/v1/route-items`
explain-W0508-action = 按提示的顺序（先处理被依赖的）销毁并用同一端口重新创建。如果新网关接管了旧地址，在配置的 `[apply]` 中写 `in_place = true`。

explain-W0601-title = 所有插件都失去了 uiActive：插件页面都无法加载
explain-W0601-meaning = 资源文件列表对所有人都为空。v4.2.0 的数据库脚本新增该列时，把所有插件包都设为“否”。
explain-W0601-source = `GET /platform/v1/packages` 中每个带界面的已注册插件的 `uiActive` 字段
explain-W0601-action = 重注册所有带界面的插件包：`{ -wecubectl } apply`

explain-W0602-title = 插件的注册流程没有完成
explain-W0602-meaning = 有人在门户的注册向导完成最后一步之前离开（`registerDone` 为假）。插件的数据模型和配置可能缺失。
explain-W0602-source = `GET /platform/v1/packages` 的 `registerDone` 字段
explain-W0602-action = 在门户的注册向导中完成最后一步。

explain-W0701-title = 插件拒绝本平台的令牌
explain-W0701-meaning = 无论是否带令牌，插件都返回 401：其容器使用另一个令牌种子。用户打开它的页面就会被登出。
explain-W0701-source = 经新网关分别带令牌和不带令牌请求该插件
explain-W0701-action = 核对插件容器环境变量 `JWT_SIGNING_KEY` 与平台的令牌种子。然后在门户中销毁并重新创建运行实例。
