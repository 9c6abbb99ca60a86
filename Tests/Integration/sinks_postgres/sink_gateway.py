"""A gateway whose evidence goes to PostgreSQL, and what tests ask about it."""
import http.client
import json
import re
import threading
import time
import urllib.request

from main_gateway import Gateway

WRITER = "secret-of-the-writer"

SINK = """  - sink: postgres
    with:
      host: 127.0.0.1
      port: {port}
      database: {database}
      user: {user}
{more}"""


def sink(server, database, user="postgres", **more):
    lines = "".join(f"      {name.replace('_', '-')}: {value}\n" for name, value in more.items())
    return SINK.format(port=server.port, database=database, user=user, more=lines)


class SinkGateway(Gateway):
    """`sink`: the stage, as text."""

    def __init__(self, folder, upstream, sink, **settings):
        self.sink = sink
        super().__init__(folder, upstream, **settings)

    def start(self):
        text = self.pipeline.read_text()
        self.pipeline.write_text(text[:text.index("  - sink:")] + self.sink)
        self.environment.setdefault("WRITER_PASSWORD", WRITER)
        super().start()

    def url(self, server, database):
        return f"postgres://postgres@127.0.0.1:{server.port}/{database}"

    def public_key(self):
        return (self.data / "log" / "checkpoint.pub").read_text()

    def lag(self):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5).read().decode()
        return int(re.search(r'^sluice_sink_lag_records\{sink="test-postgres-\d"\} (\d+)', text, re.MULTILINE).group(1))

    def wait_until_caught_up(self, seconds=60):
        for _ in range(seconds * 10):
            if self.lag() == 0:
                return
            time.sleep(0.1)
        raise AssertionError(f"the sink lags {self.lag()} records behind: " + self.read_log())

    def verify_sink(self, url, key=None):
        done = self.run("evidence", "verify", url, "--key", key or self.public_key(), "--json", check=False)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def verify_log(self):
        return json.loads(self.run("evidence", "verify", self.data, "--json", check=False).stdout)

    def is_whole_in(self, url):
        """Every record is there, once, in order, and a signed checkpoint says so of all of them."""
        report, log = self.verify_sink(url), self.verify_log()
        assert report["verdict"] == "whole", report
        assert log["verdict"] == "whole", log
        assert report["records"] == report["covered"] == log["records"], (report, log)
        return report["records"]


class Load:
    """Clients that ask as fast as they are answered, until they are told to stop. What fails while a gateway is dead is asked again."""

    NOTE = "Mrs. Margaret Holloway, SSN 219-09-9999, was seen on 03/14/2024 for chest pain."

    def __init__(self, gateway, clients=4):
        self.gateway, self.answered, self.failed = gateway, 0, 0
        self.key = gateway.key("ana@example.org")
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def _run(self):
        connection = None
        while not self.stopping.is_set():
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=10)
                body = json.dumps({"model": "m", "messages": [{"role": "user", "content": self.NOTE}]})
                connection.request("POST", "/openai/v1/chat/completions", body, {
                    "Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
                self.answered += 1
            except (OSError, http.client.HTTPException):
                self.failed += 1
                connection = None
                time.sleep(0.02)

    def wait_for(self, count, seconds=60):
        wanted = self.answered + count
        for _ in range(seconds * 50):
            if self.answered >= wanted:
                return
            time.sleep(0.02)
        raise AssertionError(f"{self.answered} answers, {self.failed} failures; {wanted} answers were wanted")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(20)
        return self.answered
