## Messages of src/check. Side and subject of a finding stand beside its message, so they are not repeated in it.

side-old = old
side-new = new
severity-info = info
severity-warning = warning
severity-error = error


check-unknown-old-not-read = the old instance is configured but could not be read
check-unknown = unknown: { $cause }
check-unknown-of = { $count ->
    [one] { $names }: { $cause }
   *[other] unknown for { $count } ({ $names }); first cause: { $cause }
}
check-unknown-relation = the signing seeds differ, and it is unknown whether both instances use one database
check-unknown-maker = the id { $id } does not say which platform launched it
check-unknown-launch = no journal on this machine says when GATEWAY_URL_NEW got its value, so the instance may be older
check-unknown-not-marked = the package list does not contain this field
check-skip-no-old = no old instance is configured
check-skip-plugins = excluded by --plugin or --skip-plugin
check-skip-code = excluded by --skip-code
check-skip-not-chosen = not selected by --code
check-skip-health = the health check was not requested
check-skip-seeds = an instance was given a login instead of a signing seed
check-skip-variable = without an old instance plugins use GATEWAY_URL
check-skip-no-value = the expected value is ambiguous: add --gateway-url URL
check-skip-no-role = needs --role ROLE
check-skip-retiring = needs --before-retiring-old
check-skip-no-ui-active = only from v4.2
check-skip-probes = plugins were not asked with and without a token
check-acceptance-expired = { $finding } (was accepted until { $day })

check-seen = { $value }
check-seen-no-row = no such row
check-seen-shared = { $packages } package ids and { $instances } instance ids are the same on both instances
check-seen-granted = { $count ->
    [one] 1 menu granted
   *[other] { $count } menus granted
}
check-seen-served = { $count ->
    [one] 1 static file served
   *[other] { $count } static files served
}

check-failure-unreachable = no connection for { $operation } ({ $target }): { $detail }
check-failure-no-answer = no answer in time to { $operation } ({ $target }): { $detail }
check-failure-token = token refused for { $operation } ({ $target }): { $detail }
check-failure-permission = the user or token may not read it: { $operation } ({ $target }): { $detail }
check-failure-not-asked = not requested: { $operation } ({ $target }) { $detail }
check-failure = { $operation } failed ({ $target }): { $detail }
check-hint-read-again = { -wecubectl } check
check-hint-not-wecube = correct the address of the { $side } instance, or what answers in front of it (a proxy, single sign-on); to see where the address comes from: { -wecubectl } config show
check-hint-unreachable = start the { $side } instance or open its port; to see where its address comes from: { -wecubectl } config show
check-hint-token = pass the signing seed of the { $side } instance (--seed-file FILE, --old-seed-file FILE); to look into a token: { -wecubectl } token inspect

check-unreachable = { $address } does not respond as a platform: { $detail }
check-unreachable-portal = the portal { $address } does not respond: { $detail }
check-version = the version is "{ $version }", so core refuses every plugin that requires a platform version
check-version-hint = set the environment variable version of the core container to the version of its image, then create the container again
check-health = core says: { $detail }
check-health-hint = read the log of core; make sure that it reaches its database and auth-server
check-clock = the clock is { $seconds } s off the clock of this machine
check-clock-hint = synchronise all clocks with NTP; a v4 refuses tokens from its future
check-clock-not-told = no answer had a Date header
check-token = the platform answered: { $detail }
check-applying = an apply of these instances is in progress; findings may change
check-applying-hint = { -wecubectl } check

check-variable-missing = instances that are launched now get the address of the old gateway
check-variable-several = { $count } rows have this name; which one a launch uses is undefined
check-variable-inactive = its status is "{ $status }", so a launch does not find it
check-variable-empty = it has neither a value nor a default
check-variable-value = its value is { $value }, expected { $wanted }
check-variable-local = its value is { $value }, but plugins run on { $host }, which cannot reach the gateway by that address
check-variable-owned = it belongs to { $owner }: the next registration of that plugin switches it
check-variable-misread = { $name } is an id and not a name; no launch reads this variable
check-variable-set = { -wecubectl } variable set GATEWAY_URL_NEW { ARG($value) }
check-variable-repair = { -wecubectl } variable set --repair GATEWAY_URL_NEW { ARG($value) }
check-variable-owned-hint = delete the row in the portal under System variables, then run: { -wecubectl } variable set GATEWAY_URL_NEW { ARG($value) }
check-variable-misread-hint = delete the row in the portal under System variables; the name that launches read is GATEWAY_URL_NEW

check-hint-apply = { -wecubectl } apply
check-hint-register = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
check-hint-launch = launch an instance of { $name } { $version } in the portal
check-hint-unneeded = nothing to do unless it is meant to run; then launch an instance of { $name } { $version } in the portal
check-hint-relaunch = remove the instances of { $name } in the portal and launch them again, one after the other
check-hint-plan = { -wecubectl } plan { FLAG("--plugin", $name) }
check-hint-grant = grant the menus to { $role } in the portal under Role management; to see every condition: { -wecubectl } plugin show --side { $side } { FLAG("--as-role", $role) } { ARG($name) }
check-hint-route = { -wecubectl } check --wait-until-ok 10m
check-portal-answers = { $address } answers HTTP { $status } to every static file
check-portal-answers-hint = read the log of the portal at { $address } or of what is in front of it: access rule, redirect, permissions of its files
check-portal-serves-all = { $address }: { $detail }
check-portal-serves-all-hint = let the portal at { $address }, or what is in front of it, answer 404 for files that do not exist
check-role-nothing = { $role } has no menus at all: it has none granted, or there is no such role
check-role-nothing-hint = see the roles in the portal under Role management; if { $role } is misspelt, correct --role
check-role-lost = { $role } lacks menus that it has on the other instance: { $codes }
check-role-none = { $role } has none of its menus: { $codes }

