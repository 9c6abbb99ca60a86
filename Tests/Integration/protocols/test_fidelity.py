"""What stands beside the text: status, fields of the head, error bodies, compression, unknown endpoints, clients that leave; and bytes."""

import gzip
import json
import socket
import zlib

import anthropic
import openai
import pytest

import test_anthropic as messages
import test_gemini as google
import test_openai_chat as chat
import test_openai_responses as responses
from protocol_gateway import SECRET
from scripted import sse
from values import NOTE, SHORT, assert_clean, assert_fits
from wire import anthropic_client, openai_client, raw

# One good request of each protocol: path, body, a whole answer, and a stream where there is one.
GOOD = {
    "openai": ("/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "x"}]}, chat.answer()),
    "responses": ("/v1/responses", {"model": "m", "input": "x"}, responses.answer(responses.PLAIN)),
    "azure-openai": ("/openai/deployments/d/chat/completions?api-version=preview", {"messages": [{"role": "user", "content": "x"}]}, chat.answer()),
    "anthropic": ("/v1/messages", {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}, messages.answer(messages.PLAIN)),
    "gemini": (
        "/v1beta/models/gemini-2.5-pro:generateContent",
        {"contents": [{"role": "user", "parts": [{"text": "x"}]}]},
        google.answer({"text": "Hello."}),
    ),
    "mcp": ("", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, {"jsonrpc": "2.0", "id": 1, "result": {"tools": []}}),
    "json": ("/x", {"a": 1}, {"b": [1.50, None]}),
    "fhir": ("/Patient", {"resourceType": "Patient"}, {"resourceType": "Patient", "id": "p1"}),
}
STREAMING = {
    "openai": ({"stream": True}, sse(chat.START, chat.chunk({"content": "Hi there."}), chat.chunk({}, "stop")) + chat.DONE),
    "responses": ({"stream": True}, sse(*responses.stream_of(responses.said("Hi there.")))),
    "anthropic": ({"stream": True}, sse(*messages.stream_of({"type": "text", "text": "Hi there."}))),
    "mcp": ({}, b'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n'),
}
SHAPES = {
    "openai": lambda v: v["error"]["message"] and v["error"]["type"],
    "responses": lambda v: v["error"]["message"] and v["error"]["type"],
    "azure-openai": lambda v: v["error"]["message"],
    "anthropic": lambda v: v["type"] == "error" and v["error"]["type"] and v["error"]["message"],
    "gemini": lambda v: v["error"]["code"] and v["error"]["status"] and v["error"]["message"],
    "mcp": lambda v: v["jsonrpc"] == "2.0" and v["error"]["message"],
    "json": lambda v: v["status"] and v["detail"],
    "fhir": lambda v: v["resourceType"] == "OperationOutcome" and v["issue"],
}


def site_of(sites, name):
    return sites("openai" if name == "responses" else name)


FIELDS = {
    "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy",
    "x_request_id": "req_9f",
    "anthropic_ratelimit_requests_remaining": "49",
    "anthropic_ratelimit_tokens_reset": "2026-01-01T00:00:00Z",
    "x_ratelimit_remaining_tokens": "149984",
    "x_ratelimit_reset_requests": "6m0s",
    "openai_processing_ms": "321",
    "openai_organization": "org-1",
    "retry_after": "7",
    "x_envoy_upstream_service_time": "12",
    "x_unknown": "yes",
    "cf_ray": "8a-FRA",
    "anthropic_organization_id": "org",
}


@pytest.mark.parametrize("kind", ["whole", "stream"])
@pytest.mark.parametrize("name", GOOD)
def test_fields_of_an_answer_reach_the_client(sites, name, kind):
    site = site_of(sites, name)
    path, body, answer = GOOD[name]
    if kind == "stream":
        if name not in STREAMING:
            pytest.skip("has no stream here")
        more, data = STREAMING[name]
        body = {**body, **more}
        site.upstream.streams(data, **FIELDS)
    else:
        site.upstream.answers(answer, **FIELDS)
    status, found, _ = raw(site, "POST", path, body, {"Accept": "application/json, text/event-stream"})
    assert status == 200
    for field, value in FIELDS.items():
        assert found.get(field.replace("_", "-")) == value, field
    assert SECRET not in str(found)


@pytest.mark.parametrize("name", GOOD)
def test_an_answer_with_nothing_to_mask_is_the_upstreams(sites, name):
    site = site_of(sites, name)
    path, body, answer = GOOD[name]
    data = json.dumps(answer, indent=2, ensure_ascii=False).encode() + b"\n"
    site.upstream.answers(data)
    _, _, got = raw(site, "POST", path, body)
    assert got == data


def strange(body):
    """The same JSON as nobody's library writes it: spaces, breaks, escapes, numbers in other forms, members nobody knows."""
    text = json.dumps(body, indent=3).replace('"x"', '"plain \\u0041 caf\\u00e9 \\/ \\ud83d\\ude00 text"')
    return text[:-1].encode() + b',\r\n\t"x_last" : { "n":1.50e+02 , "m":-0.0,"l":[ ],"t" :true,"z":null, "s":"\xc3\xa9" }  }\n'


@pytest.mark.parametrize("name", GOOD)
def test_a_request_with_nothing_to_mask_arrives_as_it_was(sites, name):
    site = site_of(sites, name)
    path, body, answer = GOOD[name]
    site.upstream.answers(answer)
    sent = strange(body)
    status, _, data = raw(site, "POST", path, sent)
    assert status == 200, data
    assert site.upstream.last == sent


@pytest.mark.parametrize("name", GOOD)
def test_a_request_in_chunks_arrives_as_it_was(sites, name):
    site = site_of(sites, name)
    path, body, answer = GOOD[name]
    site.upstream.answers(answer)
    sent = strange(body)
    with socket.create_connection(("127.0.0.1", site.gateway.port), timeout=20) as connection:
        connection.sendall(
            f"POST {site.path}{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {site.key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
        )
        for place in range(0, len(sent), 17):
            piece = sent[place : place + 17]
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")
        data = b""
        while piece := connection.recv(65536):
            data += piece
    assert data.startswith(b"HTTP/1.1 200")
    assert site.upstream.last == sent


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-2024-08-06",
        "claude-sonnet-4-5-20250929",
        "gpt-4-0125-preview",
        "o3-2025-04-16",
        "ft:gpt-4o-2024-08-06:org:name:AbC123",
        "anthropic/claude-3.5-sonnet",
        "models/gemini-2.5-pro",
        "claude-3-7-sonnet@20250219",
    ],
)
@pytest.mark.parametrize("name", ["openai", "responses", "anthropic"])
def test_a_models_name_arrives_as_it_is(sites, name, model):
    """Names of models have dates in them, which are nobody's."""
    site = site_of(sites, name)
    path, body, answer = GOOD[name]
    site.upstream.answers({**answer, "model": model})
    status, _, data = raw(site, "POST", path, {**body, "model": model})
    assert json.loads(site.upstream.last)["model"] == model
    assert json.loads(data)["model"] == model


