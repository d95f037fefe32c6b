# Messages of apply
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
apply-page-unknown = unknown: { $cause }

apply-verdict = { $ended } { $total ->
    [one] One package:
   *[other] { $total } packages:
 } { $counts }.
apply-ended-converged = Done and verified.
apply-ended-nothing-to-do = Nothing to do.
apply-ended-blocked = Done, except for what is blocked.
apply-ended-different = Done, but users of the old and the new platform see different pages.
apply-ended-partial = Partly done.
apply-ended-unverified = Not everything could be verified.
apply-ended-no-effect = The platform answered OK, but its state did not change.
apply-ended-no-permission = Access denied: the token is invalid or lacks a permission.
apply-ended-unreachable = An instance cannot be reached.
apply-ended-not-wecube = The server that answers is not a WeCube platform.
apply-ended-interrupted = Interrupted.
apply-ended-failed = Failed.
apply-count-done = { $count } registered and verified
apply-count-failed = { $count } failed
apply-count-no-effect = { $count } without effect
apply-count-unknown = { $count } unknown
apply-count-not-started = { $count } not started
apply-count-blocked = { $count } blocked (manual action needed)
apply-count-skipped = { $count } skipped (no action needed)
apply-next-compare = Next: { -wecubectl } compare
apply-next-blocked = Next: resolve the blocked plugins, or accept them: { -wecubectl } apply{ $flags }
apply-next-variable = Next: if an old instance keeps running, { -wecubectl } apply --coexisting; if the new instance replaced it, { -wecubectl } apply --in-place
apply-next-interrupted = It is safe to run the same command again.
apply-next-causes = Next: resolve the causes below, then run: { -wecubectl } plan
apply-result-not-started = not started

apply-refused = the platform refused it: { $message } (cause and remedy: wecubectl explain { $cause })
apply-not-started-canary = the first plugin failed for a reason that the others may meet too
apply-not-started-stopped = the run stopped before its turn
apply-drifted = not registered: it changed after the plan was made ({ $what }). Run the command again to plan anew
apply-drift-status = its status was { $planned } and is { $now }
apply-drift-ui-active = its uiActive was true and is false
apply-unchecked = not registered: its current state could not be read: { $failure }
apply-not-retried = the platform refused it for a reason that may pass, and the run stopped before the next try

apply-no-effect-status = the platform answered OK, but the status is { $is }, not REGISTERED
apply-no-effect-rows = the platform answered OK, but did not renew the resource file list
apply-no-effect-upload-time = the platform answered OK, but the upload time did not change
apply-no-effect-update-time = the platform answered OK, but the update time did not change
apply-no-effect-ui-active = the platform answered OK, but did not activate the pages
apply-no-effect-not-listed = the platform answered OK, but the resource file list is empty
apply-no-effect-hidden = the platform answered OK, but { $count ->
    [one] a static file is
   *[other] { $count } static files are
 } missing: { $pages }
apply-no-effect-differs = the platform answered OK, but { $count ->
    [one] a static file differs
   *[other] { $count } static files differ
 } between portals: { $pages }. Files of another plugin may have been copied there. Register the plugin again, alone

apply-unknown-answer-lost = core itself did not answer ({ $cause }) and no effect was seen in time. The registration may still be running; wecubectl does not send it again
apply-unknown-no-trace = core itself did not answer ({ $cause }), and this platform version gives no way to verify this registration. wecubectl does not send it again
apply-unknown-state = the platform answered OK, but the effect could not be read: { $failure }
apply-unknown-pages = the platform answered OK, but the answers of portals do not tell whether its static files are there: { $pages }
apply-unknown-interrupted = the run was interrupted after the request was sent. The registration may still be running

