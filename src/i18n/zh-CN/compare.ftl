# 模块 compare 的消息


compare-aspect-package = 插件包
compare-aspect-running = 运行
compare-aspect-menus = 菜单
compare-aspect-resource-files = 资源文件列表
compare-aspect-static-files = 静态文件
compare-aspect-route = 路由
compare-aspect-reachable = 可达

compare-state-visible = 可见
compare-state-hidden = 不可见
compare-state-unknown = 未知
compare-state-not-applicable = 不适用

compare-calls-old-gateway = 旧网关
compare-calls-as-set = 创建时所设
compare-calls-unknown = 未知

compare-short-not-on-this-side = 没有插件包
compare-short-not-registered = 未注册
compare-short-demoted = 注册被取代
compare-short-not-for-this-side = 平台版本过低
compare-short-runs-nowhere = 两侧均未运行
compare-short-no-ui = 无界面
compare-short-no-menus = 无菜单
compare-short-no-instance = 无实例
compare-short-other-version-runs = 运行其他版本
compare-short-menu-absent = 缺少菜单
compare-short-menu-inactive = 菜单置灰
compare-short-not-listed = 未列出
compare-short-other-version = 其他版本的文件
compare-short-missing = 缺失 (404)
compare-short-forbidden = 禁止访问 (403)
compare-short-not-a-script = 内容类型不符
compare-short-empty = 空文件
compare-short-unexpected = HTTP { $status }
compare-short-content-differs = 内容不同
compare-short-no-answer = 无应答
compare-short-no-route = 无路由
compare-short-route-elsewhere = 路由指向已停止的实例
compare-short-down = 已停止
compare-short-unsettled = 应答不明确
compare-short-not-read = 未能读取
compare-short-not-asked = 未检查

compare-cause-not-on-this-side = 没有这个名称的插件包
compare-cause-not-registered = 插件包状态为 { $status }，不是 REGISTERED
compare-cause-demoted = 注册 { $by } 时，{ $version } 变为 UNREGISTERED
compare-cause-not-for-this-side = 要求平台 { $needs }，该实例为 { $is }
compare-cause-runs-nowhere = 已注册，但两侧都没有运行实例
compare-cause-no-ui = 无界面
compare-cause-no-menus = 插件包没有菜单
compare-cause-no-instance = 该插件没有运行实例
compare-cause-other-version-runs = 运行的是 { $running } 的实例，所显示的版本没有实例
compare-cause-menu-absent = { $count ->
   *[other] 缺少 { $count } 个另一实例具有的菜单：{ $codes }
}
compare-cause-menu-inactive = { $count ->
   *[other] { $count } 个菜单置灰，因为没有创建运行实例：{ $codes }
}
compare-cause-not-listed = 资源文件列表中没有它的脚本或样式文件
compare-cause-other-version = 资源文件列表指向 { $listed }，应为 { $expected }；这些门户没有收到 { $listed } 的文件
compare-cause-missing = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 404，首个为 { $first }
}
compare-cause-forbidden = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 403，首个为 { $first }
}
compare-cause-not-a-script = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 200，但类型为 { $type }，首个为 { $first }
}
compare-cause-no-type = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 200，但没有内容类型，首个为 { $first }
}
compare-cause-empty = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 200，但内容为空，首个为 { $first }
}
compare-cause-unexpected = { $count ->
   *[other] { $portals }：{ $count } 个静态文件返回 HTTP { $status }，首个为 { $first }
}
compare-cause-no-answer = { $count ->
   *[other] { $portals }：{ $count } 个静态文件未能检查，首个为 { $first }（{ $seen }）
}
compare-cause-content-minority = { $count ->
   *[other] { $count } 个静态文件与多数门户不同，首个为 { $first }：{ $seen }
}
compare-cause-content-undecided = { $count ->
   *[other] { $count } 个静态文件内容不同，无法判断哪个正确，首个为 { $first }：{ $seen }
}
compare-cause-no-route = 网关没有它的路由
compare-cause-no-route-yet = 网关尚未加载它的路由，core 已有
compare-cause-no-route-in-core = 网关和 core 都没有它的路由
compare-cause-route-elsewhere = 网关转发到 { $to }，那里没有它的运行实例
compare-cause-down = 经网关得不到它的应答：{ $seen }
compare-cause-route-to-come = 网关中还没有路由：{ $seen }
compare-cause-unsettled = 网关的应答表示未知或已停止：{ $seen }
compare-cause-not-read = 未能读取：{ $failure }
compare-cause-not-asked = 未检查

compare-hint-upload = 在该实例上传并注册插件包，然后在门户中创建运行实例
compare-hint-register = { -wecubectl } plan
compare-hint-register-old = { -wecubectl } plugin register --side old NAME VERSION
compare-hint-register-again-old = { -wecubectl } plugin register --side old NAME VERSION
compare-hint-static-path = 让注册它的 core 的 static_resource_server_path 以 /ui-resources 结尾并重启 core，或让所有门户提供该目录
compare-hint-one-version = 在两侧注册并创建同一版本的运行实例；{ -wecubectl } plan 显示步骤
compare-hint-launch = 如果该实例的用户需要，请在门户中创建运行实例
compare-hint-grant = 在该实例门户的角色管理中，把菜单授予相应角色
compare-hint-permission = 让该门户的 Web 服务器能够读取 ui-resources 下该插件的目录
compare-hint-between = 检查门户前面由谁应答：负载均衡、代理或错误页
compare-hint-content = 在内容错误的实例上重注册插件包，然后运行：{ -wecubectl } compare --deep
compare-hint-instances = 在该实例的门户中查看该插件的实例
compare-hint-wait-for-routes = 等待网关加载路由（最长 90 秒，v3 最长 10 分钟），然后运行：{ -wecubectl } compare
compare-hint-down = 在容器所在主机上查看日志，并重新启动容器
compare-hint-unsettled = 在能连接实例端口的主机上运行：{ -wecubectl } compare
compare-hint-read-again = 先解决无法读取的问题，然后运行：{ -wecubectl } compare

compare-note-pages-differ = 旧门户显示 { $old }，新门户显示 { $new }
compare-note-versions-differ = 旧实例为 { $old }，新实例为 { $new }
compare-note-several-running = { $side }实例：{ $versions } 的实例同时运行，网关会转发到其中任意一个
compare-note-shown-does-not-run = { $side }实例：门户显示 { $shown }，运行的是 { $running }

compare-title = WeCube：新旧对比
compare-verdict-same = 相同：两侧用户看到的 { $plugins } 个插件一致。
compare-verdict-different = 有差异：{ $plugins } 个插件中有 { $differences } 处差异，{ $unknowns } 处未知。下一步：{ -wecubectl } plan
compare-verdict-unknown = 未知：{ $plugins } 个插件中有 { $unknowns } 处未能比较，差异 0 处。下一步：解决下列原因，然后 { -wecubectl } compare
compare-heading-causes = 原因
compare-heading-not-applicable = 不适用
compare-heading-notices = 注意
compare-group = { $aspect }（{ $side }）：{ $cause }（{ $count } 个插件）
compare-list-of-names = { $cause }：{ $names }
compare-unread = { $side }：对比可能不完整：{ $failure }
compare-note = { $name }：{ $note }
compare-legend = 两个标记依次为旧、新：{ $visible } 可见，{ $hidden } 不可见，{ $unknown } 未知，{ $na } 不适用。资源：资源文件列表；静态：静态文件；创建：由 v3 创建（使用旧网关）或由 v4 创建（使用创建时设置的网关）。
