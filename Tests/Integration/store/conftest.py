"""The fixtures of the shared store's tests: a Postgres, and gateways that use it together."""
import itertools
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
for folder in (HERE.parent / "main_job", HERE.parent / "sinks_postgres", HERE.parent / "identity", HERE):
    sys.path.insert(0, str(folder))

from main_gateway import upstream  # noqa: E402, F401
from postgres_server import PostgresServer  # noqa: E402
from replicas import Replicas  # noqa: E402

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
def make_replicas(tmp_path, upstream):  # noqa: F811
    made = []

    def make(server, count=2, **settings):
        made.append(Replicas(tmp_path / str(len(made)), upstream, server, server.make_database(f"store{next(numbers)}"), count, **settings))
        return made[-1]

    yield make
    for replicas in made:
        replicas.close()


@pytest.fixture
def replicas(make_replicas, server):
    return make_replicas(server)
