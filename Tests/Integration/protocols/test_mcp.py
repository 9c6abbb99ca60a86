"""The Model Context Protocol: its own client and its own server with the gateway between, in both generations of the protocol; and every
place of a message by hand."""

import asyncio
import json
import socket
import threading
import time
from types import SimpleNamespace
from typing import Annotated

import httpx2
import pytest
import uvicorn
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from pydantic import Field

from protocol_gateway import ProtocolGateway, Site
from scripted import Scripted
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, events
from wire import Wire, raw

PROTOCOL = "mcp"
ACCEPT = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


# By hand, over a scripted upstream.


def request(method, params, number=1):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def notice(method, params):
    return {"jsonrpc": "2.0", "method": method, "params": params}


def result(value, number=1):
    return {"jsonrpc": "2.0", "id": number, "result": value}


REQUESTS = {
    "tool arguments": request("tools/call", {"name": "find", "arguments": {"note": NOTE, "deep": [{"ssn": "219-09-9999"}], "n": 1}}),
    "tool arguments, names": request("tools/call", {"name": "find", "arguments": {SHORT: {NOTE: 1}}}),
    "tool arguments, JSON inside": request("tools/call", {"name": "find", "arguments": {"body": json.dumps({"note": NOTE})}}),
    "tool name": request("tools/call", {"name": "find SSN 219-09-9999", "arguments": {}}),
    "prompt arguments": request("prompts/get", {"name": "p", "arguments": {"note": NOTE, SHORT: "x"}}),
    "resource": request("resources/read", {"uri": "patients://SSN 219-09-9999"}),
    "completion": request(
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "p"}, "argument": {"name": "a", "value": NOTE}, "context": {"arguments": {"b": NOTE}}},
    ),
    "initialize": request(
        "initialize",
        {
            "protocolVersion": "2025-06-18",
            "capabilities": {"experimental": {"x": {"note": NOTE}}},
            "clientInfo": {"name": NOTE, "title": NOTE, "version": "1.0"},
        },
    ),
    "meta": request("tools/call", {"name": "find", "arguments": {}, "_meta": {"progressToken": "t1", "example.com/note": NOTE}}),
    "progress": notice("notifications/progress", {"progressToken": "t1", "progress": 0.5, "message": NOTE}),
    "cancelled": notice("notifications/cancelled", {"requestId": 1, "reason": NOTE}),
    "sampling answer": result({"role": "assistant", "content": {"type": "text", "text": NOTE}, "model": "m", "stopReason": "endTurn"}),
    "elicitation answer": result({"action": "accept", "content": {"note": NOTE, SHORT: "x"}}),
    "roots answer": result({"roots": [{"uri": "file:///home/dev/app", "name": NOTE}]}),
    "error answer": {"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": NOTE, "data": {"note": NOTE}}},
    "unknown method": request("x/new", {"deep": [NOTE, {SHORT: NOTE}]}),
    "method": request("SSN 219-09-9999", {}),
    "id": request("ping", {}, "SSN 219-09-9999"),
    "batch": [
        request("tools/call", {"name": "find", "arguments": {"note": NOTE}}),
        notice("notifications/cancelled", {"requestId": 2, "reason": NOTE}),
    ],
}


@pytest.mark.parametrize("place", REQUESTS)
def test_a_value_in_a_message_does_not_arrive(site, place):
    body = REQUESTS[place]
    if isinstance(body, dict) and ("result" in body or "error" in body or "id" not in body):
        site.upstream.reply = lambda head, _: site.upstream.head("202 Accepted", content_length=0) + b"\r\n"
    else:
        site.upstream.answers(result({}))
    status, _, data = raw(site, "POST", "", body, ACCEPT)
    assert status in (200, 202), data
    assert_clean(site.upstream.last)
    assert_fits(body, json.loads(site.upstream.last))


