"""What a run did, by the ledger of the simulated instances and not by its own words."""


def registrations(ledger, needs):
    """Counts, and why the run did not finish its job, if it did not."""
    attempts = [entry for entry in ledger["registrations"] if entry["side"] == "new"]
    done, began = {}, {}
    for entry in attempts:
        began.setdefault(entry["name"], entry["started_ms"])
        if entry["result"] == "ok":
            done.setdefault(entry["name"], entry["ended_ms"])
    missing = [name for name in needs if name not in done]
    early = [name for name in done if any(done.get(need, float("inf")) > began[name] for need in needs[name])]
    dnf = []
    if missing:
        dnf.append(f"{len(missing)} of {len(needs)} plugins not registered")
    if early:
        dnf.append(f"{len(early)} plugins registered before what they need")
    first = min(attempts, key=lambda entry: entry["started_ms"], default=None)
    return {
        "dnf": dnf, "requests": len(ledger["requests"]), "registrations": len(attempts),
        "in_flight": ledger["greatest_in_flight"].get("new", 0),
        "refused": sum(entry["result"] not in ("ok", None) for entry in attempts),
        "first_s": (first["ended_ms"] - first["started_ms"]) / 1000 if first and first["ended_ms"] else None,
    }
