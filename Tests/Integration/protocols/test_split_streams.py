"""Streams of each protocol in the vendor's own bytes: however the network cuts them, the client reads the same, and with nothing to mask
it gets them byte for byte."""

import concurrent.futures
import json
import random
import re

import pytest

from scripted import sse
from values import NOTE, assert_clean, channels, events
from wire import raw

SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+" + "Zm9yIHRlc3RzIG9ubHkvKzAxMjM0NTY3ODlhYmNkZWY" * 2


def cut(text, size):
    return [text[i : i + size] for i in range(0, len(text), size)]


def chat(text, arguments):
    def line(delta, finish=None):
        return (
            b"data: "
            + json.dumps(
                {
                    "id": "chatcmpl-9x",
                    "object": "chat.completion.chunk",
                    "created": 1764000000,
                    "model": "gpt-5",
                    "service_tier": "default",
                    "system_fingerprint": "fp_1",
                    "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
                },
                separators=(",", ":"),
                ensure_ascii=False,
            ).encode()
            + b"\n\n"
        )

    return (
        line({"role": "assistant", "content": "", "refusal": None})
        + b"".join(line({"content": t}) for t in cut(text, 9))
        + line({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "find", "arguments": ""}}]})
        + b"".join(line({"tool_calls": [{"index": 0, "function": {"arguments": t}}]}) for t in cut(arguments, 11))
        + line({}, "tool_calls")
        + b'data: {"id":"chatcmpl-9x","object":"chat.completion.chunk","created":1764000000,"model":"gpt-5","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}\n\ndata: [DONE]\n\n'
    )


