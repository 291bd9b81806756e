"""A smoke against a running `npm start`: quotes and sales at a low rate; exits 1 if one is refused or slow, or none was made."""

import itertools
import json
import uuid
from pathlib import Path

from locust import HttpUser, constant_throughput, events, task

DEMO = json.loads((Path(__file__).resolve().parents[2] / ".local" / "demo.json").read_text())
REGIONS = itertools.cycle(DEMO["regions"])
P95_MS = 1000

RISK = {
    "category": "B",
    "owner": "individual",
    "use": "personal",
    "subject": "Москва",
    "locality": "Москва",
    "kbm": "3",
    "drivers": "35:10",
    "powerHp": "110",
    "months": "12",
}
HOLDER = {
    "fullName": "Иванова Анна Петровна",
    "birthDate": "1990-05-17",
    "phone": "+79990000000",
    "email": "anna@insuretech.example",
}


class Site(HttpUser):
    """One user of the site, in one region, once a second."""

    wait_time = constant_throughput(1)
    host = DEMO["regions"][0]["edge"]

    def on_start(self):
        self.region = next(REGIONS)
        self.client.base_url = self.region["edge"]
        self.client.headers["Authorization"] = f"Bearer {DEMO['keys']['site']}"

    @task
    def sale(self):
        quote = self.quote()
        if quote:
            self.issue(quote)

    def quote(self):
        with self.client.get("/v1/quotes/osago", params=RISK, name="quote", catch_response=True) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}, not 200")
            elif not response.json()["offers"]:
                response.failure("no offers")
            else:
                return response.json()

    def issue(self, quote):
        with self.client.post(
            "/v1/policies",
            json={"offer": quote["offers"][0]["token"], "holder": HOLDER, "startsOn": quote["risk"]["startsOn"]},
            headers={"Idempotency-Key": str(uuid.uuid4())},
            name="issue",
            catch_response=True,
        ) as response:
            if response.status_code != 201:
                response.failure(f"status {response.status_code}, not 201")
            elif not response.json()["id"].startswith(f"{self.region['name']}-"):
                response.failure(f"policy {response.json()['id']} is not of {self.region['name']}")


@events.quitting.add_listener
def judge(environment, **_):
    total = environment.stats.total
    sales = environment.stats.get("issue", "POST").num_requests
    faults = []
    if total.num_failures:
        faults.append(f"{total.num_failures} of {total.num_requests} requests failed")
    if environment.runner.exceptions:
        faults.append("a task raised an exception")
    if not sales:
        faults.append("no policy was issued")
    if total.get_response_time_percentile(0.95) > P95_MS:
        faults.append(f"p95 is over {P95_MS} ms")
    for fault in faults:
        print(f"FAILED: {fault}")
    environment.process_exit_code = 1 if faults else 0
