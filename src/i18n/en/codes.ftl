## Findings of `check`, by code: title, meaning, source and action. `explain CODE`, `check --list` and docs/codes/ are made from them.
## Commands stand in backticks; a terminal shows them without.

explain-W0101-title = Core, gateway or portal does not respond as a WeCube platform
explain-W0101-meaning = Core, the gateway or a portal does not respond, or what responds is not a WeCube platform. Everything that would be read from it is unknown, and each check that needs it says so once.
explain-W0101-source = Version and packages of core, `GET /gateway/v1/route-items` of the gateway, and the static files of each portal. A portal counts as down only if it answers for none of its files.
explain-W0101-action = Start the service, or open the port between this machine and the service. To see where each address comes from: `{ -wecubectl } config show`

explain-W0102-title = The platform version does not begin with a number
explain-W0102-meaning = A v4 core returns the environment variable `version` of its container. If that is not a number, core takes it for version 0 and refuses to register every plugin that requires a platform version.
explain-W0102-source = `GET /platform/v1/appinfo/version`
explain-W0102-action = Set `version` of the core container to the version of its image (for example v4.0.0) and create the container again. A restart keeps the old environment.

explain-W0103-title = Core reports that it is unhealthy
explain-W0103-meaning = The health check of core failed: core cannot use its database or auth-server.
explain-W0103-source = `GET /platform/v1/health-check`
explain-W0103-action = Read the log of core, then make sure that core reaches its database and auth-server.

explain-W0104-title = Clock is off by more than 30 seconds
explain-W0104-meaning = The clock of a server and the clock of this machine differ. A v4 refuses tokens that were issued in its future. wecubectl dates tokens back by 60 s; if the server is further behind than that, the finding is W0109.
explain-W0104-source = The `Date` header of the answers
explain-W0104-action = Synchronise the clocks of all hosts with NTP, including the host that runs wecubectl.

explain-W0105-title = Token refused
explain-W0105-meaning = The platform refuses the token that wecubectl made from the signing seed, or that it got by logging in. Nothing that needs a token can be read.
explain-W0105-source = The first request that was answered with 401
explain-W0105-action = Compare the signing seed with `jwt_signing_key` of that instance's containers. If the old instance has a seed of its own, pass it with `--old-seed-file FILE`. To look into a token: `{ -wecubectl } token inspect`. See also W0104.

explain-W0106-title = Both instances share plugins but have different signing seeds
explain-W0106-meaning = Both instances use one database and the same plugin containers. A plugin knows one signing seed only, so users of one instance are logged out on every plugin page.
explain-W0106-source = The signing seeds given to wecubectl, and the package and instance ids of both instances
explain-W0106-action = Give both instances the same `jwt_signing_key`, create their containers again, and omit `--old-seed-file`.

explain-W0107-title = The instance given as new is not the new one
explain-W0107-meaning = It is a v3, it is older than the old instance, or both addresses lead to the same instance. The other findings may then be about the wrong instance.
explain-W0107-source = `GET /platform/v1/appinfo/version` of both instances
explain-W0107-action = Set `--new-core` to the instance that was started last. To see where each address comes from: `{ -wecubectl } config show`

explain-W0108-title = wecubectl apply is running
explain-W0108-meaning = An apply of the same instances is in progress. The findings may change at any moment.
explain-W0108-source = The run journal of this machine
explain-W0108-action = Wait until the apply has ended, then run: `{ -wecubectl } check`

explain-W0109-title = Clock is more than 60 seconds behind, so new tokens are refused
explain-W0109-meaning = A v4 refuses tokens that were issued in its future: users who sign in at a server whose clock is right are refused until the clock catches up. wecubectl dates its own tokens by the clock of the server.
explain-W0109-source = The `Date` header of the answers
explain-W0109-action = Synchronise the clocks of all hosts with NTP, including the host that runs wecubectl.

