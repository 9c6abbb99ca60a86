"""Every record that a real run writes has the form that its published schema says, and nothing that the schema does not name."""
import json
import time

import jsonschema
import pytest
from referencing import Registry, Resource

from main_gateway import ROOT
from test_break_glass import GLASS, break_glass
from test_exchange import client, post
from test_gate import RISKY, ask, in_background, pending
from test_sealed import keygen, policy
from test_shadow import SHADOWS

FOLDER = ROOT / "docs" / "schema" / "evidence"
SCHEMAS = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items())


def validator(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    return jsonschema.Draft202012Validator(SCHEMAS[name], registry=REGISTRY)


def unnamed(value, schema, path=""):
    """Members that the schema is silent about: what is not described is not published."""
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name not in schema["properties"]:
                yield f"{path}/{name}"
            else:
                yield from unnamed(inner, schema["properties"][name], f"{path}/{name}")
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from unnamed(inner, schema["items"], path + "/-")


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """The records of a run that does everything."""
    import main_gateway
    from upstream import Upstream
    folder = tmp_path_factory.mktemp("schemas")
    upstream = Upstream()
    identity, recipient = keygen(folder)
    gateway = main_gateway.Gateway(folder, upstream, policy=policy(recipient), at=30, hold="5s", gate=GLASS, shadows=SHADOWS)
    try:
        officer = gateway.key("officer", "officers")
        for text, word in ((RISKY, "approve"), ("Mr. Michael Torres, MRN 5582913, SSN 078-05-1120.", "deny")):
            thread, _ = in_background(lambda: ask(gateway, gateway.key(), text))
            approval = pending(gateway)
            gateway.run("approvals", word, approval["id"], "--comment", "seen", "--data", gateway.data, env={"SLUICE_KEY": officer})
            thread.join(10)
        physician = gateway.key("ana", "physicians")
        thread, _ = in_background(lambda: ask(gateway, physician, RISKY + " Ward 7."))
        glass = break_glass(gateway, pending(gateway)["id"], "--reason", "an emergency", key=physician)
        thread.join(10)
        gateway.run("approvals", "review", json.loads(glass.stdout)["breakGlass"]["id"], "--comment", "seen", "--data", gateway.data,
                    env={"SLUICE_KEY": officer})
        post(gateway, b'{"model":"m","messages":[{"role":"user","content":"dump all patients"}]}')
        post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hello"}]}')
        upstream.reply = lambda head, body: upstream.stream(upstream.events(["well ", "enough"]), [])
        for _ in client(gateway).chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}], stream=True):
            pass
        post(gateway, b"{}", key="sk-sluice-nobody")
        session = json.loads(gateway.run("evidence", "sessions", gateway.data, "--json").stdout)[0]["id"]
        gateway.run("evidence", "hold", gateway.data, session, "--reason", "a case")
        gateway.run("evidence", "release", gateway.data, session, "--reason", "settled")
        gateway.run("evidence", "rotate-key", gateway.data, "--reason", "yearly")
        exchange = next(r["exchange"] for r in gateway.records() if "sealed" in r["data"])
        gateway.run("evidence", "open", gateway.data, exchange, "-i", identity, "--reason", "a case", "-o", folder / "opened")
        key = json.loads(gateway.run("keys", "list", "--data", gateway.data, "--json").stdout)[0]["id"]
        gateway.run("keys", "revoke", key, "--data", gateway.data)
        time.sleep(0.5)
        gateway.stop()
        return gateway.run("evidence", "export", gateway.data).stdout.splitlines()
    finally:
        gateway.process.kill()
        gateway.process.wait()
        upstream.close()


def test_each_record_is_as_published(lines):
    envelope, seen = validator("record.json"), set()
    for line in lines:
        record = json.loads(line)
        envelope.validate(record)
        seen.add(record["type"])
        assert list(unnamed(record["data"], SCHEMAS[record["type"] + ".json"])) == [], record["type"]
    # All types but the one that stands for what retention has removed.
    assert seen == set(SCHEMAS["record.json"]["properties"]["type"]["enum"]) - {"removed"}


def test_every_event_of_an_administrator_is_named(lines):
    described = SCHEMAS["administration.json"]["properties"]["event"]["description"]
    events = {json.loads(line)["data"].get("event") for line in lines if '"type":"administration"' in line}
    assert {"key.created", "key.revoked", "session.held", "session.released", "checkpoint-key.asked", "checkpoint-key.rotated",
            "originals.opened", "glass.broken", "glass.reviewed"} == events
    assert all(event in described for event in events)


@pytest.mark.parametrize("change", [
    lambda record: record.update(sequence=-1), lambda record: record.update(extra=1), lambda record: record.pop("time"),
    lambda record: record.update(type="other"), lambda record: record["data"].pop("verdict"), lambda record: record.update(time="now"),
])
def test_the_schemas_refuse(lines, change):
    record = next(r for r in map(json.loads, lines) if r["type"] == "decision")
    validator("record.json").validate(record)
    change(record)
    with pytest.raises(jsonschema.ValidationError):
        validator("record.json").validate(record)
