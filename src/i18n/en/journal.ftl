# Messages of the module journal
journal-state = the state directory cannot be used: { $cause }
journal-state-none = no state directory is known; name one with --state-dir
journal-write = the journal { $path } cannot be written: { $reason }. Free the disk, or name another directory with --state-dir, and run again
journal-read = { $path } cannot be read: { $reason }
journal-no-such-run = there is no run { $id } in { $path }; `{ -wecubectl } run list` shows all
journal-no-runs = no run is recorded in { $path } yet
journal-several-runs = several runs begin with { $id }; give more of the id
journal-no-head = { $path } has no readable first line: the run was cut off before it sent anything
journal-newer-format = { $path } was written by a later version of this program (format { $format }); read it with that one

journal-lock-held = another run is writing to { $target }: { $command }, process { $pid } on { $host }, by { $user } since { $since }. Wait until it has ended
journal-lock-held-by-somebody = another run is writing to { $target }. Wait until it has ended
journal-lock-unsupported = the file system of { $path } has no locks, so two runs at once could not be told. Name a directory on a local disk with --state-dir
journal-lock-file = the lock file { $path } cannot be used: { $reason }. Name another directory with --state-dir

journal-undo-demotion = makes { $name } { $version } REGISTERED again, and takes that from { $registered }
journal-undo-ui-active = makes the pages of { $name } { $version } active again, and takes that from { $registered }
journal-undo-switch = sets the status of the system variable { $name } back to { $status }
journal-undo-variable-gone = the system variable { $name } (id { $id }) is gone since the run; its value is not in the journal, so it has to be created by hand
journal-undo-variable-new = the system variable { $name } (id { $id }) came during the run and was not made by it; look whether it is wanted
journal-undo-variable-created = removes { $name }, which the run created
journal-undo-variable-maybe = removes { $name }, which the run was about to create when it was cut off; look first whether it is there ({ -wecubectl } variable get { ARG($name) })
journal-undo-variable-updated = sets { $name } back to { $value } ({ $status })
journal-undo-files = { $count ->
    [one] the files of the plugin that was registered stay
   *[other] the files of the { $count } plugins that were registered stay
 } where they were copied to, and new row ids or upload times cannot be taken back; neither does harm
