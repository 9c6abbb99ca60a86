"""Somebody with every right changes the database: each change is found, and named."""
import itertools
import json

import pytest

from sink_gateway import Load

copies = itertools.count(1)
# What a superuser has to do first.
UNLOCK = "SET session_replication_role = replica; ALTER TABLE sluice.{0} DISABLE TRIGGER ALL; "


@pytest.fixture(scope="module")
def evidence(server, tmp_path_factory):
    """A database with some traffic's records, all of them covered by checkpoints, and the key to verify them by."""
    from main_gateway import Upstream
    from sink_gateway import SinkGateway, sink

    database = server.make_database("untouched")
    upstream = Upstream()
    gateway = SinkGateway(tmp_path_factory.mktemp("tamper"), upstream, sink(server, database))
    for _ in range(2):
        # Each end makes a checkpoint.
        load = Load(gateway)
        load.wait_for(15)
        load.stop()
        gateway.stop()
        gateway.start()
    gateway.stop()
    upstream.close()
    gateway.is_whole_in(gateway.url(server, database))
    return gateway, database


@pytest.fixture
def copy(server, evidence):
    return server.make_database(f"copy{next(copies)}", template=evidence[1])


def tables(server, database):
    """Every table that holds records: the partitions, as a trigger is disabled on each."""
    return server.psql(
        "SELECT inhrelid::regclass FROM pg_inherits JOIN pg_class c ON c.oid = inhparent WHERE relname = 'records' AND relkind = 'p'",
        database).splitlines()


def tamper(server, database, text):
    parts = [f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in tables(server, database)]
    parts += [f"ALTER TABLE sluice.{table} DISABLE TRIGGER ALL;" for table in ("records", "hashes", "checkpoints")]
    server.psql("".join(parts) + "SET search_path TO sluice;" + text, database)


def record_of(server, database, kind):
    """A record of that type, neither among the first nor among the last."""
    return int(server.psql(f"SELECT min(sequence) FROM sluice.entries WHERE type = '{kind}' AND sequence > 8", database))


def problems(server, evidence, database):
    gateway, _ = evidence
    report = gateway.verify_sink(gateway.url(server, database))
    assert report["verdict"] == "not-whole", report
    return [(problem["kind"], problem.get("first"), problem.get("last")) for problem in report["problems"]]


def test_an_untouched_copy_is_whole(server, evidence, copy):
    assert evidence[0].verify_sink(evidence[0].url(server, copy))["verdict"] == "whole"


def test_an_edit_is_found(server, evidence, copy):
    number = record_of(server, copy, "request")
    tamper(server, copy, f"UPDATE records SET record = replace(record, 'ana@example.org', 'bob@example.org') WHERE sequence = {number}")
    assert problems(server, evidence, copy) == [("altered", number, number)]


def test_an_edit_whose_hash_was_made_to_fit_is_found(server, evidence, copy):
    number = record_of(server, copy, "request")
    tamper(server, copy, f"""
        UPDATE records SET record = replace(record, 'ana@example.org', 'bob@example.org') WHERE sequence = {number};
        UPDATE hashes h SET leaf = sha256('\\x00'::bytea || convert_to(r.record, 'UTF8')) FROM records r
        WHERE r.sequence = h.sequence AND r.sequence = {number}""")
    found = problems(server, evidence, copy)
    assert [kind for kind, *_ in found] == ["rewritten"]
    assert found[0][1] <= number <= found[0][2]


def test_a_deletion_is_found(server, evidence, copy):
    tamper(server, copy, "DELETE FROM records WHERE sequence IN (5, 6)")
    assert problems(server, evidence, copy) == [("missing", 5, 5), ("missing", 6, 6)]


def test_a_deletion_with_its_hashes_is_found(server, evidence, copy):
    tamper(server, copy, "DELETE FROM records WHERE sequence IN (5, 6); DELETE FROM hashes WHERE sequence IN (5, 6)")
    assert problems(server, evidence, copy) == [("missing", 5, 6)]


def test_a_swap_is_found(server, evidence, copy):
    tamper(server, copy, """
        UPDATE records SET sequence = -1 WHERE sequence = 11; UPDATE records SET sequence = 11 WHERE sequence = 12;
        UPDATE records SET sequence = 12 WHERE sequence = -1""")
    assert problems(server, evidence, copy) == [("altered", 11, 11), ("altered", 12, 12)]


def test_an_insertion_is_found(server, evidence, copy):
    tamper(server, copy, """
        SELECT ensure_month('2020-02-15');
        INSERT INTO records (log, sequence, time, record) SELECT log, sequence, '2020-02-15', record FROM records WHERE sequence = 8""")
    assert problems(server, evidence, copy) == [("inserted", 8, 8)]


def test_a_forged_record_at_the_end_is_found(server, evidence, copy):
    tamper(server, copy, """
        INSERT INTO records (log, sequence, time, record) SELECT log, sequence + 1, time, record FROM records
        ORDER BY sequence DESC LIMIT 1""")
    last = int(server.psql("SELECT max(sequence) FROM sluice.records", copy))
    found = problems(server, evidence, copy)
    assert ("inserted", last, last) in found


def test_a_cut_is_found(server, evidence, copy):
    last = int(server.psql("SELECT max(sequence) FROM sluice.records", copy))
    tamper(server, copy, f"DELETE FROM records WHERE sequence > {last - 4}; DELETE FROM hashes WHERE sequence > {last - 4}")
    assert problems(server, evidence, copy) == [("cut", last - 3, last)]


def test_an_old_copy_is_found_with_a_checkpoint_kept_elsewhere_or_the_log(server, evidence, copy):
    """A cut with all its checkpoints fits itself: the report says how far it goes, which the log contradicts."""
    gateway, _ = evidence
    middle = int(server.psql("SELECT min(size) FROM sluice.checkpoints WHERE size > 20", copy))
    tamper(server, copy, f"""
        DELETE FROM records WHERE sequence >= {middle}; DELETE FROM hashes WHERE sequence >= {middle};
        DELETE FROM checkpoints WHERE size > {middle}""")
    report = gateway.verify_sink(gateway.url(server, copy))
    assert report["records"] == middle < gateway.verify_log()["records"]


def test_a_forged_checkpoint_is_found(server, evidence, copy):
    tamper(server, copy, "UPDATE checkpoints SET note = regexp_replace(note, '(.{9})..\\n$', E'\\\\1AA\\n')")
    assert {kind for kind, *_ in problems(server, evidence, copy)} == {"checkpoint"}


def test_a_removal_that_retention_did_not_make_is_named_by_its_note(server, evidence, copy):
    """What somebody passes off as retention is not hidden: it is listed, with its range, and its hashes still have to fit."""
    gateway, _ = evidence
    tamper(server, copy, """
        INSERT INTO removals (log, first, last, month) SELECT log, 5, 6, now() FROM hashes LIMIT 1;
        DELETE FROM records WHERE sequence IN (5, 6)""")
    report = gateway.verify_sink(gateway.url(server, copy))
    assert report["verdict"] == "whole" and "records 5 to 6: removed by the sink's own retention" in json.dumps(report["notes"])


def test_another_logs_key_does_not_verify(server, evidence, copy, make_gateway):
    gateway, _ = evidence
    other = make_gateway(server, server.make_database(f"other{next(copies)}"))
    report = gateway.verify_sink(gateway.url(server, copy), key=other.public_key())
    assert report["verdict"] == "not-whole"
    without = gateway.run("evidence", "verify", gateway.url(server, copy), check=False)
    assert without.returncode == 2 and "--key" in without.stdout
