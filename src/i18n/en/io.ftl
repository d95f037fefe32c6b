# Operating system errors, by kind

io-not-found = no such file or directory
io-permission-denied = permission denied
io-already-exists = it already exists
io-is-a-directory = it is a directory
io-not-a-directory = a part of the path is not a directory
io-directory-not-empty = the directory is not empty
io-read-only = the file system is read-only
io-storage-full = no space left on the device, or the quota is used up
io-file-too-large = the file is too large
io-invalid-data = the content is not valid UTF-8 text
io-unexpected-end = the data ends too early
io-broken-pipe = the reader closed the pipe
io-connection-refused = connection refused
io-connection-reset = connection reset by the other side
io-timed-out = timed out
io-host-unreachable = no route to the host
io-network-unreachable = the network is unreachable
io-address-in-use = the address is already in use
io-address-not-available = this machine does not have the address
io-busy = the resource is busy
io-out-of-memory = out of memory
io-too-many-open-files = too many open files; raise the limit: ulimit -n 1024
io-other = operating system error: { $error }