ANSWERS = {
    "text": result({"content": [{"type": "text", "text": NOTE, "annotations": {"audience": ["user"], "priority": 0.5}}], "isError": False}),
    "text that is JSON": result({"content": [{"type": "text", "text": json.dumps({"rows": [{"note": NOTE}]}, indent=2)}]}),
    "structuredContent": result({"content": [], "structuredContent": {"rows": [{"note": NOTE, SHORT: 1}], "n": 1.5}}),
    "embedded resource": result({"content": [{"type": "resource", "resource": {"uri": "patients://1", "mimeType": "text/plain", "text": NOTE}}]}),
    "resource link": result(
        {"content": [{"type": "resource_link", "uri": "https://example.com/?q=m.gonzalez@example.com", "name": NOTE, "description": NOTE}]}
    ),
    "tools": result(
        {
            "tools": [
                {
                    "name": "find",
                    "title": NOTE,
                    "description": NOTE,
                    "inputSchema": {"type": "object", "properties": {"a": {"type": "string", "description": NOTE, "enum": [NOTE]}, SHORT: {}}},
                    "outputSchema": {"type": "object", "description": NOTE},
                    "annotations": {"title": NOTE, "readOnlyHint": True},
                }
            ],
            "nextCursor": "c1",
        }
    ),
    "resources": result({"resources": [{"uri": "patients://1", "name": NOTE, "description": NOTE, "mimeType": "text/plain", "size": 1}]}),
    "templates": result({"resourceTemplates": [{"uriTemplate": "patients://{id}", "name": NOTE, "description": NOTE}]}),
    "contents": result({"contents": [{"uri": "patients://SSN 219-09-9999", "mimeType": "text/plain", "text": NOTE}]}),
    "prompts": result({"prompts": [{"name": "p", "description": NOTE, "arguments": [{"name": "a", "description": NOTE}]}]}),
    "prompt": result(
        {
            "description": NOTE,
            "messages": [
                {"role": "user", "content": {"type": "text", "text": NOTE}},
                {"role": "assistant", "content": {"type": "resource", "resource": {"uri": "a://b", "text": NOTE}}},
            ],
        }
    ),
    "completion": result({"completion": {"values": [NOTE, "x"], "total": 2, "hasMore": False}}),
    "initialize": result({"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": NOTE, "version": "1.0"}, "instructions": NOTE}),
    "error": {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": NOTE, "data": {"note": NOTE, SHORT: [NOTE]}}},
}
UNASKED = {
    "log": notice("notifications/message", {"level": "info", "logger": "s", "data": {"note": NOTE, "list": [NOTE]}}),
    "log, text": notice("notifications/message", {"level": "info", "data": NOTE}),
    "progress": notice("notifications/progress", {"progressToken": 1, "progress": 1, "total": 2, "message": NOTE}),
    "updated": notice("notifications/resources/updated", {"uri": "patients://SSN 219-09-9999", "title": NOTE}),
    "sampling": request(
        "sampling/createMessage",
        {
            "messages": [{"role": "user", "content": {"type": "text", "text": NOTE}}],
            "systemPrompt": NOTE,
            "stopSequences": [SHORT],
            "maxTokens": 10,
            "metadata": {"a": NOTE},
        },
        7,
    ),
    "elicitation": request(
        "elicitation/create",
        {"message": NOTE, "requestedSchema": {"type": "object", "properties": {"a": {"type": "string", "title": NOTE, "enumNames": [NOTE]}}}},
        8,
    ),
}


@pytest.mark.parametrize("place", ANSWERS)
def test_a_value_in_an_answer_does_not_come_back(site, place):
    site.upstream.answers(ANSWERS[place], mcp_session_id="s-1")
    status, found, data = raw(site, "POST", "", request("x", {}), ACCEPT)
    assert status == 200 and found["mcp-session-id"] == "s-1"
    assert_clean(data)
    assert_fits(ANSWERS[place], json.loads(data))


@pytest.mark.parametrize("place", [*ANSWERS, *UNASKED])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_value_in_a_stream_does_not_come_back(site, place, method):
    message = {**ANSWERS, **UNASKED}[place]
    more = result({"content": [{"type": "text", "text": "Done."}]}, 9)
    body = (
        b": ping\n\n"
        + b"".join(
            f"id: {n}\nevent: message\ndata: ".encode() + json.dumps(m, ensure_ascii=False).encode() + b"\n\n"
            for n, m in enumerate((message, more), 41)
        )
        + b"retry: 3000\n\n"
    )
    site.upstream.streams(body)
    status, found, data = raw(site, method, "", request("x", {}) if method == "POST" else None, ACCEPT)
    assert status == 200 and found["content-type"].startswith("text/event-stream")
    assert_clean(data)
    got = events(data)
    assert [name for name, _ in got] == ["message", "message"] and b"id: 41\n" in data and b"id: 42\n" in data
    assert_fits(message, json.loads(got[0][1]))
    assert json.loads(got[1][1]) == more


def test_data_of_resources_that_is_no_text_is_refused(site):
    for value in (
        {"content": [{"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"}]},
        {"contents": [{"uri": "a://b", "blob": "MjE5LTA5LTk5OTk=", "mimeType": "application/pdf"}]},
        {"content": [{"type": "resource", "resource": {"uri": "a://b", "blob": "MjE5LTA5LTk5OTk="}}]},
    ):
        site.upstream.answers(result(value))
        status, _, data = raw(site, "POST", "", request("x", {}), ACCEPT)
        assert status == 502 and json.loads(data)["error"]["message"], data
        assert b"MjE5" not in data and b"iVBOR" not in data
        site.upstream.streams(b"event: message\ndata: " + json.dumps(result(value)).encode() + b"\n\n")
        _, _, data = raw(site, "POST", "", request("x", {}), ACCEPT)
        assert b"MjE5" not in data and b"iVBOR" not in data


