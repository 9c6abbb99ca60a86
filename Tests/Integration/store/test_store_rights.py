"""What docs/store.md says of roles, keys and places is so."""
import os
import pathlib
import re
import subprocess

import pytest

from main_gateway import ROOT, SLUICE


@pytest.fixture
def place(server, tmp_path):
    """The roles as the documentation makes them; gives the place for one of them."""
    database = server.make_database(f"rights{os.urandom(4).hex()}")
    text = (ROOT / "docs" / "store.md").read_text()
    statements = re.search(r"```sql\n(.*?)```", text, re.S).group(1)
    grants = statements[statements.index("CREATE SCHEMA"):]
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    for role in ("sluice_owner", "sluice"):
        server.psql(f"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD 'correct horse'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;")
    server.psql(f'ALTER DATABASE "{database}" OWNER TO sluice_owner')

    def at(role):
        return f"postgres://{role}@{server.address}:{server.port}/{database}?password=file:{password}"

    at.grant = lambda: server.psql(grants, database, user="sluice_owner", password="correct horse")
    at.psql = lambda role, sql: server.psql(sql, database, user=role, password="correct horse", check=False)
    return at


def sluice(*words, **environment):
    return subprocess.run([SLUICE, *map(str, words)], capture_output=True, text=True, env={**os.environ, **environment})


def test_a_role_that_can_make_no_table_is_enough(place, tmp_path):
    data = tmp_path / "data"
    refused = sluice("store", "show", "--store", place("sluice"), "--data", data)
    assert refused.returncode != 0 and "42501" in refused.stderr, refused.stderr
    place.grant()
    made = sluice("store", "show", "--store", place("sluice_owner"), "--data", data)
    assert made.returncode == 0, made.stderr
    for words in (["keys", "create", "--subject", "ana"], ["keys", "list"], ["approvals", "list"], ["grants", "list"], ["store", "show"]):
        done = sluice(*words, "--store", place("sluice"), "--data", data)
        assert done.returncode == 0, done.stderr
    for statement in ("CREATE TABLE sluice_store.x (a int)", "ALTER TABLE sluice_store.keys ADD x int", "DROP TABLE sluice_store.keys"):
        assert place.psql("sluice", statement).returncode != 0


def test_another_key_opens_nothing(place, tmp_path):
    place.grant()
    assert sluice("store", "show", "--store", place("sluice_owner"), "--data", tmp_path / "one").returncode == 0
    other = sluice("approvals", "list", "--store", place("sluice"), "--data", tmp_path / "other")
    assert other.returncode != 0 and "secrets/texts.key" in other.stderr
    key = (tmp_path / "one" / "secrets" / "texts.key").read_bytes().hex()
    again = sluice("approvals", "list", "--store", place("sluice"), "--data", tmp_path / "other", SLUICE_STORE_KEY="env:K", K=key)
    assert again.returncode == 0, again.stderr
    helped = sluice("approvals", "list", "--store", place("sluice"), "--data", tmp_path / "other",
                    SLUICE_STORE_KEY=f"command:/bin/cat {tmp_path / 'one' / 'secrets' / 'store.key'}.hex")
    assert helped.returncode != 0, "a command that fails gives no key"


def test_the_key_is_rotated(place, tmp_path):
    data = tmp_path / "data"
    place.grant()
    sluice("store", "show", "--store", place("sluice_owner"), "--data", data)
    next_key = tmp_path / "next.key"
    next_key.write_bytes(os.urandom(32))
    done = sluice("store", "rotate-key", "--to", next_key, "--store", place("sluice"), "--data", data)
    assert done.returncode == 0, done.stderr
    assert sluice("store", "show", "--store", place("sluice"), "--data", data).returncode != 0
    os.chmod(next_key, 0o600)
    os.replace(next_key, data / "secrets" / "texts.key")
    assert sluice("store", "show", "--store", place("sluice"), "--data", data).returncode == 0


def test_the_place_may_be_in_the_environment_or_a_file(place, tmp_path):
    place.grant()
    file = tmp_path / "place"
    file.write_text(place("sluice_owner") + "\n")
    for environment in ({"SLUICE_STORE": place("sluice_owner")}, {"SLUICE_STORE": f"file:{file}"}):
        done = sluice("store", "show", "--data", tmp_path / "data", **environment)
        assert done.returncode == 0 and done.stdout.startswith("postgres://"), done.stderr
    assert not (pathlib.Path(tmp_path) / "data" / "sluice.db").exists()


def test_tls_is_verified(tmp_path):
    from postgres_server import PostgresServer
    server = PostgresServer()
    try:
        for name in ("right", "wrong"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                            "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / f"{name}.key",
                            "-out", tmp_path / f"{name}.pem"], check=True, capture_output=True)
        for kind, name in (("pem", "server.crt"), ("key", "server.key")):
            (server.data / name).write_bytes((tmp_path / f"right.{kind}").read_bytes())
            os.chmod(server.data / name, 0o600)
            server.give(server.data / name)
        server.stop()
        server.configure(ssl="on")
        server.start()
        database = server.make_database("tls")

        def show(options):
            return sluice("store", "show", "--store", f"postgres://postgres@{server.address}:{server.port}/{database}?{options}", "--data", tmp_path / "data")

        assert show(f"tls=verify-full&ca={tmp_path}/right.pem").returncode == 0
        for options in (f"tls=verify-full&ca={tmp_path}/wrong.pem", "tls=verify-full"):
            refused = show(options)
            assert refused.returncode != 0 and "certificate" in refused.stderr, refused.stderr
    finally:
        server.close()
