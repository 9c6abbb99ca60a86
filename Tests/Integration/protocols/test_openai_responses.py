"""The Responses API with OpenAI's own client: input items, output items and each event of a stream."""

import copy
import json

import openai
import pytest

from scripted import sse
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, escaped, events
from wire import openai_client, raw

PROTOCOL = "openai"
HELLO = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello there."}]}
ARGUMENTS = json.dumps({"note": NOTE, "deep": {"ssn": "219-09-9999"}, "n": 1})
SEALED = "gAAAAABo" + "Q2xhdWRlIHNlYWxlZCByZWFzb25pbmcgdG9rZW5z_-0123456789abcdefghijklmnop" * 8 + "=="
TOOL = {
    "type": "function",
    "name": "find",
    "description": "Finds.",
    "parameters": {"type": "object", "properties": {"ssn": {"type": "string"}}, "required": ["ssn"], "additionalProperties": False},
    "strict": True,
}


def item(**members):
    return dict(input=[HELLO, members])


def message(role, part, text=NOTE, **more):
    return item(type="message", role=role, content=[{"type": part, "text": text, **more}])


REQUESTS = {
    "input": dict(input=NOTE),
    "instructions": dict(input="x", instructions=NOTE),
    "easy message": dict(input=[{"role": "user", "content": NOTE}]),
    "system": message("system", "input_text"),
    "developer": message("developer", "input_text"),
    "user": message("user", "input_text"),
    "assistant": item(
        type="message", id="msg_1", role="assistant", status="completed", content=[{"type": "output_text", "text": NOTE, "annotations": []}]
    ),
    "assistant refusal": item(type="message", id="msg_1", role="assistant", status="completed", content=[{"type": "refusal", "refusal": NOTE}]),
    "assistant annotation": item(
        type="message",
        id="msg_1",
        role="assistant",
        status="completed",
        content=[
            {
                "type": "output_text",
                "text": "x",
                "annotations": [{"type": "url_citation", "start_index": 0, "end_index": 1, "title": NOTE, "url": "https://example.com/"}],
            }
        ],
    ),
    "function_call": item(type="function_call", call_id="call_1", name="find", arguments=ARGUMENTS),
    "function_call, escaped": item(type="function_call", call_id="call_1", name="find", arguments='{"note":"' + escaped(NOTE) + '"}'),
    "function_call, names": item(type="function_call", call_id="call_1", name="find", arguments=json.dumps({SHORT: 1})),
    "function_call_output": item(type="function_call_output", call_id="call_1", output=NOTE),
    "function_call_output, JSON": item(type="function_call_output", call_id="call_1", output=json.dumps([{"note": NOTE}])),
    "function_call_output parts": item(type="function_call_output", call_id="call_1", output=[{"type": "input_text", "text": NOTE}]),
    "custom_tool_call": item(type="custom_tool_call", call_id="call_1", name="run", input=NOTE),
    "custom_tool_call_output": item(type="custom_tool_call_output", call_id="call_1", output=NOTE),
    "reasoning summary": item(type="reasoning", id="rs_1", summary=[{"type": "summary_text", "text": NOTE}]),
    "reasoning text": item(type="reasoning", id="rs_1", summary=[], content=[{"type": "reasoning_text", "text": NOTE}]),
    "reasoning, sealed": item(type="reasoning", id="rs_1", summary=[{"type": "summary_text", "text": NOTE}], encrypted_content=SEALED),
    "file_search_call": item(
        type="file_search_call",
        id="fs_1",
        status="completed",
        queries=[NOTE],
        results=[
            {"file_id": "file_1", "filename": "Patient Maria Gonzalez.txt", "text": NOTE, "score": 0.5, "attributes": {"note": NOTE, SHORT: "x"}}
        ],
    ),
    "web_search_call": item(type="web_search_call", id="ws_1", status="completed", action={"type": "search", "query": NOTE, "queries": [NOTE]}),
    "web_search_call pattern": item(
        type="web_search_call", id="ws_1", status="completed", action={"type": "find_in_page", "pattern": NOTE, "url": "https://example.com/"}
    ),
    "computer_call": item(
        type="computer_call",
        id="cu_1",
        call_id="call_1",
        status="completed",
        pending_safety_checks=[{"id": "s", "code": "c", "message": NOTE}],
        action={"type": "type", "text": NOTE},
    ),
    "code_interpreter_call": item(
        type="code_interpreter_call", id="ci_1", status="completed", container_id="cntr_1", code="# " + NOTE, outputs=[{"type": "logs", "logs": NOTE}]
    ),
    "local_shell_call": item(
        type="local_shell_call",
        id="sh_1",
        call_id="call_1",
        status="completed",
        action={"type": "exec", "command": ["grep", NOTE], "env": {"NOTE": NOTE}, "working_directory": "/tmp/Patient Maria Gonzalez", "user": None},
    ),
    "local_shell_call_output": item(type="local_shell_call_output", id="call_1", output=json.dumps({"output": NOTE, "metadata": {"exit_code": 0}})),
    "shell_call": item(
        type="shell_call", call_id="call_1", action={"commands": ["grep '" + NOTE + "'"], "timeout_ms": 1000, "max_output_length": 10}
    ),
    "shell_call_output": item(
        type="shell_call_output", call_id="call_1", output=[{"stdout": NOTE, "stderr": NOTE, "outcome": {"type": "exit", "exit_code": 0}}]
    ),
    "apply_patch_call": item(
        type="apply_patch_call",
        call_id="call_1",
        status="completed",
        operation={"type": "update_file", "path": "patient Maria Gonzalez.md", "diff": "@@\n-" + NOTE + "\n+x"},
    ),
    "apply_patch_call_output": item(type="apply_patch_call_output", call_id="call_1", status="failed", output=NOTE),
    "mcp_list_tools": item(
        type="mcp_list_tools",
        id="m_1",
        server_label="s",
        tools=[
            {
                "name": "find",
                "description": NOTE,
                "input_schema": {"type": "object", "properties": {SHORT: {"description": NOTE}}},
                "annotations": {"title": NOTE},
            }
        ],
    ),
    "mcp_call": item(type="mcp_call", id="m_1", server_label="s", name="find", arguments=ARGUMENTS, output=NOTE, error=None),
    "mcp_call error": item(type="mcp_call", id="m_1", server_label="s", name="find", arguments="{}", error=NOTE),
    "mcp_approval_request": item(type="mcp_approval_request", id="m_1", server_label="s", name="find", arguments=ARGUMENTS),
    "mcp_approval_response": item(type="mcp_approval_response", approval_request_id="m_1", approve=False, reason=NOTE),
    "tool_search_call": item(type="tool_search_call", id="ts_1", arguments={"query": NOTE, SHORT: [NOTE]}, execution="client", status="completed"),
    "compaction": item(type="compaction", id="cmp_1", encrypted_content=SEALED, created_by=NOTE),
    "unknown item": item(type="x_new", deep={"list": [NOTE, {SHORT: NOTE}]}),
    "tool": dict(
        input="x",
        tools=[
            {
                **TOOL,
                "description": NOTE,
                "parameters": {"type": "object", "properties": {"a": {"type": "string", "description": NOTE, "enum": [NOTE]}, SHORT: {}}},
            }
        ],
    ),
    "custom tool": dict(
        input="x",
        tools=[{"type": "custom", "name": "run", "description": NOTE, "format": {"type": "grammar", "syntax": "regex", "definition": NOTE}}],
    ),
    "mcp tool": dict(
        input="x",
        tools=[
            {
                "type": "mcp",
                "server_label": "s",
                "server_url": "https://example.com/mcp",
                "server_description": NOTE,
                "allowed_tools": ["a"],
                "require_approval": "never",
                "headers": {"X-Patient": NOTE},
            }
        ],
    ),
    "file search tool": dict(
        input="x", tools=[{"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"type": "eq", "key": "patient", "value": NOTE}}]
    ),
    "web search tool": dict(input="x", tools=[{"type": "web_search", "user_location": {"type": "approximate", "city": SHORT}}]),
    "text format": dict(
        input="x",
        text={
            "format": {
                "type": "json_schema",
                "name": "a",
                "description": NOTE,
                "schema": {"type": "object", "properties": {"a": {"description": NOTE}}},
            }
        },
    ),
    "prompt variables": dict(
        input="x", prompt={"id": "pmpt_1", "version": "1", "variables": {"patient": NOTE, "other": {"type": "input_text", "text": NOTE}, SHORT: "x"}}
    ),
    "metadata": dict(input="x", metadata={"note": NOTE, SHORT: "x", "ssn": "219-09-9999"}),
    "user": dict(input="x", user="m.gonzalez@example.com"),
    "safety_identifier": dict(input="x", safety_identifier="m.gonzalez@example.com"),
    "prompt_cache_key": dict(input="x", prompt_cache_key=SHORT),
    "previous_response_id": dict(input="x", previous_response_id=SHORT),
    "unknown field": dict(input="x", extra_body={"x_more": {"a": [NOTE]}}),
}


def answer(*output, status="completed", **more):
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1764000000,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "model": "gpt-5",
        "output": list(output),
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": "medium", "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": 5,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 7,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 12,
        },
        "user": None,
        "metadata": {},
        **more,
    }


