"""Chat completions with OpenAI's own client: every place of a request, of an answer and of a stream's events."""

import copy
import json

import openai
import pytest
from openai._models import construct_type

from scripted import sse
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, escaped, events
from wire import openai_client, raw

PROTOCOL = "openai"
USER = {"role": "user", "content": "Hello there."}
TOOL = {
    "type": "function",
    "function": {
        "name": "find",
        "description": "Finds a record.",
        "parameters": {"type": "object", "properties": {"ssn": {"type": "string", "description": "A number."}}, "required": ["ssn"]},
    },
}


def called(arguments, name="find"):
    return [
        USER,
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "done"},
    ]


def tool(**changes):
    made = copy.deepcopy(TOOL)
    made["function"].update(changes)
    return made


def schema(**text):
    return tool(parameters={"type": "object", **text})


REQUESTS = {
    "system": dict(messages=[{"role": "system", "content": NOTE}, USER]),
    "developer": dict(messages=[{"role": "developer", "content": NOTE}, USER]),
    "user": dict(messages=[{"role": "user", "content": NOTE}]),
    "user name": dict(messages=[{"role": "user", "name": "Maria Gonzalez, SSN 219-09-9999", "content": "Hello."}]),
    "content part": dict(messages=[{"role": "user", "content": [{"type": "text", "text": "One."}, {"type": "text", "text": NOTE}]}]),
    "system part": dict(messages=[{"role": "system", "content": [{"type": "text", "text": NOTE}]}, USER]),
    "history": dict(messages=[USER, {"role": "assistant", "content": NOTE}, USER]),
    "history parts": dict(messages=[USER, {"role": "assistant", "content": [{"type": "text", "text": NOTE}]}, USER]),
    "history refusal": dict(messages=[USER, {"role": "assistant", "refusal": NOTE}, USER]),
    "history refusal part": dict(messages=[USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": NOTE}]}, USER]),
    "history name": dict(messages=[USER, {"role": "assistant", "name": "SSN 219-09-9999", "content": "x"}, USER]),
    "reasoning_content": dict(messages=[USER, {"role": "assistant", "content": "x", "reasoning_content": NOTE}, USER]),
    "reasoning": dict(messages=[USER, {"role": "assistant", "content": "x", "reasoning": NOTE}, USER]),
    "tool arguments": dict(messages=called(json.dumps({"note": NOTE, "n": 1}))),
    "tool arguments, a value alone": dict(messages=called(json.dumps({"ssn": "219-09-9999", "patient_name": "Maria Gonzalez"}))),
    "tool arguments, escaped": dict(messages=called('{"note":"' + escaped(NOTE) + '","n":[1,2]}')),
    "tool arguments, half escaped": dict(messages=called('{"ssn":"21\\u0039-0\\u0039-9999"}')),
    "tool arguments, names": dict(messages=called(json.dumps({"patient Maria Gonzalez": 1, SHORT: {"deep": [NOTE]}}))),
    "tool arguments, no JSON": dict(messages=called('{"note": "' + NOTE)),
    "tool arguments, JSON in JSON in JSON": dict(messages=called(json.dumps({"body": json.dumps({"note": NOTE})}))),
    "tool call name": dict(messages=called("{}", name="find_219-09-9999")),
    "function_call": dict(
        messages=[
            USER,
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": json.dumps({"note": NOTE})}},
            {"role": "function", "name": "f", "content": NOTE},
        ]
    ),
    "custom tool call": dict(
        messages=[
            USER,
            {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "custom", "custom": {"name": "run", "input": NOTE}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "done"},
        ]
    ),
    "tool result": dict(messages=[*called("{}")[:2], {"role": "tool", "tool_call_id": "call_1", "content": NOTE}]),
    "tool result parts": dict(messages=[*called("{}")[:2], {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": NOTE}]}]),
    "tool result, JSON": dict(messages=[*called("{}")[:2], {"role": "tool", "tool_call_id": "call_1", "content": json.dumps([{"note": NOTE}])}]),
    "tool result, JSON with escapes": dict(
        messages=[*called("{}")[:2], {"role": "tool", "tool_call_id": "call_1", "content": '[{"note":"' + escaped(NOTE) + '"}]'}]
    ),
    "tool_call_id": dict(messages=[*called("{}")[:2], {"role": "tool", "tool_call_id": "call 219-09-9999", "content": "x"}]),
    "tool name": dict(messages=[USER], tools=[tool(name="ssn_219-09-9999")]),
    "tool description": dict(messages=[USER], tools=[tool(description=NOTE)]),
    "schema description": dict(messages=[USER], tools=[schema(properties={"a": {"type": "string", "description": NOTE}})]),
    "schema property": dict(messages=[USER], tools=[schema(properties={SHORT: {"type": "string"}})]),
    "schema enum": dict(messages=[USER], tools=[schema(properties={"a": {"type": "string", "enum": ["x", NOTE]}})]),
    "schema default": dict(messages=[USER], tools=[schema(properties={"a": {"type": "string", "default": NOTE}})]),
    "schema const": dict(messages=[USER], tools=[schema(properties={"a": {"const": NOTE}})]),
    "schema examples": dict(messages=[USER], tools=[schema(properties={"a": {"type": "string", "examples": [NOTE]}})]),
    "schema pattern": dict(messages=[USER], tools=[schema(properties={"a": {"type": "string", "pattern": NOTE}})]),
    "custom tool grammar": dict(
        messages=[USER],
        tools=[
            {
                "type": "custom",
                "custom": {"name": "c", "description": NOTE, "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": NOTE}}},
            }
        ],
    ),
    "functions": dict(messages=[USER], extra_body={"functions": [{"name": "f", "description": NOTE, "parameters": {"type": "object"}}]}),
    "tool_choice": dict(messages=[USER], tools=[TOOL], tool_choice={"type": "function", "function": {"name": "ssn_219-09-9999"}}),
    "response_format": dict(
        messages=[USER],
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "answer",
                "description": NOTE,
                "schema": {"type": "object", "properties": {"a": {"type": "string", "description": NOTE}}},
            },
        },
    ),
    "response_format name": dict(messages=[USER], response_format={"type": "json_schema", "json_schema": {"name": "ssn_219-09-9999", "schema": {}}}),
    "metadata": dict(messages=[USER], metadata={"note": NOTE}),
    "metadata name": dict(messages=[USER], metadata={SHORT: "x"}),
    "metadata value alone": dict(messages=[USER], metadata={"ssn": "219-09-9999"}),
    "user id": dict(messages=[USER], user="m.gonzalez@example.com"),
    "safety_identifier": dict(messages=[USER], safety_identifier="m.gonzalez@example.com"),
    "prompt_cache_key": dict(messages=[USER], prompt_cache_key="Patient Maria Gonzalez"),
    "stop": dict(messages=[USER], stop=["END", SHORT]),
    "prediction": dict(messages=[USER], prediction={"type": "content", "content": NOTE}),
    "prediction parts": dict(messages=[USER], prediction={"type": "content", "content": [{"type": "text", "text": NOTE}]}),
    "web search place": dict(
        messages=[USER], web_search_options={"user_location": {"type": "approximate", "approximate": {"city": SHORT, "region": SHORT}}}
    ),
    "model": dict(messages=[USER], model=SHORT),
    "unknown field": dict(messages=[USER], extra_body={"x_more": {"a": [NOTE]}}),
    "unknown member of a message": dict(messages=[{"role": "user", "content": "x", "x_more": NOTE}]),
    "unknown part": dict(messages=[{"role": "user", "content": [{"type": "x_new", "x_new": {"t": NOTE}}]}]),
    "unknown role": dict(messages=[{"role": "critic", "content": NOTE}]),
    "a number": dict(messages=[USER], extra_body={"x_more": {"ssn": 219099999}}),
    "a card as a number": dict(messages=[USER], extra_body={"x_more": {"card_number": 4111111111111111}}),
}


def answer(message=None, **more):
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1764000000,
        "model": "gpt-5",
        "choices": [
            {
                "index": 0,
                "message": message or {"role": "assistant", "content": "Hello.", "refusal": None, "annotations": []},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12, "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0}},
        "service_tier": "default",
        "system_fingerprint": "fp_1",
        **more,
    }


@pytest.fixture(autouse=True)
def home(site):
    site.upstream.answers(answer())


@pytest.mark.parametrize("place", REQUESTS)
def test_a_value_in_a_request_does_not_arrive(site, place):
    client, wire = openai_client(site)
    client.chat.completions.create(**{"model": "gpt-5", **copy.deepcopy(REQUESTS[place])})
    assert len(site.upstream.requests) == 1
    assert_clean(site.upstream.last, "upstream")
    assert_clean(site.upstream.last_head, "upstream's head")
    if place in ("a number", "a card as a number"):
        arrived = json.loads(site.upstream.last)["x_more"]
        assert all(isinstance(value, str) and MASK.search(value) for value in arrived.values()), arrived
    elif place == "tool arguments, no JSON":
        arrived = json.loads(site.upstream.last)["messages"][1]["tool_calls"][0]["function"]["arguments"]
        assert arrived.startswith('{"note": "Patient [NAME')
    else:
        assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))


