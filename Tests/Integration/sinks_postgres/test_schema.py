"""Versions of the schema, retention, and legal hold."""
import json

from least_privilege import set_up
from sink_gateway import Load


def work(gateway, count=5):
    load = Load(gateway)
    load.wait_for(count)
    load.stop()


def test_an_older_version_is_brought_up_to_date_and_keeps_its_records(server, database, make_gateway):
    set_up(server, database, versions=1)
    old = '{"data":{},"log":"earlier","sequence":0,"time":"2024-05-01T00:00:00.000000001Z","type":"administration","v":1}'
    server.psql(f"""
        SET search_path TO sluice;
        SELECT ensure_month('2024-05-01');
        INSERT INTO hashes SELECT 'earlier', 0, sha256('\\x00'::bytea || convert_to('{old}', 'UTF8'));
        INSERT INTO records (log, sequence, time, record) VALUES ('earlier', 0, '2024-05-01', '{old}')""", database)
    gateway = make_gateway(server, database)
    work(gateway)
    gateway.stop()
    assert server.psql("SELECT string_agg(version::text, ',' ORDER BY version) FROM sluice.migrations", database) == "1,2"
    assert server.psql("SELECT record FROM sluice.records WHERE log = 'earlier'", database) == old
    log = json.loads(gateway.run("evidence", "verify", gateway.data, "--json").stdout)["log"]
    url = gateway.url(server, database)
    assert gateway.verify_sink(f"{url}#{log}")["verdict"] == "whole"
    several = gateway.run("evidence", "sessions", url, check=False)
    assert several.returncode == 2 and "several logs" in several.stderr and "earlier" in several.stderr


def test_an_older_version_without_the_right_to_change_it_is_named(server, database, make_gateway):
    set_up(server, database, versions=1)
    server.psql("GRANT USAGE ON SCHEMA sluice TO sluice_writer; GRANT SELECT ON sluice.migrations TO sluice_writer", database)
    try:
        make_gateway(server, database, user="sluice_writer", password="env:WRITER_PASSWORD")
    except AssertionError as error:
        assert "is of version 1, and version 2 is needed" in str(error)
    else:
        raise AssertionError("the gateway started")


def test_two_gateways_that_start_at_once_make_one_schema(server, database, make_gateway):
    import threading
    made = []
    threads = [threading.Thread(target=lambda: made.append(make_gateway(server, database))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for gateway in made:
        work(gateway)
        gateway.stop()
    assert server.psql("SELECT count(*) FROM sluice.migrations", database) == "2"
    assert server.psql("SELECT count(DISTINCT log) FROM sluice.hashes", database) == "2"


def old_records(server, database, log, first, count, time, session):
    """Records of an earlier time, as a gateway of then would have left them."""
    server.psql(f"""
        SET search_path TO sluice;
        SELECT ensure_month('{time}');
        WITH made AS (
          SELECT n, '{{"data":{{}},"log":"{log}","sequence":' || n || ',"session":"{session}","time":"{time}","type":"request","v":1}}' AS r
          FROM generate_series({first}, {first + count - 1}) AS n),
        kept AS (INSERT INTO hashes SELECT '{log}', n, sha256('\\x00'::bytea || convert_to(r, 'UTF8')) FROM made)
        INSERT INTO records (log, sequence, time, record) SELECT '{log}', n, '{time}', r FROM made""", database)


def test_retention_removes_months_but_those_that_are_held(server, database, make_gateway):
    set_up(server, database)
    old_records(server, database, "old", 0, 10, "2019-01-10T00:00:00.000000000Z", "ses_gone")
    old_records(server, database, "old", 10, 10, "2019-02-10T00:00:00.000000000Z", "ses_held")
    server.psql("INSERT INTO sluice.legal_hold (session, held) VALUES ('ses_held', true)", database)
    gateway = make_gateway(
        server, database, user="sluice_writer", password="env:WRITER_PASSWORD", migrate="false",
        retention="{ keep: 30d, user: sluice_retention, password: file:" + str(secret(server)) + " }")
    work(gateway)
    gateway.wait_until_caught_up()
    gateway.stop()
    count = "SELECT count(*) FROM sluice.records WHERE log = 'old'"
    assert server.psql(count, database) == "10"
    assert server.psql("SELECT log, first, last, month, removed_by FROM sluice.removals", database) == "old|0|9|2019-01-01|sluice_retention"
    assert "retention has run" in gateway.read_log()
    # The hashes are still there, and say which are gone by right.
    report = gateway.verify_sink(gateway.url(server, database) + "#old")
    assert [p for p in report["problems"]] == [] and "records 0 to 9: removed by the sink's own retention" in report["notes"][0]
    server.psql("INSERT INTO sluice.legal_hold (session, held) VALUES ('ses_held', false)", database)
    done = server.psql("SELECT outcome FROM sluice.expire('30 days')", database, "sluice_retention", password="secret-of-retention")
    assert done == "removed" and server.psql(count, database) == "0"


def secret(server):
    path = server.folder / "retention.password"
    path.write_text("secret-of-retention\n")
    return path


def test_a_hold_in_the_log_becomes_a_hold_in_the_database(server, database, make_gateway):
    gateway = make_gateway(server, database)
    work(gateway)
    session = json.loads(gateway.run("evidence", "sessions", gateway.data, "--json").stdout)[0]["id"]
    gateway.run("evidence", "hold", gateway.data, session, "--reason", "case 4711")
    gateway.wait_until_caught_up()
    gateway.stop()
    assert server.psql("SELECT session FROM sluice.held_sessions", database) == session


def test_the_last_month_is_never_removed(server, database, make_gateway):
    gateway = make_gateway(server, database)
    work(gateway)
    gateway.stop()
    assert server.psql("SELECT count(*) FROM sluice.expire('1 day')", database) == "0"
    done = server.psql("SELECT sluice.expire('0 days')", database, check=False)
    assert "keeps a day at least" in done.stderr
