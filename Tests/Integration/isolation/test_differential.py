"""One engine, three placements, any cuts: in process, isolated and offline, the shipped detectors and masks give identical
bytes and findings on prose, JSON, FHIR, HL7 and events. The seeds are printed; SLUICE_SEEDS=4,5 runs others."""
import json
import os

import main_gateway
import pytest

from differential import FORMS, differences, texts, through_gateway

SEEDS = [int(seed) for seed in os.environ.get("SLUICE_SEEDS", "1,2").split(",")]
BROKEN = main_gateway.ROOT / "Tests" / "TestPlugins" / "Broken"
FILTERS = ["detect: phi", "mask: phi", "score: phi", "detect: employee-id"]


def placed(isolation, pipeline, more):
    pipeline = pipeline.replace("  - mask: phi\n", f"{more}  - mask: phi\n")
    for stage in FILTERS:
        pipeline = pipeline.replace(f"  - {stage}\n", f"  - {stage}\n    isolation: {isolation}\n")
    return main_gateway.Template(pipeline.replace("isolation: HERE", f"isolation: {isolation}"))


@pytest.fixture
def placements(make_gateway, monkeypatch):
    """Both gateways with the same secrets, so that placeholders are the same."""
    plain = main_gateway.PIPELINE

    def make(more="  - detect: employee-id\n"):
        made = {}
        for name, isolation in (("in process", "none"), ("isolated", "process")):
            monkeypatch.setattr(main_gateway, "PIPELINE", placed(isolation, plain, more))
            made[name] = make_gateway(request="4MiB", request_time="60s", response_time="60s")
        made["isolated"].stop()
        key = "secrets/fingerprint.key"
        (made["isolated"].data / key).write_bytes((made["in process"].data / key).read_bytes())
        made["isolated"].start()
        return made

    return make


def offline(gateway, data, corpus, *words):
    source = gateway.data.parent / "texts.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for _, text in corpus))
    done = gateway.run("filter", "--pipeline", gateway.pipeline, "--format", "jsonl", "--data", data, *words, source)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(made, upstream, seed):
    corpus = texts(seed)
    rows = {}
    first = made["in process"]
    for name, gateway in made.items():
        masked, found = (offline(gateway, first.data, corpus, *words) for words in ([], ["--findings"]))
        rows[f"offline, {name}"] = [
            {"findings": other["findings"], **({} if form.startswith("bare") else {"sent": [one["text"]]})}
            for (form, _), one, other in zip(corpus, masked, found, strict=True)]
    for name, gateway in made.items():
        rows[name] = through_gateway(gateway, upstream, gateway.key(), corpus, seed)
        for row, findings in zip(rows[name], recorded(gateway, len(corpus)), strict=True):
            row["recorded"] = findings
    return corpus, rows, differences(rows) + differences({name: rows[name] for name in made})


def recorded(gateway, count):
    """The findings of the texts that were asked, as the evidence has them: in the order of the exchanges."""
    found = [findings_of(record["data"]) for record in gateway.records() if findings_of(record.get("data"))]
    # Of each text one request has findings, and each answer has.
    assert len(found) >= count
    return [found] + [[]] * (count - 1)


def findings_of(value):
    if isinstance(value, dict):
        return [one for name, inner in value.items() for one in ([inner] if name == "findings" and inner else findings_of(inner))]
    return [one for inner in value for one in findings_of(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("seed", SEEDS)
def test_all_placements_agree(seed, placements, upstream):
    print(f"seed {seed}: SLUICE_SEEDS={seed} runs the same again")
    corpus, rows, found = compare(placements(), upstream, seed)
    assert found == [], f"seed {seed}"
    # They have something to agree about, in each form of text.
    numbers = range(len(corpus))
    assert {corpus[n][0] for n in numbers if rows["offline, in process"][n]["findings"]} == set(FORMS)
    assert {corpus[n][0] for n in numbers if rows["in process"][n]["sent"] != [corpus[n][1]]} == set(FORMS)
    kinds = {finding["kind"] for row in rows["offline, isolated"] for finding in row["findings"]}
    assert {"NAME", "SSN", "MRN", "EMPLOYEE_ID"} <= kinds, kinds


@pytest.mark.parametrize("hooks, part", [
    # Begins anew with each piece: what is cut in two is not found.
    ("#define FEED_HOOK t->run = 0; *safe = base + bytes.length;", "streamed"),
    # Says something else where it may not open files.
    ('#include <fcntl.h>\n#include <unistd.h>\n'
     '#define OPEN_HOOK int file = open("/etc/passwd", O_RDONLY); if (file < 0) s->number = 1; else close(file);\n'
     '#define KIND (s->number ? "OTHER" : "NUM")', "sent"),
])
def test_it_can_fail(hooks, part, placements, upstream, tmp_path):
    """A detector that is broken on purpose: it depends on the cuts, or on where it runs."""
    source, library = tmp_path / "broken.c", tmp_path / "libbroken.so"
    source.write_text(hooks + '\n#include "detect.h"\n')
    main_gateway.subprocess.run(
        ["gcc", "-std=gnu11", "-fPIC", "-shared", "-fvisibility=hidden", f"-I{BROKEN}",
         f"-I{main_gateway.ROOT}/Sources/FilterABI/include", "-o", library, source], check=True)
    made = placements(f"  - detect: broken\n    plugin: {library}\n    isolation: HERE\n")
    _, _, found = compare(made, upstream, 1)
    assert any(difference[3].startswith(part) for difference in found), found
