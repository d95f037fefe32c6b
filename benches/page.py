"""Results of benches/run → docs/benchmarks.md."""

from statistics import median

OURS = "wecubectl"
JOB = """The job: sign a token, list packages and resource files, read the dependencies of each package, register every plugin with pages in an order that respects them, take an answer for a success only if its `status` is `OK`, then verify: list again, compare the ids of the resource file rows with those from before, and ask the portal for every script and style (HEAD)."""
INTRO = """# Benchmarks

Written by `benches/run`, which installs what it needs and repeats everything below. Raw results: `target/benchmarks.json`.

What is measured: the overhead of the client, and how well it schedules the registrations, on simulated instances (`wecubectl sim serve`) on the same machine. What is not measured: a platform. There, one registration takes about a second of host work (S3, scp, unzip, database) that no client shortens; on a real upgrade of 60 plugins only the first table below tells about the time that you wait.
"""
RULES = """Rules:

- The column `finished` has the number of runs. Every run has a fresh simulated instance. The competitors run in random order, another one in each round. Nothing is discarded.
- A competitor that leaves a plugin out, registers one before what it needs, or reports a failure did not finish (DNF). The simulated instance's record of requests decides that, not the competitor's own words.
- `wall` and `CPU` are medians, with the smallest and the greatest value in brackets. CPU is user and system time of the client with all its processes, start included, the simulated instance excluded.
- `efficiency` is the least possible wall time divided by the measured one.
- Connections are counted by the kernel, in a network namespace of each run.
- Everything runs on the same cores as the simulated instance, so wall times at zero service time are also those of the instance.
"""
COMPETITORS = """| name | what it is |
|---|---|
| wecubectl | `apply --yes --parallel N`, which is an upper bound: it starts with one registration alone (the canary) and adapts the number. It also sets the system variable, reads instances, menus and routes, looks for what is already done, writes a journal, and compares at the end |
| wecubectl, both instances | the same with the old instance configured: it reads that one too and compares both |
| wecubectl, level barrier | wecubectl in a world where every plugin also needs all plugins of the level before: its own scheduler, forced to work level by level |
| asyncio, aiohttp | [asyncio_aiohttp.py](../benches/competitors/asyncio_aiohttp.py): a plugin starts when those that it needs are done |
| Python threads | [threads.py](../benches/competitors/threads.py): standard library, kept-alive connections, level by level |
| curl -Z | [curl_levels.sh](../benches/competitors/curl_levels.sh): one curl process for each step, kept-alive connections, jq; level by level |
| xargs -P | [xargs.sh](../benches/competitors/xargs.sh): one curl and one jq for each registration; level by level |
| wrk | no competitor: the same request without end, as the limit of the simulated instance |

The four scripts do not try again after a failure, and make no check before the first write.
"""
ABOUT = {
    "real": "60 plugins that need no other, 1 s of host work each, a host that does 8 at once: 7.5 s at least. Beyond ten connections being opened at once its sshd drops some, as a stock sshd does; a fixed number of 16 or 64 meets that.",
    "flat": "1,000 plugins that need no other. What is left is the client and the instance.",
    "levels": "8 levels of 8 plugins; one plugin of each level takes 0.6 s, the others 0.1 s, and no other plugin needs the slow one. Both the longest chain of dependencies and all work divided by 8 are 1.3 s; the slow plugins of the eight levels, one after another, are 4.8 s.",
}
# Why a goal is missed, if it is: words that its text contains, and the reason.
REASONS = {
    "best fixed number": "Three things come before all eight are at work: reading instances, menus and portals (0.8 s in the run that was looked at, on the busy machine), the canary alone (1.0 s, part of the goal), and a second with four at once before the number is raised (about half a second lost). Those with a fixed number start with eight, which only the benchmark knows to be right.",
    "Python threads": "A request costs both about 0.2 ms of CPU, but wecubectl sends 12.4 for each plugin and the script 5: it also reads menus and instances, asks for every script before the registration as well as after it, and gets its bytes for the comparison at the end. It also opens a connection to each plugin's instance and keeps a journal.",
    "compare of": "The values of one answer may take 32 MiB of memory ([limits.md](limits.md)), and a list of 100,000 files takes more: the limit was reached at about row 83,500. `compare` then says that the resource files could not be read. With 80,000 files it finishes; its rate is low because the simulated instance takes seconds to make such a list and looks through all plugins for each request about one.",
    "10000 rows": "At the border: four calls gave 0.43 to 0.55 s, more when the machine was busier.",
    "--version": "The time is wall time on a busy machine. Its CPU time is 4 to 5 ms: before it looks at the arguments, wecubectl reads the messages of a language and builds the whole command line with its help texts. Loading the program takes 0.1 ms of it.",
}


