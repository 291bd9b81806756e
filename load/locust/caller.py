"""Somebody who sends the requests of a journey, one after another, and ends it at the first wrong answer."""

import itertools
import json
import uuid
from urllib.parse import urlencode

import gevent
import scenario
from answers import (
    LIST_LIMIT,
    cancel_fault,
    list_fault,
    policy_fault,
    purchase,
    quote_fault,
    read_fault,
    repeat_fault,
    retry_after_fault,
    told,
)
from locust import constant_throughput
from locust.contrib.fasthttp import FastHttpUser
from risks import risk_at

# So that users come one after another, not in step.
GOLDEN = 0.618034


class Caller(FastHttpUser):
    """Somebody who begins a journey each second, each time with another risk."""

    abstract = True
    # Set before the run: edges in turns, and the keys of callers.
    places, keys = iter(()), {}
    host = "http://set-by-scenario"
    connection_timeout = network_timeout = 15.0
    each_per_second = 1
    wait_time = constant_throughput(1)
    caller = "site"
    kinds = ("quote",)
    is_over_limit = False
    stream_number = 1

    @classmethod
    def series(cls, kind):
        return kind if cls.caller == "site" else f"{cls.caller} {kind}"

    @classmethod
    def reset(cls):
        cls.begun = cls.admitted = 0
        cls.turns = itertools.count()

    def on_start(self):
        user = type(self)
        self.place = next(self.places)
        self.authorization = {"Authorization": f"Bearer {self.keys[self.caller]}"}
        user.begun += 1
        gevent.sleep(user.begun * GOLDEN % 1 / self.each_per_second)

    def ask(self, kind, path, *, status, fault_of, body=None, key=None):
        """One request; its answer as an object if it is right, else nothing."""
        headers = self.authorization if key is None else {**self.authorization, "Idempotency-Key": key}
        with self.client.request(
            "GET" if body is None else "POST",
            self.place["url"] + path,
            headers=headers,
            json=body,
            name=self.series(kind),
            catch_response=True,
        ) as response:
            if response.status_code == 429 and self.is_over_limit:
                fault, answer = retry_after_fault(response), None
            elif response.status_code != status:
                fault, answer = f"status {response.status_code}, not {status}: {told(response)}", None
            else:
                answer = json.loads(response.text)
                fault = fault_of(answer, response)
            if fault:
                response.failure(fault)
                return None
            response.success()
            if answer is not None:
                type(self).admitted += 1
            return answer

    def quote(self):
        risk = risk_at(scenario.SEED, self.stream_number, next(self.turns))
        return self.ask(
            "quote",
            f"/v1/quotes/osago?{urlencode(risk)}",
            status=200,
            fault_of=lambda quote, _: quote_fault(quote, risk, self.place["region"]),
        )

    def buy(self, quote, trip):
        return self.ask(
            "issue",
            "/v1/policies",
            status=201,
            fault_of=lambda policy, _: policy_fault(policy, quote),
            body=purchase(quote),
            key=f"{trip}-issue",
        )

    def repeat(self, quote, policy, trip):
        return self.ask(
            "repeat",
            "/v1/policies",
            status=201,
            fault_of=lambda again, response: repeat_fault(again, policy, response),
            body=purchase(quote),
            key=f"{trip}-issue",
        )

    def read(self, policy):
        path = f"/v1/policies/{policy['id']}"
        return self.ask("read", path, status=200, fault_of=lambda now, _: read_fault(now, policy))

    def find(self, policy):
        path = f"/v1/policies?limit={LIST_LIMIT}"
        return self.ask("list", path, status=200, fault_of=lambda page, _: list_fault(page, policy))

    def cancel(self, policy, trip):
        return self.ask(
            "cancel",
            f"/v1/policies/{policy['id']}/cancel",
            status=200,
            fault_of=lambda cancelled, _: cancel_fault(cancelled),
            body={"reason": "The car was sold"},
            key=f"{trip}-cancel",
        )

    def look_and_buy(self):
        """The quote, the policy, and what its Idempotency-Keys begin with."""
        trip = str(uuid.uuid4())
        quote = self.quote()
        return quote, quote and self.buy(quote, trip), trip

    def sell(self):
        """From the quote to the cancellation."""
        quote, policy, trip = self.look_and_buy()
        if policy and self.repeat(quote, policy, trip) and self.read(policy) and self.find(policy):
            self.cancel(policy, trip)
