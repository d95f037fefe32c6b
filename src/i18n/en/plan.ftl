# Messages of the room: plan

plan-side-new = new
plan-side-old = old

plan-reason-no-ui = it brings no pages
plan-reason-already-visible = its pages are proven visible on every portal
plan-reason-not-running = no instance of it is running
plan-reason-not-for-this-side = it is for platform { $needs } and newer, not for this side
plan-reason-excluded = left out by --plugin or --skip-plugin
plan-reason-dependency-older = needs { $name } newer than { $wanted }, registered is { $registered }; upload a newer { $name }
plan-reason-dependency-older-v3 = needs { $name } { $wanted } or newer, registered is { $registered }; upload a newer { $name }
plan-reason-dependency-missing = needs { $name } (declared: { $wanted }), but no version of it is registered; upload and register { $name }
plan-reason-version-unreadable = needs { $name } { $wanted }, found is { $found }: v3 compares numbers only and refuses the rest
plan-reason-platform-too-old = needs platform { $wanted }, this one is { $is }
plan-reason-dependency-blocked = it depends on { $on }, which is blocked
plan-reason-dependency-failed = it depends on { $on }, which was not registered
plan-reason-version-shown = { $running } is running, but the old portal shows { $shown }
plan-reason-version-several = several versions are running: { $running }
plan-reason-version-picked = version { $picked } is asked for, but no package that can be registered has it
plan-reason-version-unclear = it cannot be told which version is meant
plan-reason-two-editions = one version is there in several editions ({ $editions }); a register would reach all of them
plan-reason-cycle = the dependencies form a cycle: { $path }
plan-reason-not-registered = its package is { $status }, not REGISTERED
plan-reason-not-on-this-side = the other side runs { $version }, this side has no active package of it
plan-reason-too-many-versions = { $others } other versions are active; v3 refuses a register when there are more than two
plan-reason-unreadable = what is needed to decide could not be read: { $failure }

plan-next-upload = { -wecubectl } plugin upload --side { $side } FILE
plan-next-register = { -wecubectl } plugin register --side { $side } { $name } { $version }
plan-next-register-uploaded = { -wecubectl } plugin register --side { $side } { $name } VERSION
plan-next-show = { -wecubectl } plugin show --side { $side } { $name }
plan-next-pick = { -wecubectl } apply --pick-version { $name }=VERSION
plan-next-pick-one-of = { -wecubectl } apply --pick-version { $name }=VERSION, VERSION being one of { $versions }
plan-next-skip = { -wecubectl } apply --skip-plugin { $name }, if it is known and shall stay so
plan-next-first = first see to { $on }, then { -wecubectl } apply
plan-next-decommission = in the { $side } portal, plugin registration: delete the version of { $name } that is not needed
plan-next-again = { -wecubectl } plan, once it can be read
plan-next-apply = { -wecubectl } apply

plan-reason-to-pages-hidden = { $hidden } of { $listed } pages are not visible
plan-reason-to-not-listed = the side lists no page for it
plan-reason-to-pages-unknown = whether its pages are visible could not be read
plan-reason-to-content-differs = a page has other content than the same path elsewhere
plan-reason-to-all-running = --all-running
plan-reason-to-named = named by hand

plan-effect-demotes = { $version } becomes UNREGISTERED
plan-effect-demotes-running = { $version }, which is running, becomes UNREGISTERED
plan-effect-takes-ui-active = { $version } is no longer the version whose pages are listed (uiActive)
plan-effect-other-side-loses = the { $side } portal loses the page: it shows { $shows } and has no files of this version
plan-effect-variable-on = system variable { $name } ({ $id }) is switched on
plan-effect-variable-off = system variable { $name } ({ $id }) is switched off
plan-effect-empties-folder = the plugin's folder is emptied before the copy: if the copy fails, the page is gone
plan-effect-moves-upload-time = the upload time moves, which can change the version that both sides list
plan-effect-grants-roles = the roles that the package names are created and granted

plan-refusal-same-address = both sides are one instance: { $address } is given for both
plan-refusal-same-version = both sides are one instance: both are { $version } and list the same packages and instances
plan-refusal-seeds-differ = the seeds differ, but both sides stand on one database and share the plugin instances, which know one seed only
plan-refusal-new-is-old = the new side answers as { $version }
plan-refusal-new-older = the new side ({ $new }) is older than the old side ({ $old })
plan-refusal-several-rows = { $count } rows of system variables are named GATEWAY_URL_NEW ({ $ids }); which one a launch uses is left to chance
plan-refusal-next-addresses = wecubectl config show tells where each address comes from; --new-core and --old-core (and gateway, portal) must be two instances
plan-refusal-next-seeds = give both instances the same seed (jwt_signing_key), then leave out --old-seed-file
plan-refusal-next-versions = --new-core must lead to the instance that was just started, --old-core to the one before
plan-refusal-next-several = { -wecubectl } variable set GATEWAY_URL_NEW URL --repair, which keeps one row and removes the rest

