"""A gateway that is to be crashed, its load, and what must hold of its evidence afterwards."""
import gzip
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLUICE = ROOT / ".build" / "release" / "sluice"
VERIFIER = ROOT / "Tests" / "IndependentVerifier" / "verify_log.py"
TOKEN = re.compile(r"\btok[a-z]{10}\b")

PIPELINE = """
pipeline: crash
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:{upstream}" }}
limits: {{ request: 4MiB, response-time: 5s }}{evidence}
stages:
  - authenticate: keys
  - detect: phi
  - mask: phi
  - sink: file
    with: {{ directory: {sink} }}
"""


def token():
    """A word that nobody takes for anything, and that is found again."""
    return "tok" + "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=10))


class Upstream:
    """Answers each request, and keeps which tokens it was sent."""

    def __init__(self):
        self.seen = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        body = b'{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"noted"},"finish_reason":"stop"}]}'
        answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
        pending = b""
        with connection:
            try:
                while True:
                    while b"\r\n\r\n" not in pending:
                        if not (data := connection.recv(1 << 18)):
                            return
                        pending += data
                    head, pending = pending.split(b"\r\n\r\n", 1)
                    length = int(re.search(rb"content-length: *(\d+)", head.lower()).group(1))
                    while len(pending) < length:
                        if not (data := connection.recv(1 << 18)):
                            return
                        pending += data
                    self.seen.update(TOKEN.findall(pending[:length].decode(errors="replace")))
                    pending = pending[length:]
                    connection.sendall(answer)
            except OSError:
                return


class Load(threading.Thread):
    """One client: posts as fast as it's answered; what was answered with 200 it takes for recorded."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.stopped = site, False
        self.acknowledged, self.refused, self.codes = {}, 0, set()

    def run(self):
        connection = None
        while not self.stopped:
            word = token()
            # One in eight is large, so that segments change under load.
            text = f"note {word}" + (" plain" * 40_000 if random.random() < 0.125 else "")
            body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]})
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
                connection.request("POST", "/openai/v1/chat/completions", body, {"Authorization": f"Bearer {self.site.key}", "Content-Type": "application/json"})
                answer = connection.getresponse()
                content = answer.read()
                if answer.status == 200:
                    self.acknowledged[answer.headers["x-sluice-exchange"]] = word
                else:
                    self.refused += 1
                    self.codes.add(json.loads(content)["error"]["code"])
                    time.sleep(0.01)
            except (OSError, http.client.HTTPException):
                connection = None
                time.sleep(0.005)


class Site:
    """One data directory and what was done with it, until it is checked and thrown away."""

    def __init__(self, upstream, folder=None, evidence=""):
        upstream.seen.clear()
        self.upstream, self.folder = upstream, pathlib.Path(folder or tempfile.mkdtemp(prefix="sluice-crash-"))
        self.data, self.sink = self.folder / "data", self.folder / "sink"
        self.pipeline = self.folder / "pipeline.yaml"
        self.pipeline.write_text(PIPELINE.format(upstream=upstream.port, sink=self.sink, evidence=evidence))
        self.key, self.process, self.kept = None, None, None
        self.acknowledged = {}
        self.codes = set()

    def start(self, environment=None, wait=True, preexec=None):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = open(self.folder / "gateway.log", "ab")
        self.process = subprocess.Popen(
            [SLUICE, "serve", self.pipeline, "--listen", f"127.0.0.1:{self.port}", "--data", self.data, "--loops", "2"],
            stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})}, preexec_fn=preexec)
        if wait:
            for _ in range(600):
                if self.ready() == 200:
                    break
                assert self.process.poll() is None, self.text()
                time.sleep(0.02)
            else:
                raise AssertionError("the gateway did not become ready: " + self.text())
            if self.key is None:
                self.key = json.loads(self.run("keys", "create", "--subject", "ana", "--data", self.data, "--json").stdout)["key"]
                time.sleep(0.3)

    def ready(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def text(self):
        return (self.folder / "gateway.log").read_text(errors="replace")[-2000:]

    def run(self, *words, check=True):
        done = subprocess.run([SLUICE, *map(str, words)], capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stderr
        return done

    def load(self, clients, seconds, end):
        """Loads the gateway for so long, then calls `end` while the load goes on."""
        threads = [Load(self) for _ in range(clients)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        end()
        for thread in threads:
            thread.stopped = True
        for thread in threads:
            thread.join(30)
            self.acknowledged.update(thread.acknowledged)
            self.codes |= thread.codes

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.text()
        self.log.close()

    def check(self):
        """What must hold, whatever happened: returns the figures of what was found."""
        verified = self.run("evidence", "verify", self.data, "--json", *(["--checkpoint", self.kept] if self.kept else []), check=False)
        report = json.loads(verified.stdout)
        assert report["verdict"] == "whole", report
        # A checkpoint that an auditor has kept must hold for ever after.
        text = (self.data / "log" / "checkpoints").read_text()
        notes = re.findall("sluice/[^\n]*\n\\d+\n[^\n]*\n\n(?:\u2014 [^\n]*\n)+", text)
        self.kept = self.folder / "kept"
        self.kept.write_text(notes[-1])
        lines = self.run("evidence", "export", self.data).stdout.splitlines()
        steps, tokens, doubled = {}, set(), 0
        for number, line in enumerate(lines):
            record = json.loads(line)
            assert record["sequence"] == number, f"record {record['sequence']} stands at {number}"
            exchange, kind = record.get("exchange"), record["type"]
            if exchange is None:
                continue
            seen = steps.setdefault(exchange, [])
            doubled += kind in seen
            seen.append(kind)
            if kind == "request":
                tokens.update(TOKEN.findall(record["data"]["transcript"]))
        lost = [e for e in self.acknowledged if steps.get(e) != ["request", "decision", "upstream", "response"]]
        unrecorded = self.upstream.seen - tokens
        assert not doubled, f"{doubled} records are there twice"
        assert not lost, f"{len(lost)} acknowledged exchanges are not on record: {[(e, steps.get(e)) for e in lost[:3]]}"
        assert not unrecorded, f"{len(unrecorded)} requests went upstream that are not on record"
        return len(lines), lines

    def check_sink(self, lines):
        """The sink holds each record once, in order, as the log has it."""
        given, texts = [], {}
        for file in sorted(self.sink.glob("*.jsonl")) + sorted(self.sink.glob("*.jsonl.gz")):
            text = (gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()).decode()
            # A file may stand beside its own archive for a moment, which is then the same.
            assert texts.setdefault(file.name.removesuffix(".gz"), text) == text
        for _, text in sorted(texts.items()):
            given += text.splitlines()
        assert given == lines, f"the sink has {len(given)} lines, the log {len(lines)} records"

    def independent(self):
        done = subprocess.run([sys.executable, VERIFIER, self.data / "log"], capture_output=True, text=True)
        assert json.loads(done.stdout)["verdict"] == "whole", done.stdout

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
