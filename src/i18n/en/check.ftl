## Words of src/check: findings of the scheduled checks.

severity-info = info
severity-warning = warning
severity-error = error

check-title-unreachable = core, gateway and every portal answer
check-title-version = the platform tells a version that begins with numbers
check-title-health = core calls itself healthy
check-title-clock = clocks agree
check-title-token-refused = the token is accepted
check-title-seeds = sides that share plugins have one seed
check-title-not-new = the new side is the new one
check-title-applying = nobody is applying
check-title-variable-missing = GATEWAY_URL_NEW is there
check-title-variable-several = GATEWAY_URL_NEW is there once
check-title-variable-inactive = GATEWAY_URL_NEW is active
check-title-variable-value = GATEWAY_URL_NEW has the right value
check-title-variable-owned = no plugin owns GATEWAY_URL_NEW
check-title-variable-misread = no variable has the document's label for a name
check-title-not-registered = what runs or is listed is registered
check-title-not-running = what is registered runs
check-title-dependency = dependencies satisfy the new side's rule
check-title-menus-greyed = menus of what runs are active
check-title-role = the role is granted the plugin's menus
check-title-not-listed = resource-files lists the plugin's pages
check-title-file-missing = no portal answers 404 for a listed page
check-title-file-forbidden = no portal answers 403 for a listed page
check-title-file-not-a-script = portals serve scripts and styles, not HTML
check-title-file-empty = no listed page is empty
check-title-file-unexpected = no portal answers anything unexpected
check-title-file-differs = all portals of a side serve the same bytes
check-title-no-core-route = core offers a route to what runs
check-title-no-gateway-route = the gateway has loaded the route
check-title-route-elsewhere = the gateway's routes lead to running instances
check-title-unreached = plugins answer through the gateway
check-title-lost-on-new = what the old side shows, the new one shows
check-title-only-on-new = what the new side shows, the old one shows
check-title-versions-differ = both sides have the same version
check-title-several-running = one version of a plugin runs
check-title-shown-not-run = the pages are of the version that runs
check-title-not-shown-on-old = the old side shows what was registered on the new one
check-title-taskman = taskman is one for v4
check-title-gated = packages are for this side's platform
check-title-orchestrations = pages that depend on orchestrations
check-title-content-differs = both sides serve the same bytes
check-title-launched-by-v3 = no running instance was launched by v3
check-title-launched-before = no instance is older than GATEWAY_URL_NEW
check-title-gateway-url = GATEWAY_URL does not lead to the old gateway
check-title-route-only-old = the new gateway has the old one's routes
check-title-variable-only-old = the new side has the old one's variables
check-title-page-only-old = no page is served by the old side only
check-title-names-old = no variable names an address of the old side
check-title-ui-inactive = plugins have their uiActive
check-title-register-not-done = registrations were finished
check-title-seed-not-taken = plugins take tokens of this seed

check-unknown-old-not-read = the old side is configured and was not read
check-unknown = cannot be told: { $cause }
check-unknown-of = { $count ->
    [one] cannot be told for { $names }: { $cause }
   *[other] cannot be told for { $count } ({ $names }); the first cause: { $cause }
}
check-unknown-relation = the seeds differ, and it cannot be told whether both sides stand on one database
check-unknown-maker = the id { $id } does not tell who launched it
check-unknown-launch = it cannot be told whether it was launched before GATEWAY_URL_NEW got its value: no journal of this tool says when that was
check-unknown-not-marked = the package list does not tell it
check-skip-no-old = there is no old side
check-skip-plugins = left out by --plugin or --skip-plugin
check-skip-code = left out by --skip-code
check-skip-not-chosen = not among those of --code
check-skip-health = health was not asked
check-skip-seeds = a side has no seed here (a login was given)
check-skip-variable = there is no old side, so GATEWAY_URL serves
check-skip-no-value = its value must be given by --gateway-url; it is not guessed
check-skip-no-role = no --role was given
check-skip-retiring = asked for by --before-retiring-old
check-skip-no-ui-active = this version of the platform does not have it (v4.2 on)
check-skip-probes = plugins were not asked with and without a token
check-acceptance-expired = { $finding } (was accepted until { $day })

check-seen = { $words }
check-seen-no-row = no such row
check-seen-shared = { $packages } package ids and { $instances } instance ids on both sides
check-seen-granted = { $count ->
    [one] one menu is granted
   *[other] { $count } menus are granted
}
check-seen-served = { $count ->
    [one] one page is served
   *[other] { $count } pages are served
}

