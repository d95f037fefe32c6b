# 操作系统错误，按类别

io-not-found = 文件或目录不存在
io-permission-denied = 权限不足
io-already-exists = 已存在
io-is-a-directory = 是一个目录
io-not-a-directory = 路径中有一级不是目录
io-directory-not-empty = 目录不为空
io-read-only = 文件系统只读
io-storage-full = 磁盘空间或配额已用完
io-file-too-large = 文件过大
io-invalid-data = 内容不是有效的 UTF-8 文本
io-unexpected-end = 数据不完整
io-broken-pipe = 管道的读取方已关闭
io-connection-refused = 连接被拒绝
io-connection-reset = 连接被对方重置
io-timed-out = 超时
io-host-unreachable = 没有到主机的路由
io-network-unreachable = 网络不可达
io-address-in-use = 地址已被占用
io-address-not-available = 本机没有该地址
io-busy = 资源正被占用
io-out-of-memory = 内存不足
io-too-many-open-files = 打开的文件过多；请提高上限：ulimit -n 1024
io-other = 操作系统错误：{ $error }
