# Messages of the module compare


compare-aspect-package = package
compare-aspect-running = running
compare-aspect-menus = menus
compare-aspect-resource-files = resource file list
compare-aspect-static-files = static files
compare-aspect-route = route
compare-aspect-reachable = reachable

compare-state-visible = visible
compare-state-hidden = hidden
compare-state-unknown = unknown
compare-state-not-applicable = not applicable

compare-calls-old-gateway = old gateway
compare-calls-as-set = set at launch
compare-calls-unknown = unknown

compare-short-not-on-this-side = no package
compare-short-not-registered = not registered
compare-short-demoted = demoted
compare-short-not-for-this-side = platform too old
compare-short-runs-nowhere = not running on either side
compare-short-no-ui = no UI
compare-short-no-menus = no menus
compare-short-no-instance = no instance
compare-short-other-version-runs = another version runs
compare-short-menu-absent = menu missing
compare-short-menu-inactive = menu inactive
compare-short-not-listed = not listed
compare-short-other-version = files of another version
compare-short-missing = missing (404)
compare-short-forbidden = forbidden (403)
compare-short-not-a-script = wrong content type
compare-short-empty = empty
compare-short-unexpected = HTTP { $status }
compare-short-content-differs = content differs
compare-short-no-answer = no response
compare-short-no-route = no route
compare-short-route-elsewhere = route to a stopped instance
compare-short-down = down
compare-short-unsettled = response unclear
compare-short-not-read = not read
compare-short-not-asked = not checked

compare-cause-not-on-this-side = this side has no package of this name
compare-cause-not-registered = the package is { $status }, not REGISTERED
compare-cause-demoted = { $version } became UNREGISTERED when { $by } was registered
compare-cause-not-for-this-side = requires platform { $needs }; this side is { $is }
compare-cause-runs-nowhere = registered, but no instance runs on either side
compare-cause-no-ui = no UI
compare-cause-no-menus = the package has no menus
compare-cause-no-instance = this instance has no running container of the plugin
compare-cause-other-version-runs = instances of { $running } run, but none of the version shown
compare-cause-menu-absent = { $count ->
    [one] menu missing here and present on the other side: { $codes }
   *[other] { $count } menus missing here and present on the other side: { $codes }
}
compare-cause-menu-inactive = { $count ->
    [one] menu { $codes } is greyed out: no instance was launched
   *[other] { $count } menus are greyed out, because no instance was launched: { $codes }
}
compare-cause-not-listed = the resource file list has no script or style sheet of it
compare-cause-other-version = the resource file list names { $listed }, expected { $expected }; these portals never received the files of { $listed }
compare-cause-missing = { $count ->
    [one] { $portals }: 404 for { $first }
   *[other] { $portals }: 404 for { $count } static files, first { $first }
}
compare-cause-forbidden = { $count ->
    [one] { $portals }: 403 for { $first }
   *[other] { $portals }: 403 for { $count } static files, first { $first }
}
compare-cause-not-a-script = { $count ->
    [one] { $portals }: 200 with type { $type } for { $first }
   *[other] { $portals }: 200 with type { $type } for { $count } static files, first { $first }
}
compare-cause-no-type = { $count ->
    [one] { $portals }: 200 without a content type for { $first }
   *[other] { $portals }: 200 without a content type for { $count } static files, first { $first }
}
compare-cause-empty = { $count ->
    [one] { $portals }: 200 with an empty body for { $first }
   *[other] { $portals }: 200 with an empty body for { $count } static files, first { $first }
}
compare-cause-unexpected = { $count ->
    [one] { $portals }: HTTP { $status } for { $first }
   *[other] { $portals }: HTTP { $status } for { $count } static files, first { $first }
}
compare-cause-no-answer = { $count ->
    [one] { $portals }: { $first } could not be checked ({ $seen })
   *[other] { $portals }: { $count } static files could not be checked, first { $first } ({ $seen })
}
compare-cause-content-minority = { $count ->
    [one] { $first } differs from what most portals serve: { $seen }
   *[other] { $count } static files differ from what most portals serve, first { $first }: { $seen }
}
compare-cause-content-undecided = { $count ->
    [one] { $first } has different content, and it is unknown which is right: { $seen }
   *[other] { $count } static files have different content, and it is unknown which is right, first { $first }: { $seen }
}
compare-cause-no-route = the gateway has no route for it
compare-cause-no-route-yet = the gateway has not loaded its route yet; core has one
compare-cause-no-route-in-core = neither the gateway nor core has a route for it
compare-cause-route-elsewhere = the gateway forwards to { $to }, where no instance of it runs
compare-cause-down = it does not answer through the gateway: { $seen }
compare-cause-route-to-come = no route in the gateway yet: { $seen }
compare-cause-unsettled = the gateway's response means unknown or down: { $seen }
compare-cause-not-read = could not be read: { $failure }
compare-cause-not-asked = not checked