check-failure-unreachable = no connection: { $operation } ({ $target }): { $detail }
check-failure-no-answer = no answer in time: { $operation } ({ $target }): { $detail }
check-failure-token = the token was refused: { $operation } ({ $target }): { $detail }
check-failure-permission = this user or token may not read it: { $operation } ({ $target }): { $detail }
check-failure-not-asked = it was not asked: { $operation } ({ $target }) { $detail }
check-failure = could not be read: { $operation } ({ $target }): { $detail }
check-hint-read-again = settle what kept it from being read, then run { -wecubectl } check again
check-hint-unreachable = look whether the { $side } side is up and can be reached from here; wecubectl config show tells where its addresses come from
check-hint-token = give the { $side } side's own seed (--seed-file, --old-seed-file) or another login; { -wecubectl } token inspect tells what a token holds
check-hint-permission = give a token with the authorities that it asks for (--authority), or a user that may read it

check-unreachable = { $side }: { $address } does not answer as a platform: { $detail }
check-unreachable-portal = { $side }: the portal { $address } does not answer: { $detail }
check-version = { $side }: the version is "{ $version }", which does not begin with numbers; core then refuses every plugin that asks for a platform version
check-version-hint = set the variable version of the core container to the number of its image, then create the container again
check-health = { $side }: core says that it is not well: { $detail }
check-health-hint = look at core's log: its database and auth-server must answer
check-clock = { $side }: its clock is { $seconds } s off ours
check-clock-hint = set the clocks by NTP: a v4 takes no token from its future
check-clock-not-told = no answer carried a Date
check-token = { $side }: the token is refused: { $detail }
check-applying = a { -wecubectl } apply is in progress: what is found may be about to change
check-applying-hint = run { -wecubectl } check again when it has ended

check-variable-missing = GATEWAY_URL_NEW is missing: instances that are launched now carry the old gateway's address
check-variable-several = { $count } rows are named GATEWAY_URL_NEW; which one a launch uses is left to chance
check-variable-inactive = GATEWAY_URL_NEW is "{ $status }", not active: a launch does not find it
check-variable-empty = GATEWAY_URL_NEW has neither a value nor a default
check-variable-value = GATEWAY_URL_NEW is { $value }, wanted is { $wanted }
check-variable-local = GATEWAY_URL_NEW is { $value }, but instances run on { $host }, where that is not the gateway
check-variable-owned = GATEWAY_URL_NEW belongs to { $owner }: the next register of that plugin switches it
check-variable-misread = a variable is literally named { $name }: that is how ids look, and no launch reads it
check-variable-set = { -wecubectl } variable set GATEWAY_URL_NEW { $value }
check-variable-repair = { -wecubectl } variable set GATEWAY_URL_NEW { $value } --repair
check-variable-owned-hint = delete the row in the portal under system parameters, then { -wecubectl } variable set GATEWAY_URL_NEW { $value }
check-variable-misread-hint = delete the row in the portal under system parameters; GATEWAY_URL_NEW is the name that counts

check-hint-register = { -wecubectl } plugin register --side { $side } { $name } { $version }
check-hint-launch = launch an instance of { $name } { $version } in the portal, or register the version that runs
check-hint-relaunch = remove the instances of { $name } in the portal and launch them again, one after the other
check-hint-plan = { -wecubectl } plan --plugin { $name } shows the way out
check-hint-grant = grant the menus to { $role } in the portal under role management; { -wecubectl } plugin show { $name } --side { $side } --as-role { $role } shows every condition
check-hint-route = wait until the gateway has loaded its routes (90 s at most, a v3 up to 10 min): { -wecubectl } check --wait-until-ok 10m
check-not-registered = { $side }: { $name } runs or is listed, but { $cause }
check-not-running = { $side }: { $name } is registered, but { $cause }
check-dependency = { $subject } would be refused by a register on the new side: { $cause }
check-menus-greyed = { $side }: { $name } runs, but { $cause }
check-role-lost = { $side }: { $role } lacks menus of { $name } that it has on the other side: { $codes }
check-role-none = { $side }: { $role } is granted none of the menus of { $name }: { $codes }

check-not-listed = { $side }: pages of { $name } are not loaded: { $cause }
check-file-missing = { $side }: { $name }: { $cause }
check-file-forbidden = { $side }: { $name }: { $cause }
check-file-not-a-script = { $side }: { $name }: { $cause }
check-file-empty = { $side }: { $name }: { $cause }
check-file-unexpected = { $side }: { $name }: { $cause }
check-file-differs = { $count ->
    [one] { $side }: portals serve different bytes of { $name } at { $first }: { $seen }
   *[other] { $side }: portals serve different bytes of { $count } pages of { $name }; the first is { $first }: { $seen }
}

check-no-core-route = { $side }: core offers no route to { $name }, which runs
check-no-gateway-route = { $side }: { $name }: { $cause }
check-route-elsewhere = { $side }: { $name }: { $cause }
check-unreached = { $side }: { $name }: { $cause }

