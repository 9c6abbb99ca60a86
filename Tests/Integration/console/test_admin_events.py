"""Approvals and policies as they happen: who hears what, from where on, how many may listen, and when it ends."""
import json
import os
import queue
import subprocess
import threading
import time
import urllib.error
import urllib.request

import openai
import pytest

from main_gateway import SLUICE
from test_admin_routes import PATIENT, ask


class Listener:
    """Reads a stream in the background."""

    def __init__(self, gateway, key, last=None, seconds=60):
        fields = {"authorization": f"Bearer {key}", **({"last-event-id": last} if last else {})}
        request = urllib.request.Request(f"{gateway.address}/api/v1/events?seconds={seconds}", headers=fields)
        self.answer = urllib.request.urlopen(request, timeout=30)
        self.events, self.last, self.isOver = queue.Queue(), None, threading.Event()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        fields = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "event" in fields:
                    self.last = fields.get("id", self.last)
                    self.events.put((fields["event"], json.loads(fields["data"])))
                    fields = {}
                else:
                    fields = {}
        except (OSError, ValueError, AttributeError):
            pass
        self.isOver.set()

    def next(self, seconds=10):
        return self.events.get(timeout=seconds)

    def close(self):
        self.answer.fp.raw._sock.shutdown(2)
        self.answer.close()


def refusal(gateway, key):
    with pytest.raises(urllib.error.HTTPError) as caught:
        Listener(gateway, key)
    return caught.value


def test_everybody_hears_what_they_may_read_as_it_happens(admin):
    gateway = admin(at=1)
    ask(gateway, gateway.keys["developer"])
    streams = {role: Listener(gateway, gateway.keys[role]) for role in gateway.keys}
    other = Listener(gateway, gateway.key("bo@example.org", "engineers"))
    assert streams["approver"].answer.headers["content-type"] == "text/event-stream"
    for stream in [*streams.values(), other]:
        assert stream.next() == ("reset", {})
    for role in ("auditor", "admin"):
        assert streams[role].next()[0] == "policy.changed"
    for role in ("approver", "auditor", "developer"):
        name, waiting = streams[role].next()
        assert name == "approval.pending" and waiting["subject"] == "developer@example.org" and "context" not in waiting
    assert gateway.call_as("approver", "POST", f"/approvals/{waiting['id']}/approve", {"comment": "case 4711"}).status == 200
    for role in ("approver", "auditor", "developer"):
        name, decided = streams[role].next()
        assert (name, decided["id"], decided["decisions"][0]["subject"]) == ("approval.approved", waiting["id"], "approver@example.org")
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    changed = {**file, "text": file["text"].replace("(dump|export)", "(dump|list)")}
    assert gateway.call_as("admin", "POST", "/policies", {"pipelines": [changed]}, {"if-match": '"1"'}).status == 201
    for role in ("auditor", "admin"):
        name, policy = streams[role].next()
        assert (name, policy["version"]) == ("policy.changed", 2)
    for stream in (streams["approver"], streams["developer"], streams["admin"], other):
        assert stream.events.empty()


def test_an_expired_request_is_told_of(admin):
    gateway = admin(at=1)
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    short = {**file, "text": file["text"].replace("expires: 15m", "expires: 3s")}
    assert gateway.call_as("admin", "POST", "/policies", {"pipelines": [short]}, {"if-match": '"1"'}).status == 201
    deadline = time.monotonic() + 10
    while "version=2" not in gateway.read_log() and time.monotonic() < deadline:
        time.sleep(0.05)
    stream = Listener(gateway, gateway.keys["approver"])
    assert stream.next()[0] == "reset"
    ask(gateway, gateway.keys["developer"])
    assert stream.next()[0] == "approval.pending"
    assert stream.next(20)[0] == "approval.expired"


