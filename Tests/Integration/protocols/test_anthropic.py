"""Messages with Anthropic's own client: every place of a request, of an answer and of a stream's events; thinking and what is sealed."""

import copy
import json

import anthropic
import pytest

from scripted import sse
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, escaped, events
from wire import anthropic_client, raw

PROTOCOL = "anthropic"
USER = {"role": "user", "content": "Hello there."}
SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+" + "Zm9yIHRlc3RzIG9ubHkvKzAxMjM0NTY3ODlhYmNkZWY" * 4 + "=="
SEALED = "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpP" + "cmVkYWN0ZWQgdGhpbmtpbmcgZGF0YQ" * 6 + "=="
CACHED = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}


def block(**members):
    return dict(messages=[{"role": "user", "content": [{"type": "text", "text": "Look."}, members]}])


def assistant(*blocks):
    return dict(messages=[USER, {"role": "assistant", "content": list(blocks)}, USER])


def result(content, **more):
    return dict(
        messages=[
            USER,
            {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01", "name": "find", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01", "content": content, **more}]},
        ]
    )


def tool(**changes):
    return dict(messages=[USER], tools=[{"name": "find", "description": "Finds.", "input_schema": {"type": "object", "properties": {}}, **changes}])


REQUESTS = {
    "system": dict(system=NOTE, messages=[USER]),
    "system blocks": dict(system=[{"type": "text", "text": "You help."}, {"type": "text", "text": NOTE}], messages=[USER]),
    "system block, cached": dict(system=[{"type": "text", "text": NOTE, **CACHED}], messages=[USER]),
    "user": dict(messages=[{"role": "user", "content": NOTE}]),
    "user block": block(type="text", text=NOTE),
    "user block, cached": block(type="text", text=NOTE, **CACHED),
    "assistant": dict(messages=[USER, {"role": "assistant", "content": NOTE}, USER]),
    "assistant block": assistant({"type": "text", "text": NOTE}),
    "prefill": dict(messages=[USER, {"role": "assistant", "content": "The patient is " + NOTE}]),
    "thinking": assistant({"type": "thinking", "thinking": NOTE, "signature": SIGNATURE}, {"type": "text", "text": "x"}),
    "redacted_thinking": assistant({"type": "redacted_thinking", "data": SEALED}, {"type": "text", "text": NOTE}),
    "tool_use input": assistant({"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"note": NOTE, "deep": [{"a": NOTE}]}}),
    "tool_use input, a value alone": assistant(
        {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"ssn": "219-09-9999", "patient_name": "Maria Gonzalez"}}
    ),
    "tool_use input, names": assistant({"type": "tool_use", "id": "toolu_01", "name": "find", "input": {SHORT: {NOTE: 1}}}),
    "tool_use input, JSON inside": assistant(
        {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"body": json.dumps({"note": NOTE, "n": 1})}}
    ),
    "tool_use input, escaped JSON inside": assistant(
        {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"body": '{"note":"' + escaped(NOTE) + '"}'}}
    ),
    "tool_use name": assistant({"type": "tool_use", "id": "toolu_01", "name": "find_219-09-9999", "input": {}}),
    "server_tool_use": assistant(
        {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {"query": NOTE}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "srvtoolu_01",
            "content": [
                {
                    "type": "web_search_result",
                    "title": NOTE,
                    "url": "https://example.com/?q=m.gonzalez@example.com",
                    "encrypted_content": SEALED,
                    "page_age": None,
                }
            ],
        },
    ),
    "web_fetch result": assistant(
        {
            "type": "web_fetch_tool_result",
            "tool_use_id": "srvtoolu_01",
            "content": {
                "type": "web_fetch_result",
                "url": "https://example.com/",
                "content": {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": NOTE}, "title": NOTE},
                "retrieved_at": None,
            },
        }
    ),
    "code execution": assistant(
        {
            "type": "bash_code_execution_tool_result",
            "tool_use_id": "srvtoolu_01",
            "content": {"type": "bash_code_execution_result", "stdout": NOTE, "stderr": NOTE, "return_code": 0, "content": []},
        }
    ),
    "mcp_tool_use": assistant(
        {"type": "mcp_tool_use", "id": "mcptoolu_01", "name": "find", "server_name": "s", "input": {"note": NOTE}},
        {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_01", "is_error": False, "content": [{"type": "text", "text": NOTE}]},
    ),
    "citations": assistant(
        {
            "type": "text",
            "text": "x",
            "citations": [
                {"type": "char_location", "cited_text": NOTE, "document_index": 0, "document_title": NOTE, "start_char_index": 0, "end_char_index": 1}
            ],
        }
    ),
    "tool_result": result(NOTE),
    "tool_result blocks": result([{"type": "text", "text": NOTE}, {"type": "text", "text": NOTE}]),
    "tool_result, cached": result([{"type": "text", "text": NOTE, **CACHED}], **CACHED),
    "tool_result, error": result(NOTE, is_error=True),
    "tool_result, JSON": result(json.dumps({"rows": [{"note": NOTE}]})),
    "tool_result, escaped JSON": result('{"note":"' + escaped(NOTE) + '"}'),
    "tool_result, search_result": result(
        [{"type": "search_result", "source": "https://example.com/", "title": NOTE, "content": [{"type": "text", "text": NOTE}]}]
    ),
    "document of text": block(
        type="document", source={"type": "text", "media_type": "text/plain", "data": NOTE}, title=NOTE, context=NOTE, citations={"enabled": True}
    ),
    "document of text, cached": block(type="document", source={"type": "text", "media_type": "text/plain", "data": NOTE}, **CACHED),
    "document of blocks": block(type="document", source={"type": "content", "content": [{"type": "text", "text": NOTE}]}, title="Notes"),
    "document of one string": block(type="document", source={"type": "content", "content": NOTE}),
    "search_result": block(
        type="search_result", source="https://example.com/", title=NOTE, content=[{"type": "text", "text": NOTE}], citations={"enabled": True}
    ),
    "tool description": tool(description=NOTE),
    "tool name": tool(name="ssn_219-09-9999"),
    "tool schema": tool(
        input_schema={
            "type": "object",
            "description": NOTE,
            "properties": {"a": {"type": "string", "description": NOTE, "enum": ["x", NOTE], "default": NOTE}, SHORT: {}},
            "required": [SHORT],
        }
    ),
    "tool examples": tool(input_examples=[{"note": NOTE}]),
    "tool, cached": tool(description=NOTE, **CACHED),
    "tool_choice": dict(
        messages=[USER], tools=[{"name": "a", "input_schema": {"type": "object"}}], tool_choice={"type": "tool", "name": "ssn 219-09-9999"}
    ),
    "web search tool": dict(
        messages=[USER],
        tools=[
            {
                "type": "web_search_20250305",
                "name": "web_search",
                "allowed_domains": ["example.com"],
                "user_location": {"type": "approximate", "city": SHORT},
            }
        ],
    ),
    "stop_sequences": dict(messages=[USER], stop_sequences=["END", SHORT]),
    "metadata": dict(messages=[USER], metadata={"user_id": "m.gonzalez@example.com"}),
    "metadata, more": dict(messages=[USER], extra_body={"metadata": {"user_id": "user-1", "note": NOTE, SHORT: "x"}}),
    "model": dict(messages=[USER], model=SHORT),
    "output_config": dict(
        messages=[USER],
        output_config={"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"a": {"type": "string", "description": NOTE}}}}},
    ),
    "mcp_servers": dict(
        messages=[USER], extra_body={"mcp_servers": [{"type": "url", "url": "https://example.com/?q=m.gonzalez@example.com", "name": "s"}]}
    ),
    "container": dict(messages=[USER], extra_body={"container": SHORT}),
    "context_management": dict(messages=[USER], extra_body={"context_management": {"edits": [{"type": "compact_20260112", "instructions": NOTE}]}}),
    "unknown field": dict(messages=[USER], extra_body={"x_more": {"a": [NOTE]}}),
    "unknown block": block(type="x_new", deep={"t": NOTE, SHORT: [NOTE]}),
    "system message in the history": dict(messages=[USER, {"role": "system", "content": NOTE}]),
    "unknown role": dict(messages=[{"role": "critic", "content": [{"type": "text", "text": NOTE}]}]),
    "a number": block(type="tool_result", tool_use_id="toolu_01", content=[{"type": "x_json", "ssn": "219099999"}]),
}


def answer(*content, stop="end_turn", **more):
    return {
        "id": "msg_013Zva2CMHLNnXjNJJKqJ2EF",
        "type": "message",
        "role": "assistant",
        "model": "claude-test",
        "content": list(content),
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 25,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 15,
            "service_tier": "standard",
        },
        **more,
    }


PLAIN = {"type": "text", "text": "Hello."}


@pytest.fixture(autouse=True)
def home(site):
    site.upstream.answers(answer(PLAIN))


@pytest.mark.parametrize("place", REQUESTS)
def test_a_value_in_a_request_does_not_arrive(site, place):
    client, wire = anthropic_client(site)
    client.messages.create(**{"model": "claude-test", "max_tokens": 100, **copy.deepcopy(REQUESTS[place])})
    assert len(site.upstream.requests) == 1
    assert_clean(site.upstream.last, "upstream")
    assert_clean(site.upstream.last_head, "upstream's head")
    assert_sealed(wire.sent, site.upstream.last)
    if place == "a number":
        return
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))