IDS = [
    "chatcmpl-AbCdEf0123456789012345",
    "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
    "msg_013Zva2CMHLNnXjNJJKqJ2EF",
    "toolu_01A09q90qw90lq917835lq9",
    "call_12345678901234567890abcd",
    "0f1e2d3c-4b5a-4968-8776-655443322110",
    "fc_67ca09c6bedc8190a7abfec07b1a1332096610f474011cc0",
    "11111111-2222-3333-4444-555555555555",
    "rs_6849123456789a8190",
]


@pytest.mark.parametrize("identity", IDS)
def test_ids_pass_both_ways(sites, identity):
    """Vendors' ids have long runs of digits. A changed id breaks the next turn."""
    site = sites("openai")
    sent = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    answer = chat.answer({"role": "assistant", "content": None, "tool_calls": [{**sent, "id": identity}]}) | {"id": identity}
    site.upstream.answers(answer)
    _, _, data = raw(
        site,
        "POST",
        "/v1/chat/completions",
        {
            "model": "m",
            "messages": [
                {"role": "user", "content": "x"},
                {"role": "assistant", "content": None, "tool_calls": [{**sent, "id": identity}]},
                {"role": "tool", "tool_call_id": identity, "content": "x"},
            ],
        },
    )
    assert site.upstream.last.count(identity.encode()) == 2
    assert json.loads(data) == answer
    site.upstream.answers(
        responses.answer({**responses.ITEMS["function_call"], "arguments": "{}", "id": identity, "call_id": identity}) | {"id": identity}
    )
    _, _, data = raw(
        site,
        "POST",
        "/v1/responses",
        {
            "model": "m",
            "previous_response_id": identity,
            "input": [{"type": "item_reference", "id": identity}, {"type": "function_call_output", "call_id": identity, "output": "x"}],
        },
    )
    assert site.upstream.last.count(identity.encode()) == 3 and data.count(identity.encode()) == 3


