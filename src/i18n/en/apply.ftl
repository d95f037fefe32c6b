# Messages of the room: apply
apply-side-new = new
apply-side-old = old
apply-step = { $name } { $version } ({ $side })
apply-step-unversioned = { $name } ({ $side })
apply-page = { $path } on { $portal }: { $state }
apply-page-more = { $first }, and { $more ->
    [one] one more
   *[other] { $more } more
 }
apply-page-served = { $length } bytes
apply-page-served-unmeasured = served
apply-page-missing = not found (404)
apply-page-forbidden = forbidden (403)
apply-page-not-a-script = not a script or style sheet, but { $content_type }
apply-page-untyped = not a script or style sheet
apply-page-empty = empty
apply-page-unexpected = HTTP status { $status }
apply-page-unknown = no answer: { $cause }

apply-refused = refused by the platform: { $message } (what it means and what to do: wecubectl explain { $cause })
apply-canary-stopped = not started: the first plugin failed for a reason that every other one would meet too
apply-drifted = not started: it changed after the plan was made ({ $what }); plan again
apply-unchecked = not started: its present state could not be read: { $failure }
apply-stopped = not started, or not tried again: the run was stopped; run the same command again to go on

apply-no-effect-status = the platform said OK, but its status is { $is }, not REGISTERED
apply-no-effect-rows = the platform said OK, but its rows of resource files were not renewed
apply-no-effect-upload-time = the platform said OK, but its upload time did not move
apply-no-effect-update-time = the platform said OK, but its update time did not move
apply-no-effect-ui-active = the platform said OK, but its pages were not made active
apply-no-effect-not-listed = the platform said OK, but lists no page for it
apply-no-effect-hidden = the platform said OK, but { $count ->
    [one] a page is
   *[other] { $count } pages are
 } not visible: { $pages }
apply-no-effect-differs = the platform said OK, but { $count ->
    [one] a page is
   *[other] { $count } pages are
 } not the same on every portal: { $pages }. Another plugin's files may have been copied there; register it again, alone

apply-unknown-answer-lost = the answer was lost ({ $cause }) and the effect did not show in time. It may still be running: it is not sent again in this run, and the next run begins with what it sees
apply-unknown-no-trace = the answer was lost ({ $cause }), and this platform version leaves no trace of such a register. It is not sent again in this run
apply-unknown-state = the platform said OK, but the effect could not be read: { $failure }
apply-unknown-pages = the platform said OK, but portals did not answer for its pages: { $pages }
apply-unknown-interrupted = the run was interrupted while it was in flight. It may still be running: the next run begins with what it sees

apply-variable-unchanged = { $name } is { $value } already
apply-variable-absent = { $name } is left as it is
apply-variable-created = { $name } was created: { $value }
apply-variable-created-elsewhere = { $name } is { $value }: another run created it at the same time, and our own row was removed again
apply-variable-updated = { $name } was changed from { $before } to { $after }
apply-variable-drifted = { $name } was not written: it changed after the plan was made. Now: { $rows }. Plan again
apply-variable-failed = { $name } could not be set, or could not be read afterwards: { $failure }
apply-variable-no-effect = the platform said OK, but { $name } is not as it should be. Now: { $rows }
apply-variable-row = { $value } ({ $status }, id { $id })
apply-both = { $first }; { $second }
apply-variable-no-row = no row

apply-stop-canary = stopped after the first plugin: { $message }. Every other plugin would fail for the same reason (wecubectl explain { $cause })
apply-stop-broke-other-side = stopped after the first plugin: its register took pages from the other side
apply-stop-variable = stopped before any plugin was registered: GATEWAY_URL_NEW could not be set
apply-stop-journal = stopped: the journal could not be written, and nothing is sent without it: { $error }
apply-stop-unsafe = stopped before anything was written: the plan says that it is not safe
apply-stop-interrupted = stopped by an interrupt; run the same command again to go on
apply-stop-terminated = stopped by a request to terminate; run the same command again to go on

