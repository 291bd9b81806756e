"""Users of the marketplace: SCENARIO chooses them, or their names on the command line. See load/README.md."""

import scenario
from caller import Caller
from gates import faults_of
from locust import constant_throughput, events, task


class SiteVisitor(Caller):
    """Looks for offers on the site."""

    @task
    def look(self):
        self.quote()


class SiteBuyer(Caller):
    """Looks for offers on the site and buys the cheapest."""

    kinds = ("quote", "issue")

    @task
    def purchase(self):
        self.look_and_buy()


class SiteSeller(Caller):
    """A whole sale: quote, issue, issue again, read, list, cancel."""

    kinds = ("quote", "issue", "repeat", "read", "list", "cancel")

    @task
    def sale(self):
        self.sell()


class Alfa(Caller):
    """The partner that asks for more than its limit: 429 is a right answer."""

    caller = "alfa"
    is_over_limit = True
    each_per_second = 5
    wait_time = constant_throughput(5)

    @task
    def look(self):
        self.quote()


class Beta(Caller):
    """The partner that keeps within its limit."""

    caller = "beta"

    @task
    def look(self):
        self.quote()


USERS = {
    ("quote", "site"): SiteVisitor,
    ("buy", "site"): SiteBuyer,
    ("sale", "site"): SiteSeller,
    ("quote", "alfa"): Alfa,
    ("quote", "beta"): Beta,
}


def assign():
    """The classes that play the scenario, as many users of each as make its rate."""
    chosen = [USERS[stream["journey"], stream["caller"]] for stream in scenario.STREAMS]
    for number, (chosen_class, stream) in enumerate(zip(chosen, scenario.STREAMS), 1):
        chosen_class.stream_number = number
        chosen_class.weight = max(1, round(scenario.per_second(stream) / chosen_class.each_per_second))
    return chosen


CHOSEN = assign()


@events.init_command_line_parser.add_listener
def set_defaults(parser):
    """All users of the scenario from the beginning, for its time; what the command line says goes first."""
    count = sum(chosen.weight for chosen in CHOSEN)
    parser.set_defaults(num_users=count, spawn_rate=count, run_time=f"{scenario.DURATION_SECONDS}s")


@events.init.add_listener
def choose(environment, **_):
    if not environment.parsed_options.user_classes:
        environment.user_classes = CHOSEN
    callers = sorted({chosen.caller for chosen in environment.user_classes})
    Caller.places, Caller.keys = scenario.places_and_keys(callers)
    reset(environment)


@events.test_start.add_listener
def reset(environment, **_):
    for chosen in environment.user_classes:
        chosen.reset()


@events.quitting.add_listener
def judge(environment, **_):
    begun = [chosen for chosen in environment.user_classes if chosen.begun]
    faults = faults_of(environment.stats, begun) if begun else ["nobody asked anything"]
    if environment.runner.exceptions:
        faults.append("a task raised an exception")
    for fault in faults:
        print(f"FAILED: {fault}")
    if not faults:
        print(f"All thresholds hold: {', '.join(chosen.__name__ for chosen in begun)}")
    environment.process_exit_code = 1 if faults else 0