ANSWERS = {
    "content": {"role": "assistant", "content": NOTE},
    "refusal": {"role": "assistant", "content": None, "refusal": NOTE},
    "reasoning_content": {"role": "assistant", "content": "x", "reasoning_content": NOTE},
    "arguments": {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "find", "arguments": json.dumps({"note": NOTE, "deep": {"ssn": "219-09-9999"}})},
            }
        ],
    },
    "arguments, escaped": {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "find", "arguments": '{"note":"' + escaped(NOTE) + '"}'}}],
    },
    "arguments, names": {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "find", "arguments": json.dumps({SHORT: 1})}}],
    },
    "custom input": {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "custom", "custom": {"name": "run", "input": NOTE}}],
    },
    "function_call": {"role": "assistant", "content": None, "function_call": {"name": "find", "arguments": json.dumps({"note": NOTE})}},
    "annotation": {
        "role": "assistant",
        "content": "x",
        "annotations": [
            {
                "type": "url_citation",
                "url_citation": {"start_index": 0, "end_index": 1, "title": NOTE, "url": "https://example.com/?q=m.gonzalez@example.com"},
            }
        ],
    },
    "unknown": {"role": "assistant", "content": "x", "x_new": {"deep": [NOTE]}},
}


@pytest.mark.parametrize("place", ANSWERS)
def test_a_value_in_an_answer_does_not_come_back(site, place):
    sent = answer(ANSWERS[place])
    site.upstream.answers(sent)
    client, wire = openai_client(site)
    got = client.chat.completions.create(model="gpt-5", messages=[USER])
    assert_clean(bytes(wire.came), "client")
    assert_fits(sent, json.loads(wire.came))
    assert got.choices[0].finish_reason == "stop" and got.usage.total_tokens == 12
    for call in got.choices[0].message.tool_calls or []:
        if call.type == "function":
            json.loads(call.function.arguments)