apply-variable-unchanged = { $name } already has the value { $value }
apply-variable-absent = { $name } was not changed
apply-variable-created = { $name } was created: { $value }
apply-variable-created-elsewhere = { $name } is { $value }: another run created it at the same time, and wecubectl removed its own row
apply-variable-updated = { $name } was changed from { $before } to { $after }
apply-variable-drifted = { $name } was not changed: somebody changed it after the plan was made. It is now: { $rows }. Run the command again to plan anew
apply-variable-failed = { $name } could not be set, or could not be read afterwards: { $failure }
apply-variable-no-effect = the platform answered OK, but { $name } has not the planned value. It is now: { $rows }
apply-variable-row = { $value } ({ $status }, id { $id })
apply-both = { $first }; { $second }
apply-variable-no-row = no row

apply-mark-held = another run writes to the same platform: { $who }. Nothing was written
apply-mark-held-hint = Run the command again when that run has ended. A run renews its mark every 30 seconds. If it was killed, its mark counts for 3 minutes after that, and only the plugins that it was registering wait for up to 31 minutes. If its mark names core by another address than this run, it counts until it is removed: { -wecubectl } variable unset --side { $side } --id { $id } { ARG($name) }
apply-mark-unread = the marks of other runs ({ $name }) could not be read. Nothing was written: { $failure }
apply-mark-refused = the mark of this run ({ $name }), by which runs on other hosts notice it, was refused. Nothing was written: { $failure }
apply-mark-failed = the mark of this run ({ $name }), by which runs on other hosts notice it, was not confirmed. Nothing else was written; the inactive variable may still be created: { $failure }
apply-mark-left = the mark of this run stays on the platform, because registrations may still be running or it could not be removed. It is inactive and counts for at most 31 minutes. To remove it: { -wecubectl } variable unset --side { $side } --id { $id } { ARG($name) }

apply-stop-canary = Stopped after the first plugin: { $message }. The others may fail for the same reason (wecubectl explain { $cause })
apply-stop-broke-other-side = Stopped after the first plugin: its registration removed pages from the other side
apply-stop-variable = Stopped before the first registration: GATEWAY_URL_NEW could not be set
apply-stop-journal = Stopped: the journal could not be written, and wecubectl sends nothing without it: { $error }
apply-stop-interrupted = Stopped by an interrupt (SIGINT)
apply-stop-deadline = Stopped because the time of the run is over (--deadline); run the command again to continue
apply-stop-terminated = Stopped by a request to terminate (SIGTERM)

apply-event-variable-create = { $name }: creating it with the value { $value }
apply-event-variable-update = { $name }: changing { $before } to { $after }
apply-event-variable-remove = { $name }: another run has created it, removing our own row { $id }
apply-event-started = { $step }: registering, { $in_flight } in flight
apply-event-started-again = { $step }: registering again (call { $attempt }), { $in_flight } in flight
apply-event-canary = { $step }: registering it alone, before all others
apply-event-deferred = { $step }: will try again, with at most { $limit } in flight: { $message }
apply-event-answer-lost = { $step }: core itself did not answer ({ $cause }), reading the state
apply-event-verifying = { $step }: answered OK, verifying
apply-event-done = { $step }: done in { $seconds } s
apply-event-failed = { $step }: failed: { $why }
apply-event-not-started = { $step }: not started: { $why }
apply-event-no-effect = { $step }: no effect: { $why }
apply-event-unknown = { $step }: unknown: { $why }
apply-event-skipped = { $step }: skipped: { $why }
apply-event-blocked = { $step }: blocked: { $why }
apply-event-page-broken = { $name } ({ $side }): a page is no longer visible: { $page }

