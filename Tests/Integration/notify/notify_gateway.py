"""A gateway with notifiers, and the service that it tells."""
import json
import pathlib
import sys
import threading
import time

import openai
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))

import main_gateway  # noqa: E402
from main_gateway import *  # noqa: E402, F403

RISKY = "Patient Margaret Holloway, MRN 4482913, SSN 536-22-8719, phone (217) 555-0143."
SECRETS = ("Holloway", "536-22-8719", "4482913", "555-0143")


@pytest.fixture
def make_notified(tmp_path, upstream):
    """make(notify stages, environment, **settings): a gateway that holds risky requests and tells people."""
    made = []

    def make(stages, environment, words=(), **settings):
        folder = tmp_path / f"notified-{len(made)}"
        folder.mkdir()
        text = main_gateway.PIPELINE.replace("  - sink: file", stages.replace("{", "{{").replace("}", "}}") + "\n  - sink: file")
        original = main_gateway.PIPELINE
        main_gateway.PIPELINE = text
        try:
            gateway = main_gateway.Gateway.__new__(main_gateway.Gateway)
            gateway_start = main_gateway.Gateway.start

            def start(self):
                self.environment = environment
                self.words = list(words)
                gateway_start(self)

            gateway.start = start.__get__(gateway)
            gateway.__init__(folder, upstream, **{"at": 30, "hold": "8s", **settings})
            gateway.start = gateway_start.__get__(gateway)
        finally:
            main_gateway.PIPELINE = original
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()


class Asking:
    """A request that waits, in the background."""

    def __init__(self, gateway, subject="ana", text=RISKY):
        key = gateway.key(subject)
        self.value = self.error = None

        def run():
            client = openai.OpenAI(base_url=gateway.base, api_key=key, max_retries=0)
            try:
                self.value = client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": text}])
            except Exception as error:
                self.error = error

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def end(self):
        self.thread.join(20)
        assert not self.thread.is_alive()
        return self


def pending(gateway):
    for _ in range(200):
        if waiting := [a for a in gateway.approvals() if a["state"] == "pending"]:
            return waiting[0]
        time.sleep(0.05)
    raise AssertionError("nothing waits")


def has_no_secret(*values):
    text = "\n".join(v if isinstance(v, str) else v.decode("utf-8", "replace") if isinstance(v, bytes) else json.dumps(v) for v in values)
    return not any(secret in text for secret in SECRETS)
