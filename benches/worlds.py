"""The simulated worlds of the benchmarks (`wecubectl sim serve --world`), and what each needs before what."""

SCRIPTS = ["css/app.css", "js/app.js", "js/vendor.js"]
LEVELS, WIDTH, STRAGGLER_MS = 8, 8, 500
# The package that wrk registers.
ID = "bench0000000"


def package(number, files, needs=()):
    name = f"plugin{number:05}"
    return {
        "id": f"bench{number:07}", "name": name, "version": "v1.0.0", "status": "REGISTERED",
        "ui": {"index_dir": "plugin", "files": [*files, "index.html"]},
        "upload_timestamp": "2024-03-02 10:00:00",
        "dependencies": [{"name": need, "version": "v0.9.0"} for need in sorted(needs)],
        "menus": [{"code": f"PAGE_{number}", "category": "ADMIN", "display_name": name,
                   "local_display_name": name, "path": f"/{name}/page"}],
        "instances": [{}],
    }


def world(packages, service_ms, capacity, faults=()):
    return {
        "new": {"version": "v4.0.0", "files": "nothing"},
        "old": {"version": "v3.2.6", "files": "active"},
        "content": {"packages": packages}, "faults": list(faults),
        "timing": {"service_time_ms": service_ms, "host_capacity": capacity, "no_ui_ms": 0},
    }


def flat(count, service_ms, capacity=8):
    packages = [package(number, SCRIPTS) for number in range(count)]
    return world(packages, service_ms, capacity), {it["name"]: set() for it in packages}


def levels(barrier):
    """In each level one plugin takes long, and no other plugin needs it. With a barrier every plugin
    needs all of the level before, which turns our scheduler into one that works level by level."""
    name = "plugin{:05}".format
    packages, needs, faults = [], {}, []
    for number in range(LEVELS * WIDTH):
        level, place = divmod(number, WIDTH)
        before = range((level - 1) * WIDTH, level * WIDTH) if level else ()
        needed = before if barrier else [max(place, 1) + (level - 1) * WIDTH] if level else ()
        needs[name(number)] = set(map(name, needed))
        packages.append(package(number, SCRIPTS, needs[name(number)]))
        if place == 0:
            faults.append(f"slow-register={STRAGGLER_MS},{name(number)}")
    return world(packages, 100, WIDTH, faults), needs


def of(workload, barrier=False):
    """The world of a workload, and for each plugin the plugins that must be registered before it."""
    if workload == "real":
        return flat(60, 1000)
    if workload == "flat":
        return flat(1000, 0)
    return levels(barrier)


def compared(plugins):
    """Two healthy instances; each plugin has ten files, nine of them scripts."""
    scripts = [f"js/chunk-{number}.js" for number in range(9)]
    compared = world([package(number, scripts) for number in range(plugins)], 0, 8)
    compared["new"]["files"] = "active"
    return compared


def file_paths(world):
    """Of every script and style of a world."""
    return [f"/ui-resources/{it['name']}/{it['version']}/plugin/{file}"
            for it in world["content"]["packages"] for file in it["ui"]["files"] if file != "index.html"]