class Results:
    def __init__(self, results):
        self.all = results
        self.jobs = {}
        for run in results["runs"]:
            self.jobs.setdefault(tuple(run["job"]), []).append(run)

    def of(self, workload):
        """The jobs of a workload, those that finished first, then by their wall time."""
        rows = [(job, runs) for job, runs in self.jobs.items() if job[0] == workload]
        return sorted(rows, key=lambda row: (bool(failures(row[1])), middle(row[1], "wall")))

    def value(self, workload, competitor, parallel, key):
        runs = self.jobs.get((workload, competitor, parallel))
        return middle(runs, key) if runs and not failures(runs) else None


def middle(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return median(values) if values else None


def failures(runs):
    return [reason for run in runs for reason in run["dnf"]]


def spread(runs, key, form="{:.2f}"):
    values = [run[key] for run in runs if run.get(key) is not None]
    if not values:
        return "not counted"
    low, high = form.format(min(values)), form.format(max(values))
    return form.format(median(values)) + ("" if low == high else f" ({low}–{high})")


def finished(runs):
    done = sum(not run["dnf"] for run in runs)
    return f"{done} of {len(runs)}" + ("" if done == len(runs) else f", DNF: {failures(runs)[0]}")


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def registrations(results, workload, title, least_s=None):
    """A section; `least_s` is the wall time of a client that costs nothing and never waits in vain."""
    heads = ["competitor", "at once", "finished", "wall s", "efficiency", "CPU s", "requests", "connections",
             "greatest in flight", "refused", "memory MB"]
    whole = "{:.0f}"
    rows = [[job[1], job[2], finished(runs), spread(runs, "wall"),
             "-" if failures(runs) or not least_s else f"{least_s / middle(runs, 'wall'):.2f}", spread(runs, "cpu"),
             spread(runs, "requests", whole), spread(runs, "connections", whole), spread(runs, "in_flight", whole),
             spread(runs, "refused", whole), spread(runs, "rss_mb", whole)]
            for job, runs in results.of(workload)]
    if not least_s:
        for row in [heads, *rows]:
            del row[4]
    return f"## {title}\n\n{ABOUT[workload]}\n\n{table(heads, rows)}" if rows else ""


def best_fixed(results):
    """The smallest median of a fixed number in flight that always finished: (seconds, job)."""
    fixed = [(middle(runs, "wall"), job) for job, runs in results.of("real")
             if not job[1].startswith(OURS) and not failures(runs)]
    return min(fixed, default=None)


def goals(results):
    """(goal, measured, met) of each goal; met is None if it could not be measured."""
    yield from real_goal(results)
    yield from flat_goals(results)
    runs = results.jobs.get(("compare", OURS, 10_000))
    rates = [run["rate"] / run["wrk_rate"] for run in runs or [] if "wrk_rate" in run and not run["dnf"]]
    said = f"{median(rates):.0%}" if rates else f"did not finish: {failures(runs)[0]}" if runs else None
    yield ("compare of 10,000 packages with 100,000 files: at least 70 % of wrk's rate on as many connections",
           said, bool(rates) and median(rates) >= 0.7 if runs else None)
    plan = max(results.all.get("plan", {}).values(), default=None)
    yield ("plan of 10,000 packages with 50,000 dependencies: less than 0.3 s",
           plan and f"{plan:.3f} s (CPU time, one thread, the slowest of three shapes)", plan and plan < 0.3)
    for label, seconds in results.all.get("report", {}).items():
        yield f"{label.split(',')[0]}: less than 0.5 s", f"{seconds:.3f} s (CPU time, one thread)", seconds < 0.5
    walls, cpus = zip(*results.all["starts"])
    yield ("`--version`: less than 5 ms",
           f"{median(walls):.1f} ms ({min(walls):.1f}–{max(walls):.1f}), CPU {median(cpus):.1f} ms; {len(walls)} starts",
           median(walls) < 5)


def real_goal(results):
    goal = "60 plugins, 1 s of host work: at most 1.05 × the best fixed number, plus the canary"
    best, ours = best_fixed(results), results.value("real", OURS, 8, "wall")
    if not best or not ours:
        return [(goal, None, None)]
    canary = results.value("real", OURS, 8, "first_s")
    limit = 1.05 * best[0] + canary
    said = f"{ours:.2f} s; limit 1.05 × {best[0]:.2f} + {canary:.2f} = {limit:.2f} s ({best[1][1]}, {best[1][2]} at once)"
    return [(goal, said, ours <= limit)]


def flat_goals(results):
    ours = results.value("flat", OURS, 8, "cpu")
    for name, factor in (("xargs -P", 10), ("Python threads", 3)):
        theirs = results.value("flat", name, 8, "cpu")
        goal = f"1,000 plugins at zero service time: at least {factor} × the plugins per CPU second of {name}"
        if not ours or not theirs:
            yield goal, None, None
        else:
            said = f"{theirs / ours:.1f} × ({1000 / ours:.0f} against {1000 / theirs:.0f})"
            yield goal, said, theirs / ours >= factor


def reason(goal):
    return next((why for words, why in REASONS.items() if words in goal), "The reason is not known yet.")


def goals_table(results):
    word = {True: "met", False: "**missed**", None: "not measured"}
    rows, reasons = [], []
    for goal, measured, met in goals(results):
        rows.append([goal, measured or "-", word[met]])
        if met is False:
            reasons.append(f"- {goal}. {reason(goal)}")
    text = "## Goals\n\n" + table(["goal", "measured", ""], rows)
    if reasons:
        text += "\nMissed, and why:\n\n" + "\n".join(reasons) + "\n"
    return text


def limits(results):
    rows = []
    for workload, what in (("register limit", "register one plugin, zero service time"),
                           ("file limit", "GET of static files")):
        for job, runs in results.of(workload):
            rows.append([what, job[2], spread(runs, "rate", "{:,.0f}"), spread(runs, "cpu")])
    text = "## The limit of the simulated instance\n\n" + table(["wrk", "connections", "requests/s", "CPU s of wrk"], rows)
    fast = rate(results, "flat", "asyncio, aiohttp"), rate(results, "flat", OURS)
    return text + "\n" + rates_sentence(results, fast)


def rate(results, workload, competitor):
    requests = results.value(workload, competitor, 8, "requests")
    return requests and requests / results.value(workload, competitor, 8, "wall")


def rates_sentence(results, rates):
    told = [f"{name} {value:,.0f}" for name, value in zip(("asyncio", "wecubectl"), rates) if value]
    return ("Requests per second of whole runs at 1,000 plugins: " + ", ".join(told) + ". What comes near a third of the "
            "limit measures the instance as well as the client; CPU seconds are the figure to compare.\n")


def compared(results):
    rows, whole = [], "{:,.0f}"
    for job, runs in sorted(results.of("compare")):
        rows.append([f"{job[2]:,}", f"{job[2] * 10:,}", finished(runs), spread(runs, "wall"), spread(runs, "cpu"),
                     spread(runs, "requests", whole), spread(runs, "rate", whole), spread(runs, "wrk_rate", whole),
                     spread(runs, "connections", whole), spread(runs, "rss_mb", whole)])
    heads = ["plugins", "files", "finished", "wall s", "CPU s", "requests", "requests/s", "requests/s of wrk",
             "connections", "memory MB"]
    about = ("Two healthy instances. The rate is all requests (lists, instances, menus, files of both sides) divided by the "
             "whole wall time, from the start to the last byte of the JSON document; wrk gets the same files of one portal "
             "over as many connections, right afterwards.")
    return f"## compare\n\n{about}\n\n{table(heads, rows)}" if rows else ""


def machine(results):
    told = [[key, value] for key, value in results.all["machine"].items()]
    loads = [run["load"] for run in results.all["runs"]]
    told.append(["load average while it ran", f"{median(loads):.1f} ({min(loads):.1f}–{max(loads):.1f}), the runs included"])
    told.append(["seed of the random order", results.all["random_seed"]])
    told.append(["not installed", ", ".join(results.all["missing"]) or "nothing: all competitors ran"])
    return "## Machine\n\n" + table(["", ""], told)


def lanes(everything):
    count = everything.get("lanes", 1)
    return "" if count == 1 else f"- {count} runs of the real job and of the schedule went on side by side, because they mostly wait, and `compare` beside the others.\n"


def page(everything):
    results = Results(everything)
    parts = [
        INTRO,
        goals_table(results),
        f"## How it is measured\n\n{JOB}\n\n{RULES}{lanes(everything)}\n{COMPETITORS}",
        registrations(results, "real", "The real job", least_s=7.5),
        registrations(results, "flat", "Overhead at zero service time"),
        registrations(results, "levels", "Schedule: one slow plugin in each level", least_s=1.3),
        limits(results),
        compared(results),
        machine(results),
    ]
    return "\n".join(part for part in parts if part)