def assert_sealed(before, after):
    for sealed in (SIGNATURE, SEALED):
        assert before.count(sealed.encode()) == after.count(sealed.encode()), "what is sealed has changed"


@pytest.mark.parametrize("place", ["system", "user block, cached", "tool_use input", "tool_result", "document of text", "tool schema", "thinking"])
def test_a_value_in_a_count_of_tokens_does_not_arrive(site, place):
    site.upstream.answers({"input_tokens": 2095})
    client, wire = anthropic_client(site)
    got = client.messages.count_tokens(model="claude-test", **copy.deepcopy(REQUESTS[place]))
    assert got.input_tokens == 2095
    assert site.upstream.last_line == "POST /v1/messages/count_tokens HTTP/1.1"
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))


@pytest.mark.parametrize("place", ["system blocks", "tool_use input", "thinking", "mcp_tool_use"])
def test_the_beta_client(site, place):
    """`?beta=true`, `anthropic-beta` and `anthropic-version` go up; so does what Claude Code sends beside them."""
    client, wire = anthropic_client(site)
    client.beta.messages.create(
        model="claude-test", max_tokens=100, betas=["interleaved-thinking-2025-05-14", "context-1m-2025-08-07"], **copy.deepcopy(REQUESTS[place])
    )
    assert site.upstream.last_line == f"POST {wire.request.url.raw_path.decode().removeprefix(site.path)} HTTP/1.1"
    assert ",".join(site.upstream.field("anthropic-beta")).replace(" ", "") == "interleaved-thinking-2025-05-14,context-1m-2025-08-07"
    assert site.upstream.field("anthropic-version") == [wire.request.headers["anthropic-version"]]
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))


