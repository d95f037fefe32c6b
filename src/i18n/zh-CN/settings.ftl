# 模块 settings 的消息

settings-address = { $key }：“{ $value }”不是可用的地址：{ $why }
settings-address-no-scheme = 没有以 http:// 或 https:// 开头
settings-address-other-scheme = 只支持 http:// 和 https://
settings-address-no-host = 没有主机名
settings-address-has-user = 其中含有用户名或密码，请去掉；登录使用令牌种子文件
settings-address-has-path = 端口后面有路径；只需写协议、主机和端口，例如 http://10.0.0.1:8000
settings-address-malformed = 不符合 http://HOST:PORT 的形式
settings-side-incomplete = { $label }实例的地址不完整：请给出 --{ $side }-{ $field }（wecubectl.toml 中为 [{ $side }] 下的 { $field }）
settings-portal-twice = { $label }实例：门户 { $value } 写了两次；每个门户只写一次
settings-generation = 未知的平台代次“{ $value }”；请写 v3 或 v4
settings-coexisting-in-place = coexisting 和 in_place 只能有一个成立，但两者都已设置；请去掉其中一个
settings-in-place-with-old = in_place 表示新实例已替换旧实例，但配置了旧实例；请去掉 in_place 或旧实例的地址
settings-parallel-zero = --parallel（apply.parallel）至少为 1；1 表示逐个注册
settings-body-limit-range = --body-limit（client.body_limit_mib）为 { $value }；请写 1 到 4096（MiB）
settings-duration = { $key }：“{ $value }”不是时长；请写大于零的整数加单位：500ms、30s、5m、1h
settings-pick-malformed = --pick-version “{ $value }”不符合 NAME=VERSION 的形式，例如 monitor=v2.0.7
settings-pick-twice = --pick-version 中 { $name } 出现两次；只能选一个版本
settings-client-certificate = client_cert 与 client_key 必须同时给出（--client-cert FILE --client-key FILE）
settings-write-to = --write-to 的值“{ $value }”未知；请写 new、old 或 both
settings-config-malformed = { $path }，第 { $line } 行第 { $column } 列：{ $fault }
settings-env-fault = { $path }，{ $fault }
settings-source-flag = 命令行
settings-source-config = { $path }
settings-source-env-file = { $path }（环境变量文件）
settings-source-default = 默认值
settings-toml-unknown-key = 未知的键“{ $key }”；可用的键：{ $known }
settings-toml-not-a-number = 此键的值应为整数
settings-toml-not-a-flag = 此键的值应为 true 或 false
settings-toml-not-a-string = 此键的值应为带引号的字符串
settings-toml-not-a-list = 此键的值应为列表：["…", "…"]
settings-toml-wrong-type = 值的类型不对
settings-toml-duplicate-key = 此键出现了两次
settings-toml-syntax = 不是有效的 TOML
settings-name = name 必须以字母或数字开头，只能包含字母、数字、“-”、“_”和“.”，最多 64 个字符