check-file-differs = { $count ->
    [one] { $first } differs: { $seen }
   *[other] { $count } files differ; the first is { $first }: { $seen }
}

check-gone = { $running ->
    [0] no instance runs
    [one] 1 instance runs
   *[other] { $running } instances run
}, { $expected } expected
check-gone-hint = launch an instance of { $name } in the portal; if it was removed on purpose: { -wecubectl } check { FLAG("--accept-gone", $name) }
check-gone-expected-hint = launch an instance of { $name } in the portal; if it was removed on purpose, remove { $name } from expect_running in the configuration and run: { -wecubectl } check { FLAG("--accept-gone", $name) }
check-launching = launched { $ago } s ago, not in service yet: { $cause }
check-no-core-route = an instance runs, but core has no route to it

check-lost = { $count ->
    [one] { $aspect }: { $cause }
   *[other] missing in { $count } respects; first { $aspect }: { $cause }
}
check-several-running = running versions: { $running }
check-several-running-hint = remove the instances of the unwanted versions in the portal
check-shown-not-run = pages are of { $shown }, running instances of { $running }
check-page-taken = users of the old instance have lost its pages: they are told to load { $versions }, which was registered on the new instance and never copied to the old portals
check-not-shown-on-old = the new instance shows { $versions }, the old one still shows { $shown }
check-not-shown-on-old-hint = { -wecubectl } plan { FLAG("--plugin", $name) } --write-to both
check-taskman-hint = upload taskman v1.1.0 or newer on the new instance, register it and launch it
check-gated = version { $version }: { $cause }
check-gated-hint = upload a version for this platform
check-orchestrations-hint = nothing to do while both instances are in use; select the orchestrations again on the new instance before the old one is switched off
check-content-differs = { $count ->
    [one] { $first } differs
   *[other] { $count } files differ; the first is { $first }
}

check-relaunch-alone = relaunch { $place } of { $of }: in the portal, remove { $host }:{ $port } and launch { $name } again on port { $port }; it is the only instance, so { $name } is unavailable on both platforms until the gateways have loaded its route
check-relaunch-others = relaunch { $place } of { $of }: in the portal, remove { $host }:{ $port } and launch { $name } again on port { $port }; meanwhile { $others ->
    [one] the other instance serves
   *[other] the other { $others } instances serve
}
check-launched-by-v3 = { $at } uses the old gateway until it is launched again
check-launched-by-v3-alone = { $at } uses the gateway that v3 gave it, { $gateway }, until it is launched again
check-launched-by-v3-gone = { $at } uses the gateway that v3 gave it, { $gateway }, until it is launched again, and that gateway does not answer: { $cause }
check-launched-before = { $at } was launched before GATEWAY_URL_NEW had its value and uses the old gateway until it is launched again
check-gateway-url = its value is { $value }
check-gateway-url-hint = right before the old instance is switched off: { -wecubectl } variable set GATEWAY_URL { ARG($value) }
check-route-only-old = the route of the old gateway leads to { $to }
check-route-only-old-hint = upload, register and launch { $name } on the new instance, or exclude it: { -wecubectl } check --before-retiring-old { FLAG("--skip-plugin", $name) }
check-variable-only-old = the new instance has no active row of this name and scope
check-variable-only-old-hint = { -wecubectl } variable set { ARG($name) } VALUE
check-page-only-old = on the new instance { $cause }
check-names-old = its value contains { $address }

check-ui-lost = { $count ->
    [one] the only registered plugin with UI has lost its uiActive
   *[other] all { $count } registered plugins with UI have lost their uiActive
}
check-ui-lost-hint = { -wecubectl } apply
check-register-not-done = the registration wizard was left before its last step
check-register-not-done-hint = complete the last step of the registration wizard for { $name } in the portal

check-seed-not-taken = it answers 401 with and without a token of this platform
check-seed-not-taken-hint = compare JWT_SIGNING_KEY of the container of { $name } with the signing seed of the platform, then remove the instance and launch it again

check-why-package = package is registered
check-why-running = an instance runs
check-why-granted = { $role } has one of its menus
check-why-not-granted = none granted of { $codes }
check-why-token = it accepts tokens of this platform
check-why-no-script = resource-files lists style sheets only, no script
check-why-active = one of its menus is active
check-why-path = one of its menus has a link
check-why-none = missing: { $codes }
check-why-ui-active = uiActive is true
check-why-ui-inactive = uiActive is false: another version was registered later, or nothing was registered since the upgrade to v4.2
check-why-instance-row = it has an instance, running or not (required from v4.5)
check-why-listed-v3 = static files are in the resource file list (of the active version registered last)
check-why-listed-v4 = static files are in the resource file list (of the active version with UI uploaded last)
check-why-listed-v42 = static files are in the resource file list (of REGISTERED versions with uiActive)
check-why-served = every portal serves the static files
check-why-core-route = core has a route to it
check-why-no-core-route = core has no route for this plugin
check-why-gateway-route = the gateway has loaded the route
check-why-reachable = it responds through the gateway