def test_logprobs_are_refused_or_masked(site):
    """Tokens of log probabilities spell the text again, piece by piece."""
    client, wire = openai_client(site)
    sent = answer()
    sent["choices"][0]["logprobs"] = {
        "content": [{"token": t, "logprob": -1.0, "bytes": list(t.encode()), "top_logprobs": []} for t in ("SSN ", "219", "-09", "-", "9999")],
        "refusal": None,
    }
    site.upstream.answers(sent)
    try:
        client.chat.completions.create(model="gpt-5", messages=[USER], logprobs=True)
    except openai.BadRequestError:
        assert site.upstream.requests == []
    else:
        tokens = (json.loads(wire.came)["choices"][0]["logprobs"] or {}).get("content") or []
        assert_clean("".join(t["token"] for t in tokens).encode(), "client")


def test_an_answer_with_sound_is_refused(site):
    site.upstream.answers(
        answer({"role": "assistant", "content": None, "audio": {"id": "a", "expires_at": 1, "data": "UklGRg==", "transcript": NOTE}})
    )
    client, wire = openai_client(site)
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="gpt-5", messages=[USER])
    assert_clean(bytes(wire.came))


def chunk(delta=None, finish=None, index=0, **more):
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1764000000,
        "model": "gpt-5",
        "service_tier": "default",
        "system_fingerprint": "fp_1",
        "choices": [{"index": index, "delta": delta or {}, "logprobs": None, "finish_reason": finish}],
        "usage": None,
        **more,
    }


