# Messages of the room: sim

sim-scenario-coexistence = v3.2.6 与新的 v4.0.0 共用一个数据库：全部收敛
sim-scenario-blocked-dependency = terminal v1.0.1 配 itsdangerous v0.2.1：在 v3.2.6 上正常，被 v4 拒绝
sim-scenario-overload = 六十个插件，静态主机的 sshd 在高负载下丢弃连接
sim-scenario-duplicate-variable = GATEWAY_URL_NEW 存在两条记录
sim-scenario-two-versions = 同一插件有两个版本在运行
sim-scenario-old-breaks = 在新侧注册会破坏老门户的页面
sim-scenario-mixed-files = 老门户在某插件的路径下提供了别的插件的文件
sim-scenario-unknown-outcome = 应答丢失：一个注册已生效，另一个始终没有生效
