"""R18: the load. `locust` in this folder, then http://localhost:8089."""

from locust import HttpUser, between, task


class ScaleTestUser(HttpUser):
    wait_time = between(1, 5)

    @task
    def index(self):
        self.client.get("/")