@pytest.mark.parametrize(
    "identity",
    ["resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "resp_0689b1234567890c8190aa11bb22cc33dd44ee55ff6677889900", "resp_abc"],
)
def test_responses_are_found_by_any_id(sites, identity):
    """Half of the ids that OpenAI gives have seven digits in a row somewhere."""
    site = sites("openai")
    site.upstream.answers(responses.answer() | {"id": identity})
    for method in ("GET", "DELETE"):
        status, _, data = raw(site, method, f"/v1/responses/{identity}")
        assert status == 200, data
        assert site.upstream.last_line == f"{method} /v1/responses/{identity} HTTP/1.1"


@pytest.mark.parametrize(
    "status, error",
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (409, openai.ConflictError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_openais_errors_reach_the_client(sites, status, error):
    site = sites("openai")
    body = {
        "error": {
            "message": "Wrong, patient Maria Gonzalez: " + NOTE,
            "type": "invalid_request_error",
            "param": "messages.[0].content",
            "code": "context_length_exceeded",
        }
    }
    site.upstream.answers(body, status=f"{status} Some Reason", x_request_id="req_42", retry_after="7")
    client, wire = openai_client(site)
    with pytest.raises(error) as caught:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}])
    assert (
        caught.value.status_code == status
        and caught.value.request_id == "req_42"
        and caught.value.code == "context_length_exceeded"
        and caught.value.param == "messages.[0].content"
    )
    assert wire.headers["retry-after"] == "7"
    assert_clean(bytes(wire.came))
    assert_fits(body, json.loads(wire.came))
    # The same where a stream was asked for.
    with pytest.raises(error):
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}], stream=True)


@pytest.mark.parametrize(
    "status, kind, error",
    [
        (400, "invalid_request_error", anthropic.BadRequestError),
        (401, "authentication_error", anthropic.AuthenticationError),
        (403, "permission_error", anthropic.PermissionDeniedError),
        (404, "not_found_error", anthropic.NotFoundError),
        (413, "request_too_large", anthropic.RequestTooLargeError),
        (429, "rate_limit_error", anthropic.RateLimitError),
        (500, "api_error", anthropic.InternalServerError),
        (529, "overloaded_error", anthropic.APIStatusError),
    ],
)
def test_anthropics_errors_reach_the_client(sites, status, kind, error):
    site = sites("anthropic")
    body = {
        "type": "error",
        "error": {"type": kind, "message": "prompt is too long for patient Maria Gonzalez: " + NOTE},
        "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy",
    }
    site.upstream.answers(
        body,
        status=f"{status} Some Reason",
        request_id="req_011CSHoEeqs5C35K2UUqR7Fy",
        anthropic_ratelimit_requests_limit="50",
        retry_after="7",
        x_should_retry="false",
    )
    client, wire = anthropic_client(site)
    for more in ({}, {"stream": True}):
        with pytest.raises(error) as caught:
            client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}], **more)
        assert caught.value.status_code == status and caught.value.request_id == "req_011CSHoEeqs5C35K2UUqR7Fy"
        assert caught.value.body["error"]["type"] == kind
        assert wire.headers["anthropic-ratelimit-requests-limit"] == "50" and wire.headers["x-should-retry"] == "false"
        assert_clean(bytes(wire.came))
        assert_fits(body, json.loads(wire.came))


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"<html><body>502 Bad Gateway for patient Maria Gonzalez, SSN 219-09-9999</body></html>", "text/html"),
        (b"upstream connect error for SSN 219-09-9999", "text/plain"),
        (b"", "text/plain"),
        (b"", "application/json"),
        (b'{"a":', "application/json"),
    ],
)
@pytest.mark.parametrize("name", GOOD)
def test_errors_that_are_no_json(sites, name, body, kind):
    """A proxy's page: its status reaches the client or becomes a 502, and no value of it does."""
    site = site_of(sites, name)
    site.upstream.answers(body, status="502 Bad Gateway", content_type=kind)
    status, _, data = raw(site, "POST", GOOD[name][0], GOOD[name][1])
    assert status == 502
    assert_clean(data)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