def test_fields_of_the_session_pass(site):
    site.upstream.answers(result({}))
    raw(site, "POST", "", request("tools/list", {}), {**ACCEPT, "Mcp-Session-Id": "1868a90c-5f2b-4c1e-9d3a-7b8e6f5a4d3c"})
    assert site.upstream.field("mcp-session-id") == ["1868a90c-5f2b-4c1e-9d3a-7b8e6f5a4d3c"] and site.upstream.field("mcp-protocol-version") == [
        "2025-06-18"
    ]
    site.upstream.reply = lambda head, _: site.upstream.head("200 OK", content_length=0) + b"\r\n"
    status, _, _ = raw(site, "DELETE", "", headers={"Mcp-Session-Id": "1868a90c"})
    assert status == 200 and site.upstream.last_line.startswith("DELETE / ")
    site.upstream.streams(b": open\n\n")
    raw(site, "GET", "", headers={**ACCEPT, "Last-Event-ID": "ev-42"})
    assert site.upstream.field("last-event-id") == ["ev-42"]


@pytest.mark.parametrize(
    "field, value",
    [
        ("Mcp-Name", "patients://SSN 219-09-9999"),
        ("Mcp-Param-Note", NOTE),
        ("Mcp-Param-Ssn", "219-09-9999"),
        ("Mcp-Param-Note", "=?base64?UGF0aWVudCBNYXJpYSBHb256YWxleiwgU1NOIDIxOS0wOS05OTk5?="),
        ("Mcp-Session-Id", "SSN 219-09-9999"),
        ("Last-Event-ID", "SSN 219-09-9999"),
        ("Mcp-X-New", NOTE),
        ("User-Agent", NOTE),
        ("X-Request-Id", "219-09-9999"),
        ("Traceparent", NOTE),
        ("Tracestate", NOTE),
        ("Baggage", NOTE),
    ],
)
def test_a_value_in_a_field_of_the_head_does_not_arrive(site, field, value):
    """The protocol of 2026 repeats names and arguments in fields of the head (`Mcp-Name`, `Mcp-Param-*`)."""
    site.upstream.answers(result({}))
    status, _, _ = raw(site, "POST", "", request("tools/call", {"name": "find", "arguments": {}}), {**ACCEPT, field: value})
    for head, _ in site.upstream.requests:
        assert_clean(head)


def test_the_gateways_own_errors_are_json_rpc(site):
    status, _, data = raw(site, "POST", "", request("ping", {}), {**ACCEPT, "Authorization": "Bearer sk-sluice-" + "0" * 32})
    assert status == 401 and json.loads(data)["jsonrpc"] == "2.0" and json.loads(data)["error"]["message"]
    status, _, data = raw(site, "POST", "", request("tools/call", {"name": "f", "arguments": {"q": "export all patients"}}), ACCEPT)
    assert status == 403 and isinstance(json.loads(data)["error"]["code"], int)
    for method, path in (("POST", "/other"), ("PUT", ""), ("GET", "/.well-known/oauth-protected-resource")):
        status, _, data = raw(site, method, path, b"{}" if method != "GET" else None, ACCEPT)
        assert status in (404, 405), data
    assert site.upstream.requests == []


# A real server behind the gateway.


class Server:
    """An MCP server of the SDK, with a record of what it was given."""

    def __init__(self, json_response):
        self.given = []
        made = MCPServer("notes", instructions="About " + NOTE)
        given = self.given

        @made.tool(description="Finds the record of " + NOTE)
        async def find(note: str, ssn: str, context: Context) -> dict[str, str]:
            given.append({"note": note, "ssn": ssn})
            await context.report_progress(1, 2, "Reading " + NOTE)
            return {"found": note, "record": NOTE}

        @made.tool()
        def fail(note: str) -> str:
            given.append({"note": note})
            raise ToolError("No record of " + NOTE)

        @made.tool()
        def lookup(region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})], note: str) -> str:
            given.append({"region": region, "note": note})
            return "In " + region

        @made.resource("notes://all", description=NOTE)
        def notes() -> str:
            return NOTE

        @made.resource("notes://{name}/one")
        def note(name: str) -> str:
            given.append({"name": name})
            return f"{name}: {NOTE}"

        @made.prompt(description=NOTE)
        def summary(note: str) -> str:
            given.append({"note": note})
            return "Sum up: " + NOTE

        app = made.streamable_http_app(json_response=json_response, streamable_http_path="/mcp", transport_security=None)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error", timeout_graceful_shutdown=1))
        threading.Thread(target=self.server.run, daemon=True).start()
        for _ in range(400):
            if self.server.started:
                return
            time.sleep(0.025)
        raise AssertionError("the MCP server did not start")

    def end(self):
        self.server.should_exit = True


