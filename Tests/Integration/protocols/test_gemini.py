"""Gemini with Google's own client: contents, instructions, functions, thoughts and their signatures, streams of events."""

import copy
import json

import httpx2
import pytest
from google import genai
from google.genai import errors, types

from protocol_gateway import SECRET
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, events
from wire import Wire, raw

PROTOCOL = "gemini"
SIGNATURE = "CiQBcsjafWRvIG5vdCByZWFkIG1lIGFzIEkgYW0gc2VhbGVkIGJ5IHRoZSBtb2RlbA" + "0123456789abcdefghijklmnopqrstuvwxyzAB" * 3
HELLO = {"role": "user", "parts": [{"text": "Hello there."}]}
MODEL = "gemini-2.5-pro"


def client_of(site, key=None):
    wire = Wire()
    made = genai.Client(
        api_key=key or site.key,
        http_options=types.HttpOptions(base_url=site.url, api_version="v1beta", httpx_client=httpx2.Client(transport=wire, timeout=30)),
    )
    return made, wire


def part(**members):
    return {"contents": [{"role": "user", "parts": [{"text": "Look."}, members]}]}


def said(*parts):
    return {"contents": [HELLO, {"role": "model", "parts": list(parts)}, HELLO]}


def functions(**members):
    return {"contents": [HELLO], "tools": [{"functionDeclarations": [{"name": "find", "description": "Finds.", **members}]}]}


REQUESTS = {
    "text": part(text=NOTE),
    "history": said({"text": NOTE}),
    "thought": said({"text": NOTE, "thought": True, "thoughtSignature": SIGNATURE}),
    "systemInstruction": {"contents": [HELLO], "systemInstruction": {"parts": [{"text": NOTE}]}},
    "system_instruction": {"contents": [HELLO], "system_instruction": {"role": "user", "parts": [{"text": NOTE}]}},
    "functionCall": said(
        {"functionCall": {"name": "find", "args": {"note": NOTE, "deep": [{"ssn": "219-09-9999"}], "n": 1}}, "thoughtSignature": SIGNATURE}
    ),
    "functionCall names": said({"functionCall": {"name": "find", "args": {SHORT: {NOTE: 1}}}}),
    "functionCall JSON inside": said({"functionCall": {"name": "find", "args": {"body": json.dumps({"note": NOTE})}}}),
    "functionCall id": said({"functionCall": {"id": "SSN 219-09-9999", "name": "find", "args": {}}}),
    "functionResponse": part(functionResponse={"name": "find", "response": {"result": NOTE, "rows": [{"note": NOTE}]}}),
    "functionResponse string": part(functionResponse={"name": "find", "response": {"output": json.dumps({"note": NOTE})}}),
    "executableCode": said(
        {"executableCode": {"language": "PYTHON", "code": "# " + NOTE}}, {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": NOTE}}
    ),
    "function description": functions(description=NOTE),
    "function schema": functions(
        parameters={
            "type": "OBJECT",
            "properties": {"a": {"type": "STRING", "description": NOTE, "enum": [NOTE]}, SHORT: {"type": "STRING"}},
            "required": [SHORT],
        }
    ),
    "function JSON schema": functions(
        parametersJsonSchema={"type": "object", "properties": {"a": {"type": "string", "description": NOTE, "default": NOTE}}}
    ),
    "responseSchema": {
        "contents": [HELLO],
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": {"type": "OBJECT", "description": NOTE, "properties": {"a": {"type": "STRING", "description": NOTE}}},
        },
    },
    "stopSequences": {"contents": [HELLO], "generationConfig": {"stopSequences": [SHORT]}},
    "labels": {"contents": [HELLO], "labels": {"patient": "Patient Maria Gonzalez", "ssn": "219-09-9999"}},
    "cachedContent": {"contents": [HELLO], "cachedContent": "cachedContents/SSN 219-09-9999"},
    "toolConfig": {"contents": [HELLO], "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["find 219-09-9999"]}}},
    "googleMaps": {"contents": [HELLO], "toolConfig": {"retrievalConfig": {"languageCode": "en", "note": NOTE}}},
    "unknown part": part(xNew={"deep": [NOTE]}),
    "unknown field": {"contents": [HELLO], "xMore": {"a": [NOTE], SHORT: 1}},
    "role": {"contents": [{"role": SHORT, "parts": [{"text": "x"}]}]},
    "snake case": {
        "contents": [{"role": "user", "parts": [{"function_response": {"name": "find", "response": {"result": NOTE}}}]}],
        "generation_config": {"stop_sequences": [SHORT]},
    },
}


def answer(*parts, finish="STOP", **more):
    return {
        "candidates": [
            {
                "content": {"parts": list(parts), "role": "model"},
                "finishReason": finish,
                "index": 0,
                "avgLogprobs": -0.25,
                "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "NEGLIGIBLE"}],
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 5,
            "candidatesTokenCount": 7,
            "totalTokenCount": 12,
            "thoughtsTokenCount": 1,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5}],
        },
        "modelVersion": MODEL,
        "responseId": "w9TKaJ3aFvKTxN8P1q-A8Q4",
        **more,
    }


