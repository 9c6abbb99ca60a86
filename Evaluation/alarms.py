#!/usr/bin/env python3
"""Counts findings where hardly any belong: in sources of programs, and in clinical text without anybody's data.

    Evaluation/alarms.py                              sources of this project's dependencies (.build/checkouts), generated clinical text
    Evaluation/alarms.py --code FOLDER --clinical FOLDER --sample 300 --seed 7 --list sample.tsv --judged judged.tsv

Programs hold real names and addresses: of authors, in licences, in test data. What is true of them and what is false is for
people to say. Kinds that their form proves are true by a rule (`is_true`): an e-mail address, a date with its month and year, a private
key. Names and places are true where somebody judged them so: `judged-code.tsv` holds the judgements on the dependencies. --list writes a sample, drawn by the seed, as lines of `?`, kind, value and the text around it (a tab between); a copy with
`true` or `false` in place of `?` is given as --judged, beside it. What nobody judged counts as false, so that the figure errs upwards.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import generate
from measure import SLUICE, PIPELINE

ENDINGS = {".swift", ".c", ".h", ".cc", ".cpp", ".py", ".js", ".ts", ".go", ".rs", ".java", ".kt", ".rb", ".sh", ".S", ".cmake", ".proto", ".sql"}
JUDGED = pathlib.Path(__file__).with_name("judged-code.tsv")
UNITS = {"code": 200_000, "clinical": 20_000}


def sources(folder: pathlib.Path) -> list[tuple[str, str]]:
    """Files by their names, in a fixed order; what is no UTF-8 or larger than 1 MB is left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in ENDINGS or not path.is_file() or path.is_symlink() or path.stat().st_size > 1_000_000:
            continue
        if "/.git/" in str(path) or "/.build/" in str(path.relative_to(folder)):
            continue
        try:
            found.append((str(path.relative_to(folder)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def texts(folder: pathlib.Path) -> list[tuple[str, str]]:
    return [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in sorted(folder.rglob("*.txt"))]


def findings(files: list[tuple[str, str]]) -> list[dict]:
    with tempfile.TemporaryDirectory() as place:
        pipeline = pathlib.Path(place) / "pipeline.yaml"
        pipeline.write_text(PIPELINE.format(folder=place))
        lines = pathlib.Path(place) / "texts.jsonl"
        lines.write_text("".join(json.dumps({"text": text}) + "\n" for _, text in files), encoding="utf-8")
        done = subprocess.run([SLUICE, "filter", "--pipeline", pipeline, "--format", "jsonl", "--findings", lines],
                              stdout=subprocess.PIPE, check=True, text=True)
    found = []
    for line, (name, text) in zip(done.stdout.splitlines(), files, strict=True):
        content = text.encode()
        for item in json.loads(line)["findings"]:
            start, end = item["start"], item["end"]
            around = content[max(0, start - 50):start].decode(errors="replace") + "[[" + content[start:end].decode(errors="replace") + "]]" \
                + content[end:end + 50].decode(errors="replace")
            found.append({"kind": item["kind"], "value": clean(content[start:end].decode(errors="replace")), "file": name,
                          "start": start, "end": end, "detector": item.get("detector", ""), "confidence": item.get("confidence", 0), "around": clean(around)})
    return found


def clean(text: str) -> str:
    return " ".join(text.split())


MONTH = re.compile(r"(?:19|20)\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)
NETMASK = re.compile(r"(?:ffff:)|\d+\.0\.0\.0$", re.I)


def is_true(item: dict) -> bool:
    """Whether a value's form shows that it is what its kind says. Names, places and numbers without a form are for people to judge."""
    kind, value = item["kind"], item["value"]
    return kind in ("EMAIL", "PHONE") or kind == "DATE" and bool(MONTH.search(value)) or kind == "IP" and not NETMASK.match(value) \
        or kind == "URL" and any(sign in value for sign in ("/~", "/Users/")) \
        or kind == "CREDENTIAL" and (item["detector"] in ("phi/private-key", "phi/url-password") or len(value) > 30)


def judgements(path: pathlib.Path | None) -> dict[tuple[str, str], str]:
    judged = {}
    paths = [file for file in (JUDGED, path) if file and file.exists()]
    for line in (line for file in paths for line in file.read_text(encoding="utf-8").splitlines()):
        verdict, kind, value = line.split("\t")[:3]
        if verdict in ("true", "false"):
            judged[kind, value] = verdict
    return judged


def report(name: str, files: list[tuple[str, str]], options: argparse.Namespace) -> dict:
    found = findings(files)
    size = sum(len(text.encode()) for _, text in files)
    sample = random.Random(options.seed).sample(found, min(options.sample, len(found)))
    judged = judgements(options.judged)
    verdicts = [judged.get((item["kind"], item["value"]), "true" if is_true(item) else "?") for item in sample]
    true = verdicts.count("true")
    share = 1 - true / len(sample) if sample else 0
    if options.list:
        with options.list.open("a", encoding="utf-8") as file:
            for item, verdict in zip(sample, verdicts, strict=True):
                file.write("\t".join([verdict, item["kind"], item["value"], item["around"], item["detector"], str(item["confidence"]), item["file"]]) + "\n")
    units = size / UNITS[name]
    return {"texts": name, "bytes": size, "unit": UNITS[name], "findings": len(found), "kinds": dict(collections.Counter(item["kind"] for item in found).most_common()),
            "sampled": len(sample), "judged_true": true, "findings_per_unit": round(len(found) / units, 3), "false_per_unit": round(len(found) * share / units, 3)}


def clinical(seed: int, size: int) -> list[tuple[str, str]]:
    return [(f"generated {index}", text) for index, (text, _) in enumerate(generate.corpus(seed, size)["nothing"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[1] / ".build" / "checkouts")
    parser.add_argument("--clinical", type=pathlib.Path, help="a folder of .txt without anybody's data; generated ones without it")
    parser.add_argument("--only", choices=["code", "clinical"])
    parser.add_argument("--sample", type=int, default=100_000, help="how many findings are looked at; all by default")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--list", type=pathlib.Path, help="where the sample is written")
    parser.add_argument("--judged", type=pathlib.Path, help="the sample with true or false on each line")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not SLUICE.exists():
        sys.exit(f"{SLUICE} is not there: run `make build` first")
    if options.list:
        options.list.unlink(missing_ok=True)
    sets = {"code": lambda: sources(options.code),
            "clinical": lambda: texts(options.clinical) if options.clinical else clinical(options.seed, 2000)}
    figures = [report(name, files(), options) for name, files in sets.items() if options.only in (None, name)]
    if options.json:
        return print(json.dumps(figures))
    print("| texts | MB | findings | in one unit | false in one unit (sampled, judged true) | kinds |\n|---|---|---|---|---|---|")
    for f in figures:
        kinds = ", ".join(f"{kind} {count}" for kind, count in f["kinds"].items())
        print(f"| {f['texts']}, unit {f['unit'] // 1000} KB | {f['bytes'] / 1e6:.2f} | {f['findings']} | {f['findings_per_unit']} | "
              f"{f['false_per_unit']} ({f['sampled']}, {f['judged_true']}) | {kinds} |")


if __name__ == "__main__":
    main()