compare-hint-upload = upload and register the package on this side, then launch it in the portal
compare-hint-register = { -wecubectl } plan
compare-hint-register-old = { -wecubectl } plugin register --side old NAME VERSION
compare-hint-register-again-old = { -wecubectl } plugin register --side old NAME VERSION
compare-hint-static-path = end static_resource_server_path of the core that registered it in /ui-resources and start core again, or let every portal serve that folder
compare-hint-one-version = register and launch one version on both sides; { -wecubectl } plan shows how
compare-hint-launch = launch an instance in the portal, if users of this side need one
compare-hint-grant = grant the menu to the role in the portal of this side, under role management
compare-hint-permission = let the web server of that portal read the plugin's folder below ui-resources
compare-hint-between = check what answers in front of the portal: a load balancer, a proxy, an error page
compare-hint-content = register the plugin again on the side with the wrong content, then run: { -wecubectl } compare --deep
compare-hint-instances = check the plugin's instances in the portal of this side
compare-hint-wait-for-routes = wait until the gateway has loaded its routes (at most 90 s, on v3 10 min), then run: { -wecubectl } compare
compare-hint-down = read the container's log on its host, then start it again
compare-hint-unsettled = run { -wecubectl } compare on a host that reaches the instance's port
compare-hint-read-again = solve what prevents reading, then run: { -wecubectl } compare

compare-note-pages-differ = the old portal shows { $old }, the new portal { $new }
compare-note-versions-differ = the old side has { $old }, the new side { $new }
compare-note-several-running = { $side }: instances of { $versions } run at the same time; the gateway forwards to any of them
compare-note-shown-does-not-run = { $side }: the portal shows { $shown }, but { $running } runs

compare-title = WeCube: old and new side by side
compare-verdict-same = Same: users of both sides see the same { $plugins } plugins.
compare-verdict-different = { $differences ->
    [one] Different: 1 difference
   *[other] Different: { $differences } differences
} in { $plugins } plugins, { $unknowns } unknown. Next: { -wecubectl } plan
compare-verdict-unknown = { $unknowns ->
    [one] Unknown: 1 aspect
   *[other] Unknown: { $unknowns } aspects
} of { $plugins } plugins could not be compared, 0 differences. Next: solve the causes below, then { -wecubectl } compare
compare-heading-causes = Causes
compare-heading-not-applicable = Not applicable
compare-heading-notices = Notices
compare-group = { $aspect }, { $side }: { $cause } ({ $count ->
    [one] { $count } plugin
   *[other] { $count } plugins
})
compare-list-of-names = { $cause }: { $names }
compare-unread = { $side }: the comparison may be incomplete: { $failure }
compare-note = { $name }: { $note }
compare-legend = Two marks: old, then new. { $visible } visible, { $hidden } hidden, { $unknown } unknown, { $na } not applicable. list: resource file list, files: static files, by: launched by v3 (uses the old gateway) or v4 (uses the gateway set at launch).
