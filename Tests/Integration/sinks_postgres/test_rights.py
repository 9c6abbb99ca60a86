"""Who may do what, and what is said to those who lack something."""
import re

import pytest

from least_privilege import make_roles, set_up
from sink_gateway import WRITER, Load, sink

CHECKED = "127.0.0.1"


@pytest.fixture
def evidence(server, database):
    set_up(server, database)
    return database


def check(gateway, stage, *words):
    """`sluice check` of the gateway's pipeline with another sink: its exit code, and what it says."""
    text = gateway.pipeline.read_text()
    gateway.pipeline.write_text(text[:text.index("  - sink:")] + stage)
    done = gateway.run("check", gateway.pipeline, *words, env={"WRITER_PASSWORD": WRITER, "WRONG": "wrong", "TEST_CREDENTIAL": "x"}, check=False)
    return done.returncode, done.stderr + done.stdout


def position(text, gateway, option):
    """Whether a message stands at the line of an option."""
    lines = gateway.pipeline.read_text().splitlines()
    number = next(i for i, line in enumerate(lines, 1) if re.match(rf"\s+{option}:", line) and i > lines.index("  - sink: postgres"))
    return f"{gateway.pipeline}:{number}:" in text


def test_a_gateway_works_with_the_least_rights(server, evidence, make_gateway):
    gateway = make_gateway(server, evidence, user="sluice_writer", password="env:WRITER_PASSWORD", migrate="false")
    load = Load(gateway)
    load.wait_for(10)
    load.stop()
    gateway.stop()
    gateway.is_whole_in(gateway.url(server, evidence))
    auditor = f"postgres://sluice_auditor@127.0.0.1:{server.port}/{evidence}?password=env:AUDITOR_PASSWORD"
    done = gateway.run("evidence", "verify", auditor, "--key", gateway.public_key(), env={"AUDITOR_PASSWORD": "secret-of-the-auditor"})
    assert done.stdout.startswith("whole: ")


@pytest.mark.parametrize("statement", [
    "UPDATE sluice.{table} SET log = 'x'", "DELETE FROM sluice.{table}", "TRUNCATE sluice.{table}",
    "SET session_replication_role = replica; DELETE FROM sluice.{table}",
])
def test_evidence_is_append_only(server, evidence, make_gateway, statement):
    gateway = make_gateway(server, evidence, user="sluice_writer", password="env:WRITER_PASSWORD", migrate="false")
    load = Load(gateway)
    load.wait_for(2)
    load.stop()
    gateway.wait_until_caught_up()
    partition = server.psql("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'sluice.records'::regclass LIMIT 1", evidence)
    for table in ("records", "hashes", "checkpoints", partition.removeprefix("sluice.")):
        count = server.psql(f"SELECT count(*) > 0 FROM sluice.{table}", evidence)
        if table != "checkpoints":
            assert count == "t"
        # The owner of everything, a superuser here, is refused by the trigger; the writer by its rights as well.
        for user, password in (("postgres", None), ("sluice_writer", WRITER)):
            done = server.psql(statement.format(table=table), evidence, user=user, password=password, check=False)
            if count == "t" or "TRUNCATE" in statement or user == "sluice_writer":
                assert done.returncode != 0, (table, user)
                assert "append-only" in done.stderr or "permission denied" in done.stderr


def test_a_writer_may_neither_read_records_nor_remove_them(server, evidence):
    for statement in ("SELECT record FROM sluice.records", "SELECT * FROM sluice.expire('1 year')", "CREATE TABLE sluice.t ()",
                      "SELECT * FROM sluice.entries"):
        done = server.psql(statement, evidence, user="sluice_writer", password=WRITER, check=False)
        assert done.returncode != 0 and "permission denied" in done.stderr, statement


def test_an_auditor_may_only_read(server, evidence):
    assert server.psql("SELECT count(*) FROM sluice.entries", evidence, "sluice_auditor", password="secret-of-the-auditor") == "0"
    done = server.psql("INSERT INTO sluice.legal_hold (session, held) VALUES ('s', true)", evidence, "sluice_auditor",
                       password="secret-of-the-auditor", check=False)
    assert "permission denied" in done.stderr