explain-W0201-title = GATEWAY_URL_NEW is missing
explain-W0201-meaning = Instances that are launched now get the address of the old gateway. They stop working when the old instance is switched off.
explain-W0201-source = `POST /platform/v1/system-variables/retrieve` of the new instance. Not checked without an old instance: plugins then use GATEWAY_URL.
explain-W0201-action = Run: `{ -wecubectl } variable set GATEWAY_URL_NEW URL`

explain-W0202-title = GATEWAY_URL_NEW exists more than once
explain-W0202-meaning = A launch takes the row that the database returns last, so the address that a plugin gets is a matter of chance.
explain-W0202-source = `POST /platform/v1/system-variables/retrieve` of the new instance
explain-W0202-action = Keep one row and delete the others: `{ -wecubectl } variable set GATEWAY_URL_NEW URL --repair`

explain-W0203-title = GATEWAY_URL_NEW is not active
explain-W0203-meaning = A launch reads active system variables only, so plugins get the address of the old gateway. On v4 a row that was created without a status is not active.
explain-W0203-source = `POST /platform/v1/system-variables/retrieve` of the new instance, column `status`
explain-W0203-action = Activate it: `{ -wecubectl } variable set GATEWAY_URL_NEW URL`. W0205 tells if a plugin switches it off.

explain-W0204-title = GATEWAY_URL_NEW has a wrong value
explain-W0204-meaning = The system variable is empty, differs from the expected address, or is a loopback address although plugins run on other hosts. Plugins that are launched with it cannot reach the gateway.
explain-W0204-source = `POST /platform/v1/system-variables/retrieve` of the new instance. The expected value is `--gateway-url`, or the new gateway if there is only one possible address.
explain-W0204-action = Run: `{ -wecubectl } variable set GATEWAY_URL_NEW URL`. Then remove and launch the instances that were launched with the wrong value.

explain-W0205-title = GATEWAY_URL_NEW belongs to a plugin
explain-W0205-meaning = The next registration of that plugin switches the system variable off, or on again with another version.
explain-W0205-source = `POST /platform/v1/system-variables/retrieve` of the new instance, columns `packageName` and `source`
explain-W0205-action = Delete the row in the portal under System variables, then create it as a variable of the platform: `{ -wecubectl } variable set GATEWAY_URL_NEW URL`

explain-W0206-title = A system variable is named system__global__GATEWAY_URL_NEW
explain-W0206-meaning = The WeCube upgrade guide shows this label, but it is an id and not a name. No launch reads a variable of this name.
explain-W0206-source = `POST /platform/v1/system-variables/retrieve` of the new instance
explain-W0206-action = Delete the row in the portal under System variables. The name that launches read is GATEWAY_URL_NEW.

explain-W0301-title = Plugin in use is not registered
explain-W0301-meaning = Instances of the plugin run, or its static files are listed, but its package is not registered. On v4.0 and v4.1 registering one version removes the registration of all others.
explain-W0301-source = `GET /platform/v1/packages` and the instances of each package
explain-W0301-action = Run: `{ -wecubectl } plugin register --side SIDE NAME VERSION`. If several versions exist, choose one first: `{ -wecubectl } plan --plugin NAME`

explain-W0302-title = Registered plugin has no running instance
explain-W0302-meaning = No instance of the registered version runs, so the menus of the plugin are greyed out. If nothing needs the plugin, the finding is W0319.
explain-W0302-source = `GET /platform/v1/packages/ID/instances`
explain-W0302-action = Launch an instance in the portal. If the plugin is not meant to run: `{ -wecubectl } check --skip-plugin NAME`

explain-W0303-title = Dependency too old or missing: the next registration will be refused
explain-W0303-meaning = The plugin works, but the new instance would refuse to register it again, so the next apply is blocked. A v4 requires a dependency that is strictly newer than the declared version.
explain-W0303-source = The declared dependencies of each active package, judged by the rule of the new instance
explain-W0303-action = See how to resolve it (usually: upload a newer version of the dependency): `{ -wecubectl } plan --plugin NAME`