USAGE = {**chunk(), "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}
DONE = b"data: [DONE]\n\n"


def cut(text, size=7):
    return [text[i : i + size] for i in range(0, len(text), size)]


def deltas(make, text=NOTE, size=7):
    return [chunk(make(piece)) for piece in cut(text, size)]


def call_deltas(arguments, index=0, identity="call_1", name="find"):
    return [
        chunk({"tool_calls": [{"index": index, "id": identity, "type": "function", "function": {"name": name, "arguments": ""}}]}),
        *(chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}) for piece in cut(arguments)),
    ]


START = chunk({"role": "assistant", "content": "", "refusal": None})
STREAMS = {
    "content": deltas(lambda t: {"content": t}),
    "content, one letter each": deltas(lambda t: {"content": t}, size=1),
    "refusal": deltas(lambda t: {"refusal": t}),
    "reasoning_content": deltas(lambda t: {"reasoning_content": t}),
    "reasoning": deltas(lambda t: {"reasoning": t}),
    "reasoning_details": deltas(lambda t: {"reasoning_details": [{"type": "reasoning.text", "text": t, "index": 0}]}),
    "unknown text": deltas(lambda t: {"x_new": t}),
    "arguments": call_deltas(json.dumps({"note": NOTE, "n": 1})),
    "arguments, escaped": call_deltas('{"note":"' + escaped(NOTE) + '","n":1}'),
    "arguments, names": call_deltas(json.dumps({SHORT: {"a": 1}})),
    "arguments, the value alone": call_deltas(json.dumps({"ssn": "219-09-9999"})),
    "arguments, JSON in JSON": call_deltas(json.dumps({"body": json.dumps({"note": NOTE})})),
    "two calls": [*call_deltas(json.dumps({"note": NOTE})), *call_deltas(json.dumps({"ssn": "219-09-9999"}), 1, "call_2", "other")],
    "two calls, mixed": [
        e for pair in zip(call_deltas(json.dumps({"note": NOTE})), call_deltas(json.dumps({"note": NOTE}), 1, "call_2", "other")) for e in pair
    ],
    "a custom tool's input": [
        chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "run", "input": ""}}]}),
        *(chunk({"tool_calls": [{"index": 0, "custom": {"input": piece}}]}) for piece in cut(NOTE)),
    ],
    "function_call": [
        chunk({"function_call": {"name": "find", "arguments": ""}}),
        *(chunk({"function_call": {"arguments": piece}}) for piece in cut(json.dumps({"note": NOTE}))),
    ],
    "two choices": [e for pair in zip(deltas(lambda t: {"content": t}), [chunk({"content": t}, index=1) for t in cut(NOTE)]) for e in pair],
    "annotations": [
        chunk(
            {
                "annotations": [
                    {"type": "url_citation", "url_citation": {"title": NOTE, "url": "https://example.com/x", "start_index": 0, "end_index": 1}}
                ]
            }
        )
    ],
    "a call after text": [*deltas(lambda t: {"content": t}), *call_deltas(json.dumps({"note": NOTE}))],
}


