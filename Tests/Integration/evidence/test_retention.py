"""Retention and legal hold, as an operator uses them: old bodies go, the log stays proved, and what is held stays."""
import json
import subprocess
import sys
import time

from main_gateway import ROOT
from test_exchange import post
from test_sealed import keygen, policy, sealed

VERIFIER = ROOT / "Tests" / "IndependentVerifier" / "verify_log.py"
BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hello " * 20_000}]}).encode()


def independent(gateway):
    done = subprocess.run([sys.executable, VERIFIER, gateway.data / "log"], capture_output=True, text=True)
    return json.loads(done.stdout)


def fill(gateway, people):
    """Sessions of these people, in more than one segment of 64 MiB: the transcripts are large."""
    for person in people:
        key = gateway.key(person)
        for _ in range(170):
            assert post(gateway, BODY, key=key).startswith(b"HTTP/1.1 200")


def session_of(gateway, person):
    return json.loads(gateway.run("evidence", "sessions", gateway.data, "--person", person, "--json").stdout)[0]["id"]


def test_bodies_go_and_what_is_held_stays(make_gateway, upstream, tmp_path):
    identity, recipient = keygen(tmp_path)
    gateway = make_gateway(request="1MiB")
    fill(gateway, ["ana", "ben", "cleo"] * 2)
    held = session_of(gateway, "ben")
    done = gateway.run("evidence", "hold", gateway.data, held, "--reason", "litigation", "--json")
    assert json.loads(done.stdout)["session"] == held
    refused = gateway.run("evidence", "prune", gateway.data, "--records-older-than", "1s", "--reason", "plan", check=False)
    assert refused.returncode == 2 and "a gateway is serving" in refused.stderr
    gateway.stop()
    segments = sorted((gateway.data / "log").glob("segment-*.log"))
    assert len(segments) > 1
    before = gateway.run("evidence", "export", gateway.data).stdout.splitlines()
    size = sum(s.stat().st_size for s in segments)
    pruned = json.loads(gateway.run("evidence", "prune", gateway.data, "--records-older-than", "1s", "--reason", "plan", "--json").stdout)
    assert pruned["records"] > 100 and sum(s.stat().st_size for s in segments) < size - pruned["bytes"] + (1 << 20)
    report = json.loads(gateway.run("evidence", "verify", gateway.data, "--json").stdout)
    assert report["verdict"] == "whole" and report["removed"] == pruned["records"]
    theirs = independent(gateway)
    assert (theirs["verdict"], theirs["removed"], theirs["records"]) == ("whole", report["removed"], report["records"])
    after = gateway.run("evidence", "export", gateway.data).stdout.splitlines()
    kept = [line for line in after if '"type":"removed"' not in line]
    assert set(kept) & set(before) == set(kept[:-1]) | (set(kept) & set(before)), "what is left is as it was"
    of_ben = [line for line in before if f'"session":"{held}"' in line]
    assert of_ben and set(of_ben) <= set(after)
    # Released, it goes the next time; the gateway does it by itself.
    gateway.run("evidence", "release", gateway.data, held, "--reason", "settled")
    assert gateway.run("evidence", "hold", gateway.data, "--list", "--json").stdout.strip() == "[]"
    gateway.words = ["--retain-records", "1s"]
    gateway.start()
    while "removed what is older than its retention" not in gateway.read_log():
        assert gateway.process.poll() is None and "could not remove" not in gateway.read_log(), gateway.read_log()
        time.sleep(0.1)
    gateway.stop()
    report = json.loads(gateway.run("evidence", "verify", gateway.data, "--json").stdout)
    assert report["verdict"] == "whole" and report["removed"] > pruned["records"]
    assert independent(gateway)["verdict"] == "whole"


def test_old_originals_go(make_gateway, upstream, tmp_path):
    _, recipient = keygen(tmp_path)
    gateway = make_gateway(policy=policy(recipient))
    gateway.stop()
    # They came forty days ago, by the gateway's clock.
    shim = tmp_path / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, ROOT / "Tests" / "Crash" / "shim.c", "-ldl"], check=True)
    gateway.environment = {"LD_PRELOAD": str(shim), "SHIM_CLOCK": str(-40 * 86400)}
    gateway.start()
    for person in ("ana", "ben"):
        post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hello"}]}', key=gateway.key(person))
    gateway.run("evidence", "hold", gateway.data, session_of(gateway, "ben"), "--reason", "litigation")
    gateway.stop()
    files = list((gateway.data / "sealed").rglob("*.age"))
    assert len(files) == 4
    assert not (gateway.data / "sealed" / time.strftime("%Y-%m-%d", time.gmtime())).exists()
    done = json.loads(gateway.run("evidence", "prune", gateway.data, "--originals-older-than", "30d", "--reason", "plan", "--json").stdout)
    assert done["originals"] == 2 and done["records"] == 0
    left = {p.name for p in (gateway.data / "sealed").rglob("*.age")}
    held = {kept["path"].split("/")[-1] for record, kept in sealed(gateway) if record["session"] == session_of(gateway, "ben")}
    assert left == held
    event = [r["data"] for r in gateway.records() if r["data"].get("event") == "originals.removed"]
    assert event[0]["kept"] == "2" and event[0]["reason"] == "plan"
    assert gateway.run("evidence", "verify", gateway.data, "--originals").returncode == 0
    # One that was held is not allowed to be gone.
    for file in (gateway.data / "sealed").rglob("*.age"):
        file.unlink()
    done = gateway.run("evidence", "verify", gateway.data, "--originals", check=False)
    assert done.returncode == 1 and done.stdout.count("no record allows that") == 2
