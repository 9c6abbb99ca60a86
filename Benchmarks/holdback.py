#!/usr/bin/env python3
"""How much of an answer's text is held back while it streams, and what a token's way through Sluice adds.

    python3 Benchmarks/holdback.py

An upstream sends ordinary prose word by word, one event every 5 ms; after each word the client says how many bytes of the text
sent so far it has not got. Prints Markdown.
"""
import http.client
import json
import pathlib
import socket
import socketserver
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUICE = ROOT / ".build" / "release" / "sluice"
PROSE = ("The plan is to continue the present treatment, to add a low dose of aspirin, and to review the results in clinic. Physical "
         "examination shows normal heart sounds and clear lungs on both sides; laboratory results were within normal limits. The function "
         "reads each line of the file, splits it at commas, and returns a list of records. If the list is empty, it raises an error that "
         "says which file was read. You can call it from the command line, or import it from another module and pass a path. ") * 4
WORDS = [word if index == 0 else " " + word for index, word in enumerate(PROSE.split())]

sent = {"bytes": 0, "at": 0.0}


class Upstream(socketserver.StreamRequestHandler):
    def handle(self):
        length = 0
        while (line := self.rfile.readline().strip()):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")

        def put(data):
            event = b"data: " + data + b"\n\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))

        for word in WORDS:
            sent["bytes"] += len(word.encode())
            sent["at"] = time.perf_counter()
            put(json.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                            "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}).encode())
            time.sleep(0.005)
        put(b"[DONE]")
        self.wfile.write(b"0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def stream(number, path, key):
    """Bytes held back after each event, and seconds from the sending of a word to its event's arrival."""
    sent["bytes"] = 0
    connection = http.client.HTTPConnection("127.0.0.1", number)
    connection.request("POST", path, json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "hello"}]}),
                       {"content-type": "application/json", "authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    got, held, delays = 0, [], []
    while line := answer.readline():
        if not line.startswith(b"data: {"):
            continue
        delays.append(time.perf_counter() - sent["at"])
        before = sent["bytes"]
        got += len(json.loads(line[6:])["choices"][0]["delta"].get("content", "").encode())
        held.append(before - got)
    connection.close()
    return held, delays


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    server = Server(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    up, down = server.server_address[1], port()
    (folder / "p.yaml").write_text(f"""
pipeline: holdback
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
    gateway = subprocess.Popen([SLUICE, "serve", folder / "p.yaml", "--listen", f"127.0.0.1:{down}", "--data", folder / "data"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{down}/readyz")
                break
            except OSError:
                time.sleep(0.05)
        direct, through, held = [], [], []
        for _ in range(3):
            direct += stream(up, "/v1/chat/completions", key)[1]
            more, delays = stream(down, "/openai/v1/chat/completions", key)
            held += more
            through += delays
        print("| | p50 | p99 |")
        print("|---|---|---|")
        print(f"| bytes held back after an event | {percentile(held, 0.5)} | {percentile(held, 0.99)} |")
        print(f"| an event's way without Sluice | {statistics.median(direct) * 1e6:.0f} µs | {percentile(direct, 0.99) * 1e6:.0f} µs |")
        print(f"| an event's way through Sluice | {statistics.median(through) * 1e6:.0f} µs | {percentile(through, 0.99) * 1e6:.0f} µs |")
    finally:
        gateway.terminate()
        gateway.wait()


main()
