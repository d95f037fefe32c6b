# Messages of the room: compare

compare-side-old = 旧
compare-side-new = 新

compare-aspect-package = 插件包
compare-aspect-running = 运行
compare-aspect-menus = 菜单
compare-aspect-resource-files = 资源文件
compare-aspect-static-files = 静态文件
compare-aspect-route = 路由
compare-aspect-reachable = 可达

compare-state-visible = 可见
compare-state-hidden = 不可见
compare-state-unknown = 未知
compare-state-not-applicable = 不适用

compare-calls-old-gateway = v3，旧网关
compare-calls-as-set = v4，启动时所设
compare-calls-unknown = 未知

compare-short-not-on-this-side = 本侧没有
compare-short-not-registered = 未注册
compare-short-demoted = 注册被取代
compare-short-not-for-this-side = 需更高平台版本
compare-short-runs-nowhere = 无运行实例
compare-short-no-ui = 无界面
compare-short-no-menus = 无菜单
compare-short-no-instance = 无实例
compare-short-other-version-runs = 运行其他版本
compare-short-menu-absent = 缺少菜单
compare-short-menu-inactive = 菜单未激活
compare-short-not-listed = 未列出
compare-short-other-version = 其他版本
compare-short-missing = 缺失 (404)
compare-short-forbidden = 禁止访问 (403)
compare-short-not-a-script = 不是脚本
compare-short-empty = 空文件
compare-short-unexpected = HTTP { $status }
compare-short-content-differs = 内容不同
compare-short-no-answer = 无应答
compare-short-no-route = 无路由
compare-short-route-elsewhere = 路由指向别处
compare-short-down = 已停止
compare-short-unsettled = 无法判定
compare-short-not-read = 未能读取
compare-short-not-asked = 未查询

compare-cause-not-on-this-side = 本侧没有这个名称的插件包
compare-cause-not-registered = 插件包状态为 { $status }，不是 REGISTERED
compare-cause-demoted = 注册 { $by } 时，{ $version } 失去了注册状态
compare-cause-not-for-this-side = 它要求平台版本 { $needs }，本侧为 { $is }
compare-cause-runs-nowhere = 已注册，但两侧都没有运行中的实例
compare-cause-no-ui = 插件包不带页面
compare-cause-no-menus = 插件包不带菜单
compare-cause-no-instance = 本侧没有它的运行实例
compare-cause-other-version-runs = 运行的是 { $running } 的实例，所展示的版本没有实例
compare-cause-menu-absent = { $count ->
   *[other] 另一侧有而本侧缺少的菜单（{ $count } 个）：{ $codes }
}
compare-cause-menu-inactive = { $count ->
   *[other] 有 { $count } 个菜单是灰色的，因为没有启动过实例：{ $codes }
}
compare-cause-not-listed = resource-files 没有列出它的任何脚本或样式文件
compare-cause-other-version = resource-files 的记录指向 { $listed }，应为 { $expected }；这些门户从未得到 { $listed } 的文件
compare-cause-missing = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 404，第一个是 { $first }
}
compare-cause-forbidden = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 403，第一个是 { $first }
}
compare-cause-not-a-script = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 200，但类型是 { $type }，第一个是 { $first }
}
compare-cause-no-type = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 200，但没有类型，第一个是 { $first }
}
compare-cause-empty = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 200，但内容为空，第一个是 { $first }
}
compare-cause-unexpected = { $count ->
   *[other] { $portals }：{ $count } 个页面文件返回 HTTP { $status }，第一个是 { $first }
}
compare-cause-no-answer = { $count ->
   *[other] { $portals }：{ $count } 个页面文件没有应答，第一个是 { $first }（{ $seen }）
}
compare-cause-content-minority = { $count ->
   *[other] { $count } 个页面文件与多数门户提供的内容不同，第一个是 { $first }：{ $seen }
}
compare-cause-content-undecided = { $count ->
   *[other] { $count } 个页面文件的内容不同，无法判断哪个正确，第一个是 { $first }：{ $seen }
}
compare-cause-no-route = 网关没有它的路由
compare-cause-no-route-yet = 网关还没有它的路由，core 已提供
compare-cause-no-route-in-core = 网关和 core 都没有它的路由
compare-cause-route-elsewhere = 网关转发到 { $to }，那里没有它的运行实例
compare-cause-down = 网关得不到它的应答，其端口拒绝连接：{ $seen }
compare-cause-unsettled = 网关的应答表示“未知或已停止”，无法判定是哪一种：{ $seen }
compare-cause-not-read = 未能读取：{ $failure }
compare-cause-not-asked = 没有查询

compare-hint-upload = 在本侧上传插件包并注册，然后在门户中启动实例
compare-hint-register = 在新侧注册插件包：{ -wecubectl } plan 说明有何障碍，{ -wecubectl } apply 执行
compare-hint-register-old = 在旧侧注册插件包：{ -wecubectl } plugin register --side old 名称 版本
compare-hint-register-again = 在新侧重注册插件包，文件会随之复制到门户：{ -wecubectl } plan 说明有何障碍，{ -wecubectl } apply 执行
compare-hint-register-again-old = 在旧侧重注册插件包，文件会随之复制到门户：{ -wecubectl } plugin register --side old 名称 版本
compare-hint-one-version = 确定一个版本，在两侧注册并启动该版本：{ -wecubectl } plan 会说明做法
compare-hint-launch = 如果本侧用户需要，请在门户中启动实例
compare-hint-grant = 在本侧门户的角色管理中，把菜单授予相应角色
compare-hint-permission = 让该门户的 Web 服务器能够读取 ui-resources 下该插件的目录
compare-hint-between = 检查到门户之间由谁应答：负载均衡、代理或错误页
compare-hint-content = 在内容错误的一侧单独重注册该插件包，然后用 --deep 再比较
compare-hint-instances = 在本侧门户中查看该插件的实例
compare-hint-wait-for-routes = 等网关加载路由（最长 90 秒，v3 最长 10 分钟）后再比较
compare-hint-down = 在容器所在主机上查看日志，并重新启动容器
compare-hint-unsettled = 请在能够连到实例主机和端口的机器上运行
compare-hint-read-again = 先解决无法读取的问题，再比较

compare-note-pages-differ = 旧侧用户得到 { $old } 的页面，新侧用户得到 { $new } 的页面
compare-note-versions-differ = 旧侧为 { $old }，新侧为 { $new }
compare-note-several-running = { $side }侧：{ $versions } 的实例同时运行，网关会转发到其中任意一个
compare-note-shown-does-not-run = { $side }侧：页面属于 { $shown }，运行的实例属于 { $running }
