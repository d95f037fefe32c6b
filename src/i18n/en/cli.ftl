# Messages of the module cli

cli-warning = warning: { $text }
cli-error = error: { $text }
cli-cause = cause: { $text }
cli-hint = hint: { $text }
cli-compare-needs-old = compare needs both instances, but no old instance is configured
cli-needs-side = the { $label } instance is not configured: add --{ $side }-core, --{ $side }-gateway and --{ $side }-portal, or [{ $side }] in wecubectl.toml
cli-needs-side-hint = wecubectl config init writes a commented wecubectl.toml; for the new instance, --env-file FILE with the variables of the upgrade guide is enough
cli-config-exists = { $path } already exists and was not changed
cli-config-exists-hint = give another file name, or move the file away first
cli-config-written = wrote { $path }. Fill in the addresses and the seed file, then run: wecubectl plan { FLAG("--config", $path) }
cli-confirm = This will register { $steps ->
    [one] { $steps } package
   *[other] { $steps } packages
} and change: { $instances }. Continue? Type yes:
cli-confirm-repair = On { $instance }, this keeps row { $keep } of { $name } and removes rows { $gone }. Continue? Type yes:
cli-confirm-unset = This will remove { $name } = { $value } on { $instance }. Continue? Type yes:
cli-confirm-upload = This will upload { $file } to { $instance }. Continue? Type yes:
cli-confirm-variable = This will set { $name } = { $value } ({ $status }) on { $instance }. Continue? Type yes:
cli-demo-begins = scenario { $name }: { $summary }
cli-demo-start = the simulated instances cannot start: { $error }
cli-explain-unknown = unknown code "{ $code }"
cli-explain-unknown-hint = wecubectl explain lists all codes
cli-nobody-to-ask = confirmation is needed, but there is no terminal; nothing was changed
cli-nobody-to-ask-hint = review the plan, then run the same command with --yes
cli-not-confirmed = not confirmed; nothing was changed
cli-output-failed = standard output cannot be written: { $error }
cli-plugin-dependencies = Dependencies
cli-plugin-files = Static files on each portal
cli-plugin-menus = Menus
cli-plugin-routes = Routes
cli-plugin-unknown = { $instance } has no package named { $name }
cli-plugin-unknown-hint = { -wecubectl } plugin list shows the names
cli-report-unwritable = the report { $path } cannot be written: { $error }
cli-report-written = report: { $path }
cli-runtime = the asynchronous runtime cannot start: { $error }
cli-seed-hazard = { $source }: the start scripts of the containers change character { $position } of the seed
cli-seed-missing = no signing seed is configured; it signs the access token
cli-seed-missing-hint = put the signing seed of the instance (JWT_SIGNING_KEY) into a file with mode 0600 and add --seed-file FILE
cli-login-file = { $place }: { $cause }
cli-login-file-hint = a login file has two lines, user name and password, and mode 0600
cli-seed-not-in-env-file = { $path } has no readable JWT_SIGNING_KEY
cli-seed-refused = the seed in { $source } cannot be used: { $rule }
cli-seed-refused-hint = v3 accepts this seed, but the auth server of v4 does not start with it. Use a seed that both accept: A–Z a–z 0–9 + /, no padding, length not one more than a multiple of four
cli-sim-fault = fault "{ $fault }": { $error }
cli-sim-fault-unknown = there is no fault named "{ $name }"; faults: { $known }
cli-sim-fault-plugin = { $name } needs the name of a plugin: { $name }=PLUGIN
cli-sim-fault-delay = { $name } needs a plugin and milliseconds: { $name }=PLUGIN,MS
cli-sim-fault-number = { $name } needs a whole number: { $name }=N
cli-sim-fault-milliseconds = { $name } needs a number of milliseconds: { $name }=MS
cli-sim-fault-seconds = { $name } needs a number of seconds: { $name }=S
cli-sim-fault-no-old = the simulated world has no old instance
cli-sim-fault-no-plugin = the simulated world has no plugin named "{ $name }"
cli-sim-listen = the simulator cannot listen on { $address }: { $error }
cli-sim-scenario = unknown scenario "{ $name }"; scenarios: { $known }
cli-sim-world = { $path } does not describe a world that can be simulated: { $error }
cli-sim-world-json = line { $line }, column { $column }: the value of "{ $path }" is missing, unknown or of the wrong type
cli-sim-world-no-portal = the { $side } instance has no portal
cli-target = --target "{ $target }" is not a v4 version
cli-target-hint = give the version of the upgrade, for example --target v4.0.0
cli-target-old = plan --target needs the old instance: add --old-core, --old-gateway and --old-portal
cli-token-claims = Claims
cli-token-minted = valid for two minutes; use it as: Authorization: Bearer TOKEN
cli-token-signed = signed with the given seed
cli-upload-not-a-zip = { $path } is not a zip file; a plugin package must be one
cli-usage-conflict = { $argument } cannot be used together with { $other }
cli-usage-help = wecubectl --help, or wecubectl COMMAND --help
cli-usage-invalid-value = invalid value "{ $value }" for { $argument }; possible values: { $known }
cli-usage-missing-argument = missing argument: { $argument }
cli-usage-no-command = no command given
cli-usage-other = the arguments cannot be read
cli-usage-unknown-argument = unknown argument { $argument }
cli-usage-unknown-command = unknown command "{ $command }"
cli-variable-already = { $name } already has this value; nothing was changed
cli-variable-no-effect = the platform answered OK, but { $name } does not have the new value
cli-variable-no-such-row = { $name } has no row with the id { $id }
cli-variable-empty-name = the name of the variable is empty; nothing was changed
cli-variable-not-a-gateway = { $name } must be the http or https address of a gateway that answers; "{ $value }": { $why }. Nothing was changed
cli-variable-not-a-gateway-hint = correct the value, e.g. http://HOST:8005. If plugin instances reach a gateway there although this host does not, add --force
cli-variable-several = { $name } has several rows ({ $rows }), and it is unclear which one is meant; nothing was changed
cli-variable-several-hint = { -wecubectl } variable set --repair { ARG($name) } VALUE keeps one row with that value and removes the others; --id ID chooses a row
cli-variable-unknown = there is no system variable named "{ $name }"
cli-variable-value-missing = { $name } needs a value
cli-journal = journal: { $path }, run id { $run }
cli-insecure = TLS certificates are not checked (--insecure): an attacker on the network can read the tokens
cli-locked-hint = wait until the other run has ended; { -wecubectl } run list shows the runs
cli-state-hint = nothing was sent; choose a writable directory: --state-dir DIR
cli-no-state = no state directory found; give one: --state-dir DIR
cli-run-hint = { -wecubectl } run list shows the runs; --state-dir DIR reads another directory
cli-run-going-on = running
cli-run-cut-off = interrupted: operations that had started may have taken effect
cli-run-events = Events
cli-run-nothing-to-undo = the run made no change that can be undone
cli-limit = { $side }: { $limit }
cli-report-no-folder = the directory { $folder } for the report does not exist; nothing was sent
cli-skip-no-match = --skip-plugin "{ $glob }" matches no plugin
cli-plugin-no-version = { $instance } has no package { $name } { $version }
cli-variable-drifted = the rows of { $name } changed while wecubectl waited for your answer; nothing was changed
cli-variable-rows-hint = { -wecubectl } variable get { ARG($name) } shows the current rows
cli-variable-unproven = it is unknown whether { $name } was written: the response was lost, and reading it back does not show the new value
cli-variable-gave-way = somebody else created { $name } at the same time; wecubectl kept that row and removed its own
cli-variable-was = before: { $name } = { $value } ({ $status }), id { $id }
cli-upload-unproven = it is unknown whether the package was uploaded: the response was lost, and no new package is listed
cli-upload-unproven-hint = { -wecubectl } plugin list shows the packages; upload again only if the package is still missing after some minutes
cli-report-is-folder = the report file { $path } is a directory; nothing was sent
cli-apply-not-compared = the results below are verified, but both sides could not be compared afterwards
cli-apply-settling = waiting until the new gateway has loaded the routes of { $count ->
    [one] 1 plugin
   *[other] { $count } plugins
 } (at most { $within }): { $names }