BLOCKS = {
    "text": {"type": "text", "text": NOTE},
    "thinking": {"type": "thinking", "thinking": NOTE, "signature": SIGNATURE},
    "redacted_thinking": {"type": "redacted_thinking", "data": SEALED},
    "tool_use": {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"note": NOTE, "deep": [{"ssn": "219-09-9999"}], "n": 1}},
    "tool_use, names": {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {SHORT: {"patient Maria Gonzalez": 1}}},
    "tool_use, JSON inside": {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {"body": json.dumps({"note": NOTE})}},
    "server_tool_use": {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {"query": NOTE}},
    "web_search_tool_result": {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_01",
        "content": [
            {
                "type": "web_search_result",
                "title": NOTE,
                "url": "https://example.com/?q=m.gonzalez@example.com",
                "encrypted_content": SEALED,
                "page_age": None,
            }
        ],
    },
    "bash_code_execution_tool_result": {
        "type": "bash_code_execution_tool_result",
        "tool_use_id": "srvtoolu_01",
        "content": {"type": "bash_code_execution_result", "stdout": NOTE, "stderr": NOTE, "return_code": 0, "content": []},
    },
    "mcp_tool_result": {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_01", "is_error": False, "content": [{"type": "text", "text": NOTE}]},
    "citations": {
        "type": "text",
        "text": "x",
        "citations": [
            {
                "type": "char_location",
                "cited_text": NOTE,
                "document_index": 0,
                "document_title": NOTE,
                "start_char_index": 0,
                "end_char_index": 1,
                "file_id": None,
            }
        ],
    },
    "unknown": {"type": "x_new", "deep": [{"t": NOTE}]},
}


