"""The evidence's commands on a real gateway's log: search, show, replay, prove, export, and keys that change."""
import csv
import html.parser
import io
import json
import re
import time

import pytest

from main_gateway import SLUICE
from test_exchange import NOTE, client, leaks, messages, post

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A gateway with three people's sessions, served and stopped."""
    import main_gateway
    from upstream import Upstream
    folder = tmp_path_factory.mktemp("commands")
    upstream = Upstream()
    gateway = main_gateway.Gateway(folder, upstream, hold="100ms", at=30)
    upstream.reply = lambda head, body: upstream.whole("Margaret Holloway is <b>well</b>.")
    client(gateway, gateway.key("ana@example.org")).chat.completions.create(model="m", messages=[{"role": "user", "content": "Ask Mrs. Margaret Holloway <script>alert(1)</script> \x1b[31m"}])
    client(gateway, gateway.key("ben@example.org")).chat.completions.create(model=FORMULA, messages=[{"role": "user", "content": "hello"}])
    post(gateway, json.dumps({"model": "m", "messages": [{"role": "user", "content": NOTE}]}).encode(), key=gateway.key("cleo@example.org"))
    time.sleep(0.4)
    gateway.stop()
    yield gateway
    upstream.close()


def sessions(site, *words):
    return json.loads(site.run("evidence", "sessions", site.data, "--json", *words).stdout)


def people(site, *words):
    return [s["subject"].split("@")[0] for s in sessions(site, *words)]


@pytest.mark.parametrize("words, found", [
    ([], ["ana", "ben", "cleo"]),
    (["--person", "ANA@example.org"], ["ana"]),
    (["--kind", "ssn"], ["cleo"]),
    (["--kind", "NAME"], ["ana", "ben", "cleo"]),
    (["--risk", "30"], ["cleo"]),
    (["--approval", "pending"], ["cleo"]),
    (["--approval", "approved"], []),
    (["--pipeline", "test", "--kind", "NAME", "--person", "ana@example.org"], ["ana"]),
    (["--pipeline", "other"], []),
    (["--since", "1h"], ["ana", "ben", "cleo"]),
    (["--until", "1h"], []),
    (["--since", "2020-01-01", "--until", "2020-01-02T00:00:00Z"], []),
    (["--since", "2020-01-01"], ["ana", "ben", "cleo"]),
])
def test_sessions_are_found(site, words, found):
    if words == ["--kind", "NAME"]:
        # Ben's answer names her, too.
        assert set(people(site, *words)) >= {"ana", "cleo"}
    else:
        assert people(site, *words) == found


@pytest.mark.parametrize("words", [["--risk", "101"], ["--approval", "maybe"], ["--since", "yesterday"]])
def test_what_makes_no_sense_is_explained(site, words):
    done = site.run("evidence", "sessions", site.data, *words, check=False)
    assert done.returncode == 64 and words[1].split("-")[0] in done.stderr + words[1]


def test_replay(site):
    session = sessions(site, "--person", "ana@example.org")[0]["id"]
    text = site.run("evidence", "replay", site.data, session, "--at-once").stdout
    assert re.search(r"user: Ask Mrs\. \[NAME_\w+\]", text) and "assistant: [NAME_" in text and "is <b>well</b>" in text
    assert "\x1b" not in text, "a transcript steers no terminal"
    before = time.monotonic()
    lines = site.run("evidence", "replay", site.data, session, "--json", "--speed", "10000").stdout.splitlines()
    assert [json.loads(line)["session"] for line in lines] == [session] * len(lines) and len(lines) >= 4
    done = site.run("evidence", "replay", site.data, session, "--speed", "0", check=False)
    assert done.returncode == 64 and time.monotonic() > before