explain-W0304-title = Menus of a running plugin are inactive
explain-W0304-meaning = An instance runs, but users see the menus greyed out. Launching an instance activates menus, removing the last instance deactivates them; a registration changes nothing about it.
explain-W0304-source = The menus of the package, column `active`, and its instances
explain-W0304-action = Remove the instances in the portal and launch them again, one after the other.

explain-W0305-title = Role lacks menus of a plugin that it has on the other instance
explain-W0305-meaning = Users in the role cannot open what they open on the other instance. A v4 grants no menus when it registers a plugin; a v3 does.
explain-W0305-source = The menus that a token with this role alone sees, and the menus of the package. Checked with `--role` only.
explain-W0305-action = Grant the menus in the portal under Role management. To see every condition: `{ -wecubectl } plugin show NAME --side SIDE --as-role ROLE`

explain-W0306-title = Static files are not in the resource file list
explain-W0306-meaning = The portal loads nothing of the plugin, and a click on its menu leads back to the home page. From v4.2.1 core lists packages with `uiActive` only, from v4.5 only those with an instance.
explain-W0306-source = `GET /platform/v1/resource-files`
explain-W0306-action = Run: `{ -wecubectl } plugin register --side SIDE NAME VERSION`. From v4.5 launch an instance too.

explain-W0307-title = Static files missing on a portal (404)
explain-W0307-meaning = The portal shows no error if a script is missing: users end on the home page. Equal resource file lists on both instances prove nothing; only the portals tell.
explain-W0307-source = Each `.js` and `.css` file of `GET /platform/v1/resource-files`, requested from each portal
explain-W0307-action = Copy the files to the portals by registering the plugin: `{ -wecubectl } plugin register --side SIDE NAME VERSION`, or all plugins of the new instance: `{ -wecubectl } apply`

explain-W0308-title = Static files not readable on a portal (403)
explain-W0308-meaning = The web server of the portal has no permission to read the file, so the page of the plugin does not load.
explain-W0308-source = Each `.js` and `.css` file of `GET /platform/v1/resource-files`, requested from each portal
explain-W0308-action = On the host of the portal, let nginx read the folder of the plugin below `ui-resources` (owner, mode, SELinux).

explain-W0309-title = Portal serves HTML or another type for a static file
explain-W0309-meaning = The portal answers 200 with something that is not a script or a style sheet: usually the error page of a load balancer or proxy, or a login page. Browsers refuse it.
explain-W0309-source = The `Content-Type` of each static file on each portal
explain-W0309-action = Request the file from the portal directly, then through the load balancer, to find which of them replaces it.

explain-W0310-title = Static files on a portal are empty
explain-W0310-meaning = The portal serves a file of length 0: its disk was full, or the copy was interrupted.
explain-W0310-source = The length of each static file on each portal
explain-W0310-action = Free disk space on the portal host, then run: `{ -wecubectl } plugin register --side SIDE NAME VERSION`

explain-W0311-title = Portal answers with an unexpected status
explain-W0311-meaning = The portal answers for a static file with something other than 200, 403 or 404, for example a redirect or 502. The page of the plugin does not load.
explain-W0311-source = The HTTP status of each static file on each portal
explain-W0311-action = Read the log of the portal and of the proxy in front of it.

explain-W0312-title = Portals of one instance serve different static files
explain-W0312-meaning = What users get depends on the portal that the load balancer chooses. The cluster was copied in part, or files of different versions are mixed; on a v3, two registrations at the same time mix files too.
explain-W0312-source = The SHA-256 of the same file on each portal of the instance; its length if the portal sends no `ETag` and `--deep` is not given
explain-W0312-action = Register the plugin alone: `{ -wecubectl } plugin register --side SIDE NAME VERSION`. Then compare contents: `{ -wecubectl } check --deep`

explain-W0313-title = Core has no route to a running plugin
explain-W0313-meaning = No gateway can load a route that core does not have, so all calls of the plugin's pages answer 404.
explain-W0313-source = `GET /platform/v1/route-items` of core, and the instances of the plugin
explain-W0313-action = Remove the instances in the portal and launch them again: a launch creates the route.