check-lost-on-new = { $count ->
    [one] { $name } is visible on the old side and not on the new one: { $aspect }: { $cause }
   *[other] { $name } is visible on the old side and not on the new one in { $count } respects; the first is { $aspect }: { $cause }
}
check-only-on-new = { $count ->
    [one] { $name } is visible on the new side and not on the old one: { $aspect }: { $cause }
   *[other] { $name } is visible on the new side and not on the old one in { $count } respects; the first is { $aspect }: { $cause }
}
check-versions-differ = { $name }: { $note }
check-several-running = { $side }: instances of several versions of { $name } run: { $running }; the gateway asks any of them
check-several-running-hint = remove the instances of the versions that are not wanted, in the portal
check-shown-not-run = { $side }: the pages of { $name } are of { $shown }, its running instances of { $running }
check-page-taken = { $name }: users of the old side have lost its pages: they were told to load { $versions }, which was registered on the new side and never copied to the old portals
check-not-shown-on-old = { $name }: the new side shows { $versions }, the old side still { $shown }
check-not-shown-on-old-hint = { -wecubectl } plan --plugin { $name } --write-to both shows which register brings the page back on both sides
check-taskman-hint = upload, register and launch taskman v1.1.0 or newer on the new side
check-gated = { $side }: { $name } { $version }: { $cause }
check-gated-hint = upload a version that is made for this platform, or correct the version that core tells
check-gated-hint-old = nothing to do: it belongs to the new side
check-orchestrations-hint = nothing to do as long as both sides are used; choose the orchestrations anew on the new side before the old one goes
check-content-differs = { $count ->
    [one] { $name }: the sides serve different bytes at { $first }
   *[other] { $name }: the sides serve different bytes of { $count } pages; the first is { $first }
}

check-relaunch-alone = relaunch { $place } of { $of }: remove { $host }:{ $port } in the portal and launch { $name } again on port { $port }; it is its only instance, so { $name } is away on both sides until the new one is up and the gateways have loaded its route
check-relaunch-others = relaunch { $place } of { $of }: remove { $host }:{ $port } in the portal and launch { $name } again on port { $port }; { $others ->
    [one] the other instance serves
   *[other] the other { $others } instances serve
} meanwhile
check-launched-by-v3 = { $name } { $version } at { $at } was launched by v3 and calls the old gateway until it is launched again
check-launched-before = { $name } { $version } at { $at } was launched before GATEWAY_URL_NEW had its value and calls the old gateway until it is launched again
check-gateway-url = GATEWAY_URL is still { $value }
check-gateway-url-hint = { -wecubectl } variable set GATEWAY_URL { $value }, right before the old side is switched off
check-route-only-old = only the old gateway has a route to { $name } ({ $to })
check-route-only-old-hint = upload, register and launch { $name } on the new side, or decide that it goes with the old one
check-variable-only-old = only the old side has an active variable { $name } ({ $scope })
check-variable-only-old-hint = { -wecubectl } variable set { $name } VALUE, on the new side, if a plugin there asks for it
check-page-only-old = only the old side serves the pages of { $name }; on the new side: { $cause }
check-page-only-old-hint = decide whether the page is needed: it goes with the old side
check-names-old = the variable { $name } names the old side: { $address }
check-names-old-hint = change the address in { $name }: { -wecubectl } variable set { $name } VALUE

check-ui-lost = { $count ->
    [one] the only registered plugin with pages has lost its uiActive: no plugin page loads for anyone
   *[other] all { $count } registered plugins with pages have lost their uiActive: no plugin page loads for anyone
}
check-ui-lost-hint = { -wecubectl } apply, which registers every plugin with pages again
check-register-not-done = { $name } { $version } is registered, but its registration was not gone through to the end
check-register-not-done-hint = finish the registration of { $name } in the portal's wizard (plugin registration, last step)

check-seed-not-taken = { $side }: { $name } answers 401 to a token of this seed as it does to none
check-seed-not-taken-hint = compare the seed in the environment of { $name }'s container (JWT_SIGNING_KEY) with the platform's, and launch it again

check-why-package = the package is registered
check-why-running = an instance of it runs
check-why-granted = one of its menus is granted to { $role }
check-why-not-granted = none of them is: { $codes }
check-why-token = it takes tokens of this seed (answers with a token / without one)
check-why-no-script = resource-files lists style sheets of it, and no script
check-why-active = a menu of it is active (a granted one, where there is one)
check-why-path = a menu of it has a link (a granted one, where there is one)
check-why-none = none of these: { $codes }
check-why-ui-active = the package has its uiActive
check-why-ui-inactive = uiActive is false: another version was registered after it, or the platform was upgraded to v4.2 and nothing was registered since
check-why-instance-row = the plugin has an instance row (asked for from v4.5 on)
check-why-listed-v3 = resource-files lists its pages (of the active version that was registered last)
check-why-listed-v4 = resource-files lists its pages (of the active version with pages that was uploaded last)
check-why-listed-v42 = resource-files lists its pages (of versions that are REGISTERED with uiActive)
check-why-served = every portal serves them
check-why-core-route = core offers a route to it
check-why-no-core-route = core has no route of that context
check-why-gateway-route = the gateway has loaded the route
check-why-reachable = the plugin answers through the gateway
