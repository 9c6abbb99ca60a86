"""OpenAI's other endpoints: completions, embeddings, moderations, models, files; and langchain-openai over chat and Responses."""

import io
import json

import httpx2
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

import test_openai_chat as chat
import test_openai_responses as responses
from scripted import sse
from values import MASK, NOTE, SHORT, assert_clean, assert_fits
from wire import Wire, openai_client, raw

PROTOCOL = "openai"


def completion(text=NOTE):
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1764000000,
        "model": "m",
        "system_fingerprint": "fp",
        "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    }


@pytest.mark.parametrize(
    "members",
    [
        dict(prompt=NOTE),
        dict(prompt=["x", NOTE]),
        dict(prompt="x", suffix=NOTE),
        dict(prompt="x", stop=[SHORT]),
        dict(prompt="x", user="m.gonzalez@example.com"),
    ],
)
def test_completions(site, members):
    site.upstream.answers(completion())
    client, wire = openai_client(site)
    got = client.completions.create(model="m", **members)
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    assert_clean(bytes(wire.came))
    assert_fits(completion(), json.loads(wire.came))
    assert got.choices[0].finish_reason == "stop"


def test_completions_in_a_stream(site):
    items = [{**completion(t), "choices": [{"index": 0, "text": t, "logprobs": None, "finish_reason": None}], "usage": None} for t in chat.cut(NOTE)]
    site.upstream.streams(sse(*items, {**completion(""), "usage": None}) + chat.DONE)
    client, wire = openai_client(site)
    parts = list(client.completions.create(model="m", prompt="x", stream=True))
    assert_clean(bytes(wire.came))
    assert_fits(NOTE, "".join(p.choices[0].text for p in parts))
    assert parts[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize("tokens", [[219, 9, 9999], [[219, 9, 9999], [1, 2]]])
def test_token_numbers_are_no_way_past(site, tokens):
    """A prompt of token numbers is text that nothing here can read."""
    client, _ = openai_client(site)
    with pytest.raises(openai.BadRequestError):
        client.completions.create(model="m", prompt=tokens)
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="m", input=tokens)
    assert site.upstream.requests == []


@pytest.mark.parametrize("text", [NOTE, ["x", NOTE]])
@pytest.mark.parametrize("form", ["float", "base64"])
def test_embeddings(site, text, form):
    vector = (
        [0.0023064255, -0.009327292, 1e-7, 12345678.5] if form == "float" else "AACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAMEEAAEBB" * 2
    )
    sent = {
        "object": "list",
        "model": "m",
        "data": [{"object": "embedding", "index": 0, "embedding": vector}],
        "usage": {"prompt_tokens": 8, "total_tokens": 8},
    }
    site.upstream.answers(sent)
    client, wire = openai_client(site)
    got = client.embeddings.create(model="m", input=text, encoding_format=form, user="m.gonzalez@example.com")
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    assert json.loads(wire.came) == sent
    assert got.usage.total_tokens == 8


@pytest.mark.parametrize("text", [NOTE, ["x", NOTE], [{"type": "text", "text": NOTE}]])
def test_moderations(site, text):
    sent = {
        "id": "modr-1",
        "model": "omni-moderation-latest",
        "results": [
            {
                "flagged": False,
                "categories": {"hate": False},
                "category_scores": {"hate": 1.2345678901e-05},
                "category_applied_input_types": {"hate": ["text"]},
            }
        ],
    }
    site.upstream.answers(sent)
    client, wire = openai_client(site)
    got = client.moderations.create(input=text)
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    assert json.loads(wire.came) == sent and got.results[0].flagged is False


def test_models(site):
    client, wire = openai_client(site)
    sent = {
        "object": "list",
        "data": [
            {"id": "gpt-4o-2024-08-06", "object": "model", "created": 1722814719, "owned_by": "system"},
            {"id": "ft:gpt-4o:org::AbC123", "object": "model", "created": 1722814719, "owned_by": "Maria Gonzalez"},
        ],
    }
    site.upstream.answers(sent)
    assert [m.id for m in client.models.list()] == ["gpt-4o-2024-08-06", "ft:gpt-4o:org::AbC123"]
    assert site.upstream.last_line == "GET /v1/models HTTP/1.1"
    site.upstream.answers(sent["data"][0])
    assert client.models.retrieve("gpt-4o-2024-08-06").created == 1722814719
    assert site.upstream.last_line == "GET /v1/models/gpt-4o-2024-08-06 HTTP/1.1"