def responses(text, arguments):
    base = {"id": "resp_1", "object": "response", "created_at": 1764000000, "model": "gpt-5", "output": []}
    said = {
        "id": "msg_1",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": text}],
    }
    call = {"id": "fc_1", "type": "function_call", "status": "completed", "arguments": arguments, "call_id": "call_1", "name": "find"}
    made = [
        {"type": "response.created", "response": {**base, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**said, "status": "in_progress", "content": []}},
        {
            "type": "response.content_part.added",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "part": {"type": "output_text", "annotations": [], "logprobs": [], "text": ""},
        },
        *(
            {
                "type": "response.output_text.delta",
                "item_id": "msg_1",
                "output_index": 0,
                "content_index": 0,
                "delta": t,
                "logprobs": [],
                "obfuscation": "x7Kd",
            }
            for t in cut(text, 9)
        ),
        {"type": "response.output_text.done", "item_id": "msg_1", "output_index": 0, "content_index": 0, "text": text, "logprobs": []},
        {"type": "response.content_part.done", "item_id": "msg_1", "output_index": 0, "content_index": 0, "part": said["content"][0]},
        {"type": "response.output_item.done", "output_index": 0, "item": said},
        {"type": "response.output_item.added", "output_index": 1, "item": {**call, "status": "in_progress", "arguments": ""}},
        *(
            {"type": "response.function_call_arguments.delta", "item_id": "fc_1", "output_index": 1, "delta": t, "obfuscation": "p"}
            for t in cut(arguments, 11)
        ),
        {"type": "response.function_call_arguments.done", "item_id": "fc_1", "output_index": 1, "arguments": arguments},
        {"type": "response.output_item.done", "output_index": 1, "item": call},
        {
            "type": "response.completed",
            "response": {**base, "status": "completed", "output": [said, call], "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}},
        },
    ]
    return sse(*({"type": one["type"], "sequence_number": n, **one} for n, one in enumerate(made)))


def anthropic(text, arguments):
    def delta(index, **members):
        return {"type": "content_block_delta", "index": index, "delta": members}

    return sse(
        {
            "type": "message_start",
            "message": {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "content": [],
                "model": "claude-test",
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 25, "output_tokens": 1},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
        {"type": "ping"},
        *(delta(0, type="thinking_delta", thinking=t) for t in cut("I think: " + text, 9)),
        delta(0, type="signature_delta", signature=SIGNATURE),
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        *(delta(1, type="text_delta", text=t) for t in cut(text, 9)),
        {"type": "content_block_stop", "index": 1},
        {"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {}}},
        delta(2, type="input_json_delta", partial_json=""),
        *(delta(2, type="input_json_delta", partial_json=t) for t in cut(arguments, 11)),
        {"type": "content_block_stop", "index": 2},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": None}, "usage": {"output_tokens": 89}},
        {"type": "message_stop"},
    )


def gemini(text, arguments):
    def line(parts, **more):
        return (
            b"data: "
            + json.dumps(
                {
                    "candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0, **more}],
                    "usageMetadata": {"promptTokenCount": 5, "totalTokenCount": 12},
                    "modelVersion": "gemini-2.5-pro",
                    "responseId": "r1",
                },
                separators=(",", ":"),
                ensure_ascii=False,
            ).encode()
            + b"\r\n\r\n"
        )

    return (
        b"".join(line([{"text": t, "thought": True}]) for t in cut("I think: " + text, 30))
        + b"".join(line([{"text": t}]) for t in cut(text, 30))
        + line([{"functionCall": {"name": "find", "args": json.loads(arguments)}, "thoughtSignature": SIGNATURE}])
        + line([{"text": ""}], finishReason="STOP")
    )


def mcp(text, arguments):
    def line(number, value):
        return (
            f"id: {number}\nevent: message\ndata: ".encode()
            + json.dumps({"jsonrpc": "2.0", **value}, separators=(",", ":"), ensure_ascii=False).encode()
            + b"\n\n"
        )

    return (
        line(1, {"method": "notifications/progress", "params": {"progressToken": "t1", "progress": 1, "message": text}})
        + line(2, {"method": "notifications/message", "params": {"level": "info", "logger": "s", "data": {"note": text}}})
        + line(3, {"id": 1, "result": {"content": [{"type": "text", "text": text}], "structuredContent": json.loads(arguments), "isError": False}})
    )


STREAMS = {
    "chat": ("openai", chat, "/v1/chat/completions", {"model": "m", "stream": True, "messages": [{"role": "user", "content": "x"}]}),
    "responses": ("openai", responses, "/v1/responses", {"model": "m", "stream": True, "input": "x"}),
    "azure": (
        "azure-openai",
        chat,
        "/openai/deployments/d/chat/completions?api-version=2024-10-21",
        {"stream": True, "messages": [{"role": "user", "content": "x"}]},
    ),
    "anthropic": (
        "anthropic",
        anthropic,
        "/v1/messages",
        {"model": "m", "stream": True, "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]},
    ),
    "gemini": (
        "gemini",
        gemini,
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
        {"contents": [{"role": "user", "parts": [{"text": "x"}]}]},
    ),
    "mcp": ("mcp", mcp, "", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "find", "arguments": {}}}),
}

# Each text has another sort of sign at its seams; no value in the first three.
PLAIN = {
    "words": (
        "the heart sounds are normal and the lungs are clear on both sides, so the plan does not change.",
        '{"query":"normal sounds","n":[1,2.50,true,null]}',
    ),
    "signs": (
        "héllo wörld 😀 — “quotes” \\ back\\slash / tab\t newline\n the end €",
        '{"text":"é 😀 \\u00e9 \\ud83d\\ude00 \\n \\"q\\"","empty":{}}',
    ),
    "code": (
        "def f(x):\n    return {'a': [x, x + 1], \"b\": x * 2}\n\nprint(f(3))\n",
        '{"command":"ls -la && grep -rn foo src/ | head -5","timeout":120}',
    ),
}
PLANTED = {
    "note": (NOTE + " The rest is plain text 😀 and goes on.", json.dumps({"note": NOTE, "n": 1})),
    "lines": ("Summary:\n- " + NOTE + "\n- Again: " + NOTE + "\n", json.dumps({"a": [{"b": NOTE}], "ssn": "219-09-9999"})),
}


def ask_all(sites, name, data, ways):
    """What a client gets for each way to cut the stream. They run beside each other: the field says which is whose."""
    protocol, _, path, body = STREAMS[name]
    site = sites(protocol)
    ways = list(ways)

    def reply(head, _):
        number = int(re.search(rb"(?i)user-agent: way-(\d+)", head)[1])
        return site.upstream.pieces(data, ways[number])

    def ask(number):
        status, found, got = raw(site, "POST", path, body, {"Accept": "application/json, text/event-stream", "User-Agent": f"way-{number}"})
        assert status == 200 and found["content-type"].startswith("text/event-stream"), got[:300]
        return got

    site.upstream.reply = reply
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(len(ways))))