@pytest.mark.parametrize("place", BLOCKS)
def test_a_value_in_an_answer_does_not_come_back(site, place):
    sent = answer(BLOCKS[place], stop="tool_use" if place.startswith("tool") else "end_turn")
    site.upstream.answers(sent)
    client, wire = anthropic_client(site)
    got = client.messages.create(model="claude-test", max_tokens=100, messages=[USER])
    assert_clean(bytes(wire.came), "client")
    assert_fits(sent, json.loads(wire.came))
    assert_sealed(json.dumps(sent).encode(), bytes(wire.came))
    assert got.stop_reason == sent["stop_reason"] and got.usage.output_tokens == 15 and got.content[0].type == BLOCKS[place]["type"]


@pytest.mark.parametrize("field", ["model", "id", "stop_reason", "x_new"])
def test_a_value_in_the_rest_of_an_answer_does_not_come_back(site, field):
    sent = answer(PLAIN) | {field: SHORT}
    site.upstream.answers(sent)
    client, wire = anthropic_client(site)
    client.messages.create(model="claude-test", max_tokens=100, messages=[USER])
    assert_clean(bytes(wire.came))
    assert_fits(sent, json.loads(wire.came))


def test_a_stop_sequence_does_not_come_back(site):
    sent = answer(PLAIN, stop="stop_sequence") | {"stop_sequence": SHORT}
    site.upstream.answers(sent)
    client, wire = anthropic_client(site)
    client.messages.create(model="claude-test", max_tokens=100, messages=[USER])
    assert_clean(bytes(wire.came))
    assert_fits(sent, json.loads(wire.came))


def cut(text, size=7):
    return [text[i : i + size] for i in range(0, len(text), size)]


PING = {"type": "ping"}


def block_events(index, made, size=7):
    """One block as Anthropic streams it."""
    kind = made["type"]

    def delta(**members):
        return {"type": "content_block_delta", "index": index, "delta": members}

    if kind == "text":
        yield {
            "type": "content_block_start",
            "index": index,
            "content_block": {**made, "text": "", **({"citations": []} if "citations" in made else {})},
        }
        for citation in made.get("citations", []):
            yield delta(type="citations_delta", citation=citation)
        for text in cut(made["text"], size):
            yield delta(type="text_delta", text=text)
    elif kind == "thinking":
        yield {"type": "content_block_start", "index": index, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}
        for text in cut(made["thinking"], size):
            yield delta(type="thinking_delta", thinking=text)
        yield delta(type="signature_delta", signature=made["signature"])
    elif kind in ("tool_use", "server_tool_use", "mcp_tool_use"):
        yield {"type": "content_block_start", "index": index, "content_block": {**made, "input": {}}}
        yield delta(type="input_json_delta", partial_json="")
        for text in cut(json.dumps(made["input"]), size):
            yield delta(type="input_json_delta", partial_json=text)
    else:
        yield {"type": "content_block_start", "index": index, "content_block": made}
    yield {"type": "content_block_stop", "index": index}


