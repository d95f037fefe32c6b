# Files that are read or written.

files-unreadable = { $path } cannot be read: { $error }
files-unwritable = { $path } cannot be written: { $error }
files-too-large = it is larger than { $limit } MiB
files-too-large-bytes = it is larger than { $limit } bytes
files-special = it is a device or a socket, not a file
files-link = it is a symbolic link
files-loop = its symbolic links lead round in a circle
files-link-hint = wecubectl follows no links in its own directories; move the link away and run the command again
files-planted = { $entry } is a link, a pipe or a device in { $folder }, where other users may write
files-planted-hint = give the path of the real file, in a directory that only you and root may write
files-foreign = the directory { $folder } belongs to user { $owner }, and wecubectl runs as user { $us }
files-foreign-hint = give it to this user: chown -R { $us } { ARG($folder) }
files-open-to-others = other users may write in the directory { $folder } (mode { $mode })
files-open-to-others-hint = take that from them: chmod go-w { ARG($folder) }
files-pipe = no program is at the other end of the pipe, or it did not end within 30 seconds
files-replaced = another process replaced it meanwhile
