"""The syslog example in a gateway: each record arrives, whole, as RFC 5424 has it, and goes on after a receiver is back."""
import json
import re
import shutil
import socket

import main_gateway
import openai
import pytest
from support import HEADERS, ROOT, run

MESSAGE = re.compile(
    rb'<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \S+ sluice \d+ record '
    rb'\[sluice@32473 log="([0-9a-f]{32})" sequence="(\d+)" part="(\d+)" parts="(\d+)"\] \xef\xbb\xbf(.*)', re.DOTALL)


class Receiver:
    """What listens at /dev/log elsewhere."""

    def __init__(self, path):
        self.path = path
        self.parts = {}
        self.listen()

    def listen(self):
        self.path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.socket.settimeout(0.2)

    def take(self):
        while True:
            try:
                message = self.socket.recv(65536)
            except TimeoutError:
                return
            assert len(message) <= 2048
            found = MESSAGE.fullmatch(message)
            assert found, message[:200]
            _, sequence, part, parts, text = found.groups()
            text.decode()  # cut between characters
            self.parts.setdefault(int(sequence), {})[int(part)] = (int(parts), text)

    def records(self):
        whole = {}
        for sequence, parts in self.parts.items():
            if len(parts) == next(iter(parts.values()))[0]:
                whole[sequence] = json.loads(b"".join(parts[number][1] for number in sorted(parts)))
        return whole

    def wait_for(self, sequence):
        for _ in range(150):
            self.take()
            if sequence in self.records():
                return self.records()
        raise AssertionError(f"record {sequence} did not arrive; there are {sorted(self.records())}")


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    made = tmp_path / "Syslog"
    shutil.copytree(ROOT / "Plugins" / "Examples" / "Syslog", made)
    run("make", "-C", made, "-B", f"HEADERS={HEADERS}", code=0)
    (tmp_path / "state").mkdir()
    receiver = Receiver(tmp_path / "log")
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE + f"""  - sink: syslog
    plugin: {made}/libsluice-syslog.so
    isolation: none
    with: {{{{ address: "unix:{receiver.path}", state: {tmp_path}/state }}}}
""")
    yield receiver
    receiver.socket.close()


def ask(gateway, text):
    client = openai.OpenAI(base_url=gateway.base, api_key=gateway.key(), max_retries=0)
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])


def test_every_record_arrives(receiver, make_gateway):
    gateway = make_gateway()
    ask(gateway, "Grüße: SSN 536-22-8719. " + "Über den Verlauf, in vielen Wörtern. " * 200)
    recorded = gateway.records()
    assert len(recorded) > 3
    arrived = receiver.wait_for(len(recorded) - 1)
    assert sorted(arrived) == list(range(len(arrived)))
    assert max(parts[1][0] for parts in receiver.parts.values()) > 2  # a long record, in several messages
    for record in recorded:
        assert arrived[record["sequence"]] == record
    assert "536-22-8719" not in str(receiver.parts)


def test_it_goes_on_where_it_stood(receiver, make_gateway):
    gateway = make_gateway()
    ask(gateway, "one")
    before = receiver.wait_for(len(gateway.records()) - 1)
    receiver.socket.close()  # nobody listens: exchanges go on, the sink lags
    ask(gateway, "two")
    receiver.listen()
    last = len(gateway.records()) - 1
    assert last > max(before)
    arrived = receiver.wait_for(last)
    assert sorted(arrived) == list(range(last + 1))
    gateway.stop()
    receiver.take()
    last, receiver.parts = max(receiver.records()), {}
    gateway.start()
    ask(gateway, "three")
    receiver.wait_for(len(gateway.records()) - 1)
    # At least once, and not everything again.
    assert min(receiver.records()) >= last