FILE = {
    "id": "file-1",
    "object": "file",
    "bytes": 120000,
    "created_at": 1677610602,
    "filename": "notes.jsonl",
    "purpose": "batch",
    "status": "processed",
}


@pytest.mark.parametrize(
    "name, content",
    [
        ("notes.txt", NOTE),
        (
            "notes.jsonl",
            json.dumps({"custom_id": "1", "body": {"messages": [{"role": "user", "content": NOTE}]}}) + "\n" + json.dumps({"n": 1}) + "\n",
        ),
        ("notes.csv", 'id,note\n1,"' + NOTE + '"\n'),
    ],
)
def test_files_of_text_are_masked(site, name, content):
    site.upstream.answers(FILE)
    client, wire = openai_client(site)
    got = client.files.create(file=(name, io.BytesIO(content.encode())), purpose="batch")
    assert got.id == "file-1"
    assert_clean(site.upstream.last)
    assert site.upstream.field("content-type")[0].startswith("multipart/form-data; boundary=")
    boundary = site.upstream.field("content-type")[0].split("boundary=")[1].encode()
    parts = site.upstream.last.split(b"--" + boundary)
    assert parts[0] == b"" and parts[-1] == b"--\r\n" and len(parts) == len(wire.sent.split(b"--" + boundary))
    arrived = next(p for p in parts if b"filename=" in p).split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n").decode()
    assert MASK.search(arrived)
    if name.endswith("jsonl"):
        for line, before in zip(arrived.splitlines(), content.splitlines(), strict=True):
            assert_fits(json.loads(before), json.loads(line))
    else:
        assert_fits(content, arrived)


def test_a_file_with_nothing_to_mask_arrives_as_it_was(site):
    site.upstream.answers(FILE)
    client, wire = openai_client(site)
    client.files.create(file=("a.jsonl", b'{"custom_id":"1","body":{"n":1.50}}\r\n'), purpose="batch")
    assert site.upstream.last == wire.sent


@pytest.mark.parametrize("name", ["Patient Maria Gonzalez.txt", "SSN 219-09-9999.jsonl", "m.gonzalez@example.com.txt"])
def test_a_value_in_a_files_name_does_not_arrive(site, name):
    site.upstream.answers(FILE)
    client, wire = openai_client(site)
    try:
        client.files.create(file=(name, b"plain"), purpose="batch")
    except openai.APIStatusError as error:
        assert 400 <= error.status_code < 500 and site.upstream.requests == []
    else:
        assert_clean(site.upstream.last)


