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

report-title-apply = WeCube: results of apply
report-head-why = reason
report-head-after = after
report-plan-variable = System variable

report-outcome-usage = A value is missing or wrong; nothing was changed.

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
report-apply-predicted = Lost by the other side, as the plan said
report-apply-static-path = The static files moved from /{ $before } to /{ $after }: static_resource_server_path of that core ends in /{ $after }, and the other portal does not serve it. No registration cures this. End the path in /{ $before } and start core again, or let every portal serve /{ $after }; then run the same command again.
report-apply-lost = the { $side } side lost static files of { $name }
report-apply-repair-before = restore { $name } { $version }, which users of the { $side } side saw before
report-apply-repair-copy = copy { $name } { $version } to the portals of the { $side } side
report-apply-repair-instead = or upgrade the { $side } side to { $name } { $version } instead
report-apply-repair-command = { -wecubectl } plugin register --side { $side } { ARG($name) } { ARG($version) }
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
report-progress-lost = core did not answer; waiting until the effect is visible
report-progress-failed = { $count } not done
report-more = and { $count } more: { $names }