apply-event-variable-create = { $name }: creating { $value }
apply-event-variable-update = { $name }: changing { $before } to { $after }
apply-event-variable-remove = { $name }: removing our own row { $id }, because another run's is there
apply-event-started = { $step }: register sent, { $in_flight } in flight
apply-event-started-again = { $step }: register sent again (call { $attempt }), { $in_flight } in flight
apply-event-canary = { $step }: register sent, alone, before all others
apply-event-deferred = { $step }: the host is overloaded, tried again later with at most { $limit } in flight: { $message }
apply-event-watching = { $step }: the answer was lost ({ $cause }), looking for the effect
apply-event-proving = { $step }: answered OK, looking for the effect
apply-event-done = { $step }: done in { $seconds } s
apply-event-failed = { $step }: failed: { $why }
apply-event-no-effect = { $step }: no effect: { $why }
apply-event-unknown = { $step }: unknown: { $why }
apply-event-skipped = { $step }: skipped ({ $code })
apply-event-blocked = { $step }: blocked ({ $code })
apply-event-blocked-on = { $step }: blocked, because { $on } was not registered
apply-event-broke = { $name } ({ $side }): a page is not visible any more: { $page }

## Causes of a refused register
apply-cause-unknown-package = Core does not know the package: it was removed meanwhile, or this core stands on another database.
apply-next-unknown-package = Run plan again; if it still names the package, check that core and the listing come from the same instance.
apply-cause-platform-too-old = The plugin asks for a newer platform than this one, or core's `version` setting is not a number.
apply-next-platform-too-old = Register a version of the plugin that fits this platform, or correct core's environment variable `version`.
apply-cause-dependency = A package that the plugin depends on is not registered, or not new enough: v4 wants it strictly newer than declared, v3 the same or newer.
apply-next-dependency = Upload and register a newer version of that package, then run apply again.
apply-cause-decommissioned = The package has been removed (DECOMMISSIONED); a v3 does not register it again.
apply-next-decommissioned = Upload the package again, or choose another version with --pick-version.
apply-cause-too-many-versions = More than two other versions of the plugin are active; a v3 refuses another one.
apply-next-too-many-versions = Decommission a version that nobody uses in the portal, then run apply again.
apply-cause-menu-undeclared = The package grants a menu to a role that its own register.xml does not declare.
apply-next-menu-undeclared = Ask for a corrected package; nothing on the platform can repair it.
apply-cause-version-unreadable = A version has a part that is not a number, which a v3 cannot compare.
apply-next-version-unreadable = Use a package whose version, and those of its dependencies, consist of numbers and dots.
apply-cause-no-index-html = The package's ui.zip holds no index.html. A v3 accepts such a package, a v4 does not; the files have been copied nevertheless.
apply-next-no-index-html = Ask for a package whose ui.zip holds index.html, upload it and register that version.
apply-cause-ui-package = Core could not unpack the package's ui.zip: the file in S3 is damaged, or core's disk is full.
apply-next-ui-package = Upload the package again; if it fails in the same way, look at the disk of core's host.
apply-cause-s3-object-missing = The package's ui.zip is not in S3.
apply-next-s3-object-missing = Check that core uses the same S3 and the same bucket as the instance that the package was uploaded to, or upload it again.
apply-cause-ssh-password = The static resource host refuses core's ssh password.
apply-next-ssh-password = Correct the user and password of the static resource server in core's settings, start core again, then run apply again.
apply-cause-ssh-host-key = Core does not know the static resource host's key yet: it learns the keys once, in the background, after its start.
apply-next-ssh-host-key = Wait a minute and run apply again; if it stays so, start core again while the host is reachable.
apply-cause-ssh-unreachable = Core gets no ssh connection to the static resource host: it is down, its address or port is wrong, or it refuses because too many connections open at once. A v3 fails so too where the host's OpenSSH no longer offers SHA-1 key exchange.
apply-next-ssh-unreachable = Connect from core's host with ssh to that address; if that works, run apply again with a smaller --parallel.
apply-cause-ssh-overload = The static resource host dropped an ssh connection because too many were opening at once; it had taken another one a moment before.
apply-next-ssh-overload = Nothing need be changed: run apply again, with a smaller --parallel if it happens often.
apply-cause-static-copy = The copy to the static resource host failed: no write permission, a full disk, or too many ssh connections at once.
apply-next-static-copy = Check owner and free space of the static resource directory; if both are right, run apply again with a smaller --parallel.
apply-cause-static-not-writable = The ssh user may not create the plugin's directory on the static resource host.
apply-next-static-not-writable = Give that user write permission for the directory that core's static_resource_server_path names.
apply-cause-static-disk = The disk of the static resource host is full.
apply-next-static-disk = Make room there, then run apply again.
apply-cause-static-unpack = Unpacking ui.zip on the static resource host ended with a warning or without permission; some files may be there already.
apply-next-static-unpack = Check that the ssh user owns the files of the plugin's directory there, then run apply again.
apply-cause-copy-damaged = The copy of ui.zip on the static resource host is damaged, although core could unpack the original: the disk there is full, or another register of the same package wrote it at the same time.
apply-next-copy-damaged = Run apply again; if it stays so, look at the free space of the static resource host.
apply-cause-unzip-missing = The static resource host has no `unzip`.
apply-next-unzip-missing = Install unzip on that host, then run apply again.
apply-cause-remote-command = A command on the static resource host failed, for a reason that its exit status does not tell.
apply-next-remote-command = Run apply again; if it fails in the same way, look into core's log for the command and try it by hand.
apply-cause-mixed-folder = Two registers within one millisecond shared a working folder of the v3; another plugin may now carry wrong files.
apply-next-mixed-folder = Register the plugin again, alone, and compare the files of every plugin that was registered at the same time.
apply-cause-static-config = Core has no static resource host in its settings.
apply-next-static-config = Set static_resource_server_ips and the settings beside it, start core again, then run apply again.
apply-cause-core-disk = Core cannot write to its own temporary directory: its disk is full, or it has no permission there.
apply-next-core-disk = Make room in /tmp of core's container (a v4 before v4.3.0 never empties it), then run apply again.
apply-cause-core-image = A program that a register needs (sshpass, ssh, scp or unzip) is missing in core's image.
apply-next-core-image = Start core from the platform's own image.
apply-cause-s3-access = S3 refuses core: wrong address, wrong keys, or the bucket does not exist.
apply-next-s3-access = Compare core's S3 settings with those of the old instance, start core again, then run apply again.
apply-cause-s3-unreachable = Core gets no answer from S3.
apply-next-s3-unreachable = Check that S3 is running and that core's host reaches it, then run apply again.
apply-cause-database-lock = The database let another register pass first (a deadlock or a lock wait); the plugin's files have been copied already.
apply-next-database-lock = Nothing need be changed: run apply again.
apply-cause-database-busy = The database accepts no more connections.
apply-next-database-busy = Run apply again with a smaller --parallel, or raise the database's limit.
apply-cause-database-schema = The database lacks a column or a table that this version of core needs.
apply-next-database-schema = Apply the platform's database scripts up to core's version, in their order.
apply-cause-database-error = The database refused to write the result of the register.
apply-next-database-error = Read the database's words above; if they name no fault of the data, run apply again.
apply-cause-auth-server = Core got no answer from auth-server, which it asks for the plugin's roles.
apply-next-auth-server = Check that auth-server is running, then run apply again.
apply-cause-server-error = Core failed inside while it registered the plugin; what it had done until then stays.
apply-next-server-error = Look into core's log at that moment, then run apply again.
apply-cause-token-refused = Core refused the token: the seed differs from core's, or the clocks differ.
apply-next-token-refused = Check the seed with token inspect, and the clocks of both hosts.
apply-cause-permission = The token's authorities do not suffice for a register.
apply-next-permission = Leave out --authority, or add those that the platform's version wants (COLLABORATION_PLUGIN_MANAGEMENT from v4.4 on).
apply-cause-rate-limited = Something before core limits how often it may be asked (HTTP 429).
apply-next-rate-limited = Run apply again with a smaller --parallel, or give core's own address.
apply-cause-unavailable = Something before core takes no requests for it at the moment (HTTP 503).
apply-next-unavailable = Check that core is running, then run apply again.
apply-cause-endpoint-absent = The server at core's address has no such endpoint.
apply-next-endpoint-absent = Check that the address given for core is core's own, not that of another component.
apply-cause-redirected = The server answered with a redirect, which is never followed: the token stays with the address that was given.
apply-next-redirected = Give the address that it points to, if that is the platform's.
apply-cause-not-wecube = What answered is not a WeCube platform: a login page or an error page of a proxy.
apply-next-not-wecube = Check core's address and what stands between, or give core's own address.
apply-cause-unrecognised = The platform gave a reason that is not known here; its own words are above.
apply-next-unrecognised = Search core's log for these words; if they name nothing that must be repaired, run apply again.
apply-cause-unreachable = No connection to platform-core could be made, so nothing was sent.
apply-next-unreachable = Look whether core runs and listens (docker ps, its log), then run apply again.
