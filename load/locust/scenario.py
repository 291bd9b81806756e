"""What is played, where and with which keys: `load/traffic/scenarios.json`, changed by the environment."""

import itertools
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = json.loads((ROOT / "load" / "traffic" / "scenarios.json").read_text(encoding="utf-8"))
# Its sudden rise is nothing that users make: they begin one after another.
NOT_HERE = "spike"
SECONDS = {"s": 1, "m": 60, "h": 3600}


def refuse(sentence):
    sys.exit(f"locust: {sentence}")


def read_number(name, default, pattern, least, most):
    """A number of the environment; an empty one counts as absent."""
    text = os.environ.get(name) or default
    value = float(text) if re.fullmatch(pattern, text) else None
    if value is None or not least <= value <= most:
        refuse(f'{name} is "{text}" but must be a number from {least} to {most}')
    return value


def read_name():
    names = [name for name in FILE["scenarios"] if name != NOT_HERE]
    name = os.environ.get("SCENARIO") or "smoke"
    if name == NOT_HERE:
        refuse(f"SCENARIO is {NOT_HERE}, which k6 and autocannon play; here it must be one of {', '.join(names)}")
    if name not in names:
        refuse(f'SCENARIO is "{name}" but must be one of {", ".join(names)}')
    return name


def read_seconds(default):
    text = os.environ.get("DURATION") or f"{default}s"
    match = re.fullmatch(r"(\d{1,5})([smh])", text)
    seconds = int(match[1]) * SECONDS[match[2]] if match else 0
    if not 2 <= seconds <= 24 * 3600:
        refuse(f'DURATION is "{text}" but must be a whole number with s, m or h, from 2s to 24h, such as 30s or 5m')
    return seconds


def read_places(callers):
    """Edges to ask in turns, and the keys of those who ask."""
    base_url = os.environ.get("BASE_URL")
    if base_url:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", base_url):
            refuse(f'BASE_URL is "{base_url}" but must be an http or https address, such as http://127.0.0.1:8787')
        names = {caller: f"{caller.upper()}_KEY" for caller in callers}
        missing = [name for name in names.values() if not os.environ.get(name)]
        if missing:
            refuse(f"{' and '.join(missing)} must be set with BASE_URL: a key of a partner there, ik_..., for each who asks")
        keys = {caller: os.environ[name] for caller, name in names.items()}
        return [{"url": base_url.rstrip("/"), "region": None}], keys
    try:
        demo = json.loads((ROOT / ".local" / "demo.json").read_text(encoding="utf-8"))
    except OSError:
        refuse(
            "InsureTech does not run here (there is no .local/demo.json): "
            "run npm start in another terminal first, or set BASE_URL"
        )
    return [{"url": region["edge"], "region": region["name"]} for region in demo["regions"]], demo["keys"]


NAME = read_name()
PHASE = FILE["scenarios"][NAME]["phases"][0]
STREAMS = PHASE["streams"]
DURATION_SECONDS = read_seconds(PHASE["seconds"])
RATE = read_number("RATE", "1", r"\d{1,3}(\.\d{1,4})?", 0.01, 100)
SEED = int(read_number("SEED", "1", r"\d{1,9}", 0, 999_999_999))
PARTNER_LIMIT = int(read_number("PARTNER_LIMIT", str(FILE["partnerLimitPerSecond"]), r"\d{1,9}", 1, 10_000))
P95_MS = FILE["p95Ms"]


def per_second(stream):
    """Journeys a second; who keeps to a limit does so at any rate of the others."""
    wanted = stream["ofLimit"] * PARTNER_LIMIT if "ofLimit" in stream else stream["perSecond"] * RATE
    return max(1, int(wanted + 0.5))


def places_and_keys(callers):
    places, keys = read_places(callers)
    if not places:
        refuse("No region runs here: run npm start again")
    return itertools.cycle(places), keys
