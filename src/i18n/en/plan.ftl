# Messages of the module plan


plan-verdict-work = { $steps ->
    [0] Nothing to register
    [one] 1 plugin to register
   *[other] { $steps } plugins to register
}, { $variable ->
    [set] GATEWAY_URL_NEW will be set
    [blocked] GATEWAY_URL_NEW blocked
    [unknown] GATEWAY_URL_NEW unknown
   *[kept] GATEWAY_URL_NEW stays as it is
}, { $skipped } skipped, { $blocked } blocked.
plan-verdict-next = { $counts } Next: { -wecubectl } apply
plan-verdict-blocked = { $counts } Next: follow the steps under "How to resolve"
plan-verdict-nothing = Nothing to do: { $skipped } skipped, 0 blocked.
plan-verdict-refused = { $count ->
    [one] Refused, nothing will be written: 1 problem must be solved first.
   *[other] Refused, nothing will be written: { $count } problems must be solved first.
}
plan-verdict-value = Stopped, nothing will be written: GATEWAY_URL_NEW needs a value. Next: { -wecubectl } apply { FLAG("--gateway-url", $candidate) }
plan-verdict-forecast = { $count ->
    [0] The upgrade will meet no known problem. Nothing was written.
    [one] The upgrade will meet 1 problem. Nothing was written. Next: solve it before the upgrade
   *[other] The upgrade will meet { $count } problems. Nothing was written. Next: solve them before the upgrade
}

plan-title = WeCube: plan
plan-label-database = database
plan-relation-single = one side only
plan-relation-shared = shared by both sides ({ $packages } packages, { $instances } instances in common): a registration changes both sides
plan-relation-separate = one for each side: upload, register and launch plugins on each side
plan-relation-unknown = unknown: a side lists nothing, or could not be read
plan-heading-refused = Refused: nothing will be written
plan-heading-variable = System variable
plan-heading-steps = Plugins to register, in order ({ $count })
plan-heading-effects = Side effects
plan-heading-blocked = Blocked (manual action needed): { $count }
plan-heading-skipped = Skipped (no action needed): { $count }
plan-heading-remedies = Before the upgrade
plan-heading-notices = Notices
plan-head-reason = reason
plan-no-steps = none
plan-first-alone = canary (first, alone)
plan-skipped-group = { $names }: { $reason }

plan-reason-no-ui = no UI
plan-reason-already-visible = static files verified on every portal
plan-reason-not-running = no running instance
plan-reason-not-for-this-side = requires platform { $needs } or newer; this side is older
plan-reason-excluded = excluded by --plugin or --skip-plugin
plan-reason-dependency-older = requires { $name } newer than { $wanted }; { $registered } is registered
plan-reason-dependency-older-v3 = requires { $name } { $wanted } or newer; { $registered } is registered
plan-reason-dependency-missing = requires { $name } { $wanted }; no version of it is registered
plan-reason-version-unreadable = requires { $name } { $wanted }; v3 compares numbers only and cannot compare { $found }
plan-reason-platform-too-old = requires platform { $wanted }; this platform is { $is }
plan-reason-dependency-failed = depends on { $on }, which was not registered and verified
plan-reason-version-shown = { $running } is running, but the old portal shows { $shown }
plan-reason-version-several = several versions are running: { $running }
plan-reason-other-version-active = { $running } is running, but the portal shows { $active }, which somebody registered later; registering { $running } would take its pages back
plan-reason-version-picked = version { $picked } is requested, but no package that can be registered has it
plan-reason-version-unclear = the version to register is unknown
plan-reason-two-editions = the version exists in several editions ({ $editions }); a registration would change all of them
plan-reason-cycle = dependency cycle: { $path }
plan-reason-not-registered = the package is { $status }, not REGISTERED
plan-reason-not-on-this-side = the other side runs { $version }; this side has no active package of it
plan-reason-too-many-versions = { $others } other versions are active; v3 refuses a registration if there are more than two
plan-reason-unreadable = could not be decided: { $failure }
plan-reason-static-path = core writes static files into another folder than the portals serve: { $row } is listed, and a portal answers 404 for it
plan-reason-static-path-set = core will write static files into another folder than the portals serve: static_resource_server_path in the environment file ends in /{ $folder }
plan-next-static-path = end static_resource_server_path of the { $side } core in /ui-resources (now /{ $folder }) and start core again, or let every portal serve /{ $folder }; then: { -wecubectl } apply { $flags }
plan-reason-no-portal = no portal is configured, so its static files cannot be checked
plan-reason-pages-unknown = { $count ->
    [one] { $count } static file is
   *[other] { $count } static files are
} neither found nor missing: { $portal }: { $state }
plan-next-unverified = repair what answers for the portal; to register anyway: { -wecubectl } apply { $flags }

