"""Versions of the policy: pushed, compared, rolled back, and in force within two seconds without a dropped connection."""
import http.client
import json
import re
import socket
import threading
import time
import urllib.request

import pytest

from main_gateway import Gateway, PIPELINE

DENIED = re.compile("no-bulk-export")


def body(text, stream=False):
    return json.dumps({"model": "m", "stream": stream, "messages": [{"role": "user", "content": text}]})


class Site:
    """A gateway whose policy can be changed."""

    def __init__(self, folder, upstream):
        self.folder, self.upstream = folder, upstream
        self.gateway = Gateway.__new__(Gateway)
        self.gateway.data = folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.gateway.port = probe.getsockname()[1]
        self.gateway.log = open(folder / "gateway.log", "wb")
        self.gateway.environment = {}
        self.files = folder / "pipelines"
        self.files.mkdir()

    def text(self, deny="dump", evidence="evidence", more=""):
        text = PIPELINE.format(
            evidence=self.folder / evidence, url=f"http://127.0.0.1:{self.upstream.port}", trust="", request="64KiB", hold="1s", idle="60s",
            request_time="60s", response_time="60s", at=100, policy="")
        return text.replace("(dump|export)", f"({deny})") + more

    def write(self, name="one.yaml", **settings):
        (self.files / name).write_text(self.text(**settings))

    def serve(self, *words):
        self.gateway.pipeline, *rest = words or ["--drain=10"]
        self.gateway.words = rest
        self.gateway.start()

    def policy(self, *words, check=True):
        return self.gateway.run("policy", *words, "--data", self.gateway.data, check=check)

    def push(self, *words, check=True):
        return self.policy("push", self.files, *words, check=check)

    def metric(self, name):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.gateway.port}/metrics").read().decode()
        return int(re.search(rf"^{name} (\d+)$", text, re.M).group(1))

    def in_force(self, version, within=2.0):
        """How long it took until that version was in force, in seconds."""
        start = time.monotonic()
        while self.metric("sluice_policy_version") != version:
            assert time.monotonic() - start < within * 10, self.gateway.read_log()
            time.sleep(0.01)
        return time.monotonic() - start

    def ask(self, text, key, connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=90)
        own.request("POST", "/openai/v1/chat/completions", body(text), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        answer = own.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def site(tmp_path, upstream):
    made = Site(tmp_path, upstream)
    yield made
    process = getattr(made.gateway, "process", None)
    if process and process.poll() is None:
        process.kill()
        process.wait()


def test_a_pushed_policy_is_taken_up_while_streams_go_on(site, upstream):
    site.write(deny="dump")
    site.push("--comment", "the first")
    site.serve()
    key = site.gateway.key()
    go_on = threading.Event()
    data = upstream.events(["The heart sounds are normal. ", "Nothing else was found, and the plan does not change."])
    half = len(data) // 2
    upstream.reply = lambda head, asked: (
        [*upstream.stream(data, [half])[:2], lambda: go_on.wait(60) and b"" or b"", *upstream.stream(data, [half])[2:]]
        if b'"stream": true' in asked else upstream.whole("Yes."))
    ended = []

    def stream():
        connection = http.client.HTTPConnection("127.0.0.1", site.gateway.port, timeout=90)
        connection.request("POST", "/openai/v1/chat/completions", body("Please export all patients", True),
                           {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        ended.append((answer.status, answer.read()))

    threads = [threading.Thread(target=stream) for _ in range(200)]
    for thread in threads:
        thread.start()
    while site.metric("sluice_exchanges_in_flight") < 200:
        time.sleep(0.02)
    kept = http.client.HTTPConnection("127.0.0.1", site.gateway.port, timeout=90)
    assert site.ask("export all patients", key, kept)[0] == 200

    site.write(deny="export")
    site.push("--comment", "exports are denied, too", "--author", "Ana Privacy")
    site.in_force(2)
    old = kept.sock
    status, answer = site.ask("export all patients", key, kept)
    assert status == 403 and DENIED.search(answer)
    assert kept.sock is old, "the client's connection was dropped"
    assert site.metric("sluice_policy_old_pipelines") == 1

    go_on.set()
    for thread in threads:
        thread.join()
    assert [status for status, _ in ended] == [200] * 200
    assert all(b"the plan does not" in answer and answer.endswith(b"data: [DONE]\n\n") for _, answer in ended)
    site.gateway.stop()
    assert site.gateway.verify().returncode == 0
    records = site.gateway.records()
    changed = [record["data"] for record in records if record["type"] == "policy.changed"]
    assert [(data["version"], data["author"], data["comment"]) for data in changed][1] == (2, "Ana Privacy", "exports are denied, too")
    asked = [record["data"]["policy"]["version"] for record in records if record["type"] == "request"]
    assert asked.count(1) == 201 and asked[-1] == 2
    under = {record["data"]["policy"]["digest"] for record in records if record["type"] == "request" and record["data"]["policy"]["version"] == 1}
    assert under == {changed[0]["digest"]}


def test_a_policy_with_a_mistake_changes_nothing(site):
    site.write()
    site.push()
    site.serve()
    key = site.gateway.key()
    site.write(more="stagess: []\n")
    done = site.push(check=False)
    assert done.returncode == 1
    assert re.search(r"one\.yaml:\d+:\d+: error: .*stagess", done.stderr), done.stderr
    assert [version["version"] for version in json.loads(site.policy("list", "--json").stdout)] == [1]
    assert site.ask("hello", key)[0] == 200 and site.metric("sluice_policy_version") == 1


def test_what_this_gateway_cannot_serve_leaves_the_old_policy_in_force(site):
    site.write()
    site.push()
    site.serve()
    key = site.gateway.key()
    (site.files / "one.yaml").write_text(site.text().replace("env:TEST_CREDENTIAL", "env:NOT_HERE"))
    site.push()
    while site.metric("sluice_policy_behind") == 0:
        time.sleep(0.02)
    assert site.metric("sluice_policy_version") == 1 and site.ask("hello", key)[0] == 200
    assert "NOT_HERE" in site.gateway.read_log()
    site.policy("roll-back", "1")
    site.in_force(3)
    assert site.metric("sluice_policy_behind") == 0


def test_history_is_kept_compared_and_rolled_back(site):
    site.write(deny="dump")
    assert "Version 1 is in force" in site.push("--comment", "one").stdout
    assert "Nothing changed" in site.push().stdout
    site.write(deny="export")
    dry = site.push("--dry-run").stdout
    assert "+" in dry and "would be a new version" in dry
    assert len(json.loads(site.policy("list", "--json").stdout)) == 1
    pushed = site.push("--comment", "two").stdout
    assert re.search(r'^-.*\(dump\)', pushed, re.M) and re.search(r'^\+.*\(export\)', pushed, re.M)
    diff = site.policy("diff", "1", "2").stdout
    assert diff.count("\n@@ ") == 1 and diff.startswith("--- ")
    assert site.policy("diff", "2").stdout == "No difference.\n"
    assert "(dump)" in site.policy("show", "1").stdout and "(export)" in site.policy("show").stdout
    back = json.loads(site.policy("roll-back", "1", "--comment", "too strict", "--json").stdout)
    assert (back["version"], back["comment"]) == (3, "roll-back to version 1: too strict")
    versions = json.loads(site.policy("list", "--json").stdout)
    assert [version["version"] for version in versions] == [3, 2, 1]
    assert versions[0]["digest"] == versions[2]["digest"] != versions[1]["digest"]
    done = site.policy("show", "9", check=False)
    assert done.returncode != 0 and "policy list" in done.stderr


def test_nothing_was_pushed(site):
    done = site.gateway.run("serve", "--listen", "127.0.0.1:0", "--data", site.gateway.data, check=False)
    assert done.returncode == 1 and "policy push" in done.stderr


def test_a_watched_folder(site):
    site.write(deny="dump")
    site.serve(site.files, "--watch")
    key = site.gateway.key()
    assert site.ask("export all patients", key)[0] == 200
    (site.files / "one.yaml").write_text("pipeline: [")
    while site.metric("sluice_policy_behind") == 0:
        time.sleep(0.02)
    assert site.ask("export all patients", key)[0] == 200
    site.write(deny="export")
    site.in_force(2)
    assert site.ask("export all patients", key)[0] == 403 and site.metric("sluice_policy_behind") == 0
    # A second pipeline comes, and goes.
    (site.files / "two.yaml").write_text(site.text().replace("pipeline: test", "pipeline: second").replace("listen: /openai", "listen: /second"))
    site.in_force(3)
    assert site.gateway.get("/second/v1/models") == 401
    (site.files / "two.yaml").unlink()
    site.in_force(4)
    assert site.gateway.get("/second/v1/models") == 404
    site.gateway.stop()


def test_a_protocol_file_is_part_of_the_policy(site, upstream):
    shown = site.gateway.run("protocols", "show", "openai").stdout
    (site.folder / "own.yaml").write_text(shown.replace("protocol: openai", "protocol: own"))
    (site.files / "one.yaml").write_text(site.text().replace("protocol: openai", "protocol: ../own.yaml"))
    site.push()
    (site.folder / "own.yaml").unlink()
    site.serve()
    assert site.ask("hello", site.gateway.key())[0] == 200


def test_sinks_that_change_begin_and_the_others_go_on(site):
    site.write(evidence="before")
    site.push()
    site.serve()
    key = site.gateway.key()
    assert site.ask("hello", key)[0] == 200
    site.write(evidence="after")
    (site.files / "two.yaml").write_text(
        site.text(evidence="second").replace("pipeline: test", "pipeline: second").replace("listen: /openai", "listen: /second"))
    site.push()
    site.in_force(2)
    assert site.ask("hello again", key)[0] == 200
    site.write(deny="export", evidence="after")
    site.push()
    site.in_force(3)
    assert site.ask("and again", key)[0] == 200
    site.gateway.stop()
    size = len(site.gateway.records())

    def kept(name):
        lines = b"".join(path.read_bytes() for path in sorted((site.folder / name).rglob("*.jsonl"))).splitlines()
        return [json.loads(line)["sequence"] for line in lines]

    assert kept("before") == list(range(len(kept("before")))) and 0 < len(kept("before")) < size
    # What begins later gets all from the first record on, each once.
    assert kept("after") == list(range(size)) and kept("second") == list(range(size))
