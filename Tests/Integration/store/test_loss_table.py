"""The rows of docs/store.md, "When Postgres is away", that a stop of the database alone does not show."""
import json
import threading
import time

import pytest
from cut_line import CutLine
from replicas import RISKY


@pytest.fixture
def line(server):
    line = CutLine(server.address, server.port)
    yield line
    line.close()


def in_background(work):
    outcome = {}
    thread = threading.Thread(target=lambda: outcome.update(value=work()))
    thread.start()
    return thread, outcome


@pytest.mark.parametrize("silently", [False, True])
def test_a_key_revoked_while_a_gateway_is_cut_off(make_replicas, server, line, silently):
    replicas = make_replicas(server)
    connected, cut_off = replicas.all
    cut_off.stop()
    cut_off.words = ["--store", replicas.place.replace(f":{server.port}/", f":{line.port}/"), "--store-grace", "12s"]
    cut_off.start()
    key = replicas.key()
    revoked = json.loads(replicas.command("keys", "list", "--json").stdout)[0]["id"]
    line.cut(silently)
    cut_off.wait_for("sluice_store_state", 1)
    replicas.command("keys", "revoke", revoked)
    while connected.ask(key, "Hello.")[0] != 401:
        time.sleep(0.01)
    # Nobody has told it, and it says that it does not know.
    assert cut_off.metric("sluice_store_state") == 1
    assert cut_off.ask(key, "Hello.")[0] == 200
    cut_off.wait_for("sluice_store_state", 2, 60)
    status, answer = cut_off.ask(key, "Hello.")
    assert status == 503 and "store_unavailable" in answer
    line.mend()
    while (answer := cut_off.ask(key, "Hello."))[0] == 503:
        time.sleep(0.01)
    assert answer[0] == 401, "the first answer after the return knows what was revoked"


def test_streams_in_flight_go_on_and_are_recorded(make_replicas, own_server, upstream):
    replicas = make_replicas(own_server, words=["--store-grace", "3s"], response_time="120s", idle="60s")
    key = replicas.key()
    go_on = threading.Event()
    data = upstream.events(["The heart sounds are normal. ", "Nothing else was found, and the plan does not change."])
    half = len(data) // 2
    upstream.reply = lambda head, asked: (
        [*upstream.stream(data, [half])[:2], lambda: go_on.wait(100) and b"" or b"", *upstream.stream(data, [half])[2:]]
        if b'"stream": true' in asked else upstream.whole("Yes."))
    streams = [in_background(lambda gateway=gateway: gateway.ask(key, "Hello.", stream=True)) for gateway in replicas.all for _ in range(20)]
    try:
        for gateway in replicas.all:
            gateway.wait_for("sluice_exchanges_in_flight", 20, 20)
    except AssertionError as error:
        raise AssertionError([outcome for _, outcome in streams]) from error
    own_server.stop()
    for gateway in replicas.all:
        gateway.wait_for("sluice_store_state", 2, 60)
        # Nothing new comes in, and what is under way stays.
        assert gateway.ask(key, "Hello.")[0] == 503
        assert gateway.metric("sluice_exchanges_in_flight") == 20
    go_on.set()
    for thread, outcome in streams:
        thread.join(60)
        status, answer = outcome["value"]
        assert status == 200 and answer.endswith("data: [DONE]\n\n")
    for gateway in replicas.all:
        gateway.stop()
        assert gateway.verify().returncode == 0
        responses = [r for r in gateway.records() if r["type"] == "response" and r["data"].get("status", 200) == 200]
        assert len(responses) >= 20, "evidence is written without the store"


def test_what_is_held_ends_with_its_own_time(make_replicas, own_server):
    replicas = make_replicas(own_server, count=1, words=["--store-grace", "60s"], hold="6s")
    gateway = replicas.all[0]
    key = replicas.key()
    with_store = gateway.ask(key)
    thread, outcome = in_background(lambda: gateway.ask(key, RISKY + " Again."))
    gateway.wait_for("sluice_exchanges_held", 1)
    own_server.stop()
    gateway.wait_for("sluice_store_state", 1)
    assert gateway.metric("sluice_exchanges_held") == 1
    thread.join(30)
    assert outcome["value"][0] == with_store[0] != 200, (outcome, with_store)
    gateway.wait_for("sluice_exchanges_held", 0)


def test_commands_fail_and_do_nothing(make_replicas, own_server):
    replicas = make_replicas(own_server, count=1)
    gateway = replicas.all[0]
    before = replicas.command("keys", "list", "--json").stdout
    own_server.stop()
    for words in (["keys", "create", "--subject", "bo"], ["approvals", "list"], ["policy", "list"], ["grants", "list"],
                  ["store", "show"], ["policy", "push", replicas.folder / "policy.yaml"]):
        done = replicas.command(*words, check=False)
        assert done.returncode == 2, (words, done.returncode, done.stderr)
        assert "can't be used" in done.stderr or "could not be reached" in done.stderr, done.stderr
    gateway.wait_for("sluice_store_state", 1)
    assert gateway.get("/readyz") == 200, "up to the grace it is ready"
    own_server.start()
    assert replicas.command("keys", "list", "--json").stdout == before
