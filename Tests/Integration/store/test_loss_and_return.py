"""Postgres is stopped and started while gateways serve: what passes, what is refused and what is recorded is as docs/store.md says."""
import json
import os
import signal
import subprocess
import threading
import time

from replicas import RISKY


def status_is(gateway, key, text, status, seconds=20):
    end = time.monotonic() + seconds
    while (found := gateway.ask(key, text))[0] != status:
        assert time.monotonic() < end, (found, gateway.read_log())
        time.sleep(0.02)
    return found


def test_what_passes_and_what_does_not(make_replicas, own_server):
    replicas = make_replicas(own_server, words=["--store-grace", "12s"])
    gateway = replicas.all[0]
    key = replicas.key()
    held = threading.Thread(target=lambda: outcome.append(gateway.ask(key, RISKY + " Held.")))
    outcome = []
    held.start()
    gateway.wait_for("sluice_exchanges_held", 1)
    load, stop = [], threading.Event()

    def go_on():
        while not stop.is_set():
            load.append((time.monotonic(), *gateway.ask(key, "Hello.")))
            time.sleep(0.01)

    clients = [threading.Thread(target=go_on) for _ in range(8)]
    for client in clients:
        client.start()
    time.sleep(0.5)
    own_server.stop()
    lost = time.monotonic()
    gateway.wait_for("sluice_store_state", 1)
    # Known keys and the policy go on.
    assert gateway.ask(key, "Hello.")[0] == 200
    # What people would have to decide is refused at once, and says why.
    status, answer = gateway.ask(key)
    assert status == 503 and "approvals_unavailable" in answer
    # Whether a key that is not known here was made meanwhile, nobody can say.
    assert gateway.ask("sk-sluice-" + "0" * 32, "Hello.")[0] == 503
    # Nothing can be changed.
    refused = replicas.command("keys", "list", check=False)
    assert refused.returncode != 0 and "can't be used" in refused.stderr
    assert gateway.metric("sluice_exchanges_held") == 1

    own_server.start()
    gateway.wait_for("sluice_store_state", 0)
    officer = json.loads(replicas.command("keys", "create", "--subject", "bo", "--groups", "officers", "--expires", "1h", "--json").stdout)["key"]
    gateway.until_known(officer)
    # What was held before goes on being held, and is decided now.
    waiting = replicas.pending()
    assert len(waiting) == 1
    replicas.command("approvals", "approve", waiting[0]["id"], env={"SLUICE_KEY": officer})
    held.join(30)
    assert outcome[0][0] == 200, outcome
    stop.set()
    for client in clients:
        client.join()
    assert {status for _, status, _ in load} == {200}, "somebody who was known was refused"
    assert any(when > lost for when, _, _ in load)
    gateway.stop()
    assert gateway.verify().returncode == 0
    refusals = [r["data"] for r in gateway.records() if "approvals_unavailable" in json.dumps(r["data"])]
    assert refusals, "the refusal is on record"


def test_after_the_grace_nothing_passes_until_it_is_back(make_replicas, own_server):
    replicas = make_replicas(own_server, count=1, words=["--store-grace", "2s"])
    gateway = replicas.all[0]
    key = replicas.key()
    own_server.kill()
    gateway.wait_for("sluice_store_state", 2)
    status, answer = gateway.ask(key, "Hello.")
    assert status == 503 and "store_unavailable" in answer
    assert gateway.get("/readyz") == 503
    own_server.start()
    gateway.wait_for("sluice_store_state", 0, 60)
    assert status_is(gateway, key, "Hello.", 200)
    assert gateway.get("/readyz") == 200


def test_a_key_revoked_while_one_gateway_is_cut_off_ends_within_the_grace(make_replicas, own_server):
    replicas = make_replicas(own_server, count=1, words=["--store-grace", "2s"])
    gateway = replicas.all[0]
    key = replicas.key()
    # The server answers nobody any more, and closes nothing: the worst kind of loss.
    os.kill(own_server.process.pid, signal.SIGSTOP)
    children = [int(p) for p in subprocess.run(
        ["ps", "--ppid", str(own_server.process.pid), "-o", "pid="], capture_output=True, text=True).stdout.split()]
    for child in children:
        os.kill(child, signal.SIGSTOP)
    try:
        start = time.monotonic()
        status_is(gateway, key, "Hello.", 503, 30)
        assert time.monotonic() - start < 30
    finally:
        for child in [*children, own_server.process.pid]:
            os.kill(child, signal.SIGCONT)
    gateway.wait_for("sluice_store_state", 0, 60)
    assert status_is(gateway, key, "Hello.", 200)


def test_a_gateway_does_not_start_without_its_store(make_replicas, own_server):
    replicas = make_replicas(own_server, count=1)
    gateway = replicas.all[0]
    gateway.stop()
    own_server.stop()
    done = gateway.run("serve", "--listen", "127.0.0.1:0", "--data", gateway.data, check=False)
    assert done.returncode == 2 or done.returncode == 1
    assert "can't be used" in done.stderr
    assert not (gateway.data / "sluice.db").exists(), "no other store is made by mistake"