plan-next-upload = { -wecubectl } plugin upload --side { $side } FILE
plan-next-register = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
plan-next-register-uploaded = { -wecubectl } plugin register --side { $side } { ARG($name) } VERSION
plan-next-show = { -wecubectl } plugin show --side { $side } { ARG($name) }
plan-next-pick = { -wecubectl } apply { FLAG("--pick-version", $name, "VERSION") }
plan-next-pick-one-of = { -wecubectl } apply { FLAG("--pick-version", $name, $version) }
plan-next-skip = to accept this and exit 0: { -wecubectl } apply { FLAG("--skip-plugin", $name) }
plan-next-first = resolve { $on } first, then run: { -wecubectl } apply
plan-next-decommission = { $side } portal, plugin registration: delete a version of { $name } that is no longer needed
plan-next-again = { -wecubectl } plan
plan-next-apply = { -wecubectl } apply

plan-reason-to-pages-hidden = { $hidden } of { $listed } static files missing on the portal
plan-reason-to-not-listed = not in the resource file list
plan-reason-to-pages-unknown = static files could not be checked; requested with --register-unverified
plan-reason-to-content-differs = a static file differs between portals
plan-reason-to-all-running = requested with --all-running
plan-reason-to-named = requested by name

plan-effect-demotes = { $version } becomes UNREGISTERED
plan-effect-demotes-running = { $version } becomes UNREGISTERED while it is running
plan-effect-takes-ui-active = the resource file list no longer names { $version } (uiActive)
plan-effect-other-side-loses = the { $side } portal loses its static files: it shows { $shows } and has no files of this version
plan-effect-variable-on = system variable { $name } ({ $id }) becomes active
plan-effect-variable-off = system variable { $name } ({ $id }) becomes inactive
plan-effect-empties-folder = the plugin's folder is emptied before the copy; if the copy fails, its static files are gone
plan-effect-moves-upload-time = the upload time changes, which can change the version that both sides list
plan-effect-grants-roles = core creates the roles that the package names and grants them its menus

plan-refusal-same-address = both sides are one instance: { $address } is given for both
plan-refusal-same-version = both sides are one instance: both are { $version } and list the same packages and instances
plan-refusal-seeds-differ = the signing seeds differ, but both sides share a database and its plugin instances, which accept one seed only
plan-refusal-new-is-old = the new instance is { $version }
plan-refusal-new-older = the new instance ({ $new }) is older than the old instance ({ $old })
plan-refusal-several-rows = { $count } system variables are named GATEWAY_URL_NEW ({ $rows }); a launch may use any of them
plan-refusal-next-addresses = { -wecubectl } config show lists where each address comes from; --new-core and --old-core (and gateway, portal) must be two instances
plan-refusal-next-seeds = set the same seed (jwt_signing_key) on both instances, then drop --old-seed-file
plan-refusal-next-versions = --new-core must be the instance that was just started, --old-core the one before
plan-refusal-next-several = { -wecubectl } variable set --repair GATEWAY_URL_NEW { ARG($value) }

plan-notice-clock = the { $side } server's clock is { $seconds } s off this host's clock
plan-notice-clock-next = synchronise the clocks (NTP); the run can continue, because tokens use the server's clock
plan-notice-shared = both sides share a database: a registration changes both sides, and equal listings do not prove that static files load
plan-notice-separate = each side has its own database: upload, register and launch plugins on each side
plan-notice-relation-unknown = wecubectl cannot tell whether both sides share a database; it checks the other side after each registration
plan-notice-taskman = taskman { $version } does not work on v4; v4.0.0 and newer need taskman v1.1.0 or newer
plan-notice-orchestrations = { $name } configures orchestrations, which the old and the new instance do not share: such settings (alert callbacks) may be missing or fail on the other side
plan-notice-misread = a system variable is named system__global__GATEWAY_URL_NEW ({ $id }); no launch reads it, the name must be GATEWAY_URL_NEW
plan-notice-misread-next = { -wecubectl } variable unset system__global__GATEWAY_URL_NEW --id { $id }
plan-notice-owned = GATEWAY_URL_NEW belongs to plugin { $name } (packageName); registering { $name } makes it inactive
plan-notice-owned-next = save the row once in the new portal under system parameters; that clears packageName
plan-notice-writes-to-v3 = the old instance is a v3: it registers one plugin at a time, empties the plugin's folder before the copy, changes the upload time and grants the roles that the package names
plan-notice-several-versions = { $name } has several active versions on the { $side } side: { $versions }
plan-notice-launched-by-v3 = { $count ->
    [one] 1 instance was launched by a v3 and calls the old gateway until it is launched again on the new instance
   *[other] { $count } instances were launched by a v3 and call the old gateway until they are launched again on the new instance
}
plan-notice-not-read = part of the { $side } side could not be read: { $failure }
plan-notice-target-refuses = { $name } { $version } cannot be registered after the upgrade: { $reason }
plan-notice-target-switches-on = registering { $plugin } after the upgrade makes system variable { $variable } active
plan-notice-target-switches-off = registering { $plugin } after the upgrade makes system variable { $variable } inactive
plan-notice-remedy = How to resolve { $name }:

