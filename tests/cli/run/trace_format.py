# SPDX-License-Identifier: GPL-2.0-or-later
"""
trace_format.py FILE...: holds files to the rules of Chrome's trace event format, as far as they
are rules for us: what every event must have by its phase; begins and ends paired on each track;
flows that start once, end once and go on in between, each bound to a slice that is there; times
that do not fall on a track; slices of a track nested or apart; names for each process and thread. The first file is then broken in every such way, and must be
refused.
"""
import collections
import json
import sys

NEEDS = {
    "X": {"name", "pid", "tid", "ts", "dur"},
    "B": {"name", "pid", "tid", "ts"},
    "E": {"pid", "tid", "ts"},
    "s": {"name", "cat", "id", "pid", "tid", "ts"},
    "t": {"name", "cat", "id", "pid", "tid", "ts"},
    "f": {"name", "cat", "id", "pid", "tid", "ts"},
    "C": {"name", "pid", "ts", "args"},
    "i": {"name", "pid", "tid", "ts", "s"},
    "M": {"name", "pid", "args"},
}
METADATA = {"process_name": str, "thread_name": str, "process_sort_index": int,
            "thread_sort_index": int}


class Wrong(Exception):
    pass


def demand(condition, what, event=None):
    if not condition:
        raise Wrong(what + (f": {event}" if event is not None else ""))


def check_fields(event):
    phase = event.get("ph")
    demand(phase in NEEDS, "no such phase", event)
    demand(NEEDS[phase] <= event.keys(), f"{NEEDS[phase] - event.keys()} are missing", event)
    for key in ("ts", "dur", "pid", "tid"):
        value = event.get(key, 0)
        demand(isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0,
               f"{key} is no number from 0 on", event)
    demand(isinstance(event.get("args", {}), dict), "args is no object", event)
    demand(isinstance(event.get("name", ""), str), "a name that is no text", event)
    if phase == "C":
        demand(event["args"] and all(isinstance(v, (int, float)) for v in event["args"].values()),
               "a counter without numbers", event)
    if phase == "M":
        kind = METADATA.get(event["name"])
        key = "name" if kind is str else "sort_index"
        demand(kind and isinstance(event["args"].get(key), kind), "metadata unknown", event)


def check_names(events):
    processes = {e["pid"] for e in events if e["ph"] == "M" and e["name"] == "process_name"}
    threads = {(e["pid"], e["tid"]) for e in events
               if e["ph"] == "M" and e["name"] == "thread_name"}
    for event in events:
        demand(event["pid"] in processes, "a process without a name", event)
        if event["ph"] not in "MC":
            demand((event["pid"], event["tid"]) in threads, "a thread without a name", event)


def slices_of(events):
    """By track: (begin, end, event), and each kind of order."""
    tracks = collections.defaultdict(list)
    open_slices = collections.defaultdict(list)
    last = collections.defaultdict(int)
    for event in events:
        if event["ph"] not in "XBE":
            continue
        track = (event["pid"], event["tid"])
        demand(event["ts"] >= last[track], "time falls on a track", event)
        last[track] = event["ts"]
        if event["ph"] == "X":
            tracks[track].append((event["ts"], event["ts"] + event["dur"], event))
        elif event["ph"] == "B":
            open_slices[track].append(event)
        else:
            demand(open_slices[track], "an end without a beginning", event)
            begun = open_slices[track].pop()
            tracks[track].append((begun["ts"], event["ts"], begun))
    for begun in open_slices.values():
        demand(not begun, "a beginning without an end", begun)
    return tracks


def check_nesting(tracks):
    for slices in tracks.values():
        stack = []
        for begin, end, event in sorted(slices, key=lambda s: (s[0], -s[1])):
            while stack and stack[-1] <= begin:
                stack.pop()
            demand(not stack or end <= stack[-1], "slices overlap", event)
            stack.append(end)


def check_flows(events, tracks):
    at = {track: {b for b, _, _ in slices} | {e for _, e, _ in slices}
          for track, slices in tracks.items()}
    flows = collections.defaultdict(list)
    for event in events:
        if event["ph"] in "stf":
            flows[event["cat"], event["name"], event["id"]].append(event)
            demand(event["ph"] != "f" or event.get("bp") == "e", "a flow's end bound to nothing",
                   event)
            track = (event["pid"], event["tid"])
            demand(event["ts"] in at.get(track, ()), "a flow from or to no slice", event)
    for name, steps in flows.items():
        phases = "".join(event["ph"] for event in steps)
        demand(phases[0] == "s" and phases.count("s") == 1, f"flow {name} begins {phases}")
        demand(phases.count("f") <= 1 and "f" not in phases[:-1], f"flow {name} ends {phases}")
        demand("t" in phases, f"flow {name} goes through nothing: {phases}")
        demand([e["ts"] for e in steps] == sorted(e["ts"] for e in steps), f"flow {name} goes back")
    # Only the last trap of each VM has no way on.
    ends = [steps for steps in flows.values() if steps[-1]["ph"] != "f"]
    demand(len(ends) <= len({e["pid"] for e in events}), f"{len(ends)} flows have no end")


def check(trace):
    events = trace["traceEvents"]
    demand(isinstance(events, list) and events, "no events")
    for event in events:
        check_fields(event)
    check_names(events)
    tracks = slices_of(events)
    check_nesting(tracks)
    check_flows(events, tracks)


def overlap(events):
    """A slice reaches into the next on its track."""
    slices = [e for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) == (1, 2)]
    for event, following in zip(slices, slices[1:]):
        if following["dur"] > 2 and following["ts"] > event["ts"]:
            event["dur"] = following["ts"] + 1 - event["ts"]
            return


def breakages():
    """What the rules must refuse: (a name, a change to a list of events)."""
    def first(events, **wanted):
        return next(e for e in events if all(e.get(k) == v for k, v in wanted.items()))
    yield "no name for a thread", lambda es: es.remove(first(es, ph="M", name="thread_name"))
    yield "no name for a process", lambda es: es.remove(first(es, ph="M", name="process_name"))
    yield "an end of nothing", lambda es: es.append({**first(es, ph="X"), "ph": "E", "ts": 1 << 60})
    yield "no end", lambda es: es.append({**first(es, ph="X"), "ph": "B", "ts": 1 << 60})
    yield "time falls", lambda es: es.append({**first(es, ph="X"), "ts": 0})
    yield "a flow twice", lambda es: es.append(dict(first(es, ph="s")))
    yield "a flow from nowhere", lambda es: es.append({**first(es, ph="t"), "id": -1})
    yield "a flow at no slice", lambda es: first(es, ph="s").update(ts=(1 << 60) + 1)
    yield "a negative time", lambda es: first(es, ph="X").update(ts=-1)
    yield "no duration", lambda es: first(es, ph="X").pop("dur")
    yield "overlap", overlap
    yield "a counter of words", lambda es: first(es, ph="C").update(args={"leaf tables": "many"})


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        check(json.loads(text))
    except Wrong as wrong:
        sys.exit(f"{path}: {wrong}")
    for what, change in breakages() if path == sys.argv[1] else ():
        broken = json.loads(text)
        change(broken["traceEvents"])
        try:
            check(broken)
        except Wrong:
            continue
        sys.exit(f"{path}: the check does not see: {what}")