def stream_of(*blocks, stop="end_turn", size=7, order=None):
    begun = answer(stop=None)
    begun["usage"]["output_tokens"] = 1
    parts = [list(block_events(number, one, size)) for number, one in enumerate(blocks)]
    body = [e for part in parts for e in part]
    if body:
        body.insert(1, PING)
    return [
        {"type": "message_start", "message": begun},
        *body,
        {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": 15}},
        {"type": "message_stop"},
    ]


def is_piece(event):
    return event["type"] == "content_block_delta" and event["delta"]["type"] not in ("signature_delta", "citations_delta")


def assert_same_story(sent, got):
    left, right = [e for e in sent if not is_piece(e)], [e for e in got if not is_piece(e)]
    assert [e["type"] for e in left] == [e["type"] for e in right]
    for one, other in zip(left, right):
        assert_fits(one, other, one["type"])
    # No piece before its block begins, and none after it ends.
    is_open = set()
    for one in got:
        if one["type"] == "content_block_start":
            is_open.add(one["index"])
        elif one["type"] == "content_block_stop":
            is_open.discard(one["index"])
        elif one["type"] == "content_block_delta":
            assert one["index"] in is_open, "a piece outside its block"
    # A signature is the last of its block, as it seals what was thought.
    for index in {e["index"] for e in sent if e["type"] == "content_block_delta" and e["delta"]["type"] == "signature_delta"}:
        own = [e["delta"]["type"] for e in got if e["type"] == "content_block_delta" and e["index"] == index]
        assert own[-1] == "signature_delta", f"the signature of block {index} is not last: {own[-3:]}"


def check_stream(site, sent, **more):
    site.upstream.streams(sse(*sent))
    client, wire = anthropic_client(site)
    parts = list(client.messages.create(model="claude-test", max_tokens=100, messages=[USER], stream=True, **more))
    assert_clean(bytes(wire.came), "client")
    got = [json.loads(text) for _, text in events(bytes(wire.came))]
    assert all(name == one["type"] for (name, _), one in zip(events(bytes(wire.came)), got))
    assert_same_story(sent, got)
    assert_sealed(sse(*sent), bytes(wire.came))
    return parts, got


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("place", BLOCKS)
def test_a_value_in_a_stream_does_not_come_back(site, place, size):
    stop = "tool_use" if place.startswith("tool") else "end_turn"
    check_stream(site, stream_of(BLOCKS[place], stop=stop, size=size))
    # And the SDK's own accumulation of the same stream.
    client, wire = anthropic_client(site)
    with client.messages.stream(model="claude-test", max_tokens=100, messages=[USER]) as stream:
        final = stream.get_final_message()
    assert final.stop_reason == stop and final.usage.output_tokens == 15
    made = json.loads(final.content[0].model_dump_json(exclude_unset=True))
    for name in ("parsed_output",):
        made.pop(name, None)
    expected = BLOCKS[place]
    assert set(made) >= set(expected)
    assert_fits(expected, {name: made[name] for name in expected})


def test_a_stream_of_all_blocks(site):
    parts, got = check_stream(site, stream_of(*BLOCKS.values(), stop="tool_use"))
    assert [p.index for p in parts if p.type == "content_block_start"] == list(range(len(BLOCKS)))


def test_thoughts_and_text_are_apart(site):
    """A value that is cut at the border of two blocks is no value; one inside each is masked."""
    check_stream(
        site, stream_of({"type": "thinking", "thinking": "I see SSN 219-09", "signature": SIGNATURE}, {"type": "text", "text": "-9999. " + NOTE})
    )


def test_arguments_with_escapes_in_a_stream(site):
    made = list(block_events(0, BLOCKS["tool_use"]))
    text = '{"note":"' + escaped(NOTE) + '","' + escaped(SHORT) + '":{"n":[1.50,true,null]}}'
    sent = stream_of()
    pieces = [{"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": t}} for t in cut(text, 5)]
    sent[1:1] = [made[0], *pieces, made[-1]]
    _, got = check_stream(site, sent)
    arrived = "".join(e["delta"]["partial_json"] for e in got if is_piece(e))
    assert_fits(json.loads(text), json.loads(arrived))


@pytest.mark.parametrize(
    "kind, error",
    [("overloaded_error", anthropic.APIStatusError), ("api_error", anthropic.APIStatusError), ("invalid_request_error", anthropic.APIStatusError)],
)
def test_an_error_in_a_stream_raises(site, kind, error):
    sent = stream_of({"type": "text", "text": "Some plain text that goes on."})[:6]
    site.upstream.streams(
        sse(
            *sent,
            {
                "type": "error",
                "error": {"type": kind, "message": "Overloaded by patient Maria Gonzalez"},
                "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy",
            },
        )
    )
    client, wire = anthropic_client(site)
    text = ""
    with pytest.raises(error) as caught:
        for part in client.messages.create(model="claude-test", max_tokens=100, messages=[USER], stream=True):
            text += part.delta.text if part.type == "content_block_delta" else ""
    assert kind in str(caught.value.body) and "Overloaded" in str(caught.value)
    assert_clean(str(caught.value.body).encode())
    assert_clean(bytes(wire.came))


def test_stop_reasons_and_usage_stay(site):
    for stop in ("max_tokens", "stop_sequence", "pause_turn", "refusal", "model_context_window_exceeded"):
        sent = stream_of({"type": "text", "text": NOTE}, stop=stop)
        sent[-2]["usage"] = {
            "input_tokens": 25,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 17,
            "output_tokens": 33,
            "server_tool_use": {"web_search_requests": 1},
        }
        site.upstream.streams(sse(*sent))
        client, _ = anthropic_client(site)
        with client.messages.stream(model="claude-test", max_tokens=100, messages=[USER]) as stream:
            final = stream.get_final_message()
        assert final.stop_reason == stop and final.usage.output_tokens == 33 and final.usage.cache_read_input_tokens == 17


