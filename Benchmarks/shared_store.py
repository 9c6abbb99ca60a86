#!/usr/bin/env python3
"""Two gateways on one Postgres: from a decision to the request's way upstream, from a push to the policy in force, and what held
exchanges take.

    .build-python/bin/python Benchmarks/shared_store.py [--decisions 100] [--pushes 30] [--held 10000]

The moments of decisions and pushes are those of Postgres' commits (`track_commit_timestamp`), so that the command line's own start
doesn't count. Everything is on one machine. Prints Markdown.
"""
import argparse
import asyncio
import json
import pathlib
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
for folder in ("main_job", "sinks_postgres", "store"):
    sys.path.insert(0, str(ROOT / "Tests" / "Integration" / folder))

from postgres_server import PostgresServer  # noqa: E402
from replicas import RISKY, Replicas  # noqa: E402
from upstream import Upstream  # noqa: E402


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name, values):
    numbers = [percentile(values, share) * 1000 for share in (0.5, 0.99)] + [max(values) * 1000]
    print(f"| {name} | {len(values)} | " + " | ".join(f"{number:.1f} ms" for number in numbers) + " |")


def decisions(replicas, server, upstream, database, count):
    """Held on the second gateway, decided at the first's machine."""
    arrived = {}
    upstream.reply = lambda head, body: (arrived.setdefault(len(arrived), time.time()), upstream.whole("Yes."))[1]
    key, officer = replicas.key(), replicas.key("bo", "officers")
    took = []
    for number in range(count):
        arrived.clear()
        thread = threading.Thread(target=replicas.all[1].ask, args=(key, f"{RISKY} Number {number}."))
        thread.start()
        replicas.all[1].wait_for("sluice_exchanges_held", 1)
        approval = replicas.pending()[0]["id"]
        replicas.command("approvals", "approve", approval, env={"SLUICE_KEY": officer})
        thread.join()
        decided = float(server.psql(
            f"SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM sluice_store.decisions WHERE approval = '{approval}'", database))
        took.append(arrived[0] - decided)
    return took


def pushes(replicas, server, database, count):
    took = []
    for number in range(count):
        start = int(server.psql("SELECT max(version) FROM sluice_store.policyVersions", database))
        seen = {}

        def watch(index, gateway):
            while gateway.metric("sluice_policy_version") == start:
                time.sleep(0.002)
            seen[index] = time.time()

        threads = [threading.Thread(target=watch, args=pair) for pair in enumerate(replicas.all)]
        for thread in threads:
            thread.start()
        replicas.push(deny=f"word{number}")
        for thread in threads:
            thread.join()
        pushed = float(server.psql(
            "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM sluice_store.policyVersions ORDER BY version DESC LIMIT 1", database))
        took.append(max(seen.values()) - pushed)
    return took


def resident(gateway):
    """MiB."""
    for line in pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


PER_PERSON = 50  # as many as one may have that wait, where a pipeline says nothing else


async def hold(gateway, keys, count):
    async def one(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": f"{RISKY} Case {number}."}]}).encode()
        writer.write(b"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     + f"Authorization: Bearer {keys[number // PER_PERSON]}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        return reader, writer

    connections, before = [], resident(gateway)
    for start in range(0, count, 100):
        connections += await asyncio.gather(*(one(number) for number in range(start, min(start + 100, count))))
        while await asyncio.to_thread(gateway.metric, "sluice_exchanges_held") < start - 400:
            await asyncio.sleep(0.05)
    began = time.monotonic()
    while (held := await asyncio.to_thread(gateway.metric, "sluice_exchanges_held")) < count and time.monotonic() - began < 120:
        await asyncio.sleep(0.2)
    after = resident(gateway)
    for _, writer in connections:
        writer.close()
    return held, before, after


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--decisions", type=int, default=100)
    words.add_argument("--pushes", type=int, default=30)
    words.add_argument("--held", type=int, default=10_000)
    wanted = words.parse_args()
    server, upstream = PostgresServer(track_commit_timestamp="on"), Upstream()
    with tempfile.TemporaryDirectory() as folder:
        database = server.make_database("bench")
        replicas = Replicas(pathlib.Path(folder) / "r", upstream, server, database, 2, hold="900s")
        try:
            print("| from a commit in Postgres | times | median | p99 | worst |\n| --- | --- | --- | --- | --- |")
            row("decided at one, on its way upstream from the other", decisions(replicas, server, upstream, database, wanted.decisions))
            row("pushed, and in force on both", pushes(replicas, server, database, wanted.pushes))
            keys = [replicas.key(f"person{number}") for number in range(-(-wanted.held // PER_PERSON))]
            held, before, after = asyncio.run(hold(replicas.all[1], keys, wanted.held))
            print(f"\n{held} exchanges of {len(keys)} people held at once: {after:.0f} MiB resident, {before:.0f} MiB before; "
                  f"{(after - before) * 1024 / max(held, 1):.1f} KiB each.")
        finally:
            replicas.close()
            upstream.close()
            server.close()


if __name__ == "__main__":
    main()
