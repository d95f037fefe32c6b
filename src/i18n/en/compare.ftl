# Messages of the room: compare

compare-side-old = old
compare-side-new = new

compare-aspect-package = package
compare-aspect-running = running
compare-aspect-menus = menus
compare-aspect-resource-files = resource files
compare-aspect-static-files = static files
compare-aspect-route = route
compare-aspect-reachable = reachable

compare-state-visible = visible
compare-state-hidden = hidden
compare-state-unknown = unknown
compare-state-not-applicable = not applicable

compare-calls-old-gateway = v3, old gateway
compare-calls-as-set = v4, set at launch
compare-calls-unknown = unknown

compare-short-not-on-this-side = not on this side
compare-short-not-registered = not registered
compare-short-demoted = demoted
compare-short-not-for-this-side = not for this side
compare-short-runs-nowhere = runs nowhere
compare-short-no-ui = no UI
compare-short-no-menus = no menus
compare-short-no-instance = no instance
compare-short-other-version-runs = other version runs
compare-short-menu-absent = menu absent
compare-short-menu-inactive = menu inactive
compare-short-not-listed = not listed
compare-short-other-version = other version
compare-short-missing = missing (404)
compare-short-forbidden = forbidden (403)
compare-short-not-a-script = not a script
compare-short-empty = empty
compare-short-unexpected = HTTP { $status }
compare-short-content-differs = content differs
compare-short-no-answer = no answer
compare-short-no-route = no route
compare-short-route-elsewhere = route leads elsewhere
compare-short-down = down
compare-short-unsettled = not settled
compare-short-not-read = not read
compare-short-not-asked = not asked

compare-cause-not-on-this-side = this side has no package of that name
compare-cause-not-registered = the package is { $status }, not REGISTERED
compare-cause-demoted = { $version } lost its registration when { $by } was registered
compare-cause-not-for-this-side = it needs platform { $needs }, this side is { $is }
compare-cause-runs-nowhere = it is registered, and no instance of it runs on either side
compare-cause-no-ui = the package brings no pages
compare-cause-no-menus = the package brings no menus
compare-cause-no-instance = no instance of it runs on this side
compare-cause-other-version-runs = instances of { $running } run, of the version that is shown none
compare-cause-menu-absent = { $count ->
    [one] the menu { $codes } is there on the other side and missing here
   *[other] { $count } menus are there on the other side and missing here: { $codes }
}
compare-cause-menu-inactive = { $count ->
    [one] the menu { $codes } is greyed: no instance was launched for it
   *[other] { $count } menus are greyed, because no instance was launched for them: { $codes }
}
compare-cause-not-listed = resource-files lists no script and no style sheet of it
compare-cause-other-version = the rows of resource-files name { $listed }, expected is { $expected }; the files of { $listed } never reached these portals
compare-cause-missing = { $count ->
    [one] { $portals }: 404 for { $first }
   *[other] { $portals }: 404 for { $count } pages, the first is { $first }
}
compare-cause-forbidden = { $count ->
    [one] { $portals }: 403 for { $first }
   *[other] { $portals }: 403 for { $count } pages, the first is { $first }
}
compare-cause-not-a-script = { $count ->
    [one] { $portals }: 200, but of type { $type }, for { $first }
   *[other] { $portals }: 200, but of type { $type }, for { $count } pages, the first is { $first }
}
compare-cause-no-type = { $count ->
    [one] { $portals }: 200, but without a type, for { $first }
   *[other] { $portals }: 200, but without a type, for { $count } pages, the first is { $first }
}
compare-cause-empty = { $count ->
    [one] { $portals }: 200 with no bytes for { $first }
   *[other] { $portals }: 200 with no bytes for { $count } pages, the first is { $first }
}
compare-cause-unexpected = { $count ->
    [one] { $portals }: HTTP { $status } for { $first }
   *[other] { $portals }: HTTP { $status } for { $count } pages, the first is { $first }
}
compare-cause-no-answer = { $count ->
    [one] { $portals }: no answer for { $first } ({ $seen })
   *[other] { $portals }: no answer for { $count } pages, the first is { $first } ({ $seen })
}
compare-cause-content-minority = { $count ->
    [one] { $first } is not what most portals serve: { $seen }
   *[other] { $count } pages are not what most portals serve; the first is { $first }: { $seen }
}
compare-cause-content-undecided = { $count ->
    [one] { $first } has different content, and nothing tells which is right: { $seen }
   *[other] { $count } pages have different content, and nothing tells which is right; the first is { $first }: { $seen }
}
compare-cause-no-route = the gateway has no route for it
compare-cause-no-route-yet = the gateway has no route for it yet; core offers one
compare-cause-no-route-in-core = neither the gateway nor core has a route for it
compare-cause-route-elsewhere = the gateway forwards to { $to }, where no instance of it runs
compare-cause-down = the gateway gets no answer from it, and its port refuses: { $seen }
compare-cause-unsettled = the gateway's answer means unknown or down, and nothing settles which: { $seen }
compare-cause-not-read = could not be read: { $failure }
compare-cause-not-asked = it was not asked

compare-hint-upload = upload the package to this side, register it and launch it in the portal
compare-hint-register = register the package on the new side: { -wecubectl } plan says what stands in the way, { -wecubectl } apply does it
compare-hint-register-old = register the package on the old side: { -wecubectl } plugin register --side old NAME VERSION
compare-hint-register-again = register it again on the new side, which copies its files to the portals: { -wecubectl } plan says what stands in the way, { -wecubectl } apply does it
compare-hint-register-again-old = register it again on the old side, which copies its files to the portals: { -wecubectl } plugin register --side old NAME VERSION
compare-hint-one-version = decide on one version, and register and launch that one on both sides: { -wecubectl } plan says how
compare-hint-launch = launch an instance in the portal, if users of this side need one
compare-hint-grant = grant the menu to the role on this side, in the portal under role management
compare-hint-permission = let the web server read the plugin's folder below ui-resources on that portal
compare-hint-between = look at what answers between us and the portal: a load balancer, a proxy, an error page
compare-hint-content = register the plugin again alone on the side that serves the wrong content, then compare with --deep
compare-hint-instances = look at the plugin's instances in the portal of this side
compare-hint-wait-for-routes = wait until the gateway has loaded its routes (up to 90 s, a v3 up to 10 min), then compare again
compare-hint-down = look at the container's log on its host, and start it again
compare-hint-unsettled = run this where the instance's host and port can be reached
compare-hint-read-again = settle what kept it from being read, then compare again

compare-note-pages-differ = users of the old side get pages of { $old }, users of the new side of { $new }
compare-note-versions-differ = the old side has { $old }, the new side { $new }
compare-note-several-running = { $side }: instances of { $versions } run at once, and the gateway asks any of them
compare-note-shown-does-not-run = { $side }: the pages are of { $shown }, the running instances of { $running }
