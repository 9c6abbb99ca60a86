#!/usr/bin/env python3
"""The gateway's throughput with its detector in a process of its own, against the same in the gateway's process.

    .build-python/bin/python Benchmarks/isolation/throughput.py [--rounds 5] [--seconds 5] [--connections 32]

Two gateways that differ in `isolation:` of `detect: phi` alone take turns in one run, so that the ratio counts, whatever
else the machine does. Each request's text is a new one: of texts seen before the findings are remembered, and no detector
is asked. Needs wrk (Debian) and a release build.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import run as bench  # noqa: E402

PLACEMENTS = {"in process": "none", "isolated": "process"}


def script(folder, key, size):
    """One text after another, each with a number of its own in front and of about `size` bytes."""
    text = (bench.PROMPT + bench.FILLER * (size // len(bench.FILLER) + 1))[:size]
    body = json.dumps({"model": "m", "messages": [{"role": "system", "content": "You are a clinical assistant."},
                                                  {"role": "user", "content": "Visit NUMBER. " + text}]})
    before, after = body.split("NUMBER")
    path = folder / f"{size}.lua"
    path.write_text(f"""
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer {key}"
local number = {int.from_bytes(os.urandom(4), "big")}
request = function()
  number = number + 1
  return wrk.format(nil, nil, nil, {json.dumps(before)} .. number .. {json.dumps(after)})
end
""")
    return path


def processor_seconds(process):
    """Of a gateway and of its children, so far."""
    def own(number):
        fields = pathlib.Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    tasks = pathlib.Path(f"/proc/{process}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    return own(process) + sum(own(child) for child in children)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 2000, 32000])
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    processes = []

    def start(*words):
        log = open(folder / f"{len(processes)}.log", "wb")
        processes.append(subprocess.Popen(list(map(str, words)), stdout=log, stderr=log))
        return processes[-1]

    try:
        upstream = bench.port()
        start(bench.SLUICE, "stand-in", "--listen", f"127.0.0.1:{upstream}", "--plain")
        bench.wait(upstream)
        gateways = {}
        for name, isolation in PLACEMENTS.items():
            data, number = folder / isolation, bench.port()
            (folder / f"{isolation}.yaml").write_text(
                f"pipeline: bench\nlisten: /openai\nprotocol: openai\nupstream: {{ url: \"http://127.0.0.1:{upstream}\" }}\n"
                f"stages:\n  - authenticate: keys\n  - detect: phi\n    isolation: {isolation}\n  - mask: phi\n"
                f"  - sink: file\n    with: {{ directory: {data}-evidence }}\n")
            process = start(bench.SLUICE, "serve", folder / f"{isolation}.yaml", "--listen", f"127.0.0.1:{number}",
                            "--data", data, "--loops", "2")
            bench.wait(number)
            key = json.loads(subprocess.run([bench.SLUICE, "keys", "create", "--subject", "bench", "--data", data, "--json"],
                                            capture_output=True, text=True, check=True).stdout)["key"]
            gateways[name] = (f"http://127.0.0.1:{number}/openai/v1/chat/completions", key, process.pid)
        print("| text | | requests/s, median | p50 | p99 | CPU a request |\n|---|---|---|---|---|---|")
        for size in options.sizes:
            rates = {name: [] for name in gateways}
            seconds = dict.fromkeys(gateways, 0.0)
            middles, tails = {name: [] for name in gateways}, {name: [] for name in gateways}
            ratios = []
            for number in range(options.rounds):
                # In turns of both orders: what drifts drifts for both.
                for name in list(gateways)[:: 1 if number % 2 == 0 else -1]:
                    url, key, process = gateways[name]
                    before = processor_seconds(process)
                    rate, middle, tail = bench.wrk(url, script(folder, key, size), options.connections, options.seconds)
                    seconds[name] += processor_seconds(process) - before
                    rates[name].append(rate), middles[name].append(middle), tails[name].append(tail)
                ratios.append(rates["isolated"][-1] / rates["in process"][-1])
            for name in gateways:
                count = sum(rates[name]) * options.seconds
                print(f"| {size} bytes | {name} | {statistics.median(rates[name]):.0f} | {statistics.median(middles[name]) / 1000:.1f} ms "
                      f"| {statistics.median(tails[name]) / 1000:.1f} ms | {seconds[name] / count * 1e6:.0f} µs |")
            print(f"| {size} bytes | ratio, median of {options.rounds} rounds | **{statistics.median(ratios):.2f}** "
                  f"({min(ratios):.2f} to {max(ratios):.2f}) | | | |", flush=True)
    finally:
        bench.stop(processes)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