def said(text=NOTE, **more):
    return {
        "id": "msg_1",
        "type": "message",
        "status": "completed",
        "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": text, **more}],
        "role": "assistant",
    }


PLAIN = said("Hello.")


@pytest.fixture(autouse=True)
def home(site):
    site.upstream.answers(answer(PLAIN))


@pytest.mark.parametrize("place", REQUESTS)
def test_a_value_in_a_request_does_not_arrive(site, place):
    client, wire = openai_client(site)
    client.responses.create(**{"model": "gpt-5", **copy.deepcopy(REQUESTS[place])})
    assert len(site.upstream.requests) == 1
    assert_clean(site.upstream.last, "upstream")
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    if b"encrypted_content" in wire.sent:
        assert SEALED.encode() in site.upstream.last


ITEMS = {
    "text": said(),
    "refusal": {"id": "msg_1", "type": "message", "status": "completed", "content": [{"type": "refusal", "refusal": NOTE}], "role": "assistant"},
    "annotations": said(
        "x",
        annotations=[
            {"type": "url_citation", "start_index": 0, "end_index": 1, "title": NOTE, "url": "https://example.com/?q=m.gonzalez@example.com"},
            {"type": "file_citation", "file_id": "file_1", "filename": "Patient Maria Gonzalez.txt", "index": 0},
        ],
    ),
    "reasoning": {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": NOTE}],
        "encrypted_content": SEALED,
        "status": "completed",
    },
    "reasoning text": {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [],
        "content": [{"type": "reasoning_text", "text": NOTE}],
        "status": "completed",
    },
    "function_call": {"id": "fc_1", "type": "function_call", "status": "completed", "arguments": ARGUMENTS, "call_id": "call_1", "name": "find"},
    "function_call, escaped": {
        "id": "fc_1",
        "type": "function_call",
        "status": "completed",
        "arguments": '{"note":"' + escaped(NOTE) + '"}',
        "call_id": "call_1",
        "name": "find",
    },
    "custom_tool_call": {"id": "ct_1", "type": "custom_tool_call", "status": "completed", "call_id": "call_1", "name": "run", "input": NOTE},
    "mcp_call": {
        "id": "m_1",
        "type": "mcp_call",
        "server_label": "s",
        "name": "find",
        "arguments": ARGUMENTS,
        "output": NOTE,
        "error": None,
        "status": "completed",
    },
    "mcp_list_tools": {
        "id": "m_1",
        "type": "mcp_list_tools",
        "server_label": "s",
        "tools": [{"name": "find", "description": NOTE, "input_schema": {"type": "object", "properties": {SHORT: {}}}}],
    },
    "file_search_call": {
        "id": "fs_1",
        "type": "file_search_call",
        "status": "completed",
        "queries": [NOTE],
        "results": [{"file_id": "file_1", "filename": "Patient Maria Gonzalez.txt", "text": NOTE, "score": 0.5, "attributes": {"note": NOTE}}],
    },
    "web_search_call": {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": NOTE}},
    "code_interpreter_call": {
        "id": "ci_1",
        "type": "code_interpreter_call",
        "status": "completed",
        "container_id": "cntr_1",
        "code": NOTE,
        "outputs": [{"type": "logs", "logs": NOTE}],
    },
    "local_shell_call": {
        "id": "sh_1",
        "type": "local_shell_call",
        "status": "completed",
        "call_id": "call_1",
        "action": {"type": "exec", "command": ["grep", NOTE], "env": {"A": NOTE}},
    },
    "shell_call": {
        "id": "sh_1",
        "type": "shell_call",
        "status": "completed",
        "call_id": "call_1",
        "action": {"commands": ["grep '" + NOTE + "'"], "timeout_ms": 1, "max_output_length": 1},
        "environment": None,
    },
    "apply_patch_call": {
        "id": "ap_1",
        "type": "apply_patch_call",
        "status": "completed",
        "call_id": "call_1",
        "operation": {"type": "create_file", "path": "a.md", "diff": "+" + NOTE},
    },
    "compaction": {"id": "cmp_1", "type": "compaction", "encrypted_content": SEALED},
}


@pytest.mark.parametrize("place", ITEMS)
def test_a_value_in_an_answer_does_not_come_back(site, place):
    sent = answer(ITEMS[place])
    site.upstream.answers(sent)
    client, wire = openai_client(site)
    got = client.responses.create(model="gpt-5", input="x")
    assert_clean(bytes(wire.came), "client")
    assert_fits(sent, json.loads(wire.came))
    assert got.status == "completed" and got.usage.total_tokens == 12 and got.output[0].type == ITEMS[place]["type"]


@pytest.mark.parametrize(
    "field",
    [
        "instructions",
        "metadata",
        "error",
        "incomplete",
        "user",
        "tools",
        "prompt",
        "model",
        "safety_identifier",
        "prompt_cache_key",
        "previous_response_id",
        "unknown",
    ],
)
def test_a_value_in_the_rest_of_an_answer_does_not_come_back(site, field):
    sent = answer(PLAIN)
    if field == "instructions":
        sent["instructions"] = [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": NOTE}]}]
    elif field == "metadata":
        sent["metadata"] = {"note": NOTE, SHORT: "x"}
    elif field == "error":
        sent.update(status="failed", error={"code": "server_error", "message": NOTE})
    elif field == "incomplete":
        sent.update(status="incomplete", incomplete_details={"reason": NOTE})
    elif field == "user":
        sent["user"] = "m.gonzalez@example.com"
    elif field == "tools":
        sent["tools"] = [{**TOOL, "description": NOTE}]
    elif field in ("model", "safety_identifier", "prompt_cache_key", "previous_response_id"):
        sent[field] = SHORT
    elif field == "unknown":
        sent["x_new"] = {"deep": [NOTE, {SHORT: 1}]}
    elif field == "prompt":
        sent["prompt"] = {"id": "pmpt_1", "variables": {"a": NOTE}}
    site.upstream.answers(sent)
    client, wire = openai_client(site)
    client.responses.create(model="gpt-5", input="x")
    assert_clean(bytes(wire.came), "client")
    assert_fits(sent, json.loads(wire.came))


def cut(text, size=7):
    return [text[i : i + size] for i in range(0, len(text), size)]


def body_events(index, made):
    """The events between an item's begin and its end, as OpenAI sends them."""
    identity = {"item_id": made["id"], "output_index": index}
    kind = made["type"]
    if kind == "message":
        for number, part in enumerate(made["content"]):
            where = {**identity, "content_index": number}
            if part["type"] == "output_text":
                yield {"type": "response.content_part.added", **where, "part": {**part, "text": "", "annotations": []}}
                for text in cut(part["text"]):
                    yield {"type": "response.output_text.delta", **where, "delta": text, "logprobs": [], "obfuscation": "aB3xYz"}
                for place, annotation in enumerate(part["annotations"]):
                    yield {"type": "response.output_text.annotation.added", **where, "annotation_index": place, "annotation": annotation}
                yield {"type": "response.output_text.done", **where, "text": part["text"], "logprobs": []}
            else:
                yield {"type": "response.content_part.added", **where, "part": {**part, "refusal": ""}}
                for text in cut(part["refusal"]):
                    yield {"type": "response.refusal.delta", **where, "delta": text}
                yield {"type": "response.refusal.done", **where, "refusal": part["refusal"]}
            yield {"type": "response.content_part.done", **where, "part": part}
    elif kind == "reasoning":
        for number, part in enumerate(made["summary"]):
            where = {**identity, "summary_index": number}
            yield {"type": "response.reasoning_summary_part.added", **where, "part": {**part, "text": ""}}
            for text in cut(part["text"]):
                yield {"type": "response.reasoning_summary_text.delta", **where, "delta": text, "obfuscation": "q"}
            yield {"type": "response.reasoning_summary_text.done", **where, "text": part["text"]}
            yield {"type": "response.reasoning_summary_part.done", **where, "part": part}
        for number, part in enumerate(made.get("content", [])):
            where = {**identity, "content_index": number}
            yield {"type": "response.content_part.added", **where, "part": {**part, "text": ""}}
            for text in cut(part["text"]):
                yield {"type": "response.reasoning_text.delta", **where, "delta": text}
            yield {"type": "response.reasoning_text.done", **where, "text": part["text"]}
            yield {"type": "response.content_part.done", **where, "part": part}
    elif kind == "function_call":
        for text in cut(made["arguments"]):
            yield {"type": "response.function_call_arguments.delta", **identity, "delta": text, "obfuscation": "zz"}
        yield {"type": "response.function_call_arguments.done", **identity, "name": made["name"], "arguments": made["arguments"]}
    elif kind == "custom_tool_call":
        for text in cut(made["input"]):
            yield {"type": "response.custom_tool_call_input.delta", **identity, "delta": text}
        yield {"type": "response.custom_tool_call_input.done", **identity, "input": made["input"]}
    elif kind == "mcp_call":
        yield {"type": "response.mcp_call.in_progress", **identity}
        for text in cut(made["arguments"]):
            yield {"type": "response.mcp_call_arguments.delta", **identity, "delta": text}
        yield {"type": "response.mcp_call_arguments.done", **identity, "arguments": made["arguments"]}
        yield {"type": "response.mcp_call.completed", **identity}
    elif kind == "code_interpreter_call":
        yield {"type": "response.code_interpreter_call.in_progress", **identity}
        for text in cut(made["code"]):
            yield {"type": "response.code_interpreter_call_code.delta", **identity, "delta": text}
        yield {"type": "response.code_interpreter_call_code.done", **identity, "code": made["code"]}
        yield {"type": "response.code_interpreter_call.interpreting", **identity}
        yield {"type": "response.code_interpreter_call.completed", **identity}
    elif kind == "shell_call":
        for number, command in enumerate(made["action"]["commands"]):
            where = {"output_index": index, "command_index": number}
            yield {"type": "response.shell_call_command.added", **where, "command": ""}
            for text in cut(command):
                yield {"type": "response.shell_call_command.delta", **where, "delta": text}
            yield {"type": "response.shell_call_command.done", **where, "command": command}
    elif kind in ("file_search_call", "web_search_call"):
        yield {"type": f"response.{kind}.in_progress", **identity}
        yield {"type": f"response.{kind}.searching", **identity}
        yield {"type": f"response.{kind}.completed", **identity}


EMPTY = {
    "arguments": "",
    "input": "",
    "code": "",
    "content": [],
    "summary": [],
    "encrypted_content": None,
    "output": None,
    "results": None,
    "outputs": None,
}


def stream_of(*items):
    """A whole stream that makes these items."""
    begun = answer(status="in_progress", usage=None)
    made = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
    for index, one in enumerate(items):
        first = {**{name: EMPTY[name] if name in EMPTY else value for name, value in one.items()}, "status": "in_progress"}
        if one["type"] == "reasoning":
            first["summary"] = []
        if one["type"] in ("file_search_call", "web_search_call", "local_shell_call", "shell_call", "apply_patch_call", "mcp_list_tools"):
            first = {**one, "status": "in_progress"}
        made.append({"type": "response.output_item.added", "output_index": index, "item": first})
        made += body_events(index, one)
        made.append({"type": "response.output_item.done", "output_index": index, "item": one})
    made.append({"type": "response.completed", "response": answer(*items)})
    return [{"type": one["type"], "sequence_number": number, **one} for number, one in enumerate(made)]


def deltas(parts):
    """The texts that come in pieces, by the kind of event and the numbers that tell them apart."""
    texts = {}
    for part in parts:
        value = part if isinstance(part, dict) else part.model_dump()
        if isinstance(value.get("delta"), str):
            place = (value["type"], value["output_index"], value.get("content_index"), value.get("summary_index"), value.get("command_index"))
            texts[place] = texts.get(place, "") + value["delta"]
    return texts


def assert_same_story(sent, got):
    """Each event that carries no piece of text is there, in order, as it was, less the values."""
    left = [e for e in sent if not isinstance(e.get("delta"), str)]
    right = [e for e in got if not isinstance(e.get("delta"), str)]
    assert [e["type"] for e in left] == [e["type"] for e in right]
    for one, other in zip(left, right):
        one, other = dict(one), dict(other)
        one.pop("sequence_number"), other.pop("sequence_number")
        assert_fits(one, other, one["type"])
    numbers = [e["sequence_number"] for e in got]
    assert numbers == sorted(numbers), "the events' own numbers go up"


def check_stream(site, sent, **more):
    site.upstream.streams(sse(*sent))
    client, wire = openai_client(site)
    parts = list(client.responses.create(model="gpt-5", input="x", stream=True, **more))
    assert_clean(bytes(wire.came), "client")
    got = [json.loads(text) for _, text in events(bytes(wire.came))]
    assert all(name == one["type"] for (name, _), one in zip(events(bytes(wire.came)), got))
    assert_same_story(sent, got)
    texts, expected = deltas(got), deltas(sent)
    assert texts.keys() == expected.keys()
    for place, text in expected.items():
        assert_fits(text, texts[place], str(place))
    assert parts[-1].response.usage.total_tokens == 12
    # What came in pieces and what is repeated whole is one text.
    wholes = {
        "output_text": "text",
        "refusal": "refusal",
        "function_call_arguments": "arguments",
        "custom_tool_call_input": "input",
        "mcp_call_arguments": "arguments",
        "code_interpreter_call_code": "code",
        "reasoning_summary_text": "text",
        "reasoning_text": "text",
        "shell_call_command": "command",
    }
    for one in got:
        kind = one["type"].removeprefix("response.").removesuffix(".done")
        if one["type"].endswith(".done") and kind in wholes:
            place = (f"response.{kind}.delta", one["output_index"], one.get("content_index"), one.get("summary_index"), one.get("command_index"))
            assert texts[place] == one[wholes[kind]], f"{kind}: the pieces and the whole differ"
    return parts, wire


@pytest.mark.parametrize("place", ITEMS)
def test_a_value_in_a_stream_does_not_come_back(site, place):
    _, wire = check_stream(site, stream_of(ITEMS[place]))
    if "encrypted_content" in ITEMS[place]:
        assert bytes(wire.came).count(SEALED.encode()) == 2, "sealed reasoning comes back as it was, in the item and in the end"


def test_a_stream_of_all_items(site):
    check_stream(site, stream_of(*({**one, "id": f"{one['id']}{number}"} for number, one in enumerate(ITEMS.values()))))


def test_items_whose_pieces_are_mixed(site):
    one, other = said(), {**said(), "id": "msg_2"}
    sent = stream_of(one, other)
    added = [e for e in sent if e["type"] in ("response.output_item.added", "response.content_part.added")]
    pieces = [e for e in sent if e["type"] == "response.output_text.delta"]
    half = len(pieces) // 2
    mixed = [e for pair in zip(pieces[:half], pieces[half:]) for e in pair]
    rest = [e for e in sent if e not in added and e not in pieces]
    check_stream(site, [{**e, "sequence_number": n} for n, e in enumerate([*rest[:2], *added, *mixed, *rest[2:]])])


def test_the_output_of_a_shell_in_pieces(site):
    call = {
        "id": "so_1",
        "type": "shell_call_output",
        "status": "completed",
        "call_id": "call_1",
        "output": [{"stdout": NOTE, "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
        "max_output_length": None,
    }
    begun = answer(status="in_progress", usage=None)
    identity = {"item_id": "so_1", "output_index": 0, "command_index": 0}
    made = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**call, "output": []}},
        *({"type": "response.shell_call_output_content.delta", **identity, "delta": {"stdout": text}} for text in cut(NOTE)),
        {"type": "response.shell_call_output_content.done", **identity, "output": call["output"]},
        {"type": "response.output_item.done", "output_index": 0, "item": call},
        {"type": "response.completed", "response": answer(call)},
    ]
    site.upstream.streams(sse(*({"type": e["type"], "sequence_number": n, **e} for n, e in enumerate(made))))
    client, wire = openai_client(site)
    list(client.responses.create(model="gpt-5", input="x", stream=True))
    assert_clean(bytes(wire.came), "client")
    got = [json.loads(text) for _, text in events(bytes(wire.came))]
    text = "".join(e["delta"].get("stdout") or "" for e in got if e["type"] == "response.shell_call_output_content.delta")
    assert_fits(NOTE, text)


def test_the_helper_of_the_sdk_reads_a_masked_stream(site):
    """`responses.stream` keeps a snapshot and checks each event against it."""
    site.upstream.streams(sse(*stream_of(ITEMS["reasoning"], said(), {**ITEMS["function_call"], "arguments": json.dumps({"ssn": "219-09-9999"})})))
    client, wire = openai_client(site)
    with client.responses.stream(model="gpt-5", input="x", tools=[TOOL]) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert_clean(bytes(wire.came), "client")
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed"
    assert final.output_text.startswith("Patient [NAME")
    assert set(json.loads(final.output[2].arguments)) == {"ssn"}
    assert final.output[0].encrypted_content == SEALED


@pytest.mark.parametrize("kind", ["failed", "incomplete"])
def test_a_response_that_ends_otherwise(site, kind):
    sent = stream_of(said())
    end = sent[-1]
    end["type"] = f"response.{kind}"
    end["response"].update(status=kind)
    if kind == "failed":
        end["response"]["error"] = {"code": "server_error", "message": "Stopped at " + NOTE}
    else:
        end["response"]["incomplete_details"] = {"reason": "max_output_tokens"}
    parts, _ = check_stream(site, sent)
    assert parts[-1].type == f"response.{kind}" and parts[-1].response.status == kind


def test_an_error_in_a_stream_raises(site):
    sent = stream_of(said("Some plain text that goes on."))[:8]
    site.upstream.streams(
        sse(*sent)
        + b'event: error\ndata: {"type":"error","code":"server_error","message":"The server failed for patient Maria Gonzalez","param":null,"sequence_number":9}\n\n'
    )
    client, wire = openai_client(site)
    with pytest.raises(openai.APIError, match="failed") as caught:
        parts = list(client.responses.create(model="gpt-5", input="x", stream=True))
        # Where the SDK hands such an event over in place of raising, it says the same.
        assert parts[-1].type == "error"
        raise openai.APIError(parts[-1].message, None, body=None)
    assert_clean(str(caught.value).encode())
    assert_clean(bytes(wire.came))


def test_sealed_reasoning_goes_up_again_as_it_came(site):
    """Stateless use: `store=false`, the whole output of one turn is the input of the next."""
    client, wire = openai_client(site)
    output = [ITEMS["reasoning"], {**ITEMS["function_call"]}]
    site.upstream.answers(answer(*output))
    items = [{"role": "user", "content": NOTE}]
    for turn in range(3):
        got = client.responses.create(model="gpt-5", input=items, store=False, include=["reasoning.encrypted_content"], tools=[TOOL])
        assert_clean(site.upstream.last)
        assert got.output[0].encrypted_content == SEALED
        assert site.upstream.last.count(SEALED.encode()) == turn
        items += [one.model_dump(exclude_none=True) for one in got.output]
        items.append({"type": "function_call_output", "call_id": "call_1", "output": NOTE})
    arrived = json.loads(site.upstream.last)["input"]
    names = {
        MASK.search(one["content"] if "content" in one else one["output"]).group()
        for one in arrived
        if one.get("role") == "user" or one.get("type") == "function_call_output"
    }
    assert len(names) == 1


@pytest.mark.parametrize(
    "sealed", ["SSN 219-09-9999 and more text that is no base64 at all, but stands where sealed bytes do " * 2, "MjE5LTA5LTk5OTkgaXMgYSBudW1iZXI="]
)
def test_what_is_not_sealed_is_not_taken_for_it(site, sealed):
    """A field for opaque bytes is no way past the mask."""
    client, wire = openai_client(site)
    try:
        client.responses.create(model="gpt-5", input=[HELLO, {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": sealed}])
    except openai.BadRequestError:
        assert site.upstream.requests == []
    else:
        if sealed.startswith("SSN"):
            assert_clean(site.upstream.last)


def test_responses_by_their_id(site):
    client, wire = openai_client(site)
    site.upstream.answers(answer(said()))
    got = client.responses.retrieve("resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b")
    assert site.upstream.last_line.startswith("GET /v1/responses/resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b HTTP/1.1")
    assert got.output_text.startswith("Patient [NAME")
    assert_clean(bytes(wire.came))
    site.upstream.answers({"id": "resp_1", "object": "response", "deleted": True})
    client.responses.delete("resp_67ccd2bed1ec8190")
    assert site.upstream.last_line.startswith("DELETE /v1/responses/resp_67ccd2bed1ec8190 ")


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"m","\\u0069nput":"Patient Maria Gonzalez, SSN 219-09-9999"}',
        b'{"model":"m","input":[{"role":"user","content":[{"text":"SSN 219-09-9999","type":"input_text"}]}]}',
        b'{"model":"m","input":[{"type":"reasoning","summary":[],"encrypted\\u005fcontent":"SSN 219-09-9999"}]}',
        b'{"input":"\\u0053\\u0053\\u004e 219\\u002d09-9999","model":"m"}',
        b'{"model":"m","input":"x","metadata":{"\\u0053SN 219-09-9999":"x"}}',
        b'{"model":"m","input":"SSN\\t219-09-9999"}',
        b'{"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{\\"ssn\\":\\"219\\\\u002d09-9999\\"}"}]}',
    ],
)
def test_unusual_writing_hides_nothing(site, body):
    status, _, data = raw(site, "POST", "/v1/responses", body)
    assert status in (200, 400), data
    for _, arrived in site.upstream.requests:
        assert_clean(arrived)
        assert MASK.search(arrived.decode())


MEDIA = {
    "image": {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="},
    "image by URL": {"type": "input_image", "image_url": "https://example.com/x.png"},
    "image by id": {"type": "input_image", "file_id": "file_1"},
    "file": {"type": "input_file", "filename": "x.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
    "file by URL": {"type": "input_file", "file_url": "https://example.com/x.pdf"},
    "file by id": {"type": "input_file", "file_id": "file_1"},
    "sound": {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_are_refused(site, kind):
    client, _ = openai_client(site)
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="m", input=[{"role": "user", "content": [{"type": "input_text", "text": "x"}, MEDIA[kind]]}])
    assert caught.value.code == "media_refused" and caught.value.type == "invalid_request_error"
    # The same with the members' names written with escapes, and in a tool's output.
    text = json.dumps(MEDIA[kind])
    for name in MEDIA[kind]:
        text = text.replace(f'"{name}"', '"' + f"\\u{ord(name[0]):04x}" + name[1:] + '"')
    status, _, _ = raw(site, "POST", "/v1/responses", b'{"model":"m","input":[{"role":"user","content":[' + text.encode() + b"]}]}")
    assert status == 400
    status, _, _ = raw(
        site, "POST", "/v1/responses", {"model": "m", "input": [{"type": "function_call_output", "call_id": "c", "output": [MEDIA[kind]]}]}
    )
    assert status == 400
    assert site.upstream.requests == []


@pytest.mark.parametrize(
    "item",
    [
        {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "iVBORw0KGgo="},
        {
            "type": "computer_call_output",
            "call_id": "c",
            "output": {"type": "computer_screenshot", "image_url": "data:image/png;base64,iVBORw0KGgo="},
        },
        {
            "type": "code_interpreter_call",
            "id": "ci",
            "container_id": "c",
            "status": "completed",
            "code": "x",
            "outputs": [{"type": "image", "url": "data:image/png;base64,iVBORw0KGgo="}],
        },
    ],
)
def test_media_of_items_are_refused_both_ways(site, item):
    status, _, _ = raw(site, "POST", "/v1/responses", {"model": "m", "input": [HELLO, item]})
    assert status == 400 and site.upstream.requests == []
    if item["type"] != "computer_call_output":
        site.upstream.answers(answer(item))
        status, _, data = raw(site, "POST", "/v1/responses", {"model": "m", "input": "x"})
        assert status == 502 and b"iVBORw" not in data


def test_a_value_in_a_path_goes_nowhere(site):
    for path in ("/v1/responses/219-09-9999", "/v1/responses/SSN%20219-09-9999", "/v1/responses/m.gonzalez@example.com"):
        status, _, data = raw(site, "GET", path)
        assert status in (400, 403, 404), data
    assert site.upstream.requests == []