def test_nothing_is_missed_by_whoever_comes_back(admin):
    gateway = admin(at=1)
    stream = Listener(gateway, gateway.keys["approver"])
    assert stream.next()[0] == "reset"
    ask(gateway, gateway.keys["developer"])
    waiting = stream.next()[1]
    last = stream.last
    stream.close()
    gateway.call_as("approver", "POST", f"/approvals/{waiting['id']}/deny", {})
    again = Listener(gateway, gateway.keys["approver"], last=last)
    name, decided = again.next()
    assert (name, decided["id"]) == ("approval.denied", waiting["id"])
    # Twice the same is not told twice.
    once_more = Listener(gateway, gateway.keys["approver"], last=again.last)
    time.sleep(1.5)
    assert once_more.events.empty()
    # An id of before a restart, or of nobody, begins anew.
    for unknown in ("aaaaaaaa-1", "x", last.split("-")[0] + "-999999999", last.split("-")[0] + "-x", "a" * 5_000):
        fresh = Listener(gateway, gateway.keys["auditor"], last=unknown)
        assert fresh.next()[0] == "reset"
        fresh.close()
        # A place is free as soon as its client has gone.
        time.sleep(0.2)


def test_a_stream_ends_with_its_key_and_with_the_gateway(admin):
    gateway = admin()
    made = gateway.call_as("admin", "POST", "/keys", {"subject": "ana@example.org", "groups": ["engineers"], "lifetime-seconds": 600}).json
    ana = Listener(gateway, made["key"])
    ana.next()
    assert gateway.call_as("admin", "DELETE", "/keys/" + made["id"]).status == 200
    assert ana.next() == ("end", {"reason": "key-ended"}) and ana.isOver.wait(5)
    brief = Listener(gateway, gateway.keys["approver"], seconds=1)
    brief.next()
    assert brief.next() == ("end", {"reason": "time"}) and brief.isOver.wait(5)
    auditor = Listener(gateway, gateway.keys["auditor"])
    auditor.next()
    start = time.monotonic()
    gateway.stop()
    assert auditor.isOver.wait(10) and time.monotonic() - start < 20


def test_how_many_may_listen(admin):
    gateway = admin()
    # For longer than a busy machine takes to make the keys: a place that ends by itself would be free.
    mine = [Listener(gateway, gateway.keys["approver"], seconds=3600) for _ in range(4)]
    answer = refusal(gateway, gateway.keys["approver"])
    assert answer.code == 429 and json.load(answer)["code"] == "too-many-streams" and answer.headers["retry-after"]
    # Another key of the same person is no way around it.
    assert refusal(gateway, gateway.key("approver@example.org", "officers")).code == 429
    mine.pop().close()
    # A place is free once the gateway sees that nobody reads any more.
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            mine.append(Listener(gateway, gateway.keys["approver"], seconds=3600))
            break
        except urllib.error.HTTPError:
            time.sleep(0.5)
    assert len(mine) == 4
    for person in range(15):
        key = gateway.key(f"p{person}@example.org", "engineers")
        mine += [Listener(gateway, key, seconds=3600) for _ in range(4)]
    answer = refusal(gateway, gateway.keys["auditor"])
    assert answer.code == 503 and answer.headers["retry-after"]
    # Whoever only listens keeps nobody else from anything.
    assert gateway.call_as("admin", "GET", "/me").status == 200
    for query in ("seconds=0", "seconds=3601", "seconds=x", "x=1"):
        assert gateway.call_as("auditor", "GET", "/events?" + query).status == 400