@pytest.mark.parametrize("kind", ["whole", "stream"])
def test_compressed_answers(sites, coding, kind):
    """The gateway asks for none; one that comes all the same is read, or refused: never passed unread."""
    site = sites("openai")
    body = (
        json.dumps(chat.answer({"role": "assistant", "content": NOTE})).encode()
        if kind == "whole"
        else STREAMING["openai"][1].replace(b"Hi there.", NOTE.encode())
    )
    coded = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "br": b"\x0b\x02\x80" + body,
        "zstd": b"\x28\xb5\x2f\xfd" + body,
        "gzip, gzip": gzip.compress(gzip.compress(body)),
    }[coding]
    if kind == "whole":
        site.upstream.answers(coded, content_encoding=coding)
    else:
        site.upstream.streams(coded, content_encoding=coding)
    status, found, data = raw(
        site, "POST", GOOD["openai"][0], {**GOOD["openai"][1], "stream": kind == "stream"}, {"Accept-Encoding": "gzip, deflate, br, zstd"}
    )
    asked = {word.strip() for value in site.upstream.field("accept-encoding") for word in value.split(",")}
    assert asked <= {"identity", "gzip", "deflate"}, "the gateway asks for what it can't read"
    assert_clean(data)
    if found.get("content-encoding", "identity") != "identity":
        assert_clean(gzip.decompress(data))
    assert status in (200, 502)
    if status == 200:
        assert b"[NAME_" in data
    else:
        assert SHAPES["openai"](json.loads(data))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip", "x-unknown", "gzip, broken", "identity"])
@pytest.mark.parametrize("name", GOOD)
def test_compressed_requests(sites, name, coding):
    """They are read and masked, or refused; nothing goes up that was not read."""
    site = site_of(sites, name)
    site.upstream.answers(GOOD[name][2])
    body = {**GOOD[name][1], "x_note": NOTE}
    text = json.dumps(body).encode()
    coded = {
        "gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "br": b"\x0b\x02\x80" + text,
        "gzip, gzip": gzip.compress(gzip.compress(text)),
        "x-unknown": text,
        "gzip, broken": gzip.compress(text)[:-12],
        "identity": text,
    }[coding]
    status, _, data = raw(site, "POST", GOOD[name][0], coded, {"Content-Encoding": coding.removesuffix(", broken")})
    if site.upstream.requests:
        assert status == 200 and site.upstream.field("content-encoding") in ([], ["identity"])
        assert_clean(site.upstream.last)
        assert_fits(body, json.loads(site.upstream.last))
    else:
        assert status in (400, 415) and SHAPES[name](json.loads(data)), data
        assert coding != "identity"


def test_a_compressed_bomb_is_refused(sites):
    """A body that is small and becomes large is held to the limit of what it becomes."""
    site = sites("openai")
    body = b'{"model":"m","messages":[{"role":"user","content":"' + b"a" * 64_000_000 + b'"}]}'
    status, _, data = raw(site, "POST", "/v1/chat/completions", gzip.compress(body), {"Content-Encoding": "gzip"})
    assert status in (413, 415) and SHAPES["openai"](json.loads(data))
    assert site.upstream.requests == []
    site.upstream.answers(gzip.compress(body), content_encoding="gzip")
    status, _, data = raw(site, "POST", "/v1/chat/completions", GOOD["openai"][1])
    assert status == 502 and len(data) < 10_000


