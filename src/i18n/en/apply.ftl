# Messages of the room: apply
apply-side-new = new
apply-side-old = old
apply-step = { $name } { $version } ({ $side })
apply-step-unversioned = { $name } ({ $side })
apply-page = { $path } on { $portal }: { $state }
apply-page-more = { $first }, and { $more ->
    [one] one more
   *[other] { $more } more
 }
apply-page-served = { $length } bytes
apply-page-served-unmeasured = served
apply-page-missing = not found (404)
apply-page-forbidden = forbidden (403)
apply-page-not-a-script = not a script or style sheet, but { $content_type }
apply-page-untyped = not a script or style sheet
apply-page-empty = empty
apply-page-unexpected = HTTP status { $status }
apply-page-unknown = no answer: { $cause }
apply-read-failure = { $operation } ({ $target }): { $detail }
apply-not-asked = not asked, because the run ended before

apply-refused = refused by the platform: { $message } (what it means and what to do: wecubectl explain { $cause })
apply-canary-stopped = not started: the first plugin failed for a reason that every other one would meet too
apply-drifted = not started: it changed after the plan was made ({ $what }); plan again
apply-unchecked = not started: its present state could not be read: { $failure }
apply-stopped = not started, or not tried again: the run was stopped; run the same command again to go on

apply-no-effect-status = the platform said OK, but its status is { $is }, not REGISTERED
apply-no-effect-rows = the platform said OK, but its rows of resource files were not renewed
apply-no-effect-upload-time = the platform said OK, but its upload time did not move
apply-no-effect-update-time = the platform said OK, but its update time did not move
apply-no-effect-ui-active = the platform said OK, but its pages were not made active
apply-no-effect-not-listed = the platform said OK, but lists no page for it
apply-no-effect-hidden = the platform said OK, but { $count ->
    [one] a page is
   *[other] { $count } pages are
 } not visible: { $pages }
apply-no-effect-differs = the platform said OK, but { $count ->
    [one] a page is
   *[other] { $count } pages are
 } not the same on every portal: { $pages }. Another plugin's files may have been copied there; register it again, alone

apply-unknown-answer-lost = the answer was lost ({ $cause }) and the effect did not show in time. It may still be running: it is not sent again in this run, and the next run begins with what it sees
apply-unknown-no-trace = the answer was lost ({ $cause }), and this platform version leaves no trace of such a register. It is not sent again in this run
apply-unknown-state = the platform said OK, but the effect could not be read: { $failure }
apply-unknown-pages = the platform said OK, but portals did not answer for its pages: { $pages }
apply-unknown-interrupted = the run was interrupted while it was in flight. It may still be running: the next run begins with what it sees

apply-variable-unchanged = { $name } is { $value } already
apply-variable-absent = { $name } is left as it is
apply-variable-created = { $name } was created: { $value }
apply-variable-created-elsewhere = { $name } is { $value }: another run created it at the same time, and our own row was removed again
apply-variable-updated = { $name } was changed from { $before } to { $after }
apply-variable-drifted = { $name } was not written: it changed after the plan was made. Now: { $rows }. Plan again
apply-variable-failed = { $name } could not be set, or could not be read afterwards: { $failure }
apply-variable-no-effect = the platform said OK, but { $name } is not as it should be. Now: { $rows }
apply-variable-row = { $value } ({ $status }, id { $id })
apply-both = { $first }; { $second }
apply-variable-no-row = no row

apply-stop-canary = stopped after the first plugin: { $message }. Every other plugin would fail for the same reason (wecubectl explain { $cause })
apply-stop-broke-other-side = stopped after the first plugin: its register took pages from the other side
apply-stop-variable = stopped before any plugin was registered: GATEWAY_URL_NEW could not be set
apply-stop-journal = stopped: the journal could not be written, and nothing is sent without it: { $error }
apply-stop-unsafe = stopped before anything was written: the plan says that it is not safe
apply-stop-interrupted = stopped by an interrupt; run the same command again to go on
apply-stop-terminated = stopped by a request to terminate; run the same command again to go on

apply-event-variable-create = { $name }: creating { $value }
apply-event-variable-update = { $name }: changing { $before } to { $after }
apply-event-variable-remove = { $name }: removing our own row { $id }, because another run's is there
apply-event-started = { $step }: register sent, { $in_flight } in flight
apply-event-started-again = { $step }: register sent again (call { $attempt }), { $in_flight } in flight
apply-event-canary = { $step }: register sent, alone, before all others
apply-event-deferred = { $step }: the host is overloaded, tried again later with at most { $limit } in flight: { $message }
apply-event-watching = { $step }: the answer was lost ({ $cause }), looking for the effect
apply-event-proving = { $step }: answered OK, looking for the effect
apply-event-done = { $step }: done in { $seconds } s
apply-event-failed = { $step }: failed: { $why }
apply-event-no-effect = { $step }: no effect: { $why }
apply-event-unknown = { $step }: unknown: { $why }
apply-event-skipped = { $step }: skipped ({ $code })
apply-event-blocked = { $step }: blocked ({ $code })
apply-event-blocked-on = { $step }: blocked, because { $on } was not registered
apply-event-broke = { $name } ({ $side }): a page is not visible any more: { $page }