def test_a_broken_glass_and_its_reviews_are_told_and_need_no_data_directory(admin, tmp_path):
    gateway = admin(at=1, hold="10s", gate=", break-glass: { groups: [engineers], lifetime: 15m }")

    def sluice(*words, key):
        return subprocess.run([SLUICE, *words, "--gateway", gateway.address], capture_output=True, text=True, timeout=60, cwd=tmp_path,
                              env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "SLUICE_KEY": key})

    stream, other = Listener(gateway, gateway.keys["approver"]), Listener(gateway, gateway.key("bo@example.org", "engineers"))
    assert stream.next() == ("reset", {}) and other.next() == ("reset", {})
    asking = threading.Thread(target=lambda: client(gateway).chat.completions.create(model="m", messages=[{"role": "user", "content": PATIENT}]))
    asking.start()
    waiting = stream.next()[1]
    glass = ("break-glass", waiting["id"], "--reason", "resuscitation", "--json")
    for role in ("approver", "admin"):
        assert sluice(*glass, key=gateway.keys[role]).returncode == 1
    assert sluice(*glass[:-1], "--for", "1s", key=gateway.keys["developer"]).returncode == 1
    done = sluice(*glass, key=gateway.keys["developer"])
    assert done.returncode == 0, done.stderr
    broken = json.loads(done.stdout)["breakGlass"]
    asking.join(10)
    assert len(gateway.upstream.requests) == 1
    assert stream.next()[0] == "approval.approved"
    while True:
        name, told = stream.next()
        if name == "approval.consumed":
            break
        assert name == "approval.approved"
    assert told["breakGlass"]["reviews"] == []
    own = sluice("approvals", "review", broken["id"], "--comment", "fine", key=gateway.keys["developer"])
    assert own.returncode == 1
    assert sluice("approvals", "review", "../keys", "--comment", "x", key=gateway.keys["approver"]).returncode == 1
    for officer, named, words in ((gateway.keys["approver"], broken["id"], []), (gateway.key("di@example.org", "officers"), waiting["id"], ["--unjustified"])):
        done = sluice("approvals", "review", named, "--comment", "seen", *words, key=officer)
        assert done.returncode == 0 and broken["id"] in done.stdout, done.stderr
        name, told = stream.next()
        assert name == "glass.reviewed" and told["id"] == waiting["id"] and "context" not in told
    assert [one["justified"] for one in told["breakGlass"]["reviews"]] == [True, False]
    assert stream.events.empty() and other.events.empty()


def client(gateway):
    return openai.OpenAI(base_url=gateway.base, api_key=gateway.keys["developer"], max_retries=0)


def test_an_approver_needs_no_data_directory(admin, tmp_path):
    gateway = admin(at=1)

    def sluice(*words, role="approver", **environment):
        keys = {"SLUICE_KEY": gateway.keys[role]} if role else {}
        return subprocess.run(
            [SLUICE, *words, "--gateway", gateway.address], capture_output=True, text=True, timeout=60, cwd=tmp_path,
            env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], **keys, **environment})

    watch = subprocess.Popen(
        [SLUICE, "approvals", "watch", "--json", "--gateway", gateway.address], stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        env={"HOME": str(tmp_path / "home"), "SLUICE_KEY": gateway.keys["approver"]})
    try:
        ask(gateway, gateway.keys["developer"])
        waiting = json.loads(watch.stdout.readline())
        assert waiting["state"] == "pending"
        listed = json.loads(sluice("approvals", "list", "--state", "pending", "--json").stdout)
        assert [one["id"] for one in listed] == [waiting["id"]]
        shown = sluice("approvals", "show", waiting["id"]).stdout
        assert "developer@example.org" in shown and "who may decide: officers" in shown and "078-05-1120" not in shown
        own = sluice("approvals", "approve", waiting["id"], role="developer")
        assert own.returncode == 1 and "approver" in own.stderr
        done = sluice("approvals", "approve", waiting["id"], "--comment", "case 4711")
        assert done.returncode == 0 and "approved" in done.stdout, done.stderr
        assert json.loads(watch.stdout.readline())["state"] == "approved"
        assert sluice("approvals", "deny", waiting["id"]).returncode == 1
        # What the terminal shows is the same as beside the data directory.
        local = gateway.run("approvals", "list", "--data", gateway.data).stdout
        assert sluice("approvals", "list").stdout == local
    finally:
        watch.kill()
        watch.wait()
    assert sluice("approvals", "show", "../keys").returncode == 1
    nobody = sluice("approvals", "list", role=None)
    assert nobody.returncode == 1 and "sluice login" in nobody.stderr
    # The key of a log-in goes to the host that gave it alone.
    folder = tmp_path / "home" / ".config" / "sluice"
    folder.mkdir(parents=True)
    login = {"ca": "", "expires": int(time.time()) + 3600, "gateway": "https://gateway.example.org", "key": gateway.keys["approver"], "subject": "x"}
    (folder / "login.json").write_text(json.dumps(login))
    (folder / "login.json").chmod(0o600)
    elsewhere = sluice("approvals", "list", role=None)
    assert elsewhere.returncode == 1 and "another host" in elsewhere.stderr
    (folder / "login.json").write_text(json.dumps({**login, "gateway": "http://127.0.0.1:1"}))
    assert sluice("approvals", "list", role=None).returncode == 0
    both = sluice("approvals", "list", "--data", str(gateway.data))
    assert both.returncode == 64