UNKNOWN = {
    "openai": [
        "/v1/images/generations",
        "/v1/audio/speech",
        "/v1/assistants",
        "/v1/threads",
        "/v1/batches",
        "/v1/fine_tuning/jobs",
        "/v1/realtime/sessions",
        "/v1/chat/completions/x",
        "/v1//chat/completions",
        "/v1/chat%2fcompletions",
        "/v1/../v1/chat/completions",
        "/V1/chat/completions",
        "/",
        "",
        "/v2/chat/completions",
        "/v1/uploads",
        "/v1/vector_stores",
    ],
    "azure-openai": [
        "/openai/deployments/d/images/generations?api-version=preview",
        "/v1/chat/completions",
        "/openai/deployments/d/e/chat/completions?api-version=preview",
        "/openai/deployments//chat/completions?api-version=preview",
    ],
    "anthropic": [
        "/v1/complete",
        "/v1/messages/batches",
        "/v1/files",
        "/v1/chat/completions",
        "/v1/skills",
        "/v1/organizations/me",
        "/v1/messages%2f",
    ],
    "gemini": [
        "/v1beta/models/m:predict",
        "/v1beta/models/m:generateAnswer",
        "/v1beta/cachedContents",
        "/upload/v1beta/files",
        "/v1beta/models/m:batchGenerateContent",
        "/v1beta/tunedModels/m:generateContent",
        "/v1beta/models/a/b:generateContent",
        "/v1beta/models/:generateContent",
    ],
    "mcp": ["/x", "/sse", "/messages", "/register", "/authorize"],
}


@pytest.mark.parametrize("name, path", [(name, path) for name, paths in UNKNOWN.items() for path in paths])
def test_unknown_endpoints_are_refused(sites, name, path):
    site = site_of(sites, name)
    status, _, data = raw(site, "POST", path, {"note": NOTE})
    # A path that two readers could read in two ways is no good request.
    odd = "//" in path or ".." in path or "%" in path
    assert status == 404 or (odd and status == 400), data
    assert SHAPES[name](json.loads(data))
    assert_clean(data)
    assert site.upstream.requests == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
@pytest.mark.parametrize("name", ["openai", "anthropic", "gemini"])
def test_unknown_methods_are_refused(sites, name, method):
    site = site_of(sites, name)
    status, _, data = raw(site, method, GOOD[name][0], None)
    assert 400 <= status < 502 and status != 500
    assert site.upstream.requests == []


@pytest.mark.parametrize("name", GOOD)
def test_no_key_or_a_wrong_one(sites, name):
    site = site_of(sites, name)
    for headers in ({}, {"Authorization": "Bearer sk-sluice-" + "0" * 32}, {"x-api-key": "nonsense"}, {"Authorization": "Basic Zm9vOmJhcg=="}):
        status, _, data = raw(site, "POST", GOOD[name][0], GOOD[name][1], headers, key=False)
        assert status == 401 and SHAPES[name](json.loads(data))
    assert site.upstream.requests == []


@pytest.mark.parametrize("field", ["authorization", "x-api-key", "api-key", "x-goog-api-key"])
@pytest.mark.parametrize("name", GOOD)
def test_the_key_in_each_field(sites, name, field):
    """The gateway's key may come in any of the fields; upstream there is the provider's credential, in the protocol's own field, and no other."""
    site = site_of(sites, name)
    site.upstream.answers(GOOD[name][2])
    value = f"Bearer {site.key}" if field == "authorization" else site.key
    status, _, data = raw(
        site,
        "POST",
        GOOD[name][0],
        GOOD[name][1],
        {field: value, "Cookie": "a=b", "Proxy-Authorization": "Basic x", "X-Amz-Security-Token": "t"},
        key=False,
    )
    assert status == 200, data
    own = {"anthropic": "x-api-key", "azure-openai": "api-key", "gemini": "x-goog-api-key"}.get(name, "authorization")
    for each in ("authorization", "x-api-key", "api-key", "x-goog-api-key"):
        expected = ([f"Bearer {SECRET}"] if own == "authorization" else [SECRET]) if each == own else []
        assert site.upstream.field(each) == expected, each
    assert site.key.encode() not in bytes(site.upstream.received) and b"a=b" not in bytes(site.upstream.received)
    assert site.upstream.field("proxy-authorization") == [] and site.upstream.field("x-amz-security-token") == []


def test_two_keys_at_once(sites):
    """Where one field has the gateway's key and another something else, nothing of both goes up."""
    site = sites("anthropic")
    site.upstream.answers(GOOD["anthropic"][2])
    status, _, _ = raw(
        site, "POST", "/v1/messages", GOOD["anthropic"][1], {"x-api-key": site.key, "Authorization": "Bearer sk-ant-other-0123456789"}, key=False
    )
    assert status in (200, 400, 401)
    assert b"sk-ant-other" not in bytes(site.upstream.received) and site.key.encode() not in bytes(site.upstream.received)