@pytest.fixture(autouse=True)
def home(site):
    site.upstream.answers(answer({"text": "Hello."}))


@pytest.mark.parametrize("place", REQUESTS)
def test_a_value_in_a_request_does_not_arrive(site, place):
    body = copy.deepcopy(REQUESTS[place])
    status, _, data = raw(site, "POST", f"/v1beta/models/{MODEL}:generateContent", body, {"x-goog-api-key": site.key}, key=False)
    assert status == 200, data
    assert_clean(site.upstream.last)
    assert_fits(body, json.loads(site.upstream.last))
    assert json.dumps(body).count(SIGNATURE) == site.upstream.last.count(SIGNATURE.encode())
    assert site.upstream.field("x-goog-api-key") == [SECRET] and site.upstream.field("authorization") == []
    assert site.key.encode() not in bytes(site.upstream.received)


def test_the_client_with_all_places(site):
    client, wire = client_of(site)
    got = client.models.generate_content(
        model=MODEL,
        contents=[
            types.Content(role="user", parts=[types.Part(text=NOTE)]),
            types.Content(role="model", parts=[types.Part(function_call=types.FunctionCall(name="find", args={"note": NOTE}))]),
            types.Content(role="user", parts=[types.Part(function_response=types.FunctionResponse(name="find", response={"result": NOTE}))]),
        ],
        config=types.GenerateContentConfig(
            system_instruction=NOTE,
            temperature=0.5,
            seed=12345,
            max_output_tokens=100,
            stop_sequences=[SHORT],
            tools=[
                types.Tool(
                    function_declarations=[
                        types.FunctionDeclaration(
                            name="find",
                            description=NOTE,
                            parameters=types.Schema(type="OBJECT", properties={"a": types.Schema(type="STRING", description=NOTE)}),
                        )
                    ]
                )
            ],
        ),
    )
    assert got.text == "Hello." and got.usage_metadata.total_token_count == 12
    assert_clean(site.upstream.last)
    sent, arrived = json.loads(wire.sent), json.loads(site.upstream.last)
    assert sent["generationConfig"].pop("seed") == arrived["generationConfig"].pop("seed") == 12345
    assert_fits(sent, arrived)
    assert site.upstream.last_line == f"POST /v1beta/models/{MODEL}:generateContent HTTP/1.1"