explain-W0314-title = Gateway has not loaded the route to a running plugin
explain-W0314-meaning = Calls of the plugin's pages fail until the gateway loads its routes: 30 s after its start and then every minute, on a v3 every ten minutes. If the plugin was just launched, the finding is W0318.
explain-W0314-source = `GET /gateway/v1/route-items` of the gateway, and the routes of core
explain-W0314-action = Wait for it: `{ -wecubectl } check --wait-until-ok 10m`. If the route stays missing, read the log of the gateway and check that it reaches core.

explain-W0315-title = Gateway route leads to an instance that does not run
explain-W0315-meaning = The gateway sends calls to a port of a container that no longer exists. A gateway ignores an empty list of routes and keeps the old ones.
explain-W0315-source = `GET /gateway/v1/route-items` of the gateway, and the instances of the plugin
explain-W0315-action = Wait for the next loading of routes: `{ -wecubectl } check --wait-until-ok 10m`. If the route stays, restart the gateway.

explain-W0316-title = Plugin does not respond through the gateway
explain-W0316-meaning = The gateway has a route, but the container is down or the gateway cannot reach it. Users see errors on every page of the plugin.
explain-W0316-source = A request through the gateway, the routes of the gateway, and a TCP connection to the port of the instance
explain-W0316-action = Read the log of the container on its host (`docker logs NAME`), then start it again.
explain-W0317-title = Running instance of a plugin is gone
explain-W0317-meaning = Fewer instances of the plugin run than an earlier check saw, or none runs although `expect_running` in the configuration names the plugin. Whatever calls the plugin fails.
explain-W0317-source = `GET /platform/v1/packages/ID/instances`, and the number of instances that earlier checks stored in the state directory
explain-W0317-action = Launch an instance in the portal. If it was removed on purpose: `{ -wecubectl } check --accept-gone NAME`

explain-W0318-title = Plugin was just launched and is not in service yet
explain-W0318-meaning = Its newest instance is younger than 5 minutes (15 on a v3, whose gateway loads routes every ten minutes). It starts, and a gateway that did not launch it learns its route at the next load. After that time W0314, W0315 or W0316 is found, an error. Only a v4 tells when it launched an instance. Between removal and launch nothing tells a relaunch from a removal: that is W0317 or W0302.
explain-W0318-source = The id of the instance, which contains its time, and what W0314, W0315 and W0316 look at
explain-W0318-action = Wait for it: `{ -wecubectl } check --wait-until-ok 10m`

explain-W0319-title = Registered plugin that nothing needs has no running instance
explain-W0319-meaning = The plugin has no UI, and no running plugin depends on it, so nobody misses it.
explain-W0319-source = `GET /platform/v1/packages/ID/instances`, and the dependencies of the running packages
explain-W0319-action = Nothing, if the plugin is not meant to run. Otherwise launch an instance in the portal.

explain-W0320-title = Role has none of the menus of a plugin
explain-W0320-meaning = Users in the role cannot open the plugin on either instance. If the role has no menus at all, it has none granted, or there is no such role.
explain-W0320-source = The menus of the role, and the menus of the package. Checked with `--role` only.
explain-W0320-action = If the role is meant to open the plugin, grant the menus in the portal under Role management. To see every condition: `{ -wecubectl } plugin show NAME --side SIDE --as-role ROLE`

explain-W0401-title = Plugin visible on the old instance is not visible on the new one
explain-W0401-meaning = Users of the new instance lack the plugin: its registration, a running instance, menus, the resource file list or its static files are missing there.
explain-W0401-source = The comparison of both instances, as `{ -wecubectl } compare` shows it
explain-W0401-action = See what is missing: `{ -wecubectl } plan`. Then run: `{ -wecubectl } apply`

explain-W0402-title = Plugin visible on the new instance is not visible on the old one
explain-W0402-meaning = This is expected for plugins that were added after the upgrade. Otherwise the old instance was changed.
explain-W0402-source = The comparison of both instances, as `{ -wecubectl } compare` shows it
explain-W0402-action = If users still work on the old instance: `{ -wecubectl } plugin register --side old NAME VERSION`. To accept it: `{ -wecubectl } check --save-baseline FILE`

