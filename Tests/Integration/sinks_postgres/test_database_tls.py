"""The way to a server that is not on this machine is verified: its certificate, and its name."""
import re
import subprocess

import pytest

from least_privilege import set_up
from postgres_server import PostgresServer
from sink_gateway import Load, sink


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Two authorities, and certificates of the first for `localhost` and for another name."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("ca", "other-ca"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    for name in ("localhost", "elsewhere.example.org"):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
        (folder / "extensions").write_text(f"subjectAltName=DNS:{name}\n")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
                "-days", "2", "-extfile", folder / "extensions", "-out", folder / f"{name}.pem")
    return folder


@pytest.fixture(scope="module")
def tls_server(authority):
    server = PostgresServer()
    use(server, authority, "localhost")
    yield server
    server.close()


def use(server, authority, name):
    for kind in ("pem", "key"):
        file = server.folder / f"server.{kind}"
        file.write_bytes((authority / f"{name}.{kind}").read_bytes())
        file.chmod(0o600)
        server.give(file)
    server.psql(f"ALTER SYSTEM SET ssl_cert_file = '{server.folder}/server.pem'")
    server.psql(f"ALTER SYSTEM SET ssl_key_file = '{server.folder}/server.key'")
    server.psql("ALTER SYSTEM SET ssl = on")
    server.psql("SELECT pg_reload_conf()")
    server.psql("SELECT pg_sleep(0.5)")


def over_tls(server, database, authority, ca="ca", tls="verify-full"):
    return sink(server, database, tls=tls, ca=authority / f"{ca}.pem").replace("host: 127.0.0.1", "host: localhost")


def check(gateway, stage):
    text = gateway.pipeline.read_text()
    gateway.pipeline.write_text(text[:text.index("  - sink:")] + stage)
    done = gateway.run("check", gateway.pipeline, env={"TEST_CREDENTIAL": "x"}, check=False)
    place = re.search(r"pipeline\.yaml:(\d+):", done.stderr)
    line = gateway.pipeline.read_text().splitlines()[int(place.group(1)) - 1] if place else ""
    return done.returncode, done.stderr, line.split(":")[0].strip()


def test_a_verified_server_is_written_to(tls_server, authority, make_gateway):
    database = tls_server.make_database("verified")
    set_up(tls_server, database)
    gateway = make_gateway(tls_server, database)
    gateway.stop()
    gateway.sink = over_tls(tls_server, database, authority)
    gateway.start()
    load = Load(gateway)
    load.wait_for(5)
    load.stop()
    gateway.wait_until_caught_up()
    version = tls_server.psql("SELECT version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'sluice %' AND ssl")
    assert version.startswith("TLSv1.")
    gateway.stop()
    url = f"postgres://postgres@localhost:{tls_server.port}/{database}?tls=verify-full&ca={authority}/ca.pem"
    gateway.is_whole_in(url)


def test_what_can_not_be_verified_is_refused_and_named(tls_server, authority, make_gateway):
    database = tls_server.make_database("refused")
    gateway = make_gateway(tls_server, database)
    gateway.stop()
    code, said, option = check(gateway, over_tls(tls_server, database, authority, ca="other-ca"))
    assert code == 1 and option == "ca" and "certificate verify failed" in said
    code, said, option = check(gateway, over_tls(tls_server, database, authority, ca="not-there"))
    assert code == 1 and option == "ca" and "not-there.pem" in said
    use(tls_server, authority, "elsewhere.example.org")
    code, said, option = check(gateway, over_tls(tls_server, database, authority))
    assert code == 1 and option == "host" and "does not match host name" in said
    assert check(gateway, over_tls(tls_server, database, authority, tls="verify-ca"))[0] == 0
    use(tls_server, authority, "localhost")