plan-do-upload-newer = upload { $name } newer than { $than } to the { $side } side ({ $than } itself is not enough)
plan-do-upload = upload { $name } { $than } or newer to the { $side } side
plan-do-register = register { $name } { $version } on the { $side } side
plan-do-register-uploaded = register the uploaded { $name } on the { $side } side
plan-do-launch = launch { $name } in the { $side } portal, then remove its old instance
plan-do-launch-next = { $side } portal: plugin registration, { $name }, runtime management
plan-do-old-side-loses = until the next step the old portal has no static files of { $name } (it shows { $shows })
plan-do-upgrade = upgrade the { $side } platform to { $at-least } or newer, or use a package that requires less
plan-do-upgrade-next = if the platform already is that version, set its environment variable "version" to the number
plan-do-apply = run apply again
plan-do-pick = choose the version of { $name }: { $versions }
plan-do-decommission = delete one edition or version of { $name } on the { $side } side

plan-variable-create = GATEWAY_URL_NEW will be created: { $value }
plan-variable-keep = GATEWAY_URL_NEW already has this value: { $value }
plan-variable-update = GATEWAY_URL_NEW will change: { $before } ({ $before-status }) → { $after } (active)
plan-variable-several = GATEWAY_URL_NEW has several rows ({ $rows }); none will change
plan-variable-not-asked = GATEWAY_URL_NEW will not change; a launch uses { $effective }, the new gateway
plan-variable-not-asked-other = GATEWAY_URL_NEW will not change; a launch uses { $effective }, which is not the new gateway
plan-variable-not-asked-none = GATEWAY_URL_NEW will not change; no gateway address is set for a launch
plan-variable-undecided-other = blocked: GATEWAY_URL_NEW is not set, because no old instance is configured; a launch uses { $effective }, which is not the new gateway
plan-variable-undecided-none = blocked: GATEWAY_URL_NEW is not set, because no old instance is configured; no gateway address is set for a launch
plan-variable-next-undecided = if an old instance keeps running, { -wecubectl } apply --coexisting (sets { $wanted }); if the new instance replaced it, { -wecubectl } apply --in-place (sets nothing). In wecubectl.toml: coexisting = true or in_place = true under [apply]
plan-variable-value-needed = GATEWAY_URL_NEW needs a value: plugin instances may not reach the new gateway at { $candidate }
plan-variable-unreadable = system variables could not be read: { $failure }
plan-variable-next-set = { -wecubectl } variable set GATEWAY_URL_NEW URL
plan-variable-next-value = { -wecubectl } apply { FLAG("--gateway-url", $candidate) } (or the address of the load balancer in front of the new gateways)

plan-read-failure = { $target }: { $kind }: { $detail } ({ $operation })
plan-failure-unreachable = no connection
plan-failure-no-answer = no complete response
plan-failure-token-refused = token rejected
plan-failure-permission = permission denied
plan-failure-not-wecube = not a WeCube platform
plan-failure-redirected = redirected; wecubectl does not follow redirects
plan-failure-endpoint-absent = this version has no such endpoint
plan-failure-server-error = server error
plan-failure-refused = the platform refused
plan-failure-too-large = the response is too large
plan-failure-ambiguous = not verified
plan-failure-not-asked = not requested
plan-failure-hint-permission = check that the seed belongs to that instance: { -wecubectl } token mint > FILE && { -wecubectl } token inspect FILE --seed-file SEED
plan-failure-hint-authority = the token lacks the authority { $authority }: omit --authority (the default authorities contain it), or add { FLAG("--authority", $authority) }; with --login-file, name a user whose role has { $authority }
plan-failure-hint-not-wecube = check that this is the address of platform-core (port 8000 in the upgrade guide), not of a portal: curl -i { ARG($target) }
plan-failure-hint-unreachable = check the address, the service and the firewall: curl -i { ARG($target) }
plan-failure-hint-too-large = check that a WeCube platform answers there; --body-limit MIB accepts larger responses

plan-selection-no-match = no plugin matches "{ $glob }"; nothing was done
plan-selection-no-match-hint = { -wecubectl } plugin list shows the names; * and ? are wildcards, names are case-sensitive
plan-selection-unknown-plugin = { $flag }: no package is named { $name }
plan-selection-unknown-version = --pick-version: package { $name } { $version } does not exist
plan-selection-unknown-hint = { -wecubectl } plugin list shows the names and versions
