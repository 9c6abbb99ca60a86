"""What the file sink keeps is verified and replayed from its directory alone, compressed files included."""
import gzip
import json

import pytest

from sink_gateway import Load


def work(gateway, count=60):
    load = Load(gateway)
    load.wait_for(count)
    load.stop()
    gateway.stop()


def folder(gateway):
    return gateway.data.parent / "evidence"


def verify(gateway):
    key = (gateway.data / "log" / "checkpoint.pub").read_text()
    done = gateway.run("evidence", "verify", f"file://{folder(gateway)}", "--key", key, "--json", check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def kept(gateway):
    work(gateway)
    files = sorted(folder(gateway).glob("*.jsonl*"))
    assert len(files) > 2 and any(file.suffix == ".gz" for file in files), "some files are closed and compressed"
    return gateway


def change(gateway, edit):
    """Changes the lines of a file in the middle; `edit` is given them."""
    file = sorted(folder(gateway).glob("*.jsonl*"))[1]
    opened = gzip.open if file.suffix == ".gz" else open
    lines = opened(file, "rb").read().splitlines(keepends=True)
    first = int(file.name.split(".")[1])
    edit(lines)
    opened(file, "wb").write(b"".join(lines))
    return first


def test_it_is_whole_and_covered(kept):
    report = verify(kept)
    log = json.loads(kept.run("evidence", "verify", kept.data, "--json").stdout)
    assert report["verdict"] == "whole", report
    assert report["records"] == report["covered"] == log["records"]


def test_sessions_and_replay_are_as_from_the_log(kept):
    place = f"file://{folder(kept)}"
    sessions = json.loads(kept.run("evidence", "sessions", place, "--json").stdout)
    assert sessions == json.loads(kept.run("evidence", "sessions", kept.data, "--json").stdout)
    words = ["--at-once"]
    assert kept.run("evidence", "replay", place, sessions[0]["id"], *words).stdout == \
        kept.run("evidence", "replay", kept.data, sessions[0]["id"], *words).stdout


def test_it_goes_on_after_a_restart(kept):
    before = verify(kept)["records"]
    kept.start()
    work(kept)
    report = verify(kept)
    assert report["verdict"] == "whole" and report["records"] == report["covered"] > before


def test_an_edit_is_found(kept):
    def edit(lines):
        lines[3] = lines[3].replace(b'"v":1}', b'"v":1} ').replace(b'"v":1} ', b'"v":1}').replace(b"Z\",\"type", b"Z\",\"typ3")
    first = change(kept, edit)
    problems = verify(kept)["problems"]
    assert [(p["kind"], p["first"]) for p in problems] == [("altered", first + 3)]


def test_an_edit_that_is_still_a_record_is_found_by_the_checkpoints(kept):
    def edit(lines):
        place = next(i for i, line in enumerate(lines) if b"ana@example.org" in line)
        lines[place] = lines[place].replace(b"ana@example.org", b"bob@example.org")
        edit.place = place
    first = change(kept, edit)
    problem = verify(kept)["problems"][0]
    assert problem["kind"] == "rewritten" and problem["first"] <= first + edit.place <= problem["last"]


def test_a_deletion_is_found(kept):
    def edit(lines):
        del lines[2]
    first = change(kept, edit)
    assert verify(kept)["problems"][0]["first"] == first + 2


def test_a_swap_is_found(kept):
    def edit(lines):
        lines[2], lines[3] = lines[3], lines[2]
    first = change(kept, edit)
    found = [(p["kind"], p["first"]) for p in verify(kept)["problems"]]
    assert found[:2] == [("altered", first + 2), ("altered", first + 3)]


def test_a_missing_file_is_found(kept):
    files = sorted(folder(kept).glob("*.jsonl*"))
    files[1].unlink()
    first, after = (int(file.name.split(".")[1]) for file in files[1:3])
    problem = verify(kept)["problems"][0]
    assert (problem["kind"], problem["first"], problem["last"]) == ("missing", first, after - 1)


def test_a_directory_that_is_not_there_is_named(kept):
    done = kept.run("evidence", "verify", "file:///nowhere/at/all", check=False)
    assert done.returncode == 2 and "can't be read" in done.stderr
