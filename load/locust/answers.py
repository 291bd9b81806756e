"""What is right about the answers of a journey, and what is wrong in a few words: as in `load/traffic/journeys/`."""

import json
import re

MOST_TOLD = 300
LIST_LIMIT = 100
HOLDER = {
    "fullName": "Иванова Анна Петровна",
    "birthDate": "1990-05-17",
    "phone": "+79990000000",
    "email": "anna@insuretech.example",
}


def told(response):
    """What an unexpected answer says, in the same words each time: locust counts equal ones."""
    try:
        return json.loads(response.text)["title"]
    except (TypeError, ValueError, KeyError):
        return (response.text or str(response.error or "no answer"))[:MOST_TOLD]


def retry_after_fault(response):
    told = response.headers.get("Retry-After") or "none"
    if re.fullmatch(r"[12]", told):
        return None
    return f'429 with Retry-After "{told}", not whole seconds to wait for'


def quote_fault(quote, risk, region):
    if region not in (None, quote["region"]):
        return f"it is of region {quote['region']}, not of {region}"
    if any(quote["risk"][name] != risk[name] for name in ("category", "subject", "kbm")):
        return "it is for a risk that nobody asked for"
    premiums = [offer["premium"]["amountMinor"] for offer in quote["offers"]]
    if not premiums:
        return "no insurer makes an offer"
    return None if premiums == sorted(premiums) else "its offers are not cheapest first"


def purchase(quote):
    return {"offer": quote["offers"][0]["token"], "holder": HOLDER, "startsOn": quote["risk"]["startsOn"]}


def policy_fault(policy, quote):
    offer = quote["offers"][0]
    if not policy["id"].startswith(f"{quote['region']}-"):
        return f"policy {policy['id']} is not of region {quote['region']}"
    if policy["status"] != "issued":
        return f"policy {policy['id']} is {policy['status']}"
    if (policy["insurer"], policy["premium"]) != (offer["insurer"], offer["premium"]):
        return f"policy {policy['id']} is not of the offer's insurer at the offer's price"
    return None


def repeat_fault(again, policy, response):
    if response.headers.get("Idempotency-Replayed") != "true":
        return "Idempotency-Replayed: true is missing"
    return None if again == policy else f"the same key was answered policy {again['id']} after {policy['id']}"


def read_fault(now, policy):
    return None if now == policy else f"policy {policy['id']} is not as it was sold"


def list_fault(page, policy):
    if any(item["id"] == policy["id"] for item in page["items"]):
        return None
    return f"policy {policy['id']} is not among the newest {LIST_LIMIT}"


def cancel_fault(policy):
    if policy["status"] != "cancelled":
        return f"policy {policy['id']} is {policy['status']}"
    return None if policy.get("refund") == policy["premium"] else f"policy {policy['id']} is not refunded in full"
