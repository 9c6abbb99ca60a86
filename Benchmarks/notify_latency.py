#!/usr/bin/env python3
"""From a held request to the notification at its service: how long people don't know yet that somebody waits for them.

    .build-python/bin/python Benchmarks/notify_latency.py [--requests 200] [--postgres]

Each request is one that the gate holds; the webhook stand-in on loopback notes when its notification has arrived. The time is
taken from the moment before the request is sent, so that masking, the store and the record are in it. Prints a line of Markdown.
"""
import argparse
import json
import os
import pathlib
import random
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
for folder in ("main_job", "notify", "sinks_postgres", "store"):
    sys.path.insert(0, str(ROOT / "Tests" / "Integration" / folder))

import main_gateway  # noqa: E402
from notify_services import Webhook  # noqa: E402
from upstream import Upstream  # noqa: E402


class Arrivals(Webhook):
    def __init__(self):
        super().__init__()
        self.arrived = threading.Event()

    def answer(self, request):
        now = time.monotonic()
        answer = super().answer(request)
        if json.loads(request["body"])["type"] == "approval.asked":
            self.at = now
            self.arrived.set()
        return answer


def ask(gateway, key, text):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
    body = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": text}]})
    connection.request("POST", "/openai/v1/chat/completions", body, {"authorization": f"Bearer {key}", "content-type": "application/json"})
    connection.getresponse().read()


def measure(gateway, key, hook, count):
    took = []
    for number in range(count):
        hook.arrived.clear()
        # At any time of whatever beats inside.
        time.sleep(random.random() / 2)
        began = time.monotonic()
        thread = threading.Thread(
            target=ask, args=(gateway, key, f"Patient Margaret Holloway, MRN 4482913, SSN 536-22-8719, phone (217) 555-0143. Number {number}."))
        thread.start()
        assert hook.arrived.wait(30), gateway.read_log()
        took.append((hook.at - began) * 1000)
        thread.join()
    return sorted(took)


def on_sqlite(folder, upstream):
    gateway = main_gateway.Gateway(folder, upstream, at=30, hold="1s")
    return gateway, gateway.key(), gateway.stop


def on_postgres(folder, upstream):
    import replicas
    from postgres_server import PostgresServer

    replicas.PIPELINE = main_gateway.PIPELINE
    server = PostgresServer()
    server.make_database("notify")
    made = replicas.Replicas(folder, upstream, server, "notify", count=1, hold="1s")

    def stop():
        made.all[0].stop()
        server.close()

    return made.all[0], made.key(), stop


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--requests", type=int, default=200)
    arguments.add_argument("--postgres", action="store_true", help="on a shared store, in a Postgres of its own")
    options = arguments.parse_args()
    hook = Arrivals()
    os.environ.update({"HOOK": hook.SECRET})
    main_gateway.PIPELINE = main_gateway.PIPELINE.replace(
        "  - sink: file", f"  - notify: webhook\n    with: {{{{ url: '{hook.url}', secret: env:HOOK }}}}\n  - sink: file")
    with tempfile.TemporaryDirectory() as folder:
        upstream = Upstream()
        made = on_postgres(pathlib.Path(folder), upstream) if options.postgres else on_sqlite(pathlib.Path(folder), upstream)
        gateway, key, stop = made
        try:
            took = measure(gateway, key, hook, options.requests)
        finally:
            stop()
            hook.close()
    cells = [took[len(took) // 2], took[int(len(took) * 0.99)], took[-1]]
    print(f"| {'Postgres' if options.postgres else 'SQLite'} | {len(took)} | " + " | ".join(f"{cell:.0f} ms" for cell in cells) + " |")


if __name__ == "__main__":
    main()
