# Messages of the module report

report-yes = yes
report-no = no
report-none = none
report-both-sides = both
report-version-unknown = version unknown
report-side = { $version }  core { $core }  gateway { $gateway }  portal { $portals }
report-state-and-cause = { $state }: { $cause }
report-na-and-cause = n/a: { $cause }
report-version-and-others = { $version }, also { $others }

report-head-plugin = plugin
report-head-version = version
report-head-side = side
report-head-result = result
report-head-attempts = attempts
report-head-calls-back-to = gateway

report-short-package = pkg
report-short-running = run
report-short-menus = menu
report-short-resource-files = list
report-short-static-files = files
report-short-route = route
report-short-reachable = reach
report-short-calls = by

report-compare-finding = { $side }: { $aspect } { $state }: { $cause }

report-title-compare = WeCube: comparison of old and new
report-file-unwritable = { $path } cannot be written: { $error }
report-file-unwritable-hint = choose a file in an existing, writable directory (--report FILE)

report-title-apply = WeCube: results of apply
report-head-why = reason
report-head-after = after
report-plan-variable = System variable

report-outcome-converged = Done and verified. Next: { -wecubectl } compare
report-outcome-nothing-to-do = Nothing to do: both sides are as they should be.
report-outcome-same = Same: users of both sides see the same.
report-outcome-ok = OK: no finding.
report-outcome-failed = Failed: no change took effect. Resolve the causes below, then run the same command again.
report-outcome-usage = A value is missing or wrong; nothing was changed.
report-outcome-different = Different. Next: { -wecubectl } plan
report-outcome-findings = Findings: see below.
report-outcome-work-to-do = There is work to do. Next: { -wecubectl } apply
report-outcome-partial = Partly done: some failed or are unknown. Resolve the causes below, then run the same command again.
report-outcome-no-effect = No effect: the platform answered OK, but its state did not change. Resolve the causes below, then run the same command again.
report-outcome-blocked = Blocked: everything that is possible is done and verified; the rest needs manual action. To accept this and exit 0, add --skip-plugin NAME
report-outcome-unsafe = Unsafe: nothing was changed. Resolve the reasons below first.
report-outcome-not-confirmed = Not confirmed: nothing was changed. Next: run it on a terminal and answer yes, or add --yes
report-outcome-no-permission = Access denied: the token is invalid or lacks a permission.
report-outcome-unreachable = An instance cannot be reached.
report-outcome-not-wecube = The address does not answer like a WeCube platform.
report-outcome-locked = Locked: another run is active.
report-outcome-interrupted = Interrupted. Run the same command again to continue.

report-head-seconds = s
report-result-done = done
report-result-failed = failed
report-result-skipped = skipped
report-result-blocked = blocked
report-result-no-effect = no effect
report-result-unknown = unknown
report-variable-row = { $value } ({ $status })
report-variable-no-row = no row
report-variable-predicted = { $name }: { $before } → { $after }, as predicted
report-variable-unpredicted = { $name }: { $before } → { $after }, not predicted
report-apply-repair = Repair this first
report-apply-lost = the { $side } side lost static files of { $name }
report-apply-repair-before = restore { $name } { $version }, which users of the { $side } side saw before
report-apply-repair-copy = copy { $name } { $version } to the portals of the { $side } side
report-apply-repair-instead = or upgrade the { $side } side to { $name } { $version } instead
report-apply-repair-command = { -wecubectl } plugin register --side { $side } { $name } { $version }
report-apply-broken = Static files that were visible before and are missing now ({ $count })
report-apply-unasked = Static files of the other side that could not be checked again ({ $count })
report-apply-page = { $count ->
    [one] { $first } on { $portal }: { $state }
   *[other] { $count } files on { $portal }: { $state }; first: { $first }
}
report-apply-results = Results
report-apply-causes = Causes
report-apply-group = { $result }: { $code } ({ $count ->
    [one] { $count } package
   *[other] { $count } packages
})
report-apply-refused = platform-core refused: { $message }
report-apply-explain = wecubectl explain { $code }
report-apply-variables = Changed system variables
report-apply-schedule = { $wall } s; { $count ->
    [one] one registration
   *[other] { $count } registrations
 }, at most { $peak } at a time.
report-apply-kept = Run id { $run }: { -wecubectl } run show { $run }

report-progress-register = waiting for the response to the registration
report-progress-again = waiting for the response to the registration (attempt { $attempt })
report-progress-proof = waiting until the effect is visible
report-progress-lost = the response was lost; waiting until the effect is visible
report-progress-failed = { $count } not done

