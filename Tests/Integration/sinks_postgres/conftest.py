"""The fixtures of the Postgres sink's tests: servers, databases, and gateways that write into them."""
import itertools
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from main_gateway import upstream  # noqa: E402, F401
from postgres_server import PostgresServer  # noqa: E402
from sink_gateway import SinkGateway, sink  # noqa: E402

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server():
    """One for all tests that leave it as it is."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def own_server():
    """One for a test that does it harm."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def database(server):
    return server.make_database(f"evidence{next(numbers)}")


@pytest.fixture
def make_gateway(tmp_path, upstream):  # noqa: F811
    made = []

    def make(server, database, user="postgres", **settings):
        options = {name: settings.pop(name) for name in list(settings) if name in ("password", "schema", "migrate", "retention", "statement_timeout")}
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        made.append(SinkGateway(folder, upstream, sink(server, database, user, **options), **settings))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
