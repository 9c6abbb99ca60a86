"""`sluice plugin check`: every rule has a plugin that breaks it, and is named for it; what is shipped breaks none."""
import json
import xml.etree.ElementTree

import pytest
from support import BROKEN, HEADERS, RELEASE, SLUICE, Report, compile_c, run, sluice

SOURCES = sorted(path.stem for path in BROKEN.glob("*.c"))
RULES = [name for name in SOURCES if not name.startswith("good-")]
# Where breaking one rule can't but break others: a state that two texts share is wrong in more than one way.
# What completes from another thread waits for the probe's locks now and then.
CONSEQUENCES = {"turns": {"findings", "safe-through"}, "pending": {"blocking"}}
SINKS = {"good-sink", "acknowledgement", "durability"}

SHIPPED = {
    "keys": "",
    "rules": 'guard: { deny: [ { name: no-export, text: "dump all patients" }, { name: no-shell, tools: [bad_tool] } ] }',
    "phi": "detect: { kinds: safe-harbor, min-confidence: 0.5 }\n"
           "score: { weights: { SSN: 30, NAME: 5 }, bulk: { people: 5, adds: 40 } }",
    "threshold": "gate: { at: 50, approvers: [privacy-officers] }",
    "file": 'sink: { directory: "${SCRATCH}/kept" }',
    "employee-id": "detect: { prefix: EMP- }",
    "slack": "notify: { token: env:T, channel: C0123, signing-secret: env:HOME, people: [ { id: T012/U345, subject: bo, groups: [g] } ] }",
    "teams": "notify: { webhook: env:T, outgoing-secret: file:/etc/hostname }",
    "webhook": 'notify: { url: "https://x.example/", secret: env:T, reply-secret: env:HOME }',
    "jira": 'notify: { url: "https://x.example", token: env:T, project: PRIV }',
    "servicenow": 'notify: { url: "https://x.example", user: u, password: env:T }',
    "smtp": 'notify: { server: "smtp://x.example:587", from: a@b.example, to: [c@d.example] }',
}


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



@pytest.mark.parametrize("name, placement", [
    pytest.param(name, placement, id=f"{name}-{'isolated' if placement else 'in-process'}")
    for name in sorted(SHIPPED) for placement in ([], ["--isolated"])])
def test_what_is_shipped_breaks_nothing(name, placement, tmp_path):
    (tmp_path / "check.yaml").write_text(SHIPPED[name] + "\n" if SHIPPED[name] else "{}\n")
    report = Report(RELEASE / f"libsluice-{name}.so", "--config", tmp_path / "check.yaml", *placement)
    assert report.failures == {}
    assert report.json["isolation"] == ("process" if placement else "none")


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