## Causes of a refused registration
apply-cause-unknown-package = Core does not know the package: it was removed meanwhile, or this core uses another database.
apply-next-unknown-package = Run plan again; if it still names the package, check that core and the listing come from the same instance.
apply-cause-platform-too-old = The plugin asks for a newer platform than this one, or core's `version` setting is not a number.
apply-next-platform-too-old = Register a version of the plugin that fits this platform, or correct core's environment variable `version`.
apply-cause-dependency = A package that the plugin depends on is not registered, or not new enough: v4 requires it strictly newer than declared, v3 the same or newer.
apply-next-dependency = Upload and register a newer version of that package, then run apply again.
apply-cause-decommissioned = The package has been removed (DECOMMISSIONED); v3 does not register it again.
apply-next-decommissioned = Upload the package again, or choose another version with --pick-version.
apply-cause-too-many-versions = More than two other versions of the plugin are active; v3 refuses another one.
apply-next-too-many-versions = Decommission a version that nobody uses in the portal, then run apply again.
apply-cause-menu-undeclared = The package grants a menu to a role that its register.xml does not declare.
apply-next-menu-undeclared = Ask for a corrected package; nothing on the platform can repair it.
apply-cause-version-unreadable = A version has a part that is not a number, which v3 cannot compare.
apply-next-version-unreadable = Use a package whose version, and those of its dependencies, consist of numbers and dots.
apply-cause-no-index-html = The package's ui.zip holds no index.html. v3 accepts such a package, v4 does not; core has copied the files nevertheless.
apply-next-no-index-html = Ask for a package whose ui.zip holds index.html, upload it and register that version.
apply-cause-ui-package = Core could not unpack the package's ui.zip: the file in S3 is damaged, or core's disk is full.
apply-next-ui-package = Upload the package again; if it fails in the same way, look at the disk of core's host.
apply-cause-run-mark = The mark by which runs on other hosts notice this one could not be renewed, or another run writes. Nothing was sent.
apply-next-run-mark = Run apply again when no other run is active.
apply-cause-s3-object-missing = The package's ui.zip is not in S3.
apply-next-s3-object-missing = Check that core uses the same S3 and the same bucket as the instance that the package was uploaded to, or upload it again.
apply-cause-ssh-password = The static resource host refuses core's ssh password.
apply-next-ssh-password = Correct the user and password of the static resource server in core's settings, start core again, then run apply again.
apply-cause-ssh-host-key = Core does not know the static resource host's key yet: it learns the keys once, in the background, after its start.
apply-next-ssh-host-key = Wait a minute and run apply again; if it fails again, start core again while the host is reachable.
apply-cause-ssh-unreachable = Core gets no ssh connection to the static resource host: it is down, its address or port is wrong, or it refuses because too many connections open at once. A v3 fails so too where the host's OpenSSH no longer offers SHA-1 key exchange.
apply-next-ssh-unreachable = Connect from core's host with ssh to that address; if that works, run apply again with a smaller --parallel.
apply-cause-ssh-overload = The static resource host dropped an ssh connection because too many were opening at once; it had taken another one a moment before.
apply-next-ssh-overload = No change is needed: run apply again, with a smaller --parallel if it happens often.
apply-cause-static-copy = The copy to the static resource host failed: no write permission, a full disk, or too many ssh connections at once.
apply-next-static-copy = Check owner and free space of the static resource directory; if both are right, run apply again with a smaller --parallel.
apply-cause-static-not-writable = The ssh user may not create the plugin's directory on the static resource host.
apply-next-static-not-writable = Give that user write permission for the directory that core's static_resource_server_path names.
apply-cause-static-disk = The disk of the static resource host is full.
apply-next-static-disk = Make room there, then run apply again.
apply-cause-static-unpack = Unpacking ui.zip on the static resource host ended with a warning or without permission; some files may be there already.
apply-next-static-unpack = Check that the ssh user owns the files of the plugin's directory there, then run apply again.
apply-cause-copy-damaged = The copy of ui.zip on the static resource host is damaged, although core could unpack the original: the disk there is full, or another registration of the same package wrote it at the same time.
apply-next-copy-damaged = Run apply again; if it fails again, look at the free space of the static resource host.
apply-cause-unzip-missing = The static resource host has no `unzip`.
apply-next-unzip-missing = Install unzip on that host, then run apply again.
apply-cause-remote-command = A command on the static resource host failed, for a reason that its exit status does not tell.
apply-next-remote-command = Run apply again; if it fails in the same way, read core's log for the command and try it by hand.
apply-cause-mixed-folder = Two registrations within one millisecond shared a working directory of v3; another plugin may now carry wrong files.
apply-next-mixed-folder = Register the plugin again, alone, and compare the files of every plugin that was registered at the same time.
apply-cause-static-config = Core has no static resource host in its settings.
apply-next-static-config = Set static_resource_server_ips and the settings beside it, start core again, then run apply again.
apply-cause-core-disk = Core cannot write to its own temporary directory: its disk is full, or it has no permission there.
apply-next-core-disk = Make room in /tmp of core's container (a v4 before v4.3.0 never empties it), then run apply again.
apply-cause-core-image = A program that a registration needs (sshpass, ssh, scp or unzip) is missing in core's image.
apply-next-core-image = Start core from the platform's own image.
apply-cause-s3-access = S3 refuses core: wrong address, wrong keys, or the bucket does not exist.
apply-next-s3-access = Compare core's S3 settings with those of the old instance, start core again, then run apply again.
apply-cause-s3-unreachable = Core gets no answer from S3.
apply-next-s3-unreachable = Check that S3 is running and that core's host reaches it, then run apply again.
apply-cause-database-lock = The database let another registration pass first (a deadlock or a lock wait); the plugin's files have been copied already.
apply-next-database-lock = No change is needed: run apply again.
apply-cause-database-busy = The database accepts no more connections.
apply-next-database-busy = Run apply again with a smaller --parallel, or raise the database's limit.
apply-cause-database-schema = The database lacks a column or a table that this version of core needs.
apply-next-database-schema = Apply the platform's database scripts up to core's version, in their order.
apply-cause-database-error = The database refused to write the result of the registration.
apply-next-database-error = Read the database's message above; if they name no fault of the data, run apply again.
apply-cause-auth-server = Core got no answer from auth-server, which it asks for the plugin's roles.
apply-next-auth-server = Check that auth-server is running, then run apply again.
apply-cause-server-error = Core failed with an internal error during the registration; what it had done by then remains.
apply-next-server-error = Read core's log at that moment, then run apply again.
apply-cause-token-refused = Core refused the token: the signing seed differs from core's, or the clocks differ.
apply-next-token-refused = Check the signing seed with wecubectl token inspect, and the clocks of both hosts.
apply-cause-permission = The token's authorities do not allow a registration.
apply-next-permission = Omit --authority, or add those that the platform version requires (COLLABORATION_PLUGIN_MANAGEMENT from v4.4 on).
apply-cause-rate-limited = A proxy in front of core limits how often it may be asked (HTTP 429).
apply-next-rate-limited = Run apply again with a smaller --parallel, or give core's own address.
apply-cause-unavailable = A proxy in front of core takes no requests for it at the moment (HTTP 503).
apply-next-unavailable = Check that core is running, then run apply again.
apply-cause-endpoint-absent = The server at core's address has no such endpoint.
apply-next-endpoint-absent = Check that the address given for core is core's own, not that of another component.
apply-cause-redirected = The server answered with a redirect, which wecubectl never follows: it sends the token only to the configured address.
apply-next-redirected = Give the address that it points to, if that is the platform's.
apply-cause-not-wecube = The server that answered is not a WeCube platform: a login page or an error page of a proxy.
apply-next-not-wecube = Check core's address and the proxies in between, or give core's own address.
apply-cause-unrecognised = The platform gave a reason that wecubectl does not know; its message is quoted.
apply-next-unrecognised = Search core's log for this message; if nothing needs repair, run apply again.
apply-cause-unreachable = No connection to platform-core could be made, so nothing was sent.
apply-next-unreachable = Check that core runs and listens (docker ps, its log), then run apply again.
