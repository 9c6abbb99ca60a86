#!/usr/bin/env python3
"""Many concurrent streams through Sluice, beside the same ones without it: how late each event comes, and the memory.

    python3 Benchmarks/streams.py [STREAMS...]      (2000 and 200 without a word)

One event every 20 ms and stream; upstream, gateway and client share the machine. Prints Markdown.
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUICE = ROOT / ".build" / "release" / "sluice"
SECONDS = int(os.environ.get("SECONDS", "10"))


def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    tool = folder / "streams"
    subprocess.run(["cc", "-O2", "-o", tool, ROOT / "Benchmarks" / "streams.c"], check=True)
    up, down = port(), port()
    upstream = subprocess.Popen([tool, "upstream", str(up)])
    (folder / "pipeline.yaml").write_text(f"""
pipeline: streams
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:{up}" }}
stages:
  - authenticate: keys
  - detect: phi
  - mask: phi
  - sink: file
    with: {{ directory: {folder / "evidence"} }}
""")
    key = json.loads(subprocess.run([SLUICE, "keys", "create", "--subject", "bench", "--data", folder / "data", "--json"],
                                    check=True, capture_output=True, text=True).stdout)["key"]
    gateway = subprocess.Popen([SLUICE, "serve", folder / "pipeline.yaml", "--listen", f"127.0.0.1:{down}", "--data", folder / "data"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{down}/readyz")
                break
            except OSError:
                time.sleep(0.05)
        print("| streams | through | whole | failed | events | late p50 | late p99 | late max | gateway CPU | memory a stream |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        for streams in [int(word) for word in sys.argv[1:]] or [2000, 200]:
            for name, number, path in (("nothing", up, "/v1/chat/completions"), ("Sluice", down, "/openai/v1/chat/completions")):
                before, used = memory(gateway.pid), cpu(gateway.pid)
                client = subprocess.Popen([tool, "client", str(number), path, key, str(streams), str(SECONDS)], stdout=subprocess.PIPE, text=True)
                peak = before
                while client.poll() is None:
                    peak = max(peak, memory(gateway.pid))
                    time.sleep(0.2)
                got = json.loads(client.stdout.read())
                spent = cpu(gateway.pid) - used
                print(f"| {streams} | {name} | {got['done']} | {got['failed']} | {got['events']} | {got['late_p50_us']} µs | {got['late_p99_us']} µs "
                      f"| {got['late_max_us']} µs | {spent:.1f} s | {(peak - before) / streams / 1024:.1f} KiB |", flush=True)
    finally:
        gateway.terminate()
        gateway.wait()
        upstream.kill()


main()
