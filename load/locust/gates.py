"""The thresholds of `load/traffic/scenarios.json`, for what locust's users saw."""

from math import ceil, floor

from scenario import P95_MS, PARTNER_LIMIT

# As in load/traffic/plan-run.ts.
LEAST_ASKED = 0.9
LEAST_ADMITTED = 0.9
MOST_ADMITTED = 1.1
# Users begin during the first second, and at the end the last journeys are cut short.
EDGE_SECONDS = 2


def faults_of(stats, users):
    """What does not hold, a sentence each; `users` are the classes of which some have begun."""
    elapsed = (stats.total.last_request_timestamp or 0) - stats.total.start_time
    seconds = max(0, elapsed - EDGE_SECONDS)
    faults = []
    planned = {}
    for user in users:
        for kind in user.kinds:
            name = user.series(kind)
            planned[name] = planned.get(name, 0) + user.begun * user.each_per_second * seconds
            faults += name_faults(stats, name)
        if user.is_over_limit:
            faults += admitted_faults(user, elapsed)
    for name, count in planned.items():
        least = max(1, floor(count * LEAST_ASKED))
        asked = sum(entry.num_requests for entry in entries(stats, name))
        if asked < least:
            faults.append(f"{name}: {asked} asked, fewer than {least}")
    return list(dict.fromkeys(faults))


def entries(stats, name):
    return [entry for entry in stats.entries.values() if entry.name == name]


def name_faults(stats, name):
    faults = []
    for entry in entries(stats, name):
        if entry.num_failures:
            faults.append(f"{name}: {entry.num_failures} of {entry.num_requests} failed")
        p95 = entry.get_response_time_percentile(0.95)
        if p95 >= P95_MS:
            faults.append(f"{name}: p95 is {p95:.0f} ms, not below {P95_MS}")
    return faults


def admitted_faults(user, elapsed):
    wanted = min(PARTNER_LIMIT, user.begun * user.each_per_second)
    least = floor(wanted * max(0, elapsed - EDGE_SECONDS) * LEAST_ADMITTED)
    most = max(floor(PARTNER_LIMIT * elapsed * MOST_ADMITTED), PARTNER_LIMIT * (ceil(elapsed) + 1))
    if least <= user.admitted <= most:
        return []
    return [f"{user.caller}: {user.admitted} let in, not {least} to {most}"]