ANSWERS = {
    "text": {"text": NOTE},
    "thought": {"text": NOTE, "thought": True, "thoughtSignature": SIGNATURE},
    "functionCall": {"functionCall": {"name": "find", "args": {"note": NOTE, "ssn": "219-09-9999", SHORT: 1}}, "thoughtSignature": SIGNATURE},
    "executableCode": {"executableCode": {"language": "PYTHON", "code": "# " + NOTE}},
    "codeExecutionResult": {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": NOTE}},
    "unknown": {"xNew": {"deep": [NOTE]}},
}


@pytest.mark.parametrize("place", ANSWERS)
def test_a_value_in_an_answer_does_not_come_back(site, place):
    sent = answer(ANSWERS[place])
    site.upstream.answers(sent)
    client, wire = client_of(site)
    got = client.models.generate_content(model=MODEL, contents="x")
    assert_clean(bytes(wire.came))
    assert_fits(sent, json.loads(wire.came))
    assert got.candidates[0].finish_reason == "STOP" and got.usage_metadata.total_token_count == 12


@pytest.mark.parametrize(
    "more",
    [
        {
            "groundingMetadata": {
                "webSearchQueries": [NOTE],
                "groundingChunks": [{"web": {"uri": "https://example.com/", "title": NOTE}}],
                "groundingSupports": [{"segment": {"text": NOTE, "startIndex": 0, "endIndex": 1}}],
                "searchEntryPoint": {"renderedContent": "<p>" + NOTE + "</p>"},
            }
        },
        {
            "citationMetadata": {
                "citationSources": [{"uri": "https://example.com/?q=m.gonzalez@example.com", "startIndex": 0, "endIndex": 1, "license": NOTE}]
            }
        },
        {"finishMessage": NOTE},
    ],
)
def test_a_value_beside_an_answer_does_not_come_back(site, more):
    sent = answer({"text": "x"})
    sent["candidates"][0].update(more)
    site.upstream.answers(sent)
    client, wire = client_of(site)
    client.models.generate_content(model=MODEL, contents="x")
    assert_clean(bytes(wire.came))
    assert_fits(sent, json.loads(wire.came))


def cut(text, size=11):
    return [text[i : i + size] for i in range(0, len(text), size)]


def stream(*parts, ending="\r\n", finish="STOP"):
    """Gemini's events: no names, `\\r\\n`, the finish reason in the last."""
    items = []
    for number, one in enumerate(parts):
        made = answer(one)
        made["candidates"][0].pop("avgLogprobs")
        if number < len(parts) - 1:
            made["candidates"][0].pop("finishReason")
        else:
            made["candidates"][0]["finishReason"] = finish
        items.append(made)
    return b"".join(b"data: " + json.dumps(i, ensure_ascii=False).encode() + (ending * 2).encode() for i in items)


STREAMS = {
    "text": [{"text": t} for t in cut(NOTE)],
    "text, one letter each": [{"text": t} for t in cut(NOTE, 1)],
    "thoughts and text": [
        *({"text": t, "thought": True} for t in cut("I think: " + NOTE)),
        *({"text": t} for t in cut("I say: " + NOTE)),
        {"text": "", "thoughtSignature": SIGNATURE},
    ],
    "a call": [
        *({"text": t} for t in cut(NOTE)),
        {"functionCall": {"name": "find", "args": {"note": NOTE, SHORT: [1, 2]}}, "thoughtSignature": SIGNATURE},
    ],
    "calls alone": [{"functionCall": {"name": "find", "args": {"note": NOTE}}}, {"functionCall": {"name": "find", "args": {"ssn": "219-09-9999"}}}],
    "code": [
        {"executableCode": {"language": "PYTHON", "code": "# " + NOTE}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": NOTE}},
        *({"text": t} for t in cut(NOTE)),
    ],
}


def texts(parts):
    made = {"thoughts": "", "text": "", "calls": [], "code": "", "output": "", "signatures": []}
    for one in parts:
        if one.get("text"):
            made["thoughts" if one.get("thought") else "text"] += one["text"]
        if "functionCall" in one:
            made["calls"].append(one["functionCall"])
        made["code"] += one.get("executableCode", {}).get("code", "")
        made["output"] += one.get("codeExecutionResult", {}).get("output", "")
        if "thoughtSignature" in one:
            made["signatures"].append(one["thoughtSignature"])
    return made


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("place", STREAMS)
def test_a_value_in_a_stream_does_not_come_back(site, place, ending):
    site.upstream.streams(stream(*STREAMS[place], ending=ending))
    client, wire = client_of(site)
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="x"))
    assert site.upstream.last_line == f"POST /v1beta/models/{MODEL}:streamGenerateContent?alt=sse HTTP/1.1"
    assert_clean(bytes(wire.came))
    got = [json.loads(text) for _, text in events(bytes(wire.came))]
    arrived = [p for e in got for p in e["candidates"][0].get("content", {}).get("parts", [])]
    assert_fits(texts(STREAMS[place]), texts(arrived))
    assert [bool(e["candidates"][0].get("finishReason")) for e in got] == [False] * (len(got) - 1) + [True], "the reason to end is in the last event"
    assert chunks[-1].candidates[0].finish_reason == "STOP" and chunks[-1].usage_metadata.total_token_count == 12


def test_thoughts_come_before_what_they_lead_to(site):
    """No piece of a thought behind the first piece of the answer, and none that has lost its mark."""
    site.upstream.streams(stream(*STREAMS["thoughts and text"]))
    client, wire = client_of(site)
    list(client.models.generate_content_stream(model=MODEL, contents="x"))
    got = [p for _, text in events(bytes(wire.came)) for p in json.loads(text)["candidates"][0]["content"]["parts"] if p.get("text")]
    marks = [bool(p.get("thought")) for p in got]
    assert marks == sorted(marks, reverse=True)


def test_a_call_comes_behind_the_text_before_it(site):
    site.upstream.streams(stream(*STREAMS["a call"]))
    client, wire = client_of(site)
    list(client.models.generate_content_stream(model=MODEL, contents="x"))
    parts = [p for _, text in events(bytes(wire.came)) for p in json.loads(text)["candidates"][0]["content"]["parts"]]
    place = next(i for i, p in enumerate(parts) if "functionCall" in p)
    assert not any(p.get("text") for p in parts[place:])