def test_prove(site, tmp_path):
    key = (site.data / "log" / "checkpoint.pub").read_text().strip()
    records = site.records()
    for record in (records[0], records[-1], records[len(records) // 2]):
        proof = tmp_path / f"{record['sequence']}.tlog-proof"
        proof.write_text(site.run("evidence", "prove", site.data, record["sequence"]).stdout)
        assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\nextra ")
        checked = json.loads(site.run("evidence", "prove", "--check", proof, "--key", key, "--json").stdout)
        assert checked["good"] and checked["record"] == record and checked["size"] == len(records)
        altered = proof.read_text().replace(f"index {record['sequence']}", f"index {record['sequence'] + 1}")
        proof.write_text(altered)
        done = site.run("evidence", "prove", "--check", proof, "--key", key, check=False)
        assert done.returncode == 1 and "false" in done.stderr
    checkpoints = (site.data / "log" / "checkpoints").read_text().split("\n\n\n")[0].rstrip("\n") + "\n"
    first = re.match(r"(.*?\n\n— [^\n]*\n)", checkpoints, re.S).group(1)
    (tmp_path / "kept").write_text(first)
    (tmp_path / "grown").write_text(site.run("evidence", "prove", site.data, "--since", tmp_path / "kept").stdout)
    done = json.loads(site.run("evidence", "prove", "--check", tmp_path / "grown", "--key", key, "--json").stdout)
    assert done["good"] and done["to"] == len(records) >= done["from"] > 0
    other = "sluice/x+" + key.split("+", 1)[1]
    assert site.run("evidence", "prove", "--check", tmp_path / "grown", "--key", other, check=False).returncode == 2


def test_export_json_and_ocsf(site):
    records = site.records()
    assert [json.loads(line) for line in site.run("evidence", "export", site.data).stdout.splitlines()] == records
    events = [json.loads(line) for line in site.run("evidence", "export", site.data, "--format", "ocsf").stdout.splitlines()]
    assert len(events) == len(records)
    for event, record in zip(events, records):
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"] and event["class_uid"] // 1000 == event["category_uid"]
        assert event["metadata"]["version"] == "1.3.0" and event["metadata"]["sequence"] == record["sequence"]
        assert event["unmapped"]["data"] == record["data"] and abs(event["time"] / 1000 - time.time()) < 3600
    denied = next(e for e, r in zip(events, records) if r["type"] == "decision" and r["data"]["verdict"] == "deny")
    assert denied["status_id"] == 2 and denied["severity_id"] >= 3


def test_export_csv_is_no_formula(site):
    text = site.run("evidence", "export", site.data, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(site.records())
    ben = next(row for row in rows if row["subject"] == "ben@example.org" and row["type"] == "request")
    assert ben["model"] == "'" + FORMULA
    assert not [cell for row in rows for cell in row.values() if cell.lstrip(" ")[:1] in tuple("=+-@\t\r")]


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.marked, self.attributes, self.open = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.open.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "mark":
            self.marked.append(data)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass


def test_export_page_stands_alone(site, tmp_path):
    key = (site.data / "log" / "checkpoint.pub").read_text().strip()
    file = tmp_path / "page.html"
    site.run("evidence", "export", site.data, "--format", "html", "--person", "ana@example.org", "--key", key, "--output", file)
    text = file.read_text()
    page = Page()
    page.feed(text)
    assert "The log is whole" in text and "key: as given" in text
    assert any(mark.startswith("[NAME_") for mark in page.marked)
    # Nothing runs, nothing is loaded: no script, no link away, no image, and the page's own policy says so.
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    assert all(value.startswith("#") for name, value in page.attributes if name in ("href", "src"))
    assert not [name for name, _ in page.attributes if name.startswith("on")] and "url(" not in text and "@import" not in text
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "\x1b" not in text
    assert "cleo@example.org" not in text and leaks(text.encode()) == []
    assert file.stat().st_mode & 0o777 == 0o600
    again = site.run("evidence", "export", site.data, "--output", file, check=False)
    assert again.returncode == 2 and "there already" in again.stderr
    assert site.run("evidence", "export", site.data, "--person", "nobody", check=False).returncode == 1


def test_a_changed_log_says_so_on_its_page(make_gateway, upstream):
    gateway = make_gateway()
    post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hello"}]}')
    gateway.stop()
    notes = gateway.data / "log" / "checkpoints"
    notes.write_bytes(notes.read_bytes().replace(b"sluice/", b"sluicf/", 1))
    text = gateway.run("evidence", "export", gateway.data, "--format", "html").stdout
    assert "could not be proved whole" in text and "NOT WHOLE" in text


def test_the_key_changes_under_a_serving_gateway(make_gateway, upstream, tmp_path):
    gateway = make_gateway()
    first = (gateway.data / "log" / "checkpoint.pub").read_text().strip()
    keys = [first]
    for run in range(3):
        post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hello"}]}')
        if run == 2:
            gateway.stop()
        done = json.loads(gateway.run("evidence", "rotate-key", gateway.data, "--reason", "yearly", "--json").stdout)
        keys.append(done["key"])
        assert (gateway.data / "log" / "checkpoint.pub").read_text().split() == keys
        assert not (gateway.data / "log" / "checkpoint.next").exists()
    gateway.start()
    post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hello"}]}')
    gateway.stop()
    for key in keys:
        done = json.loads(gateway.run("evidence", "verify", gateway.data, "--key", key, "--json").stdout)
        assert done["verdict"] == "whole" and done["uncovered"] == 0, done
    asked = [r["data"] for r in gateway.records() if r["data"].get("event") == "checkpoint-key.asked"]
    assert len(asked) == 3 and asked[0]["reason"] == "yearly" and asked[0]["subject"].startswith("os:")


HELP = {
    "verify": "Find any edit, deletion, insertion, swap or cut", "sessions": "--person", "show": "JSON lines", "replay": "--at-once",
    "prove": "tlog-proof", "export": "apostrophe", "open": "put on record first", "keygen": "off the gateway",
    "rotate-key": "vouches for the new one", "hold": "legal hold", "release": "End a session's legal hold", "prune": "every hash stays",
}


@pytest.mark.parametrize("command", HELP)
def test_help_teaches(site, command):
    text = re.sub(r"\s+", " ", site.run("evidence", command, "--help").stdout)
    assert HELP[command] in text, text
    assert "--json" in text or command in ("export", )
    assert f"sluice evidence {command}" in text


def test_every_command_is_in_the_help(site):
    text = site.run("evidence", "--help").stdout
    assert set(re.findall(r"^  ([a-z-]+) ", text[text.index("SUBCOMMANDS"):], re.M)) >= set(HELP)


def test_what_a_sink_keeps_is_as_good(site, tmp_path):
    """The file sink's copy is searched, exported and proved like the log itself."""
    place = f"file://{site.data.parent / 'evidence'}"
    key = (site.data / "log" / "checkpoint.pub").read_text().strip()
    assert site.run("evidence", "export", place).stdout == site.run("evidence", "export", site.data).stdout
    assert json.loads(site.run("evidence", "sessions", place, "--json", "--kind", "SSN").stdout)[0]["subject"] == "cleo@example.org"
    proof = tmp_path / "3.tlog-proof"
    proof.write_text(site.run("evidence", "prove", place, "3").stdout)
    assert proof.read_text() == site.run("evidence", "prove", site.data, "3").stdout
    assert json.loads(site.run("evidence", "prove", "--check", proof, "--key", key, "--json").stdout)["good"]
    page = site.run("evidence", "export", place, "--format", "html", "--key", key).stdout
    assert "The log is whole" in page