explain-W0403-title = Both instances use different versions of a plugin
explain-W0403-meaning = Users of the two instances work with different pages and interfaces of the plugin.
explain-W0403-source = The packages and the resource file lists of both instances
explain-W0403-action = Choose one version, then register and launch it on both instances: `{ -wecubectl } plan --plugin NAME`

explain-W0404-title = Several versions of a plugin run at the same time
explain-W0404-meaning = The gateway sends calls to any of them, so answers differ from call to call.
explain-W0404-source = The running instances of each package
explain-W0404-action = Remove the instances of the unwanted versions in the portal.

explain-W0405-title = Users get the pages of a version that does not run
explain-W0405-meaning = The pages are of one version and the running instances of another, so pages may call interfaces that do not exist.
explain-W0405-source = The resource file list and the running instances
explain-W0405-action = Register the version that runs, or launch the version that is shown: `{ -wecubectl } plan --plugin NAME`

explain-W0406-title = Old instance shows another version than the one registered on the new instance
explain-W0406-meaning = With one database, from v4.2 on the old instance keeps showing its own version: users of both instances see different pages. A v4.0 or v4.1 takes the page away instead: W0411.
explain-W0406-source = The resource file lists of both instances, and the static files of the old portals
explain-W0406-action = Register the same version on both instances: `{ -wecubectl } plan --plugin NAME --write-to both`

explain-W0407-title = taskman is too old for v4
explain-W0407-meaning = taskman before v1.1.0 does not work on a v4.
explain-W0407-source = The packages of the new instance
explain-W0407-action = Upload taskman v1.1.0 or newer on the new instance, register it and launch it.

explain-W0408-title = Plugin requires a newer platform than the new instance
explain-W0408-meaning = The package declares a newer platform version, so the new instance refuses to register it. On the old instance that is expected and no finding.
explain-W0408-source = The declared dependencies of the package
explain-W0408-action = Upload a version of the plugin for this platform. If the platform is new enough, see W0102.

explain-W0409-title = Plugin pages depend on orchestrations, which v3 and v4 do not share
explain-W0409-meaning = A setting that refers to an orchestration of one instance may be invisible or fail on the other (for example the alert callbacks of monitor).
explain-W0409-source = The packages of both instances. Checked with `--before-retiring-old` only.
explain-W0409-action = Nothing while both instances are in use. Before the old instance is switched off, select the orchestrations again on the new one.

explain-W0410-title = Both instances serve different static files of the same version
explain-W0410-meaning = The same version was built twice, or two registrations at the same time on a v3 mixed files of different plugins.
explain-W0410-source = The SHA-256 (or length) of the same file on both instances
explain-W0410-action = Find the wrong instance: `{ -wecubectl } compare --deep`. Then register the plugin there, alone: `{ -wecubectl } plugin register --side SIDE NAME VERSION`

explain-W0411-title = Users of the old instance lost a page to a version registered on the new one
explain-W0411-meaning = With one database, a v4.0 or v4.1 makes the old instance list files that its portals never got. Users of the old instance cannot open the page any more.
explain-W0411-source = The resource file lists of both instances, and the static files of the old portals
explain-W0411-action = Register the same version on both instances: `{ -wecubectl } plan --plugin NAME --write-to both`

explain-W0501-title = Running instance was launched by v3 and loses its gateway
explain-W0501-meaning = It keeps the address of the gateway that it was given until it is launched again, whatever the system variables say. When the old instance is switched off, it loses its gateway. Without a configured old instance this is found if the gateway that `GATEWAY_URL` names does not answer: it has lost it.
explain-W0501-source = The id of the instance tells which generation launched it; without an old instance `GET /gateway/v1/route-items` at the address in `GATEWAY_URL`
explain-W0501-action = Remove and launch it again in the order that the hints give (dependencies first), on the same port. A plugin with one instance is unavailable on both platforms in between.

