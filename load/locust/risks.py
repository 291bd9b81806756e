"""The same risks as `load/traffic/risk-at.ts` draws, out of the official tables: number for number."""

import json
from math import floor
from pathlib import Path

POPULAR = 60
SHARE_POPULAR = 0.8
BETWEEN_STREAMS = 0x4000000
STREAM_OF_POPULAR = 0
SPREAD = 0x9E3779B1
WORD = 0xFFFFFFFF

VEHICLES = [("B", 80), ("A", 5), ("C", 5), ("BE", 2), ("CE", 2), ("D", 2), ("D1", 2), ("tractor", 2)]
LEAST_KG, MOST_KG = 3500, 40000
OLDEST, STRONGEST_HP = 75, 300
LICENCE_AGE = 15
MOST_DRIVERS = 3
FOREIGN = "иностранное государство"

OFFICIAL = json.loads(
    (Path(__file__).resolve().parents[2] / "core" / "contracts" / "osago-tables.json").read_text(encoding="utf-8")
)
PLACES = [row for row in OFFICIAL["kt"] if row["subject"] != FOREIGN and row["effectiveTo"] is None]
TRACTOR_PLACES = [row for row in PLACES if row["tractor"] is not None]


def seeded(seed):
    """Numbers from 0 to 1, the same for a seed in every run: mulberry32."""
    state = seed & WORD

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & WORD
        mixed = ((state ^ (state >> 15)) * (1 | state)) & WORD
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & WORD)) & WORD
        return (mixed ^ (mixed >> 14)) / 2**32

    return draw


def risk_at(seed, stream, n):
    """The risk of the n-th journey of a stream, as the parameters of a quote."""
    random = random_at(seed, stream, n)
    if random() >= SHARE_POPULAR:
        return draw_risk(random)
    return draw_risk(random_at(seed, STREAM_OF_POPULAR, floor(random() * POPULAR)))


def random_at(seed, stream, n):
    return seeded(((seed * SPREAD) & WORD) + stream * BETWEEN_STREAMS + n)


def draw_risk(random):
    category = draw_category(random)
    risk = {"category": category, "owner": "legal" if random() < 0.1 else "individual", "use": draw_use(category, random)}
    if category in ("C", "CE"):
        risk["maxMassKg"] = str(between(random, LEAST_KG, MOST_KG))
    place = one_of(random, TRACTOR_PLACES if category == "tractor" else PLACES)
    risk["subject"], risk["locality"] = place["subject"], place["locality"]
    risk["kbm"] = one_of(random, OFFICIAL["kbm"]["classes"])["class"]
    risk["drivers"] = draw_drivers(random)
    risk["powerHp"] = str(draw_power(OFFICIAL["kmMoto" if category == "A" else "km"], random))
    risk["months"] = "12" if random() < 0.8 else str(one_of(random, OFFICIAL["ks"])["months"])
    return risk


def draw_category(random):
    left = random() * 100
    for category, percent in VEHICLES:
        left -= percent
        if left < 0:
            return category
    return "B"


def draw_use(category, random):
    drawn = random()
    if category in ("B", "BE"):
        return "taxi" if drawn < 0.05 else "personal"
    return "regular" if category == "D" and drawn < 0.3 else "personal"


def draw_drivers(random):
    if random() < 0.2:
        return "unlimited"
    return ",".join(draw_driver(random) for _ in range(between(random, 1, MOST_DRIVERS)))


def draw_driver(random):
    band = one_of(random, OFFICIAL["kvs"])
    oldest = OLDEST if band["ageTo"] is None else band["ageTo"]
    age = between(random, max(band["ageFrom"], band["expFrom"] + LICENCE_AGE), oldest)
    most = age - LICENCE_AGE if band["expTo"] is None else min(band["expTo"], age - LICENCE_AGE)
    return f"{age}:{between(random, band['expFrom'], most)}"


def draw_power(bands, random):
    band = one_of(random, bands)
    return between(random, int(band["hpFrom"]) + 1, STRONGEST_HP if band["hpTo"] is None else int(band["hpTo"]))


def between(random, least, most):
    return least + floor(random() * (most - least + 1))


def one_of(random, values):
    return values[floor(random() * len(values))]