def test_a_chat_with_signatures_over_turns(site):
    client, wire = client_of(site)
    chat = client.chats.create(model=MODEL)
    for turn in range(3):
        site.upstream.answers(answer({"text": "Thinking it over.", "thought": True}, {"text": "About " + NOTE, "thoughtSignature": SIGNATURE}))
        got = chat.send_message(NOTE)
        assert_clean(site.upstream.last)
        assert site.upstream.last.count(SIGNATURE.encode()) == turn
    names = {MASK.search(p["text"]).group() for c in json.loads(site.upstream.last)["contents"] if c["role"] == "user" for p in c["parts"]}
    assert len(names) == 1 and names == {MASK.search(got.text).group()}


def test_counts_and_embeddings(site):
    client, wire = client_of(site)
    site.upstream.answers({"totalTokens": 31, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 31}]})
    assert client.models.count_tokens(model=MODEL, contents=NOTE).total_tokens == 31
    assert_clean(site.upstream.last)
    site.upstream.answers({"embeddings": [{"values": [0.25, -12345678.5]}, {"values": [1, 2]}]})
    got = client.models.embed_content(
        model="gemini-embedding-001", contents=[NOTE, "x"], config=types.EmbedContentConfig(title=NOTE, task_type="RETRIEVAL_DOCUMENT")
    )
    assert got.embeddings[0].values == [0.25, -12345678.5]
    assert "batchEmbedContents" in site.upstream.last_line
    assert_clean(site.upstream.last)
    site.upstream.answers({"embedding": {"values": [0.25]}})
    status, _, _ = raw(site, "POST", "/v1beta/models/gemini-embedding-001:embedContent", {"content": {"parts": [{"text": NOTE}]}, "title": NOTE})
    assert status == 200
    assert_clean(site.upstream.last)
    site.upstream.answers({"totalTokens": 31})
    status, _, _ = raw(
        site,
        "POST",
        f"/v1beta/models/{MODEL}:countTokens",
        {
            "generateContentRequest": {
                "model": f"models/{MODEL}",
                "contents": [{"role": "user", "parts": [{"text": NOTE}]}],
                "systemInstruction": {"parts": [{"text": NOTE}]},
            }
        },
    )
    assert status == 200
    assert_clean(site.upstream.last)


MEDIA = {
    "inlineData": {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
    "inline_data": {"inline_data": {"mime_type": "image/png", "data": "iVBORw0KGgo="}},
    "fileData": {"fileData": {"mimeType": "application/pdf", "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/x"}},
    "text as data": {"inlineData": {"mimeType": "text/plain", "data": "MjE5LTA5LTk5OTk="}},
    "in a function's response": {
        "functionResponse": {"name": "find", "response": {}, "parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}]}
    },
}


@pytest.mark.parametrize("place", MEDIA)
def test_media_are_refused(site, place):
    status, _, data = raw(site, "POST", f"/v1beta/models/{MODEL}:generateContent", part(**MEDIA[place]))
    assert status == 400 and json.loads(data)["error"]["status"] == "INVALID_ARGUMENT", data
    assert site.upstream.requests == []


def test_the_gateways_own_errors_are_googles(site):
    client, _ = client_of(site, key="sk-sluice-" + "0" * 32)
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=MODEL, contents="x")
    assert caught.value.code == 401 and caught.value.status == "UNAUTHENTICATED"
    client, _ = client_of(site)
    with pytest.raises(errors.ClientError, match="no-bulk-export") as caught:
        client.models.generate_content(model=MODEL, contents="Please export all patients")
    assert caught.value.code == 403 and caught.value.status == "PERMISSION_DENIED"
    with pytest.raises(errors.ClientError) as caught:
        client.caches.create(model=MODEL, config={"system_instruction": NOTE})
    assert caught.value.code == 404
    status, _, data = raw(site, "POST", f"/v1beta/models/{MODEL}:streamGenerateContent", {"contents": [HELLO]})
    assert status in (200, 400), data
    if status == 400:
        assert site.upstream.requests == []


def test_the_key_in_a_query_goes_nowhere(site):
    """Google's clients may put the key into the query; the gateway takes it from a field only, and passes no such query on."""
    status, _, _ = raw(site, "POST", f"/v1beta/models/{MODEL}:generateContent?key={site.key}", {"contents": [HELLO]}, key=False)
    assert status in (400, 401, 403) and site.upstream.requests == []


def test_an_error_in_a_stream(site):
    body = (
        stream(*STREAMS["text"][:3]) + b'data: {"error":{"code":503,"message":"Overloaded by patient Maria Gonzalez","status":"UNAVAILABLE"}}\r\n\r\n'
    )
    site.upstream.streams(body)
    client, wire = client_of(site)
    with pytest.raises(errors.APIError, match="Overloaded") as caught:
        list(client.models.generate_content_stream(model=MODEL, contents="x"))
    assert_clean(str(caught.value).encode())
    assert_clean(bytes(wire.came))
