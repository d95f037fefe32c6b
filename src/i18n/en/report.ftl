# Messages of the module report

report-yes = yes
report-no = no
report-none = none
report-both-sides = both
report-worth-knowing = Notes
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
report-head-calls-back-to = calls back to

report-short-package = pkg
report-short-running = run
report-short-menus = menu
report-short-resource-files = rows
report-short-static-files = files
report-short-route = route
report-short-reachable = reach
report-short-calls = by

report-compare-legend = Two marks are old, then new: { $visible } visible, { $hidden } hidden, { $unknown } unknown, { $na } not applicable. rows: resource files, files: static files, by: launched by v3 (calls back to the old gateway) or v4 (to the one set at launch).
report-compare-behind = Causes
report-compare-group = { $aspect }, { $side }: { $state }, { $cause } ({ $count ->
    [one] { $count } plugin
   *[other] { $count } plugins
})
report-compare-unneeded = Not applicable
report-compare-unneeded-line = { $cause }: { $names }
report-compare-unread = { $side }: rows may be missing, because a listing could not be read: { $failure }
report-compare-note = { $name }: { $note }
report-compare-finding = { $side }: { $aspect } { $state }: { $cause }
report-compare-same = Same: users of both sides see the same of { $plugins ->
    [one] { $plugins } plugin
   *[other] { $plugins } plugins
} ({ $differences } differences, { $unknowns } unknown).
report-compare-different = Different: { $differences ->
    [one] { $differences } difference
   *[other] { $differences } differences
} in { $plugins ->
    [one] { $plugins } plugin
   *[other] { $plugins } plugins
}, { $unknowns } unknown. Next: { -wecubectl } plan
report-compare-unknown = Not proven: { $differences } differences in { $plugins ->
    [one] { $plugins } plugin
   *[other] { $plugins } plugins
}, but { $unknowns } unknown. Settle the causes above, then compare again.
report-compare-different-and-unknown = Different: { $differences ->
    [one] { $differences } difference
   *[other] { $differences } differences
} in { $plugins ->
    [one] { $plugins } plugin
   *[other] { $plugins } plugins
}, and { $unknowns } unknown. Next: { -wecubectl } plan

report-title-compare = WeCube: old and new side by side
report-file-unwritable = { $path } cannot be written: { $error }
report-file-unwritable-hint = choose a file in an existing, writable directory (--report FILE)

report-title-plan = WeCube: plan
report-title-apply = WeCube: what was done
report-label-database = database
report-relation-single = one side only
report-relation-shared = shared: { $packages } packages and { $instances } instances are the same rows on both sides
report-relation-separate = one for each side: no package and no instance is on both
report-relation-unknown = cannot be told: a side lists nothing, or could not be read
report-head-why = why
report-head-after = after
report-plan-refused = Refused: nothing will be written
report-plan-variable = Variable
report-plan-steps = Registers, in this order ({ $count })
report-plan-no-steps = none
report-plan-first-alone = first, alone
report-plan-effects = What else these registers do
report-blocked = Needs a person ({ $count })
report-skipped = Left out, needs nobody ({ $count })
report-left-out = { $names }: { $reason }
report-plan-counts = { $steps ->
    [one] { $steps } register
   *[other] { $steps } registers
}, { $variable ->
    [0] the variable stays
   *[other] the variable is written
}, { $skipped } skipped, { $blocked } blocked.
report-next = Next: { $next }
report-ended-and-next = { $ended } Next: { $next }

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
report-variable-predicted = { $name }: { $before } → { $after }, as the plan said
report-variable-unpredicted = { $name }: { $before } → { $after }, which the plan did not say
report-apply-repair = Repair this first
report-apply-lost = the { $side } side lost pages of { $name }
report-apply-repair-before = bring back what users of the { $side } side saw, { $name } { $version }
report-apply-repair-copy = copy { $name } { $version } to the portals of the { $side } side
report-apply-repair-instead = or, instead, bring { $name } { $version } to the { $side } side too
report-apply-repair-command = { -wecubectl } plugin register --side { $side } { $name } { $version }
report-apply-broken = Pages that were visible before and are not any more ({ $count })
report-apply-unasked = Pages of the other side that could not be asked again, so that it is not known whether they are still visible ({ $count })
report-apply-page = { $count ->
    [one] { $first } on { $portal }: { $state }
   *[other] { $count } pages on { $portal }: { $state }; the first is { $first }
}
report-apply-results = Results
report-apply-counts = { $total ->
    [one] { $total } package
   *[other] { $total } packages
}: { $done } done, { $failed } failed, { $skipped } skipped, { $blocked } blocked, { $no-effect } no effect, { $unknown } unknown.
report-apply-causes = What went wrong
report-apply-group = { $result }: { $code } ({ $count ->
    [one] { $count } package
   *[other] { $count } packages
})
report-apply-refused = refused: { $message }
report-apply-explain = wecubectl explain { $code }
report-apply-variables = System variables that switched
report-apply-schedule = { $wall } s for { $work } s of work; the longest chain of dependencies took { $chain } s; at most { $peak } of { $parallel } registers in flight.
report-apply-kept = Kept as run { $run }: { -wecubectl } run show { $run }

report-progress-register = waiting for the response to the registration
report-progress-again = waiting for the response to the registration (attempt { $attempt })
report-progress-proof = waiting until the effect is visible
report-progress-lost = the response was lost; waiting until the effect is visible
report-progress-failed = { $count } not done

report-plan-forecast = This is what the upgrade will meet; nothing was written. Next: see to what is listed above, before the upgrade.
report-plan-only-blocked = Nothing is left to do by itself; what is blocked needs a person, see the ways out above.
report-ways-out = Before the upgrade: what to do
