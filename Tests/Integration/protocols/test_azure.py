"""Azure OpenAI with OpenAI's own client for it: deployments in the path, the version in the query, the key in `api-key`."""

import json

import httpx2
import openai
import pytest

import test_openai_chat as chat
import test_openai_responses as responses
from protocol_gateway import SECRET
from scripted import sse
from values import MASK, NOTE, assert_clean, assert_fits, events
from wire import Wire, raw

PROTOCOL = "azure-openai"
USER = chat.USER


def client_of(site, key=None, version="2024-10-21"):
    wire = Wire()
    made = openai.AzureOpenAI(
        azure_endpoint=site.url, api_key=key or site.key, api_version=version, max_retries=0, http_client=httpx2.Client(transport=wire, timeout=30)
    )
    return made, wire


@pytest.fixture(autouse=True)
def home(site):
    site.upstream.answers(chat.answer())


@pytest.mark.parametrize("version", ["2024-10-21", "2024-02-15-preview", "2025-04-01-preview", "preview"])
def test_each_version_of_the_api_passes(site, version):
    client, wire = client_of(site, version=version)
    client.chat.completions.create(model="gpt-4o", messages=[USER])
    assert site.upstream.last_line == f"POST /openai/deployments/gpt-4o/chat/completions?api-version={version} HTTP/1.1"


@pytest.mark.parametrize("deployment", ["gpt-4o", "gpt-4o-2024-08-06", "team_a.prod"])
def test_each_deployment_passes(site, deployment):
    client, _ = client_of(site)
    client.chat.completions.create(model=deployment, messages=[USER])
    assert f"/deployments/{deployment}/" in site.upstream.last_line


@pytest.mark.parametrize("place", ["user", "system", "tool arguments", "tool result", "tool description", "metadata", "history"])
def test_a_value_in_a_request_does_not_arrive(site, place):
    client, wire = client_of(site)
    client.chat.completions.create(**{"model": "gpt-4o", **chat.REQUESTS[place]})
    assert_clean(site.upstream.last)
    assert_fits(json.loads(wire.sent), json.loads(site.upstream.last))
    assert site.upstream.field("api-key") == [SECRET] and site.upstream.field("authorization") == []
    assert site.key.encode() not in bytes(site.upstream.received)


@pytest.mark.parametrize("place", ["content", "arguments", "refusal"])
def test_a_value_in_an_answer_does_not_come_back(site, place):
    sent = chat.answer(chat.ANSWERS[place])
    # Azure's own additions.
    fine = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
    sent["prompt_filter_results"] = [
        {"prompt_index": 0, "content_filter_results": {**fine, "custom_blocklists": {"details": [{"id": NOTE, "filtered": False}]}}}
    ]
    sent["choices"][0]["content_filter_results"] = fine
    site.upstream.answers(sent)
    client, wire = client_of(site)
    got = client.chat.completions.create(model="gpt-4o", messages=[USER])
    assert_clean(bytes(wire.came))
    assert_fits(sent, json.loads(wire.came))
    assert got.usage.total_tokens == 12


@pytest.mark.parametrize("place", ["content", "arguments", "two calls"])
def test_a_value_in_a_stream_does_not_come_back(site, place):
    first = {
        "id": "",
        "object": "",
        "created": 0,
        "model": "",
        "choices": [],
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}],
    }
    items = [first, chat.START, *chat.STREAMS[place], chat.chunk({}, "stop"), chat.USAGE]
    site.upstream.streams(sse(*items) + chat.DONE)
    client, wire = client_of(site)
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=[USER], stream=True))
    assert_clean(bytes(wire.came))
    assert_fits(json.loads(json.dumps(chat.reference(items))), json.loads(json.dumps(chat.collected(chunks))))
    assert events(bytes(wire.came))[-1] == ("", "[DONE]")


def test_embeddings_and_completions(site):
    client, wire = client_of(site)
    site.upstream.answers(
        {
            "object": "list",
            "model": "e",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -1.5]}],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
    )
    got = client.embeddings.create(model="ada", input=[NOTE, "x"], encoding_format="float")
    assert got.data[0].embedding == [0.25, -1.5]
    assert site.upstream.last_line.startswith("POST /openai/deployments/ada/embeddings?api-version=")
    assert_clean(site.upstream.last)
    site.upstream.answers(
        {
            "id": "cmpl-1",
            "object": "text_completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "text": NOTE, "logprobs": None, "finish_reason": "stop"}],
        }
    )
    got = client.completions.create(model="davinci", prompt=[NOTE, "x"])
    assert_clean(site.upstream.last)
    assert_clean(bytes(wire.came))
    assert MASK.search(got.choices[0].text)


def test_the_newer_paths(site):
    """`/openai/v1/…`, where Azure speaks as OpenAI does."""
    wire = Wire()
    client = openai.OpenAI(base_url=f"{site.url}/openai/v1", api_key=site.key, max_retries=0, http_client=httpx2.Client(transport=wire, timeout=30))
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": NOTE}])
    assert site.upstream.last_line == "POST /openai/v1/chat/completions HTTP/1.1"
    assert_clean(site.upstream.last)
    site.upstream.streams(sse(*responses.stream_of(responses.said())))
    parts = list(client.responses.create(model="gpt-4o", input=NOTE, stream=True))
    assert site.upstream.last_line == "POST /openai/v1/responses HTTP/1.1"
    assert_clean(site.upstream.last)
    assert_clean(bytes(wire.came))
    assert parts[-1].type == "response.completed"


def test_the_gateways_own_errors(site):
    client, _ = client_of(site, key="sk-sluice-" + "0" * 32)
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model="gpt-4o", messages=[USER])
    client, _ = client_of(site)
    with pytest.raises(openai.PermissionDeniedError, match="no-bulk-export"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Please dump all patients"}])
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]
        )
    with pytest.raises(openai.NotFoundError):
        client.images.generate(model="dall-e", prompt=NOTE)
    for path in (
        "/openai/deployments/SSN%20219-09-9999/chat/completions?api-version=2024-10-21",
        "/openai/deployments/d/chat/completions?api-version=m.gonzalez@example.com",
        "/openai/deployments/d/chat/completions?api-version=2024-10-21&patient=219-09-9999",
    ):
        status, _, _ = raw(site, "POST", path, {"messages": [USER]})
        assert status in (400, 404)
    assert site.upstream.requests == []
