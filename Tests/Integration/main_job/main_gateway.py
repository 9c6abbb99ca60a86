"""A gateway of its own for each test: the built executable, on loopback, with a pipeline that the test may change."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from upstream import Upstream

ROOT = pathlib.Path(__file__).resolve().parents[3]
SLUICE = ROOT / ".build" / "release" / "sluice"
SECRET = "sk-provider-secret-0123456789"

class Template(str):
    """A pipeline with places that may stay empty."""

    PLACES = ("detect", "gate", "score", "shadows")

    def format(self, **values):
        return super().format(**{**dict.fromkeys(self.PLACES, ""), **values})

    def replace(self, *words):
        """Without the places that may stay empty, so that a line is found as it reads."""
        text = str(self)
        for place in self.PLACES:
            text = text.replace("{" + place + "}", "")
        return Template(text.replace(*words))

    def __add__(self, more):
        return Template(str(self) + more)


PIPELINE = Template("""
pipeline: test
listen: /openai
protocol: openai
upstream:
  url: {url}
  credential: env:TEST_CREDENTIAL{trust}
limits: {{ request: {request}, hold: {hold}, stream-idle: {idle}, request-time: {request_time}, response-time: {response_time} }}{policy}
stages:
  - authenticate: keys
  - guard: rules
    with:
      deny:
        - {{ name: no-bulk-export, text: "(?i)\\\\b(dump|export) all patients\\\\b" }}
  - detect: phi{detect}
  - mask: phi
  - score: phi{score}
  - gate: threshold
    with: {{ at: {at}, approvers: [officers], expires: 15m{gate} }}{shadows}
  - sink: file
    with: {{ directory: {evidence} }}
""")


class Gateway:
    def __init__(self, folder, upstream, **settings):
        self.data = folder / "data"
        self.upstream = upstream
        values = dict(request="64KiB", hold="1s", idle="2s", request_time="2s", response_time="2s", at=100, policy="")
        values.update(url=f"http://127.0.0.1:{upstream.port}", trust="")
        values.update(settings)
        self.pipeline = folder / "pipeline.yaml"
        self.pipeline.write_text(PIPELINE.format(evidence=folder / "evidence", **values))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = open(folder / "gateway.log", "wb")
        self.words = []
        self.environment = {}
        self.start()

    def start(self):
        self.said = os.path.getsize(self.log.name)
        self.process = subprocess.Popen(
            [SLUICE, "serve", self.pipeline, "--listen", f"127.0.0.1:{self.port}", "--data", self.data, *self.words],
            stdout=self.log, stderr=self.log, env={**os.environ, "TEST_CREDENTIAL": SECRET, **self.environment}, cwd=self.data.parent)
        self.wait_until_ready()

    def wait_until_ready(self):
        for _ in range(300):
            # It has to say so itself: another's stand-in may have taken the port.
            if b" serving " in pathlib.Path(self.log.name).read_bytes()[self.said:] and self.get("/readyz") == 200:
                return
            assert self.process.poll() is None, "the gateway ended: " + self.read_log()
            time.sleep(0.05)
        raise AssertionError("the gateway did not become ready")

    def read_log(self):
        return pathlib.Path(self.log.name).read_text()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}/openai/v1"

    def get(self, path):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def run(self, *words, env=None, check=True):
        done = subprocess.run([SLUICE, *map(str, words)], capture_output=True, text=True, env={**os.environ, **(env or {})})
        assert not check or done.returncode == 0, done.stderr
        return done

    def key(self, subject="ana", groups="engineers", expires="1h"):
        done = self.run("keys", "create", "--subject", subject, "--groups", groups, "--expires", expires, "--data", self.data, "--json")
        return json.loads(done.stdout)["key"]

    def approvals(self):
        return json.loads(self.run("approvals", "list", "--data", self.data, "--json").stdout)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(40) == 0, self.read_log()
        self.log.flush()

    def verify(self):
        return self.run("evidence", "verify", self.data, check=False)

    def records(self):
        found = []
        number = 0
        while True:
            done = self.run("evidence", "show", self.data, str(number), "--json", check=False)
            if done.returncode != 0:
                return found
            found.append(json.loads(done.stdout))
            number += 1

    def everything_on_disk(self):
        return b"".join(p.read_bytes() for p in self.data.parent.rglob("*") if p.is_file())


@pytest.fixture
def upstream():
    server = Upstream()
    yield server
    server.close()


@pytest.fixture
def make_gateway(tmp_path, upstream):
    made = []

    def make(**settings):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Gateway(folder, upstream, **settings))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()


@pytest.fixture
def gateway(make_gateway):
    return make_gateway()
