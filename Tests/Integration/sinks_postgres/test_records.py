"""What traffic leaves in the database, and how it is read back."""
import json

from sink_gateway import Load, sink


def work(gateway, count=20):
    load = Load(gateway)
    load.wait_for(count)
    return load.stop()


def test_records_arrive_once_in_order_and_are_covered(server, database, make_gateway):
    gateway = make_gateway(server, database)
    answered = work(gateway)
    gateway.stop()
    records = gateway.is_whole_in(gateway.url(server, database))
    # A request, a decision, where it went and what came back, at least.
    assert records >= answered * 4
    assert server.psql("SELECT count(*), min(sequence), max(sequence) FROM sluice.records", database) == f"{records}|0|{records - 1}"
    assert int(server.psql("SELECT max(size) FROM sluice.checkpoints", database)) == records


def test_a_restart_goes_on_where_it_was(server, database, make_gateway):
    gateway = make_gateway(server, database)
    work(gateway)
    gateway.stop()
    before = gateway.is_whole_in(gateway.url(server, database))
    gateway.start()
    work(gateway)
    gateway.stop()
    assert gateway.is_whole_in(gateway.url(server, database)) > before


def test_records_are_found_by_what_they_say(server, database, make_gateway):
    gateway = make_gateway(server, database)
    answered = work(gateway)
    gateway.stop()
    find = "SELECT count(*) FROM sluice.entries WHERE "
    assert int(server.psql(find + "type = 'request' AND person = 'ana@example.org' AND pipeline = 'test'", database)) == answered
    assert int(server.psql(find + "kinds ? 'SSN' AND type = 'request'", database)) == answered
    assert int(server.psql(find + "type = 'decision' AND risk > 0 AND verdict = 'allow'", database)) == answered
    assert server.psql(find + "record LIKE '%Holloway%' OR record LIKE '%219-09-9999%'", database) == "0"


def test_sessions_are_shown_from_the_database_as_from_the_log(server, database, make_gateway):
    gateway = make_gateway(server, database)
    work(gateway)
    gateway.stop()
    url = gateway.url(server, database)

    def sessions(place):
        return json.loads(gateway.run("evidence", "sessions", place, "--json").stdout)

    assert sessions(url) == sessions(gateway.data) and len(sessions(url)) == 1
    session = sessions(url)[0]["id"]
    for words in (["show", "--json"], ["replay", "--at-once"]):
        shown = gateway.run("evidence", words[0], url, session, *words[1:]).stdout
        assert shown == gateway.run("evidence", words[0], gateway.data, session, *words[1:]).stdout
        assert "[NAME_" in shown
    assert json.loads(gateway.run("evidence", "show", url, "0", "--json").stdout)["sequence"] == 0
    gone = gateway.run("evidence", "show", url, "ses_none", check=False)
    assert gone.returncode == 1 and "nothing on record" in gone.stderr


def test_pipelines_with_the_same_sink_feed_it_once(server, database, make_gateway, tmp_path):
    gateway = make_gateway(server, database)
    second = tmp_path / "second.yaml"
    second.write_text(gateway.pipeline.read_text().replace("pipeline: test", "pipeline: other").replace("/openai", "/other"))
    gateway.stop()
    gateway.words = [second]
    gateway.start()
    work(gateway)
    gateway.stop()
    gateway.is_whole_in(gateway.url(server, database))


def test_a_second_writer_of_the_same_log_is_kept_out(server, database, make_gateway):
    gateway = make_gateway(server, database)
    work(gateway, 5)
    gateway.wait_until_caught_up()
    log = server.psql("SELECT DISTINCT log FROM sluice.hashes", database)
    name = server.psql(
        "SELECT application_name FROM pg_stat_activity WHERE pid = (SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
        f"AND database = (SELECT oid FROM pg_database WHERE datname = '{database}'))", database)
    assert name == f"sluice {log}"
    taken = server.psql(f"SELECT pg_try_advisory_lock(hashtextextended('sluice log sluice {log}', 0))", database)
    assert taken == "f"


def test_a_readers_url_never_holds_a_password(server, database, make_gateway):
    gateway = make_gateway(server, database)
    done = gateway.run("evidence", "verify", f"postgres://postgres:hunter2@127.0.0.1:{server.port}/{database}", check=False)
    assert done.returncode == 2 and "does not belong into a URL" in done.stderr
    assert "hunter2" not in done.stderr.replace(f"postgres:hunter2@127.0.0.1:{server.port}", "")
    assert sink(server, database)
