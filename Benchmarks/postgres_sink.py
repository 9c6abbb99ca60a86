"""How fast the Postgres sink catches up, beside psql's COPY of the same records into the same server in the same run.

    .build-python/bin/python Benchmarks/postgres_sink.py [EXCHANGES]

A gateway serves while its database is down; then the database starts, and the sink's log is read back, sent and committed. What is
timed is from the first committed batch to the last. COPY puts the same records, already in a file, into a plain table with a primary
key, and into a table as the sink has it, with hashes left out.
"""
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
for folder in ("main_job", "sinks_postgres"):
    sys.path.insert(0, str(ROOT / "Tests" / "Integration" / folder))

from postgres_server import PostgresServer  # noqa: E402
from sink_gateway import Load, SinkGateway, sink  # noqa: E402
from upstream import Upstream  # noqa: E402


def catch_up(gateway, server, database):
    """Records a second from the first batch that is there to the last."""
    owed = gateway.lag()
    while (first := gateway.lag()) == owed:
        time.sleep(0.02)
    began = time.monotonic()
    while gateway.lag() > 0:
        time.sleep(0.05)
    seconds = time.monotonic() - began
    total = int(server.psql("SELECT count(*) FROM sluice.hashes", database))
    return first / seconds, total


def copy(server, database, table, file, total):
    began = time.monotonic()
    server.psql(f"\\copy {table} (log, sequence, time, record) FROM '{file}'", database)
    return total / (time.monotonic() - began)


def main(exchanges):
    server = PostgresServer()
    upstream = Upstream()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    try:
        database = server.make_database("evidence")
        server.stop()
        gateway = SinkGateway(folder, upstream, sink(server, database))
        load = Load(gateway, clients=8)
        load.wait_for(exchanges, seconds=600)
        load.stop()
        server.start()
        rate, total = catch_up(gateway, server, database)
        gateway.stop()
        gateway.is_whole_in(gateway.url(server, database))
        file = server.folder / "records.copy"
        server.psql(f"\\copy (SELECT log, sequence, time, record FROM sluice.records ORDER BY sequence) TO '{file}'", database)
        bytes_each = int(server.psql("SELECT avg(octet_length(record)) FROM sluice.records", database).split(".")[0])
        server.psql("""
            CREATE TABLE plain (log text, sequence bigint, time timestamptz, record text, PRIMARY KEY (log, sequence));
            CREATE TABLE same (LIKE sluice.records INCLUDING ALL)""", database)
        plain, same = copy(server, database, "plain", file, total), copy(server, database, "same", file, total)
        print(f"{total} records of {bytes_each} bytes on average")
        print(f"the sink catches up at      {rate:8.0f} records/s")
        print(f"COPY into a plain table     {plain:8.0f} records/s   the sink: {rate / plain:.2f} of it")
        print(f"COPY into the sink's table  {same:8.0f} records/s   the sink: {rate / same:.2f} of it")
    finally:
        server.close()
        upstream.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
