# Help of every command and flag. Keys: help-COMMAND[-SUBCOMMAND], help-arg-FLAG, or
# help-arg-COMMAND-FLAG where a flag means something of its own there.

help-about = Takes a WeCube platform from v3.x to a v4.x that is proven to show what the old one shows
help-after = A run in three commands:
      wecubectl config init          a commented wecubectl.toml to fill in
      wecubectl plan --config wecubectl.toml
      wecubectl apply --config wecubectl.toml
    Exit codes: 0 done or nothing to do, 10 differences, 11 partly, 12 no effect, 13 needs a person,
    14 unsafe, 15 not confirmed, 20 no permission, 21 unreachable, 22 not WeCube, 30 locked.
help-demo = Run the main job on simulated instances that start for it and end with it
help-plan = Show what apply would do, and every reason not to; writes nothing
help-apply = Set the gateway variable, re-register the running plugins, prove the effect, compare
help-compare = Show old and new side by side, plugin by plugin; writes nothing
help-plugin = Plugin packages by hand
help-plugin-list = List packages of every status with their running instances
help-plugin-show = Show one plugin: packages, instances, dependencies, menus, files, routes
help-plugin-upload = Upload a plugin package (zip)
help-plugin-register = Register one package and prove the effect
help-variable = System variables by hand
help-variable-list = List system variables
help-variable-get = Show every row of a name
help-variable-set = Create or change a variable; the row is written whole and read again
help-variable-unset = Remove a variable's row
help-token = Access tokens
help-token-mint = Print an access token that is valid for two minutes
help-token-inspect = Explain a token, and why each generation would refuse it
help-run = Earlier runs, from the journal
help-run-list = List earlier runs
help-run-show = Show a run, or the commands that bring back what it changed
help-config = Configuration
help-config-init = Write a commented wecubectl.toml; never overwrites
help-config-show = Show each effective value and where it came from
help-explain = Explain a code, offline; without one, list all codes
help-sim = Simulated instances
help-sim-serve = Start simulated instances to practise on; prints one JSON line with their addresses
help-completions = Print shell completions
help-man = Print the manual page

help-arg-config = Configuration file (wecubectl.toml)
help-arg-env-file = The upgrade document's variables (HOSTIP, JWT_SIGNING_KEY, …); with it alone the new instance is known
help-arg-lang = Language of what people read (default: the locale's)
help-arg-color = When to use colours
help-arg-output = Format of standard output
help-arg-quiet = Say nothing but errors
help-arg-verbose = Trace each call on standard error; twice: each attempt. Never shows a secret
help-arg-state-dir = Where journal and locks lie (default: /var/lib/wecubectl where it may be written, else the user's)
help-arg-new-core = Address of the new instance's platform-core, e.g. http://10.0.0.1:8000
help-arg-new-gateway = Address of the new instance's gateway, e.g. http://10.0.0.1:8005
help-arg-new-portal = Address of a portal of the new instance, e.g. http://10.0.0.1:8080; repeat for each portal
help-arg-new-generation = v3 or v4: what the new instance is taken for, instead of asking it
help-arg-old-core = Address of the old instance's platform-core
help-arg-old-gateway = Address of the old instance's gateway
help-arg-old-portal = Address of a portal of the old instance; repeat for each portal
help-arg-old-generation = v3 or v4: what the old instance is taken for, instead of asking it
help-arg-seed-file = File with the JWT seed that signs tokens; "-" reads standard input
help-arg-old-seed-file = File with the old side's seed, where it is another
help-arg-user = Name in audit columns (default: wecubectl)
help-arg-authority = Authority of the token; repeat for each (default: what the job needs)
help-arg-request-timeout = Time for one read, e.g. 30s
help-arg-ca-file = PEM file of a certificate authority to trust besides the system's
help-arg-insecure = Take any TLS certificate
help-arg-body-limit = Largest answer taken, in MiB (default: 64)
help-arg-deep = Compare the bytes of static files, not their lengths alone
help-arg-plugin = Only plugins whose name matches; repeatable
help-arg-skip-plugin = Leave out plugins whose name matches: they are known; repeatable
help-arg-all-running = Also what needs nothing: to the letter of the upgrade document
help-arg-pick-version = Which version of a plugin to register where several stand to choice
help-arg-write-to = Which instance may be written: new (default), old or both
help-arg-gateway-url = Value of GATEWAY_URL_NEW (default: the new gateway's address)
help-arg-parallel = Upper bound of registers in flight (default: 8); under it the number adapts
help-arg-unknown-after = How long a register whose answer was lost is watched (default: 5m)
help-arg-scenario = What is simulated; see --list
help-arg-demo-list = List the scenarios
help-arg-pace = How the number in flight is chosen: adaptive, or fixed at --parallel to compare with
help-arg-target = Judge the old instance alone for an upgrade to this version, weeks before it
help-arg-detailed-exitcode = Exit 10 when there is work to do, 13 when something is blocked
help-arg-report = Write an HTML report to this file as well
help-arg-yes = Do not ask for confirmation
help-arg-side = Which instance: new or old
help-arg-name = Name
help-arg-plugin-show-name = Plugin name
help-arg-plugin-show-as-role = Why somebody in this role does not see the plugin's pages: every condition with its state
help-arg-plugin-register-name = Plugin name
help-arg-version = Package version; may be left out where there is one
help-arg-plugin-upload-file = The package, e.g. itsdangerous-v0.2.5.zip
help-arg-value = Value (default for GATEWAY_URL_NEW: the new gateway's address)
help-arg-status = active or inactive (default: active on create, else as it is)
help-arg-repair = Where several rows have the name: keep one, remove the others after confirmation
help-arg-id = The row, where several have the name
help-arg-offline = Do not ask the instance for its clock
help-arg-token-inspect-file = File with the token; "-" reads standard input
help-arg-run = Run id (default: the latest)
help-arg-undo = Print the commands that would bring back what the run changed
help-arg-config-init-file = File to write
help-arg-code = Code of a reason, a cause, an outcome or an exit code
help-arg-world = World to simulate, a JSON file
help-arg-listen = Address to listen on; ports are chosen by the system
help-arg-packages = A world of that many plugins with UI
help-arg-service-time-ms = Work of one register on the static host, in milliseconds
help-arg-host-capacity = Registers' worth of work that the static host does at once
help-arg-ssh-limit = Connections being opened before sshd begins to drop them
help-arg-fault = A fault, NAME or NAME=ARGUMENT; repeatable
help-arg-shell = Shell