cli-apply-open = an earlier run may still have { $count ->
    [one] a registration
   *[other] { $count } registrations
 } in flight; waiting until that is known: { $names }
cli-interrupted = interrupted; nothing was changed
cli-interrupted-hint = run the same command again
cli-proxy = the environment variable { $name } is not the address of a proxy
cli-proxy-hint = give an address such as http://proxy.example:3128, or connect without a proxy: unset { $name }
cli-upload-interrupted = interrupted during the upload; the platform may have received the package
cli-seed-v3-only = v3 accepts the seed in { $source }, but v4 does not ({ $rule }): change it on both instances before the upgrade
cli-target-new-unasked = --target reads only the old instance; the new instance ({ $address }) is not contacted
cli-other-side-left-out = the { $side } instance cannot be read, so the effect of the registration there stays unknown
cli-not-read = unknown, because it could not be read: { $what }
cli-did-you-mean = did you mean { $name }?
cli-help-usage = Usage:
cli-help-commands = Commands
cli-help-arguments = Arguments
cli-help-options = Options
cli-help-connection = Connection
cli-help-output = Output
cli-help-global = Global options
cli-help-some-options = [OPTIONS]
cli-help-some-command = <COMMAND>
cli-help-values = [possible values: { $values }]
cli-help-default = [default: { $values }]
cli-man-name = NAME
cli-man-synopsis = SYNOPSIS
cli-man-description = DESCRIPTION
cli-man-notes = NOTES
cli-man-version = VERSION
cli-usage-malformed-value = invalid value "{ $value }" for { $argument }
cli-usage-value-missing = { $argument } needs a value
cli-usage-takes-no-value = { $argument } does not take a value
cli-usage-repeated = { $argument } may be given only once
cli-usage-not-utf8 = an argument is not valid UTF-8

# Outcomes, as `run list` shows them
outcome-converged = done and verified
outcome-nothing-to-do = nothing to do
outcome-same = no differences
outcome-ok = done
outcome-failed = failed
outcome-usage = usage error
outcome-different = differences
outcome-findings = findings
outcome-work-to-do = work to do
outcome-partial = partly failed or unknown
outcome-no-effect = no effect
outcome-blocked = done, some blocked
outcome-unsafe = refused as unsafe
outcome-not-confirmed = not confirmed
outcome-no-permission = no permission
outcome-unreachable = unreachable
outcome-not-wecube = not a WeCube platform
outcome-locked = locked
outcome-interrupted = interrupted

# Events and properties of `run show`
cli-run-event-run = run started
cli-run-event-variable-write-started = variable write started
cli-run-event-variable-finished = variable finished
cli-run-event-started = registration started
cli-run-event-deferred = deferred
cli-run-event-answer-lost = answer lost
cli-run-event-verifying = verifying
cli-run-event-finished = finished
cli-run-event-page-broken = static file lost
cli-run-event-stopping = stopping
cli-run-event-ended = ended
cli-run-event-unknown = unknown
cli-run-run = run
cli-run-command = command
cli-run-started = started
cli-run-outcome = outcome
cli-run-user = user
cli-run-host = host
cli-run-new = new instance
cli-run-old = old instance