def test_a_conversation_with_thinking_and_tools_over_turns(site):
    """Thinking goes up again unchanged, in the very bytes that came down: else Anthropic refuses its signature."""
    client, wire = anthropic_client(site)
    first = [
        {"type": "thinking", "thinking": "The user asks about a record, so I look it up.", "signature": SIGNATURE},
        {"type": "redacted_thinking", "data": SEALED},
        {"type": "text", "text": "I look for " + NOTE},
        BLOCKS["tool_use"],
    ]
    messages = [{"role": "user", "content": NOTE}]
    tools = [{"name": "find", "description": "Finds.", "input_schema": {"type": "object", "properties": {"note": {"type": "string"}}}}]
    for turn in range(3):
        site.upstream.streams(sse(*stream_of(*first, stop="tool_use")))
        with client.messages.stream(
            model="claude-test", max_tokens=2000, messages=messages, tools=tools, thinking={"type": "enabled", "budget_tokens": 1024}
        ) as stream:
            final = stream.get_final_message()
        arrived = json.loads(site.upstream.last)
        assert_clean(site.upstream.last)
        assert site.upstream.last.count(SIGNATURE.encode()) == turn and site.upstream.last.count(SEALED.encode()) == turn
        assert final.content[0].thinking == first[0]["thinking"] and final.content[0].signature == SIGNATURE and final.content[1].data == SEALED
        for number in range(turn):
            assert arrived["messages"][2 * number + 1]["content"][:2] == first[:2]
        messages += [
            {"role": "assistant", "content": final.content},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": final.content[3].id, "content": NOTE}]},
        ]
    names = {MASK.search(json.dumps(m["content"])).group() for m in arrived["messages"] if m["role"] == "user"}
    assert len(names) == 1, "one person is one placeholder"


@pytest.mark.parametrize("place", ["signature", "data"])
def test_what_is_not_sealed_is_not_taken_for_it(site, place):
    client, wire = anthropic_client(site)
    made = (
        {"type": "thinking", "thinking": "x", "signature": (NOTE + " ") * 2}
        if place == "signature"
        else {"type": "redacted_thinking", "data": (NOTE + " ") * 2}
    )
    try:
        client.messages.create(model="claude-test", max_tokens=100, **assistant(made))
    except anthropic.BadRequestError:
        assert site.upstream.requests == []
    else:
        assert_clean(site.upstream.last)


