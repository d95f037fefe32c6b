# Messages of the simulator

sim-scenario-coexistence = v3.2.6 与新的 v4.0.0 共用一个数据库：所有插件都完成注册
sim-scenario-blocked-dependency = terminal v1.0.1 配 itsdangerous v0.2.1：在 v3.2.6 上正常，被 v4 拒绝
sim-scenario-overload = 六十个插件，静态主机的 sshd 在高负载下丢弃连接
sim-scenario-duplicate-variable = GATEWAY_URL_NEW 有两条记录
sim-scenario-two-versions = 同一插件有两个版本在运行
sim-scenario-old-breaks = 在新实例上注册会使旧门户失去一个页面
sim-scenario-mixed-files = 旧门户在某插件的路径下提供了其他插件的文件
sim-scenario-unknown-outcome = 两个应答丢失：一个注册已生效，另一个没有生效
