"""Gateways on one store: each with a data directory of its own, and the same secrets."""
import http.client
import json
import re
import shutil
import socket
import time
import urllib.request

from main_gateway import PIPELINE, Gateway

RISKY = "Patient Margaret Holloway, MRN 4482913, SSN 536-22-8719, phone (217) 555-0143."


class Replica(Gateway):
    def __init__(self, folder, upstream, place, words):
        folder.mkdir(parents=True)
        self.data, self.upstream, self.place = folder / "data", upstream, place
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = open(folder / "gateway.log", "ab")
        # The newest policy of the store is served.
        self.pipeline, self.words, self.environment = "--drain=5", ["--store", place, *words], {}

    def ask(self, key, text=RISKY, stream=False, connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"model": "m", "stream": stream, "messages": [{"role": "user", "content": text}]})
        connection.request("POST", "/openai/v1/chat/completions", body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def metric(self, name):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10).read().decode()
        return int(re.search(rf"^{name} (\d+)$", text, re.M).group(1))

    def wait_for(self, name, value, seconds=20):
        """Until a figure has a value; how long that took, in seconds."""
        start = time.monotonic()
        while self.metric(name) != value:
            assert time.monotonic() - start < seconds, f"{name} is {self.metric(name)}, not {value}\n{self.read_log()}"
            time.sleep(0.005)
        return time.monotonic() - start

    def until_known(self, key):
        """A shared store tells of a new key at once; no request waits for it."""
        end = time.monotonic() + 10
        while self.ask(key, "Hello.")[0] in (401, 503):
            assert time.monotonic() < end, "the key is not known: " + self.read_log()
            time.sleep(0.01)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Replicas:
    def __init__(self, folder, upstream, server, database, count, words=(), user="postgres", **settings):
        self.place = f"postgres://{user}@{server.address}:{server.port}/{database}"
        self.folder, self.upstream = folder, upstream
        # One policy for all: each gateway's own evidence is where it was started.
        self.settings = dict(at=30, hold="20s", idle="60s", request_time="60s", response_time="60s", request="64KiB", policy="", trust="",
                             url=f"http://127.0.0.1:{upstream.port}", evidence="evidence") | settings
        self.all = [Replica(folder / str(number), upstream, self.place, words) for number in range(count)]
        first = self.all[0]
        self.push()
        for replica in self.all:
            replica.start()
            if replica is not first:
                continue
            for other in self.all[1:]:
                shutil.copytree(first.data / "secrets", other.data / "secrets")

    def push(self, deny="dump", **settings):
        text = PIPELINE.format(**(self.settings | settings)).replace("(dump|export)", f"({deny})")
        (self.folder / "policy.yaml").write_text(text)
        return self.command("policy", "push", self.folder / "policy.yaml")

    def command(self, *words, by=0, check=True, env=None):
        """At one of the machines."""
        replica = self.all[by]
        replica.data.mkdir(mode=0o700, exist_ok=True)
        return replica.run(*words, "--data", replica.data, "--store", self.place, check=check, env=env)

    def key(self, subject="ana", groups="engineers"):
        key = json.loads(self.command("keys", "create", "--subject", subject, "--groups", groups, "--expires", "1h", "--json").stdout)["key"]
        for replica in self.all:
            replica.until_known(key)
        return key

    def pending(self, by=0, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            waiting = json.loads(self.command("approvals", "list", "--state", "pending", "--json", by=by).stdout)
            if waiting:
                return waiting
            time.sleep(0.02)
        raise AssertionError("nothing waits")

    def close(self):
        for replica in self.all:
            process = getattr(replica, "process", None)
            if process and process.poll() is None:
                process.kill()
                process.wait()