explain-W0502-title = Running instance was launched before GATEWAY_URL_NEW was set
explain-W0502-meaning = It keeps the address of the old gateway until it is launched again. If the journal does not say when the variable got its value, the answer is unknown for instances that are younger than the variable.
explain-W0502-source = The times in the ids of the instance and the system variable, and the run journal of this machine
explain-W0502-action = Remove and launch it again in the order that the hints give, on the same port.

explain-W0503-title = GATEWAY_URL still leads to the old gateway
explain-W0503-meaning = Launches use GATEWAY_URL if they do not find GATEWAY_URL_NEW.
explain-W0503-source = `POST /platform/v1/system-variables/retrieve` of the new instance
explain-W0503-action = Right before the old instance is switched off, and not earlier (a v3 launches with this value): `{ -wecubectl } variable set GATEWAY_URL URL`

explain-W0504-title = Only the old gateway has a route to a plugin
explain-W0504-meaning = Calls to the plugin fail when the old instance is switched off.
explain-W0504-source = `GET /gateway/v1/route-items` of both gateways
explain-W0504-action = Upload, register and launch the plugin on the new instance, or exclude it: `{ -wecubectl } check --before-retiring-old --skip-plugin NAME`

explain-W0505-title = Only the old instance has a system variable
explain-W0505-meaning = The instances have separate databases, and nobody copied the active variable of this name and scope. Plugins that need it fail on the new instance.
explain-W0505-source = `POST /platform/v1/system-variables/retrieve` of both instances
explain-W0505-action = If a plugin of the new instance needs it: `{ -wecubectl } variable set NAME VALUE`

explain-W0506-title = Only the old portals serve the static files of a plugin
explain-W0506-meaning = Its pages are gone when the old instance is switched off.
explain-W0506-source = The static files on the portals of both instances
explain-W0506-action = See what is missing: `{ -wecubectl } plan --plugin NAME`. Then run: `{ -wecubectl } apply --plugin NAME`

explain-W0507-title = A system variable contains an address of the old instance
explain-W0507-meaning = Whatever uses the address fails when the old instance is switched off.
explain-W0507-source = The values of all active system variables of the new instance
explain-W0507-action = Change the address: `{ -wecubectl } variable set NAME VALUE`. Then remove and launch the instances that read it.

explain-W0508-title = Running instance was launched by v3, and no old instance is configured
explain-W0508-meaning = It keeps the address of the gateway that it was given until it is launched again, whatever the system variables say. That gateway may be switched off one day. If it does not answer, the finding is W0501.
explain-W0508-source = The id of the instance tells which generation launched it; `GET /gateway/v1/route-items` at the address in `GATEWAY_URL`
explain-W0508-action = Remove and launch it again in the order that the hints give (dependencies first), on the same port. If the new gateway took over the old address, set `in_place = true` in the section `[apply]` of the configuration.

explain-W0601-title = All plugins have lost uiActive: no plugin page loads
explain-W0601-meaning = The resource file list is empty for everybody. The database script of v4.2.0 adds the column with the value "no" for every package.
explain-W0601-source = `GET /platform/v1/packages`, field `uiActive` of every registered plugin with UI
explain-W0601-action = Register every plugin with UI again: `{ -wecubectl } apply`

explain-W0602-title = Registration of a plugin was not completed
explain-W0602-meaning = Somebody left the registration wizard of the portal before its last step (`registerDone` is false). Data model and configuration of the plugin may be missing.
explain-W0602-source = `GET /platform/v1/packages`, field `registerDone`
explain-W0602-action = Complete the last step of the registration wizard in the portal.

explain-W0701-title = Plugin refuses tokens of this platform
explain-W0701-meaning = The plugin answers 401 with and without a token: its container has another signing seed. Users are logged out when they open its page.
explain-W0701-source = A request to the plugin through the new gateway, with a token and without one
explain-W0701-action = Compare `JWT_SIGNING_KEY` in the environment of the plugin's container with the signing seed of the platform. Then remove the instance in the portal and launch it again.