@pytest.mark.parametrize(
    "name, content",
    [
        ("x.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("x.pdf", b"%PDF-1.7\n" + NOTE.encode()),
        ("x.zip", b"PK\x03\x04"),
        ("notes.txt", b"\xff\xfe" + NOTE.encode("utf-16-le")),
    ],
)
def test_a_file_that_is_no_text_is_refused(site, name, content):
    client, _ = openai_client(site)
    with pytest.raises(openai.APIStatusError) as caught:
        client.files.create(file=(name, content), purpose="user_data")
    assert 400 <= caught.value.status_code < 500
    assert site.upstream.requests == []


MULTIPART = {
    "a field": (b'--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nSSN 219-09-9999\r\n--B--\r\n', "B"),
    "a field's name": (b'--B\r\nContent-Disposition: form-data; name="SSN 219-09-9999"\r\n\r\nx\r\n--B--\r\n', "B"),
    "a head of a part": (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nX-Note: SSN 219-09-9999\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n',
        "B",
    ),
    "before the first": (b'SSN 219-09-9999\r\n--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nx\r\n--B--\r\n', "B"),
    "after the last": (b'--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nx\r\n--B--\r\nSSN 219-09-9999\r\n', "B"),
    "base64": (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nU1NOIDIxOS0wOS05OTk5\r\n--B--\r\n',
        "B",
    ),
    "an encoded name": (b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''SSN%20219-09-9999.txt\r\n\r\nx\r\n--B--\r\n", "B"),
    "a part in a part": (
        b'--B\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nSSN 219-09-9999\r\n--C--\r\n--B--\r\n',
        "B",
    ),
    "another boundary": (b'--X\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nSSN 219-09-9999\r\n--X--\r\n', "B"),
    "no end": (b'--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nSSN 219-09-9999', "B"),
    "cut in two parts": (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nSSN 219-09-\r\n--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n9999\r\n--B--\r\n',
        "B",
    ),
}


@pytest.mark.parametrize("place", MULTIPART)
def test_no_place_of_a_form_lets_a_value_through(site, place):
    body, boundary = MULTIPART[place]
    site.upstream.answers(FILE)
    status, _, data = raw(site, "POST", "/v1/files", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    if site.upstream.requests:
        if place == "cut in two parts":
            return
        assert_clean(site.upstream.last)
    else:
        assert 400 <= status < 500 and json.loads(data)["error"]["message"]


# langchain-openai


def langchain(site, **more):
    wire = Wire()
    return ChatOpenAI(
        model="gpt-5", base_url=f"{site.url}/v1", api_key=site.key, max_retries=0, http_client=httpx2.Client(transport=wire, timeout=30), **more
    ), wire


CONVERSATION = [
    SystemMessage(NOTE),
    HumanMessage(NOTE),
    AIMessage("", tool_calls=[{"name": "find", "args": {"note": NOTE, "ssn": "219-09-9999"}, "id": "call_1"}]),
    ToolMessage(NOTE, tool_call_id="call_1", name="find"),
    HumanMessage([{"type": "text", "text": NOTE}]),
]


@pytest.mark.parametrize("ways", [dict(), dict(use_responses_api=True)])
def test_langchain(site, ways):
    model, wire = langchain(site, **ways)
    over_responses = bool(ways)
    call = {"ssn": "219-09-9999", "n": 3}
    site.upstream.answers(
        responses.answer(responses.said(), {**responses.ITEMS["function_call"], "arguments": json.dumps(call)})
        if over_responses
        else chat.answer(
            {
                "role": "assistant",
                "content": NOTE,
                "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "find", "arguments": json.dumps(call)}}],
            }
        )
    )
    bound = model.bind_tools(
        [{"name": "find", "description": NOTE, "parameters": {"type": "object", "properties": {"ssn": {"type": "string", "description": NOTE}}}}]
    )
    got = bound.invoke(CONVERSATION)
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    assert_clean(bytes(wire.came))
    assert MASK.search(got.text) and got.tool_calls[0]["args"]["n"] == 3 and MASK.fullmatch(got.tool_calls[0]["args"]["ssn"])
    assert got.usage_metadata["total_tokens"] == 12


@pytest.mark.parametrize("ways", [dict(), dict(use_responses_api=True)])
def test_langchain_in_a_stream(site, ways):
    model, wire = langchain(site, stream_usage=True, **ways)
    arguments = json.dumps({"ssn": "219-09-9999", "n": 3})
    if ways:
        site.upstream.streams(sse(*responses.stream_of(responses.said(), {**responses.ITEMS["function_call"], "arguments": arguments})))
    else:
        site.upstream.streams(
            sse(chat.START, *chat.STREAMS["content"], *chat.call_deltas(arguments), chat.chunk({}, "tool_calls"), chat.USAGE) + chat.DONE
        )
    got = None
    for part in model.stream(CONVERSATION):
        got = part if got is None else got + part
    assert_clean(site.upstream.last)
    assert_clean(bytes(wire.came))
    assert_fits(NOTE, got.text)
    assert got.tool_calls[0]["args"]["n"] == 3 and MASK.fullmatch(got.tool_calls[0]["args"]["ssn"])
    assert got.usage_metadata["total_tokens"] == 12


def test_langchain_errors(site):
    model, _ = langchain(site)
    with pytest.raises(openai.PermissionDeniedError):
        model.invoke("Please export all patients")
    assert site.upstream.requests == []


def test_langchain_embeddings(site):
    """Its default sends token numbers, which are refused; `check_embedding_ctx_length=False` sends text."""
    wire = Wire()
    made = OpenAIEmbeddings(
        model="text-embedding-3-small",
        base_url=f"{site.url}/v1",
        api_key=site.key,
        max_retries=0,
        check_embedding_ctx_length=False,
        http_client=httpx2.Client(transport=wire, timeout=30),
    )
    site.upstream.answers(
        {
            "object": "list",
            "model": "m",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
            "usage": {"prompt_tokens": 8, "total_tokens": 8},
        }
    )
    assert made.embed_documents([NOTE]) == [[0.5, 0.25]]
    assert_clean(site.upstream.last)
