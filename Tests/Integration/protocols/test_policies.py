"""`media: strip` and `pass`, and `restore: own`: what a pipeline may ask for besides masking."""
import base64
import json

import pytest

from protocol_gateway import ProtocolGateway
from scripted import Scripted
from values import NOTE, assert_clean
from wire import anthropic_client, raw

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()


class Policy:
    """A gateway whose pipeline says more."""

    def __init__(self, folder, protocol, **settings):
        self.protocol, self.path = protocol, f"/{protocol}"
        self.upstream = Scripted()
        self.gateway = ProtocolGateway.__new__(ProtocolGateway)
        more = "".join(f"{name}: {value}\n" for name, value in settings.items())
        original = ProtocolGateway.start

        def start(gateway):
            gateway.text = gateway.text.replace("stages:\n", f"{more}stages:\n", 1)
            original(gateway)

        self.gateway.start = start.__get__(self.gateway)
        self.gateway.__init__(folder, self.upstream, protocol, self.path)
        self.key = self.gateway.key()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.gateway.port}{self.path}"

    def end(self):
        self.gateway.stop()
        self.upstream.close()


@pytest.fixture
def policy(tmp_path):
    made = []

    def make(protocol, **settings):
        made.append(Policy(tmp_path, protocol, **settings))
        return made[-1]

    yield make
    for one in made:
        one.end()


def message(*blocks):
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test", "content": list(blocks), "stop_reason": "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}


IMAGE = {"model": "claude-test", "max_tokens": 9, "messages": [{"role": "user", "content": [
    {"type": "text", "text": "What is this?"}, {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}]}]}


def test_media_are_left_out(policy):
    site = policy("anthropic", media="strip")
    site.upstream.answers(message({"type": "text", "text": "Nothing."}))
    status, _, _ = raw(site, "POST", "/v1/messages", IMAGE)
    assert status == 200
    content = json.loads(site.upstream.last)["messages"][0]["content"]
    assert content == [{"type": "text", "text": "What is this?"}, {"type": "text", "text": "[media left out by policy]"}]


def test_media_pass_where_the_policy_says_so(policy):
    site = policy("anthropic", media="pass")
    site.upstream.answers(message({"type": "text", "text": "A picture."}))
    body = json.dumps(IMAGE).encode()
    status, _, _ = raw(site, "POST", "/v1/messages", body)
    assert status == 200 and site.upstream.last == body


def placeholders(site):
    """What the model saw in place of the planted values."""
    return json.loads(site.upstream.last)["messages"][0]["content"]


def test_own_values_come_back_and_others_do_not(policy):
    site = policy("anthropic", restore="own")
    client, _ = anthropic_client(site)
    ask = dict(model="claude-test", max_tokens=9, messages=[{"role": "user", "content": NOTE}])
    site.upstream.answers(message({"type": "text", "text": "ok"}))
    client.messages.create(**ask)
    seen = placeholders(site)
    assert_clean(seen.encode())
    # The model repeats what it saw, in text and in a tool's arguments, and makes up a value of its own.
    site.upstream.answers(message({"type": "text", "text": seen + " Another: SSN 457-55-5462."},
                                  {"type": "tool_use", "id": "toolu_1", "name": "edit", "input": {"text": f'say "{seen}"'}}))
    got = client.messages.create(**ask)
    assert got.content[0].text.startswith(NOTE) and "457-55-5462" not in got.content[0].text
    assert got.content[1].input["text"] == f'say "{NOTE}"'
    # A request that did not carry the values gets none of them.
    site.upstream.answers(message({"type": "text", "text": seen}))
    other = client.messages.create(model="claude-test", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
    assert_clean(other.content[0].text.encode())
    disk = site.gateway.everything_on_disk()
    assert b"219-09-9999" not in disk


@pytest.mark.parametrize("size", [1, 3, 7])
def test_own_values_come_back_in_streams(policy, size):
    site = policy("anthropic", restore="own")
    client, _ = anthropic_client(site)
    ask = dict(model="claude-test", max_tokens=9, messages=[{"role": "user", "content": NOTE}])
    site.upstream.answers(message({"type": "text", "text": "ok"}))
    client.messages.create(**ask)
    said = placeholders(site) + " And SSN 457-55-5462, [NAME_XXXXXX]."
    written = json.dumps({"text": said})

    def event(kind, **more):
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n"

    def block(index, start, deltas):
        return (event("content_block_start", index=index, content_block=start)
                + "".join(event("content_block_delta", index=index, delta=delta) for delta in deltas) + event("content_block_stop", index=index))

    pieces = [said[at:at + size] for at in range(0, len(said), size)]
    inputs = [written[at:at + size] for at in range(0, len(written), size)]
    site.upstream.streams((
        event("message_start", message={**message(), "stop_reason": None})
        + block(0, {"type": "text", "text": ""}, [{"type": "text_delta", "text": piece} for piece in pieces])
        + block(1, {"type": "tool_use", "id": "toolu_1", "name": "edit", "input": {}},
                [{"type": "input_json_delta", "partial_json": piece} for piece in inputs])
        + event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage={"output_tokens": 2})
        + event("message_stop")).encode())
    with client.messages.stream(**ask) as stream:
        final = stream.get_final_message()
    text = final.content[0].text
    assert text.startswith(NOTE) and "457-55-5462" not in text and "[NAME_XXXXXX]" in text
    assert final.content[1].input["text"].startswith(NOTE) and "457-55-5462" not in final.content[1].input["text"]


def test_more_findings_than_one_body_may_have(policy):
    """Each finding costs memory and a line of evidence: both ways there is a limit, and nothing is passed on over it."""
    site = policy("anthropic")
    many = "SSN 219-09-9999. " * 66_000
    ask = {"model": "claude-test", "max_tokens": 9, "messages": [{"role": "user", "content": many}]}
    status, _, body = raw(site, "POST", "/v1/messages", ask)
    assert status == 413 and "65536" in json.loads(body)["error"]["message"]
    assert site.upstream.requests == []
    site.upstream.answers(message({"type": "text", "text": many}))
    ask["messages"][0]["content"] = "hello"
    status, _, body = raw(site, "POST", "/v1/messages", ask)
    assert status == 502 and b"219-09" not in body
