"""Servers and gateways that end at the worst moment: nothing is missing afterwards, and nothing is there twice."""
import os
import random
import signal
import time

from sink_gateway import Load


def test_the_server_loses_power_under_load(own_server, make_gateway):
    database = own_server.make_database("evidence")
    gateway = make_gateway(own_server, database)
    load = Load(gateway)
    for _ in range(4):
        load.wait_for(random.randint(20, 80))
        own_server.kill()
        # The log keeps what it owes, and traffic goes on.
        load.wait_for(30)
        own_server.start()
    load.wait_for(50)
    answered = load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    assert gateway.is_whole_in(gateway.url(own_server, database)) >= answered * 4
    assert load.failed == 0, "no client noticed"


def test_connections_are_cut_under_load(server, database, make_gateway):
    gateway = make_gateway(server, database)
    load = Load(gateway)
    cut = 0
    # The sink takes its time to come back: how often there is something to cut is not for the test to say.
    for _ in range(100):
        if cut > 3:
            break
        load.wait_for(random.randint(5, 40))
        cut += server.psql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND application_name LIKE 'sluice %'"
        ).count("t")
    assert cut > 3
    load.wait_for(20)
    load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(server, database))


def test_the_gateway_is_killed_under_load(server, database, make_gateway):
    gateway = make_gateway(server, database)
    load = Load(gateway)
    for _ in range(6):
        load.wait_for(random.randint(10, 60))
        gateway.process.send_signal(signal.SIGKILL)
        gateway.process.wait()
        gateway.start()
    load.wait_for(20)
    load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(server, database))


def test_a_server_that_hangs_is_given_up_and_found_again(own_server, make_gateway):
    own_server.psql("ALTER SYSTEM SET log_connections = on")
    own_server.psql("SELECT pg_reload_conf()")
    database = own_server.make_database("evidence")
    gateway = make_gateway(own_server, database, statement_timeout="1s")
    load = Load(gateway)
    load.wait_for(20)

    def connections():
        return (own_server.folder / "server.log").read_text().count("connection authorized: user=postgres database=evidence application_name=sluice ")

    before = connections()
    backend = int(own_server.psql("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'sluice %'"))
    os.kill(backend, signal.SIGSTOP)
    try:
        # The new connection finds the log's lock taken by the one that hangs, and comes again.
        for _ in range(300):
            time.sleep(0.1)
            if connections() > before:
                break
        else:
            raise AssertionError("the sink waits for ever")
        assert gateway.lag() > 0
    finally:
        os.kill(backend, signal.SIGCONT)
    load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(own_server, database))


def test_a_gateway_starts_without_its_server_and_delivers_later(own_server, make_gateway):
    database = own_server.make_database("evidence")
    own_server.kill()
    gateway = make_gateway(own_server, database)
    assert "can't be reached yet" in gateway.read_log()
    load = Load(gateway)
    load.wait_for(20)
    load.stop()
    assert gateway.lag() > 0
    assert "a sink fails; it is tried again" in gateway.read_log()
    own_server.start()
    gateway.wait_until_caught_up()
    for _ in range(100):
        if "a sink goes on" in gateway.read_log():
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the log does not say that the sink goes on: " + gateway.read_log())
    gateway.stop()
    gateway.is_whole_in(gateway.url(own_server, database))


def test_a_full_second_of_transactions_is_one_commit(server, database, make_gateway):
    """Catching up is done in few transactions, not one a record."""
    gateway = make_gateway(server, database)
    load = Load(gateway)
    load.wait_for(200)
    load.stop()
    gateway.wait_until_caught_up()
    time.sleep(0.5)
    records = int(server.psql("SELECT count(*) FROM sluice.hashes", database))
    transactions = int(server.psql("SELECT count(DISTINCT xmin::text) FROM sluice.hashes", database))
    assert transactions < records / 2
