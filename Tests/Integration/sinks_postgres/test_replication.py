"""A primary and a standby: what `replicated` promises, and what a failover leaves."""
import time

import pytest

from postgres_server import PostgresServer
from sink_gateway import Load, SinkGateway, sink


@pytest.fixture
def pair():
    primary = PostgresServer(synchronous_standby_names="'*'", synchronous_commit="local")
    # Nothing can be made durable on a standby before there is one.
    standby = PostgresServer(address="127.0.0.2", standby_of=primary, synchronous_standby_names="''", hot_standby="on")
    yield primary, standby
    standby.close()
    primary.close()


def start(tmp_path, upstream, server, hosts, **options):
    server.psql("CREATE DATABASE evidence")
    stage = sink(server, "evidence", **options).replace("host: 127.0.0.1", f"host: {hosts}")
    return SinkGateway(tmp_path, upstream, stage)


def test_replicated_is_said_only_where_a_standby_has_it(pair, tmp_path, upstream):
    primary, standby = pair
    gateway = start(tmp_path, upstream, primary, "127.0.0.1", durability="replicated", statement_timeout="5s")
    load = Load(gateway)
    load.wait_for(10)
    gateway_lag_without_traffic(load, gateway)
    standby.stop()
    load = Load(gateway)
    load.wait_for(10)
    load.stop()
    time.sleep(2)
    assert gateway.lag() > 0, "nothing is acknowledged while no standby holds it"
    standby.start()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(primary, "evidence"))
    assert primary.psql("SELECT max(sequence) FROM sluice.hashes", "evidence") == standby.psql("SELECT max(sequence) FROM sluice.hashes", "evidence")


def gateway_lag_without_traffic(load, gateway):
    load.stop()
    gateway.wait_until_caught_up()


def test_a_failover_loses_and_doubles_nothing(pair, tmp_path, upstream):
    primary, standby = pair
    gateway = start(tmp_path, upstream, primary, "127.0.0.1,127.0.0.2")
    load = Load(gateway)
    load.wait_for(40)
    primary.kill()
    load.wait_for(20)
    standby.promote()
    load.wait_for(20)
    load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(standby, "evidence").replace("127.0.0.1", "127.0.0.2"))
    assert load.failed == 0


def test_a_standby_is_read_from_and_not_written_to(pair, tmp_path, upstream):
    primary, standby = pair
    gateway = start(tmp_path, upstream, primary, "127.0.0.1")
    load = Load(gateway)
    load.wait_for(10)
    load.stop()
    gateway.wait_until_caught_up()
    gateway.stop()
    gateway.is_whole_in(gateway.url(standby, "evidence").replace("127.0.0.1", "127.0.0.2"))
    gateway.pipeline.write_text(gateway.pipeline.read_text().replace("host: 127.0.0.1", "host: 127.0.0.2"))
    done = gateway.run("check", gateway.pipeline, env={"TEST_CREDENTIAL": "x"}, check=False)
    assert done.returncode == 1 and "only takes reads" in done.stderr