@pytest.fixture(scope="module", params=[False, True], ids=["events", "json"])
def served(request, tmp_path_factory):
    """The SDK's server, and a gateway before it at the same path."""
    server = Server(request.param)
    site = Site.__new__(Site)
    site.protocol, site.path = "mcp", "/mcp"
    site.upstream = Scripted()
    site.gateway = ProtocolGateway(tmp_path_factory.mktemp("mcp"), SimpleNamespace(port=server.port), "mcp", "/mcp", "/mcp")
    site.key = site.gateway.key()
    yield site, server
    server.end()
    site.end()


async def session(site, mode, use):
    wire = Wire()
    async with httpx2.AsyncClient(transport=wire, headers={"Authorization": f"Bearer {site.key}"}, timeout=30, follow_redirects=True) as http:
        progress = []
        async with Client(streamable_http_client(site.url, http_client=http), mode=mode) as client:
            value = await use(client, progress)
    return value, wire, progress


@pytest.mark.parametrize("mode", ["legacy", "auto", "2026-07-28"])
def test_the_client_and_the_server(served, mode):
    site, server = served
    server.given.clear()

    async def use(client, progress):
        async def seen(done, total, message):
            progress.append(message)

        got = {"tools": await client.list_tools(), "resources": await client.list_resources(), "prompts": await client.list_prompts()}
        got["call"] = await client.call_tool("find", {"note": NOTE, "ssn": "219-09-9999"}, progress_callback=seen)
        got["failed"] = await client.call_tool("fail", {"note": NOTE})
        got["read"] = await client.read_resource("notes://all")
        got["one"] = await client.read_resource("notes://plain/one")
        got["prompt"] = await client.get_prompt("summary", {"note": NOTE})
        got["none"] = await client.call_tool("none", {"note": NOTE})
        got["instructions"] = client.instructions
        return got

    got, wire, progress = asyncio.run(session(site, mode, use))
    assert_clean(json.dumps(server.given).encode(), "the server")
    assert len(server.given) == 4
    assert_clean(bytes(wire.all_came), "the client")
    assert [t.name for t in got["tools"].tools] == ["find", "fail", "lookup"] and MASK.search(got["tools"].tools[0].description)
    assert not got["call"].is_error
    value = json.loads(got["call"].content[0].text)
    assert_fits(NOTE, value["record"])
    assert_fits(value, got["call"].structured_content)
    assert got["none"].is_error and got["failed"].is_error and MASK.search(got["failed"].content[0].text)
    assert_fits(NOTE, got["read"].contents[0].text)
    assert_fits("plain: " + NOTE, got["one"].contents[0].text)
    assert MASK.search(got["prompt"].messages[0].content.text)
    assert all(MASK.search(m) for m in progress)
    # A client that settles on a version without asking gets no instructions.
    assert got["instructions"] is None if mode[0] == "2" else MASK.search(got["instructions"])


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_a_value_in_an_address_of_a_resource(served, mode):
    """An address is text, too: the server gets it masked (or not at all), in the body and in the head alike."""
    site, server = served
    server.given.clear()

    async def use(client, _):
        try:
            return await client.read_resource("notes://ssn-219-09-9999/one")
        except MCPError as error:
            return error

    asyncio.run(session(site, mode, use))
    assert_clean(json.dumps(server.given).encode(), "the server")


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("region", ["north", "größer", "SSN 219-09-9999", "Patient Maria Gonzalez"])
def test_arguments_that_are_in_the_head_as_well(served, mode, region):
    """`x-mcp-header`: the client repeats an argument in `Mcp-Param-Region`, and the server compares the two."""
    site, server = served
    server.given.clear()

    async def use(client, _):
        await client.list_tools()
        try:
            return await client.call_tool("lookup", {"region": region, "note": "x"})
        except MCPError as error:
            return error

    got, _, _ = asyncio.run(session(site, mode, use))
    assert_clean(json.dumps(server.given).encode(), "the server")
    if region in ("north", "größer"):
        assert server.given == [{"region": region, "note": "x"}] and got.content[0].text == "In " + region
