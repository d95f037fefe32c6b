# Messages of the room: settings

settings-address = { $key }：“{ $value }”不是可用的地址：{ $why }
settings-address-no-scheme = 前面缺少 http:// 或 https://
settings-address-other-scheme = 只支持 http:// 和 https://
settings-address-no-host = 没有主机名
settings-address-has-user = 地址里带有用户名或密码，请去掉；登录凭 seed 文件
settings-address-has-path = 端口后面带有路径；只需写协议、主机和端口，例如 http://10.0.0.1:8000
settings-address-malformed = 无法按 http://主机:端口 识别
settings-side-incomplete = { $side } 实例的地址不完整：缺少 --{ $side }-{ $field }（wecubectl.toml 中为 [{ $side }] 下的 { $field }）
settings-portal-twice = { $side } 实例：门户 { $value } 写了两次，每台门户只写一次
settings-generation = 平台代次“{ $value }”无法识别，请写 v3 或 v4
settings-parallel-zero = --parallel（apply.parallel）至少为 1；1 表示逐个注册
settings-body-limit-range = --body-limit（client.body_limit_mib）为 { $value }，取值范围 1 到 4096（MiB）
settings-duration = { $key }：“{ $value }”不是时长；请写大于零的整数加单位：500ms、30s、5m、1h
settings-pick-malformed = --pick-version “{ $value }”不是 NAME=VERSION 的形式，例如 monitor=v2.0.7
settings-pick-twice = --pick-version 中 { $name } 出现两次，只能选一个版本
settings-write-to = --write-to “{ $value }”无法识别，请写 new、old 或 both
settings-file-unreadable = 无法读取 { $path }：{ $error }
settings-config-malformed = { $path } 不是可读的配置文件：{ $error }
settings-env-fault = { $path }，{ $fault }
settings-source-flag = 命令行参数
settings-source-config = { $path }
settings-source-env-file = { $path }（环境变量文件）
settings-source-default = 默认值