def test_check_says_what_is_wrong_and_where(server, evidence, database, make_gateway):
    gateway = make_gateway(server, evidence)
    gateway.stop()
    good = dict(user="sluice_writer", password="env:WRITER_PASSWORD", migrate="false")

    assert check(gateway, sink(server, evidence, **good))[0] == 0
    wrong = [
        (sink(server, evidence, **{**good, "password": "env:WRONG"}), "password", "28P01"),
        (sink(server, evidence, **{**good, "password": "env:NOT_SET_AT_ALL"}), "password", "NOT_SET_AT_ALL is not set"),
        (sink(server, evidence, **{**good, "password": "file:/nowhere"}), "password", "can't be read"),
        (sink(server, "nowhere", **good), "database", "3D000"),
        (sink(server, evidence, **{**good, "schema": "elsewhere"}), "schema", "is not there"),
        (sink(server, evidence, **{**good, "tls": "require"}), "tls", "SSL"),
        (sink(server, evidence, **{**good, "durability": "replicated"}), "durability", "synchronous_standby_names"),
        (sink(server, evidence, **{**good, "user": "sluice_auditor", "password": "file:/dev/null"}), "password", "holds no password"),
        (sink(server, evidence, **good).replace("database:", "databse:"), "databse", "did you mean"),
    ]
    for stage, option, words in wrong:
        code, said = check(gateway, stage)
        assert code == 1 and words in said, (option, said)
        assert position(said, gateway, option), (option, said)
        assert WRITER not in said
    # Without asking a server, none of that is seen but what the file itself tells.
    assert check(gateway, wrong[0][0], "--offline")[0] == 0
    assert check(gateway, wrong[-1][0], "--offline")[0] == 1


def test_every_missing_right_is_named(server, evidence, make_gateway):
    gateway = make_gateway(server, evidence)
    gateway.stop()
    stage = sink(server, evidence, user="sluice_writer", password="env:WRITER_PASSWORD", migrate="false")
    server.psql("REVOKE INSERT ON sluice.records, sluice.checkpoints FROM sluice_writer", evidence)
    code, said = check(gateway, stage)
    assert code == 1 and "lacks INSERT on records, INSERT on checkpoints" in said and position(said, gateway, "user")
    server.psql("GRANT INSERT ON sluice.records, sluice.checkpoints TO sluice_writer; REVOKE EXECUTE ON FUNCTION sluice.ensure_month "
                "FROM sluice_writer", evidence)
    assert "lacks EXECUTE on ensure_month" in check(gateway, stage)[1]
    server.psql("REVOKE USAGE ON SCHEMA sluice FROM sluice_writer", evidence)
    assert "may not use the schema" in check(gateway, stage)[1]


def test_a_start_with_wrong_credentials_is_refused(server, evidence, make_gateway):
    gateway = make_gateway(server, evidence)
    gateway.stop()
    gateway.sink = sink(server, evidence, user="sluice_writer", password="env:WRONG", migrate="false")
    gateway.environment["WRONG"] = "wrong"
    with pytest.raises(AssertionError, match="28P01"):
        gateway.start()
    assert position(gateway.read_log(), gateway, "password")


def test_a_read_only_server_and_an_unsafe_one_are_named(server, evidence, make_gateway):
    gateway = make_gateway(server, evidence)
    gateway.stop()
    server.psql(f'ALTER DATABASE "{evidence}" SET default_transaction_read_only = on')
    code, said = check(gateway, sink(server, evidence))
    assert code == 1 and "25006" in said and "only takes reads" in said


def test_a_server_that_promises_nothing_is_refused(own_server, make_gateway):
    database = own_server.make_database("evidence")
    gateway = make_gateway(own_server, database)
    gateway.stop()
    own_server.psql("ALTER SYSTEM SET fsync = off")
    own_server.psql("SELECT pg_reload_conf()")
    import time
    time.sleep(1)
    code, said = check(gateway, sink(own_server, database))
    assert code == 1 and "fsync" in said and position(said, gateway, "host")


def test_a_schema_of_somebody_elses_is_left_alone(server, database, make_gateway):
    make_roles(server)
    server.psql("CREATE SCHEMA sluice; CREATE TABLE sluice.things ()", database)
    with pytest.raises(AssertionError, match="holds something else"):
        make_gateway(server, database)