MEDIA = {
    "image": {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
    "image by URL": {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}},
    "image by file": {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
    "PDF": {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
    "PDF by URL": {"type": "document", "source": {"type": "url", "url": "https://example.com/x.pdf"}},
    "image in a document": {
        "type": "document",
        "source": {
            "type": "content",
            "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}],
        },
    },
    "image in a tool's result": {
        "type": "tool_result",
        "tool_use_id": "toolu_01",
        "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}],
    },
    "container upload": {"type": "container_upload", "file_id": "file_1"},
    "text that says it is an image": {"type": "image", "source": {"type": "base64", "media_type": "text/plain", "data": "MjE5LTA5LTk5OTk="}},
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_are_refused(site, kind):
    client, _ = anthropic_client(site)
    with pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.create(model="claude-test", max_tokens=100, **block(**MEDIA[kind]))
    assert caught.value.body["type"] == "error" and caught.value.body["error"]["type"] == "invalid_request_error"
    assert site.upstream.requests == []


@pytest.mark.parametrize("kind", ["image", "PDF", "image in a tool's result"])
def test_media_are_seen_however_they_are_written(site, kind):
    for names in (["source"], ["type"], ["source", "type", "data", "content"]):
        text = json.dumps({"model": "m", "max_tokens": 1, **block(**MEDIA[kind])})
        for name in names:
            text = text.replace(f'"{name}":', '"' + f"\\u{ord(name[0]):04x}" + name[1:] + '":')
        status, _, data = raw(site, "POST", "/v1/messages", text.encode())
        assert status == 400, data
    turned = {name: MEDIA[kind][name] for name in reversed(MEDIA[kind])}
    status, _, _ = raw(site, "POST", "/v1/messages", {"model": "m", "max_tokens": 1, **block(**turned)})
    assert status == 400
    assert site.upstream.requests == []


def test_kinds_of_events_in_unusual_writing_hide_nothing(site):
    sent = sse(*stream_of(BLOCKS["text"], BLOCKS["tool_use"], stop="tool_use"))
    for change in (
        (b'"type":"content_block_delta"', b'"type":"content_block\\u005fdelta"'),
        (b'"type":"text_delta"', b'"type":"text\\u005fdelta"'),
        (b'"delta":', b'"\\u0064elta":'),
        (b'"text":', b'"te\\u0078t":'),
        (b'"partial_json":', b'"partial\\u005fjson":'),
        (b"event: content_block_delta\n", b""),
        (b"event: content_block_delta", b"event: ping"),
        (b'"index":0', b'"index":0.0'),
    ):
        site.upstream.streams(sent.replace(*change))
        _, _, data = raw(site, "POST", "/v1/messages", {"model": "m", "max_tokens": 1, "stream": True, "messages": [USER]})
        assert_clean(data, change[1].decode())


@pytest.mark.parametrize(
    "change",
    [
        "reversed",
        "begins with text",
        "begins with input",
        "no start",
        "after its stop",
        "two at one index",
        "a later kind",
        "whole message at last",
        "index is a string",
    ],
)
def test_streams_that_nobody_expects_hide_nothing(site, change):
    sent = stream_of(BLOCKS["text"])
    if change == "reversed":
        sent = [{name: one[name] for name in reversed(one)} for one in sent]
    elif change == "begins with text":
        sent[1]["content_block"]["text"] = NOTE[:60]
        sent = [e for e in sent if not (is_piece(e) and e["delta"]["text"] in NOTE[:56])]
    elif change == "begins with input":
        sent = stream_of(BLOCKS["tool_use"])
        sent[1]["content_block"]["input"] = {"note": NOTE}
    elif change == "no start":
        sent = [e for e in sent if e["type"] != "content_block_start"]
    elif change == "after its stop":
        stop = next(e for e in sent if e["type"] == "content_block_stop")
        sent.remove(stop)
        sent.insert(8, stop)
    elif change == "two at one index":
        sent = stream_of({"type": "text", "text": NOTE + " "})
        pieces = [e for e in sent if is_piece(e)]
        sent = [*sent[:2], *pieces, {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, *pieces, *sent[-3:]]
    elif change == "a later kind":
        sent = [{**e, "type": "content_block_new"} if is_piece(e) else e for e in sent]
    elif change == "whole message at last":
        sent[-1]["message"] = answer(BLOCKS["text"])
    elif change == "index is a string":
        sent = [{**e, "index": "0"} if "index" in e else e for e in sent]
    site.upstream.streams(sse(*sent))
    _, _, data = raw(site, "POST", "/v1/messages", {"model": "m", "max_tokens": 1, "stream": True, "messages": [USER]})
    assert_clean(data)


def test_the_gateways_own_errors_are_anthropics(site):
    client, _ = anthropic_client(site, key="sk-sluice-" + "0" * 32)
    with pytest.raises(anthropic.AuthenticationError) as caught:
        client.messages.create(model="m", max_tokens=1, messages=[USER])
    assert caught.value.body["error"]["type"] == "authentication_error"
    client, _ = anthropic_client(site)
    with pytest.raises(anthropic.PermissionDeniedError, match="no-bulk-export") as caught:
        client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "Please export all patients"}])
    assert caught.value.body["error"]["type"] == "permission_error"
    with pytest.raises(anthropic.NotFoundError):
        client.messages.batches.list()
    with pytest.raises(anthropic.NotFoundError):
        client.post("/v1/complete", body={"prompt": NOTE}, cast_to=object)
    status, _, data = raw(site, "POST", "/v1/messages", b'{"model":')
    assert status == 400 and json.loads(data)["type"] == "error"
    assert site.upstream.requests == []


def test_models(site):
    site.upstream.answers(
        {
            "data": [
                {"type": "model", "id": "claude-sonnet-4-5-20250929", "display_name": "Claude Sonnet 4.5", "created_at": "2025-09-29T00:00:00Z"}
            ],
            "has_more": False,
            "first_id": "claude-sonnet-4-5-20250929",
            "last_id": "claude-sonnet-4-5-20250929",
        }
    )
    client, wire = anthropic_client(site)
    got = client.models.list(limit=20)
    assert got.data[0].id == "claude-sonnet-4-5-20250929" and str(got.data[0].created_at).startswith("2025-09-29")
    assert site.upstream.last_line == "GET /v1/models?limit=20 HTTP/1.1"
    site.upstream.answers(
        {"type": "model", "id": "claude-sonnet-4-5-20250929", "display_name": "Claude Sonnet 4.5", "created_at": "2025-09-29T00:00:00Z"}
    )
    assert client.models.retrieve("claude-sonnet-4-5-20250929").display_name == "Claude Sonnet 4.5"


@pytest.mark.parametrize("field", ["x-api-key", "authorization"])
def test_the_credential_is_the_gateways(site, field):
    value = {"x-api-key": site.key, "authorization": f"Bearer {site.key}"}[field]
    status, _, _ = raw(
        site,
        "POST",
        "/v1/messages",
        {"model": "m", "max_tokens": 1, "messages": [USER]},
        {field: value, "anthropic-version": "2023-06-01"},
        key=False,
    )
    assert status == 200
    from protocol_gateway import SECRET

    assert site.upstream.field("x-api-key") == [SECRET] and site.upstream.field("authorization") == []
    assert site.key.encode() not in bytes(site.upstream.received)


def test_claude_codes_own_request(site):
    """The form of what Claude Code sends: cached system blocks, a session in metadata, fine-grained tool streaming."""
    body = {
        "model": "claude-sonnet-4-5-20250929",
        "max_tokens": 32000,
        "stream": True,
        "temperature": 1,
        "metadata": {
            "user_id": "user_"
            + "3f" * 32
            + "_account_"
            + "8a1b2c3d-1e2f-4a5b-9c8d-7e6f5a4b3c2d"
            + "_session_"
            + "0f1e2d3c-4b5a-4968-8776-655443322110"
        },
        "system": [
            {"type": "text", "text": "You are Claude Code, Anthropic's official CLI for Claude.", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "Working directory: /home/dev/app\n" + NOTE, "cache_control": {"type": "ephemeral"}},
        ],
        "tools": [
            {
                "name": "Bash",
                "description": "Runs.",
                "input_schema": {
                    "type": "object",
                    "properties": {"command": {"type": "string"}},
                    "required": ["command"],
                    "additionalProperties": False,
                    "$schema": "http://json-schema.org/draft-07/schema#",
                },
            }
        ],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "<system-reminder>\n" + NOTE + "\n</system-reminder>"},
                    {"type": "text", "text": "go", "cache_control": {"type": "ephemeral"}},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "ok", "signature": SIGNATURE},
                    {"type": "tool_use", "id": "toolu_01A09q90qw90lq917835lq9", "name": "Bash", "input": {"command": "cat notes.txt"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "toolu_01A09q90qw90lq917835lq9",
                        "content": NOTE,
                        "is_error": False,
                        "cache_control": {"type": "ephemeral"},
                    }
                ],
            },
        ],
        "thinking": {"type": "enabled", "budget_tokens": 31999},
    }
    site.upstream.streams(sse(*stream_of(BLOCKS["thinking"], BLOCKS["text"], BLOCKS["tool_use"], stop="tool_use")))
    status, _, data = raw(
        site,
        "POST",
        "/v1/messages?beta=true",
        body,
        {
            "anthropic-version": "2023-06-01",
            "anthropic-beta": "claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14",
            "anthropic-dangerous-direct-browser-access": "true",
            "x-app": "cli",
            "user-agent": "claude-cli/2.0.14 (external, cli)",
        },
    )
    assert status == 200, data
    assert_clean(data)
    assert_clean(site.upstream.last)
    arrived = json.loads(site.upstream.last)
    assert_fits(body, arrived)
    assert arrived["metadata"] == body["metadata"] and arrived["messages"][1] == body["messages"][1]
    assert site.upstream.last_line == "POST /v1/messages?beta=true HTTP/1.1"
    assert "claude-code-20250219" in site.upstream.field("anthropic-beta")[0]