plan-notice-clock = the { $side } side's clock is { $seconds } s off ours
plan-notice-clock-next = set the clocks by NTP; tokens are made by the server's clock, so the run goes on
plan-notice-shared = both sides stand on one database: what a register changes reaches both, and equal listings prove nothing about pages
plan-notice-separate = the sides have a database each: packages are uploaded, registered and launched on each by itself
plan-notice-relation-unknown = it cannot be told whether both sides stand on one database; what could reach the other side is watched
plan-notice-taskman = taskman { $version } does not work on v4; from v4.0.0 on taskman v1.1.0 or newer is needed
plan-notice-orchestrations = { $name } has pages that configure orchestrations: orchestrations of the old and the new side are not common, so such settings (alert callbacks) may be invisible or report errors on the other side
plan-notice-misread = a system variable is literally named system__global__GATEWAY_URL_NEW ({ $id }): no launch reads it, the name must be GATEWAY_URL_NEW
plan-notice-misread-next = { -wecubectl } variable unset system__global__GATEWAY_URL_NEW --id { $id }
plan-notice-owned = GATEWAY_URL_NEW belongs to the plugin { $name } (packageName): registering { $name } switches it off
plan-notice-owned-next = save the row once in the new portal, system parameters: that empties packageName
plan-notice-writes-to-v3 = the old side is a v3: one register at a time, each empties the plugin's folder before it copies, moves the upload time and grants the roles that the package names
plan-notice-several-versions = { $name } is active in several versions on the { $side } side: { $versions }
plan-notice-launched-by-v3 = { $count ->
    [one] 1 instance was launched by a v3 and calls the old gateway until it is launched again on the new side
   *[other] { $count } instances were launched by a v3 and call the old gateway until they are launched again on the new side
}
plan-notice-not-read = the { $side } side could not be read in part, and nothing is concluded from that: { $failure }
plan-notice-target-refuses = { $name } { $version } could not be registered after the upgrade: { $reason }
plan-notice-target-switches-on = registering { $plugin } after the upgrade switches system variable { $variable } on
plan-notice-target-switches-off = registering { $plugin } after the upgrade switches system variable { $variable } off
plan-notice-remedy = the way out for { $name }:

plan-do-upload-newer = upload a package of { $name } newer than { $than } to the { $side } side (exactly { $than } is not enough)
plan-do-upload = upload a package of { $name } { $than } or newer to the { $side } side
plan-do-register = register { $name } { $version } on the { $side } side
plan-do-register-uploaded = register the uploaded { $name } on the { $side } side
plan-do-launch = launch { $name } in the { $side } portal, then remove its old instance
plan-do-launch-next = { $side } portal: plugin registration, { $name }, runtime management
plan-do-old-side-loses = from here on the old portal has no page of { $name } (it shows { $shows }); the next step brings it back
plan-do-upgrade = bring the { $side } platform to { $at-least } or newer, or use a package that asks for less
plan-do-upgrade-next = if the platform is that new, its environment variable "version" must say so in numbers
plan-do-apply = run the main job again
plan-do-pick = say which version of { $name } is meant: { $versions }
plan-do-decommission = delete one edition or version of { $name } on the { $side } side

plan-variable-create = GATEWAY_URL_NEW is created: { $value }
plan-variable-keep = GATEWAY_URL_NEW is right: { $value }
plan-variable-update = GATEWAY_URL_NEW is changed: { $before } ({ $before-status }) → { $after } (active)
plan-variable-several = GATEWAY_URL_NEW has several rows ({ $ids }); none is touched
plan-variable-not-asked = GATEWAY_URL_NEW is not touched; a launch would use { $effective }, which is the new gateway
plan-variable-not-asked-other = GATEWAY_URL_NEW is not touched; a launch would use { $effective }, which is not the new gateway
plan-variable-not-asked-none = GATEWAY_URL_NEW is not touched; there is no gateway address that a launch would use
plan-variable-value-needed = the value of GATEWAY_URL_NEW must be given: { $candidate } may not be what plugin instances reach the new gateway by
plan-variable-unreadable = system variables could not be read: { $failure }
plan-variable-next-set = { -wecubectl } variable set GATEWAY_URL_NEW URL
plan-variable-next-value = { -wecubectl } apply --gateway-url { $candidate } (or the address of the load balancer before the new gateways)
plan-read-failure = { $target }: { $kind }: { $detail } ({ $operation })
plan-failure-unreachable = no connection
plan-failure-no-answer = no whole answer
plan-failure-token-refused = the token was refused
plan-failure-permission = not allowed
plan-failure-not-wecube = what answers is no WeCube platform
plan-failure-redirected = a redirect, which is not followed
plan-failure-endpoint-absent = this version has no such endpoint
plan-failure-server-error = server error
plan-failure-refused = the platform refused
plan-failure-too-large = the answer is too large
plan-failure-not-supported = this version cannot do it
plan-failure-not-asked = it was not asked
plan-selection-no-match = no plugin matches "{ $glob }"; nothing was done
plan-selection-no-match-hint = { -wecubectl } plugin list shows the names; * and ? are wildcards, case counts
plan-failure-hint-permission = { -wecubectl } token mint > FILE, then { -wecubectl } token inspect FILE --seed-file SEED tells why a token is refused; is it the seed of that instance?
plan-failure-hint-not-wecube = is it the address of platform-core (the document's port 8000), not of a portal or another service? Try: curl -i { $target }
plan-failure-hint-unreachable = is the address right, does the service run, does a firewall stand between? Try: curl -i { $target }
plan-selection-unknown-plugin = --pick-version names { $name }, and no package has that name
plan-selection-unknown-hint = { -wecubectl } plugin list shows the names and versions
plan-selection-unknown-version = --pick-version: there is no package { $name } { $version }
plan-failure-hint-too-large = is it an answer of the platform at all? --body-limit MIB takes larger ones
