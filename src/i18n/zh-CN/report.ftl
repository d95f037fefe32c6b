# 模块 report 的消息

report-yes = 是
report-no = 否
report-none = 无
report-both-sides = 新旧
report-version-unknown = 版本未知
report-side = { $version }  core { $core }  网关 { $gateway }  门户 { $portals }
report-state-and-cause = { $state }：{ $cause }
report-na-and-cause = — { $cause }
report-version-and-others = { $version }，另有 { $others }

report-head-plugin = 插件
report-head-version = 版本
report-head-side = 侧
report-head-result = 结果
report-head-attempts = 次数
report-head-calls-back-to = 回调网关

report-short-package = 包
report-short-running = 运行
report-short-menus = 菜单
report-short-resource-files = 资源
report-short-static-files = 静态
report-short-route = 路由
report-short-reachable = 可达
report-short-calls = 创建

report-compare-finding = { $side }：{ $aspect }{ $state }：{ $cause }

report-title-compare = WeCube：新旧对比

report-title-apply = WeCube：执行结果
report-head-why = 原因
report-head-after = 在其之后
report-plan-variable = 系统参数

report-outcome-usage = 缺少某个值或值有误；未作任何改动。

report-head-seconds = 秒
report-result-done = 完成
report-result-failed = 失败
report-result-skipped = 跳过
report-result-blocked = 受阻
report-result-no-effect = 无效果
report-result-unknown = 未知
report-variable-row = { $value }（{ $status }）
report-variable-no-row = 无记录
report-variable-predicted = { $name }：{ $before } → { $after }，与计划一致
report-variable-unpredicted = { $name }：{ $before } → { $after }，计划未预测
report-apply-repair = 请先修复
report-apply-predicted = 另一实例失去的静态文件（与计划所述一致）
report-apply-lost = { $side }实例失去了 { $name } 的静态文件
report-apply-repair-before = 恢复{ $side }实例用户原来看到的 { $name } { $version }
report-apply-repair-copy = 把 { $name } { $version } 复制到{ $side }实例的门户
report-apply-repair-instead = 或者把{ $side }实例升级到 { $name } { $version }
report-apply-static-path = 静态文件从 /{ $before } 移到了 /{ $after }：该 core 的 static_resource_server_path 以 /{ $after } 结尾，而另一侧的门户不提供该目录。注册无法解决。请让路径以 /{ $before } 结尾并重启 core，或让所有门户提供 /{ $after }；然后重新执行同一命令。
report-apply-repair-command = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
report-apply-broken = 之前可见、现在缺失的静态文件（{ $count }）
report-apply-unasked = 另一实例未能再次检查的静态文件（{ $count }）
report-apply-page = { $count ->
   *[other] { $portal } 上的 { $count } 个文件：{ $state }，第一个：{ $first }
}
report-apply-results = 结果
report-apply-causes = 原因
report-apply-group = { $result }：{ $code }（{ $count ->
   *[other] { $count } 个插件包
}）
report-apply-refused = core 拒绝：{ $message }
report-apply-explain = wecubectl explain { $code }
report-apply-variables = 状态改变的系统参数
report-apply-schedule = 用时 { $wall } 秒；注册 { $count } 个，同时进行最多 { $peak } 个。
report-apply-kept = 运行编号 { $run }：{ -wecubectl } run show { $run }

report-progress-register = 等待注册的应答
report-progress-again = 等待注册的应答（第 { $attempt } 次）
report-progress-proof = 等待效果可见
report-progress-lost = core 没有应答；等待效果可见
report-progress-failed = { $count } 个未完成
report-more = 另有 { $count } 个：{ $names }