def collected(chunks):
    """What a client makes of a stream: per choice, its texts, calls and finish reason."""
    choices = {}
    for part in chunks:
        for choice in part.choices:
            made = choices.setdefault(choice.index, {"texts": {}, "calls": {}, "finish": None})
            delta = choice.delta.model_dump(exclude_none=True) if choice.delta else {}
            for name, value in delta.items():
                if isinstance(value, str) and name != "role":
                    made["texts"][name] = made["texts"].get(name, "") + value
            if "function_call" in delta:
                call = made["calls"].setdefault("function_call", {"arguments": ""})
                call["arguments"] += delta["function_call"].get("arguments", "")
            for call in delta.get("tool_calls", []):
                kept = made["calls"].setdefault(call["index"], {"name": "", "arguments": "", "input": "", "id": None})
                inner = call.get("function") or call.get("custom") or {}
                kept["id"] = call.get("id") or kept["id"]
                kept["name"] += inner.get("name") or ""
                kept["arguments"] += inner.get("arguments") or ""
                kept["input"] += inner.get("input") or ""
            made["finish"] = choice.finish_reason or made["finish"]
    return choices


def reference(items):
    return collected(construct_type(value=item, type_=openai.types.chat.ChatCompletionChunk) for item in items)


@pytest.mark.parametrize("place", STREAMS)
def test_a_value_in_a_stream_does_not_come_back(site, place):
    calls = any("tool_calls" in (c["delta"] or {}) or "function_call" in (c["delta"] or {}) for e in STREAMS[place] for c in e["choices"])
    reason = "tool_calls" if calls else "stop"
    ends = [chunk({}, reason, index=i) for i in sorted({c["index"] for e in STREAMS[place] for c in e["choices"]})]
    items = [START, *STREAMS[place], *ends, USAGE]
    site.upstream.streams(sse(*items) + DONE)
    client, wire = openai_client(site)
    chunks = list(client.chat.completions.create(model="gpt-5", messages=[USER], stream=True, stream_options={"include_usage": True}))
    assert_clean(bytes(wire.came), "client")
    assert chunks[-1].usage.total_tokens == 12
    assert bytes(wire.came).endswith(DONE)
    got, expected = collected(chunks), reference(items)
    assert_fits(json.loads(json.dumps(expected)), json.loads(json.dumps(got)))
    for choice in got.values():
        for call in choice["calls"].values():
            if call["arguments"]:
                json.loads(call["arguments"])


def test_the_helper_of_the_sdk_reads_a_masked_stream(site):
    """`chat.completions.stream` accumulates and parses; it is stricter than the plain iterator."""
    items = [START, *deltas(lambda t: {"content": t}), *call_deltas(json.dumps({"ssn": "219-09-9999"})), chunk({}, "tool_calls"), USAGE]
    site.upstream.streams(sse(*items) + DONE)
    client, wire = openai_client(site)
    with client.chat.completions.stream(model="gpt-5", messages=[USER], tools=[{**TOOL, "function": {**TOOL["function"], "strict": True}}]) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert_clean(bytes(wire.came), "client")
    assert "content.done" in kinds and "tool_calls.function.arguments.done" in kinds
    assert final.choices[0].message.content.startswith("Patient [NAME")
    assert set(json.loads(final.choices[0].message.tool_calls[0].function.arguments)) == {"ssn"}


def test_an_error_in_a_stream_raises(site):
    site.upstream.streams(
        sse(START, *deltas(lambda t: {"content": t}, "Some plain text. "))
        + b'data: {"error":{"message":"The server had an error for patient Maria Gonzalez","type":"server_error","param":null,"code":null}}\n\n'
    )
    client, wire = openai_client(site)
    with pytest.raises(openai.APIError, match="The server had an error") as caught:
        list(client.chat.completions.create(model="gpt-5", messages=[USER], stream=True))
    assert_clean(str(caught.value).encode())
    assert_clean(bytes(wire.came))


