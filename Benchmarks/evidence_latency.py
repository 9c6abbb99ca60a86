#!/usr/bin/env python3
"""What durable evidence adds to an exchange: the same pipeline with records that are received, written or stable before it goes on.

    .build-python/bin/python Benchmarks/evidence_latency.py

One connection, one prompt of 2 KB, the levels in turn, three rounds, medians. Needs wrk (Debian). Prints Markdown.
"""
import json
import pathlib
import signal
import statistics
import subprocess
import tempfile

from run import FILLER, PROMPT, SLUICE, port, script, wait, wrk

ROUNDS, SECONDS = 3, 4


def serve(folder, level, upstream):
    own, number = folder / level, port()
    own.mkdir()
    (own / "pipeline.yaml").write_text(
        f"pipeline: bench\nlisten: /openai\nprotocol: openai\nupstream: {{ url: \"http://127.0.0.1:{upstream}\" }}\n"
        f"evidence: {{ before-upstream: {level}, before-response: {level} }}\n"
        "stages:\n  - authenticate: keys\n  - detect: phi\n  - mask: phi\n"
        f"  - sink: file\n    with: {{ directory: {own}/evidence }}\n")
    process = subprocess.Popen([SLUICE, "serve", own / "pipeline.yaml", "--listen", f"127.0.0.1:{number}", "--data", own / "data"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(number)
    key = json.loads(subprocess.run([SLUICE, "keys", "create", "--subject", "bench", "--data", own / "data", "--json"],
                                    capture_output=True, text=True, check=True).stdout)["key"]
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": (PROMPT + FILLER * 8)[:2190]}]})
    return process, f"http://127.0.0.1:{number}/openai/v1/chat/completions", script(own, "post", body, key)


def main():
    with tempfile.TemporaryDirectory(dir=SLUICE.parents[1]) as name:
        folder, upstream = pathlib.Path(name), port()
        processes = [subprocess.Popen([SLUICE, "stand-in", "--listen", f"127.0.0.1:{upstream}", "--plain"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
        wait(upstream)
        levels = {}
        try:
            for level in ("received", "written", "stable"):
                process, url, lua = serve(folder, level, upstream)
                processes.append(process)
                levels[level] = (url, lua, [])
            for _ in range(ROUNDS):
                for url, lua, found in levels.values():
                    found.append(wrk(url, lua, 1, SECONDS)[1:])
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(40)
    print("| records are … before an exchange goes on | p50 | p99 |\n|---|---|---|")
    for level, (_, _, found) in levels.items():
        print(f"| {level} | {statistics.median(p50 for p50, _ in found):.0f} µs | {statistics.median(p99 for _, p99 in found):.0f} µs |")


if __name__ == "__main__":
    main()