def ask(sites, name, data):
    return ask_all(sites, name, data, [[]])[0]


def random_ways(data, seed, count=50):
    chance = random.Random(seed)
    return [sorted(chance.sample(range(1, len(data)), min(len(data) - 1, chance.choice([2, 3, 8, 40, 200])))) for _ in range(count)]


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("name", ["mcp"])
def test_with_nothing_to_mask_the_bytes_are_the_upstreams(sites, name, text):
    """Where each event is whole, nothing is cut anew."""
    data = STREAMS[name][1](*PLAIN[text])
    ways = [[], *random_ways(data, f"{name} {text}", 10)]
    for cuts, got in zip(ways, ask_all(sites, name, data, ways)):
        assert got == data, f"cut at {cuts}"


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("name", STREAMS)
def test_with_nothing_to_mask_the_text_is_the_upstreams(sites, name, text):
    """The same for who reads texts and not bytes."""
    data = STREAMS[name][1](*PLAIN[text])
    got, expected = channels(ask(sites, name, data)), channels(data)
    assert got.keys() == expected.keys()
    for place in expected:
        assert got[place] == expected[place], place


@pytest.mark.parametrize("name", STREAMS)
def test_every_split_into_two_gives_the_same_text(sites, name):
    data = STREAMS[name][1]("On SSN 219-09-9999, é.", '{"ssn":"219-09-9999"}')
    # Each place at a value, at a sign of many bytes and at an event's end; of the others each sixth, for the time it takes.
    tight = {place for found in re.finditer(rb"[0-9]+-[0-9-]*|\xc3\xa9|\r?\n\r?\n|data: ", data) for place in range(found.start(), found.end() + 2)}
    check_same(sites, name, data, [[], *([place] for place in range(1, len(data)) if place in tight or place % 6 == 0)])


@pytest.mark.parametrize("text", PLANTED)
@pytest.mark.parametrize("name", STREAMS)
def test_random_splits_give_the_same_text(sites, name, text):
    data = STREAMS[name][1](*PLANTED[text])
    expected = check_same(sites, name, data, [[], *random_ways(data, f"{name} {text}")])
    assert any("[NAME_" in text for text in expected.values())


def check_same(sites, name, data, ways):
    expected = None
    for cuts, got in zip(ways, ask_all(sites, name, data, ways)):
        if expected is None:
            assert_clean(got)
            expected = channels(got)
            assert expected.keys() == channels(data).keys(), "a channel came or went"
        assert channels(got) == expected, f"cut at {cuts}"
    return expected


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", STREAMS)
def test_each_ending_of_lines_is_read(sites, name, ending):
    data = STREAMS[name][1](*PLANTED["note"]).replace(b"\r\n", b"\n").replace(b"\n", ending.encode())
    got = ask(sites, name, data)
    assert_clean(got)
    expected = ask(sites, name, STREAMS[name][1](*PLANTED["note"]))
    assert channels(got) == channels(expected)


@pytest.mark.parametrize("name", STREAMS)
def test_each_event_has_its_data(sites, name):
    """No event without data: some clients fail at one (OpenAI's and Anthropic's among them)."""
    for text in PLANTED.values():
        got = ask(sites, name, STREAMS[name][1](*text))
        for kind, data in events(got):
            assert data, f"an event {kind!r} without data"
            assert data == "[DONE]" or json.loads(data) is not None
            if kind and name != "mcp":
                assert json.loads(data)["type"] == kind


@pytest.mark.parametrize("name", STREAMS)
def test_data_over_several_lines_is_one_text(sites, name):
    """An event's data may have several lines (the standard joins them); a value on a seam is one all the same."""
    make = STREAMS[name][1]
    data = make(*PLANTED["note"])
    lines = []
    for line in data.replace(b"\r\n", b"\n").split(b"\n"):
        # A break may stand between two members of the JSON.
        if line.startswith(b'data: {"') and b',"' in line:
            left, right = line.split(b',"', 1)
            lines += [left + b",", b'data: "' + right]
        else:
            lines.append(line)
    got = ask(sites, name, b"\n".join(lines))
    assert_clean(got)
    assert channels(got) == channels(ask(sites, name, data))