def test_comments_and_pings_pass(site):
    body = b": keep-alive\n\n" + sse(START) + b": ping\n\n" + sse(chunk({"content": "Hi."}), chunk({}, "stop")) + DONE
    site.upstream.streams(body)
    client, wire = openai_client(site)
    chunks = list(client.chat.completions.create(model="gpt-5", messages=[USER], stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "Hi."
    assert [e for e in events(bytes(wire.came))][-1] == ("", "[DONE]")


def test_content_filter_and_length_reasons_stay(site):
    for reason in ("length", "content_filter"):
        site.upstream.streams(sse(START, *deltas(lambda t: {"content": t}), chunk({}, reason)) + DONE)
        client, _ = openai_client(site)
        got = collected(client.chat.completions.create(model="gpt-5", messages=[USER], stream=True))
        assert got[0]["finish"] == reason


def test_parsed_answers(site):
    """Structured output: the text is JSON, and stays so."""
    import pydantic

    class Found(pydantic.BaseModel):
        note: str
        count: int

    site.upstream.answers(answer({"role": "assistant", "content": json.dumps({"note": NOTE, "count": 3}), "refusal": None}))
    client, wire = openai_client(site)
    got = client.chat.completions.parse(model="gpt-5", messages=[USER], response_format=Found)
    assert got.choices[0].message.parsed.count == 3
    assert_clean(bytes(wire.came))


def test_a_conversation_with_tools_over_turns(site):
    """What came back masked goes up again as it is, and one person stays one placeholder."""
    client, wire = openai_client(site)
    site.upstream.answers(answer(ANSWERS["arguments"]))
    messages = [{"role": "user", "content": NOTE}]
    first = client.chat.completions.create(model="gpt-5", messages=messages, tools=[TOOL])
    before = site.upstream.last
    site.upstream.answers(answer({"role": "assistant", "content": "Done with " + NOTE}))
    message = first.choices[0].message
    messages += [message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": NOTE}]
    second = client.chat.completions.create(model="gpt-5", messages=messages, tools=[TOOL])
    assert_clean(site.upstream.last)
    arrived = json.loads(site.upstream.last)["messages"]
    assert arrived[0] == json.loads(before)["messages"][0]
    assert arrived[1]["tool_calls"][0]["function"]["arguments"] == message.tool_calls[0].function.arguments
    codes = {MASK.search(text).group() for text in (arrived[0]["content"], arrived[2]["content"], second.choices[0].message.content)}
    assert len(codes) == 1, "one person is one placeholder, up and down"


def test_the_cursor_hybrid(site):
    """Cursor sends a body of Responses to /chat/completions, and reads chat events."""
    body = {
        "model": "gpt-5",
        "stream": True,
        "user": "u-1",
        "input": [
            {"role": "system", "content": NOTE},
            {"role": "user", "content": [{"type": "input_text", "text": NOTE}]},
            {"type": "function_call", "call_id": "call_1", "name": "find", "arguments": json.dumps({"note": NOTE})},
            {"type": "function_call_output", "call_id": "call_1", "output": NOTE},
        ],
        "tools": [{"type": "function", "name": "find", "description": NOTE, "parameters": {"type": "object", "properties": {}}}],
        "reasoning": {"effort": "high"},
    }
    site.upstream.streams(sse(START, *deltas(lambda t: {"content": t}), *call_deltas(json.dumps({"note": NOTE})), chunk({}, "tool_calls")) + DONE)
    status, _, data = raw(site, "POST", "/v1/chat/completions", body)
    assert status == 200, data
    assert_clean(site.upstream.last)
    assert_fits(body, json.loads(site.upstream.last))
    assert_clean(data)
    got = collected(openai.types.chat.ChatCompletionChunk.model_validate_json(text) for _, text in events(data) if text != "[DONE]")
    assert got[0]["texts"]["content"].startswith("Patient [NAME") and got[0]["finish"] == "tool_calls"
    json.loads(got[0]["calls"][0]["arguments"])
    site.upstream.answers(answer({"role": "assistant", "content": NOTE}))
    status, _, data = raw(site, "POST", "/v1/chat/completions", {**body, "stream": False})
    assert status == 200
    assert_clean(data)
    assert_fits(answer({"role": "assistant", "content": NOTE}), json.loads(data))
