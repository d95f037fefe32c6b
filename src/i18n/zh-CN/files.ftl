# 读写的文件。

files-unreadable = 无法读取 { $path }：{ $error }
files-unwritable = 无法写入 { $path }：{ $error }
files-too-large = 超过 { $limit } MiB
files-too-large-bytes = 超过 { $limit } 字节
files-special = 这是设备或套接字，不是文件
files-link = 这是符号链接
files-loop = 它的符号链接互相指向，形成循环
files-link-hint = wecubectl 不跟随自身目录中的链接；请移走该链接，然后重新执行命令
files-planted = { $entry } 是 { $folder } 中的链接、管道或设备，而其他用户可以写入该目录
files-planted-hint = 请给出真实文件的路径，所在目录只能由您和 root 写入
files-foreign = 目录 { $folder } 属于用户 { $owner }，而 wecubectl 以用户 { $us } 运行
files-foreign-hint = 请把目录交给该用户：chown -R { $us } { ARG($folder) }
files-open-to-others = 其他用户可以写入目录 { $folder }（权限 { $mode }）
files-open-to-others-hint = 请收回写权限：chmod go-w { ARG($folder) }
files-pipe = 管道的另一端没有程序，或在 30 秒内没有结束
files-replaced = 期间被其他进程替换