@pytest.mark.parametrize("name", STREAMING)
def test_a_client_that_leaves_ends_the_upstreams_stream(sites, name):
    site = site_of(sites, name)
    more, data = STREAMING[name]
    head, first, _ = site.upstream.pieces(data[: data.index(b"\n\n") + 2])
    site.upstream.reply = lambda *_: [head, first, site.upstream.wait_for_leaving()]
    body = json.dumps({**GOOD[name][1], **more}).encode()
    with socket.create_connection(("127.0.0.1", site.gateway.port), timeout=20) as connection:
        connection.sendall(
            f"POST {site.path}{GOOD[name][0]} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {site.key}\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert site.upstream.left.wait(30), "the upstream still sends"


@pytest.mark.parametrize("name", STREAMING)
def test_an_upstream_that_dies_in_a_stream(sites, name):
    """The client sees that the stream is not whole: the protocol's error event, or a body without its end."""
    site = site_of(sites, name)
    more, data = STREAMING[name]
    if name == "openai":
        data = sse(chat.START, *chat.STREAMS["content"])
    elif name == "responses":
        data = sse(*responses.stream_of(responses.said())[:20])
    elif name == "anthropic":
        data = sse(*messages.stream_of(messages.BLOCKS["text"])[:20])
    else:
        data = b'event: message\ndata: {"jsonrpc":"2.0","id":1,"resu'
    site.upstream.reply = lambda *_: [*site.upstream.pieces(data)[:2], None]
    if name == "openai":
        client, wire = openai_client(site)
        with pytest.raises(openai.APIError):
            list(client.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}], stream=True))
    elif name == "responses":
        client, wire = openai_client(site)
        with pytest.raises(openai.APIError):
            parts = list(client.responses.create(model="m", input="x", stream=True))
            assert parts[-1].type == "error"
            raise openai.APIError("an event says so", None, body=None)
    elif name == "anthropic":
        client, wire = anthropic_client(site)
        with pytest.raises(anthropic.APIError):
            list(client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}], stream=True))
    else:
        import http.client

        try:
            _, _, got = raw(site, "POST", GOOD[name][0], GOOD[name][1], {"Accept": "application/json, text/event-stream"})
        except http.client.IncompleteRead as error:
            got = error.partial
        assert b'"error"' in got or got == b""
        return
    assert_clean(bytes(wire.came))


@pytest.mark.parametrize("place", ["text", "JSON"])
def test_an_answer_that_says_it_is_something_else(sites, place):
    """What a head says of a body is not believed: events named JSON, JSON named events, a stream nobody asked for."""
    site = sites("openai")
    if place == "text":
        site.upstream.answers(sse(chat.START, *chat.STREAMS["content"]) + chat.DONE)
    else:
        site.upstream.streams(json.dumps(chat.answer({"role": "assistant", "content": NOTE})).encode())
    _, _, data = raw(site, "POST", GOOD["openai"][0], GOOD["openai"][1])
    assert_clean(data)
    site.upstream.streams(sse(chat.START, *chat.STREAMS["content"]) + chat.DONE)
    _, _, data = raw(site, "POST", GOOD["openai"][0], GOOD["openai"][1])
    assert_clean(data)


@pytest.mark.parametrize("field", ["content-type", "x-note", "location", "set-cookie", "www-authenticate", "server", "openai-organization"])
def test_a_value_in_a_field_of_an_answers_head(sites, field):
    """No detector reads the head of an answer. This says what comes of one; a field is as good a place as any for an echo."""
    site = sites("openai")
    value = f'application/json; note="{SHORT}"' if field == "content-type" else SHORT
    head = site.upstream.head(
        content_type=value if field == "content-type" else "application/json",
        content_length=2,
        **({} if field == "content-type" else {field.replace("-", "_"): value}),
    )
    site.upstream.reply = lambda *_: head + b"\r\n{}"
    _, found, _ = raw(site, "POST", GOOD["openai"][0], GOOD["openai"][1])
    assert_clean(json.dumps(found).encode())
