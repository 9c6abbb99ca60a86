"""One engine, three placements: in process, isolated and offline give the same bytes and findings for the same texts."""
import json
import random
import re

import main_gateway
import openai
import pytest

WORDS = ["Patient", "Margaret Holloway", "SSN 536-22-8719", "was seen on 03/14/1961", "by Dr. Ana Søndergaard", "日本", "😀",
         "call +1 212-555-0147", "MRN: 00482915", "mail a.b@example.org", "and", "x" * 50, "the dose is 40 mg", "\n", "http://x.example/y?z=1"]
FILTERS = ["detect: phi", "mask: phi", "score: phi"]


def texts(seed, count):
    generator = random.Random(seed)
    return [" ".join(generator.choices(WORDS, k=generator.randint(1, 60))) for _ in range(count)]


def placed(isolation, pipeline):
    for stage in FILTERS:
        pipeline = pipeline.replace(f"  - {stage}\n", f"  - {stage}\n    isolation: {isolation}\n")
    return pipeline


@pytest.fixture
def gateways(make_gateway, monkeypatch):
    """The same secrets in both, so that placeholders are the same."""
    plain = main_gateway.PIPELINE
    made = []
    for isolation in ("none", "process"):
        monkeypatch.setattr(main_gateway, "PIPELINE", placed(isolation, plain))
        made.append(make_gateway(request="4MiB"))
    made[1].stop()
    key = "secrets/fingerprint.key"
    (made[1].data / key).write_bytes((made[0].data / key).read_bytes())
    made[1].start()
    return made


def test_gateways_and_files_agree(gateways, upstream):
    inputs = texts(3, 25)
    sent, answered = [], []
    for gateway in gateways:
        client = openai.OpenAI(base_url=gateway.base, api_key=gateway.key(), max_retries=0)
        upstream.requests.clear()
        out = []
        for text in inputs:
            # The answer is the text again: it is masked on the way back, too.
            upstream.reply = lambda head, body, text=text: upstream.whole(text)
            answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
            out.append(answer.choices[0].message.content)
        sent.append([json.loads(body)["messages"][0]["content"] for _, body in upstream.requests])
        answered.append(out)
    assert sent[0] == sent[1] and answered[0] == answered[1]
    assert any(re.search(r"\[SSN_\w+\]", text) for text in sent[0])
    # Offline, under the same key, both placements.
    lines = "".join(json.dumps({"text": text}) + "\n" for text in inputs)
    for gateway in gateways:
        source = gateway.data.parent / "texts.jsonl"
        source.write_text(lines)
        offline = []
        for words in ([], ["--findings"]):
            done = gateway.run("filter", "--pipeline", gateway.pipeline, "--format", "jsonl", "--data", gateways[0].data, *words, source)
            offline.append(done.stdout)
        gateway.offline = offline
        assert [json.loads(line)["text"] for line in offline[0].splitlines()] == sent[0]
    assert gateways[0].offline == gateways[1].offline
