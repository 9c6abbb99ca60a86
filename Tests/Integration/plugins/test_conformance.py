"""`sluice plugin check`: every rule has a plugin that breaks it, and is named for it; good ones break none."""
import hashlib
import json
import re
import xml.etree.ElementTree

import pytest
from support import BROKEN, ROOT, SLUICE, Report, compile_c, run, sluice

SOURCES = sorted(path.stem for path in BROKEN.glob("*.c"))
RULES = [name for name in SOURCES if not name.startswith("good-")]
# Where breaking one rule can't but break others: a state that two texts share is wrong in more than one way.
# What completes from another thread waits for the probe's locks now and then.
# What a sink loses can't be read back.
CONSEQUENCES = {"turns": {"findings", "safe-through"}, "pending": {"blocking"}, "durability": {"reading"},
                "checkpoints": {"reading"}}
SINKS = {"good-sink", "acknowledgement", "checkpoints", "durability", "probe", "reading"}


def check(name, folder, *arguments):
    library = compile_c(BROKEN / f"{name}.c", folder / f"lib{name}.so")
    if name in SINKS:
        (folder / "sink.yaml").write_text('sink: { path: "${SCRATCH}" }\n')
        arguments += ("--config", folder / "sink.yaml")
    return Report(library, *arguments)


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_plugin_is_caught_by_its_rule(rule, tmp_path):
    # The hanging one is the only one that is waited for.
    report = check(rule, tmp_path, "--time-limit", "5" if rule == "hostile" else "120")
    assert rule in report.failures, report.json
    assert set(report.failures) - {rule} <= CONSEQUENCES.get(rule, set()), report.failures


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("good-")])
def test_a_good_plugin_breaks_nothing(name, tmp_path):
    report = check(name, tmp_path)
    assert report.failures == {}
    assert {"note", "exports", "entry", "tables", "lifecycle", "canary"} <= report.passed


def test_every_rule_has_a_plugin_that_breaks_it():
    listed = {line.split()[0] for line in sluice("plugin", "check", "any.so", "--rules").stdout.splitlines()}
    assert listed == set(RULES)


def test_every_rule_is_explained_and_no_other():
    page = (ROOT / "docs" / "filter-abi.md").read_text()
    table = page[page.index("| rule | kept by |"):].split("\n\n", 1)[0]
    explained = {name for line in table.splitlines()[2:] for name in re.findall("`([a-z-]+)`", line.split("|")[1])}
    assert explained == set(RULES)


def test_a_seed_gives_the_same_again(tmp_path):
    library = compile_c(BROKEN / "splits.c", tmp_path / "libsplits.so")
    first, second = (Report(library).failures for _ in range(2))
    assert first == second != {}


def test_reports_for_people_and_for_ci(tmp_path):
    library = compile_c(BROKEN / "hold.c", tmp_path / "libhold.so")
    done = run(SLUICE, "plugin", "check", library, "--seed", "3", "--junit", tmp_path / "report.xml", code=1)
    assert "FAIL" in done.stdout and "hold" in done.stdout and "--seed 3" in done.stdout
    suite = xml.etree.ElementTree.parse(tmp_path / "report.xml").getroot()
    assert [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None] == ["hold"]
    assert int(suite.get("tests")) > 20
    told = {each.get("name"): each.get("value") for each in suite.iter("property")}
    digest = hashlib.sha256(library.read_bytes()).hexdigest()
    assert told["digest"] == f"sha256:{digest}" and told["seed"] == "3" and told["abi"] == "1.0"
    assert re.fullmatch(r"sluice \d+\.\d+\.\d+, ABI 1\.0", told["kit"])
    report = Report(library).json
    assert report["verdict"] == "fail" and report["counts"]["fail"] == 1 and report["seed"] == "7"
    assert report["plugin"]["digest"] == digest and report["kit"]["abi"] == "1.0" and report["kit"]["version"] in told["kit"]


@pytest.mark.parametrize("library, says", [
    ("/no/such.so", "can't be read"), ("/etc/passwd", "no 64-bit shared library"), ("/dev/null", "is no file"),
])
def test_what_is_no_library_is_told_so(library, says):
    done = sluice("plugin", "check", library, code=2)
    assert says in done.stderr


def test_a_configuration_that_does_not_fit_is_told_so(tmp_path):
    library = compile_c(BROKEN / "good-detect.c", tmp_path / "lib.so")
    (tmp_path / "c.yaml").write_text("detect: { colour: red }\n")
    done = sluice("plugin", "check", library, "--config", tmp_path / "c.yaml", code=2)
    assert "does not fit its schema" in done.stderr and "/colour" in done.stderr
    (tmp_path / "c.yaml").write_text("detector: {}\n")
    done = sluice("plugin", "check", library, "--config", tmp_path / "c.yaml", code=2)
    assert "'detector' is no kind of filter" in done.stderr


def test_truncated_and_corrupted_files_are_survived(tmp_path):
    """The file is read before anything is loaded: no byte of it may take the reader down."""
    whole = compile_c(BROKEN / "good-detect.c", tmp_path / "lib.so").read_bytes()
    for size in [0, 1, 63, 64, 200, len(whole) // 2, len(whole) - 200]:
        (tmp_path / "cut.so").write_bytes(whole[:size])
        done = run(SLUICE, "plugin", "check", tmp_path / "cut.so", "--json", "--time-limit", "20")
        assert done.returncode in (1, 2), (size, done.stdout, done.stderr)
    for place in range(0, 64, 3):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        (tmp_path / "changed.so").write_bytes(changed)
        done = run(SLUICE, "plugin", "check", tmp_path / "changed.so", "--json", "--time-limit", "20")
        assert done.returncode in (0, 1, 2), (place, done.stderr)
        if done.returncode != 2:
            json.loads(done.stdout)
