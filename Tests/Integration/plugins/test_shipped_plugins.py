"""Everything that is shipped keeps to every rule of the kit, in process and isolated, beside what it needs: a real
Postgres, object stores, an OpenID provider, a certificate authority."""
import json
import pathlib
import re
import shutil
import sys
from urllib.parse import urlsplit

import pytest
from support import RELEASE, ROOT, SHIPPED, SLUICE, Report, run, sluice

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / name) for name in ("sinks_postgres", "sinks_s3", "identity")]

from canaille_provider import canaille  # noqa: E402, F401
from postgres_server import PostgresServer  # noqa: E402
from s3_gateway import Bucket, MotoStore, options  # noqa: E402
from swift_store import SwiftStore  # noqa: E402
from test_certificates import Authority  # noqa: E402

ALONE = {
    "keys": "{}",
    "rules": 'guard: { deny: [ { name: no-export, text: "dump all patients" }, { name: no-shell, tools: [bad_tool] } ] }',
    "phi": "detect: { kinds: safe-harbor, min-confidence: 0.5 }\n"
           "score: { weights: { SSN: 30, NAME: 5 }, bulk: { people: 5, adds: 40 } }",
    "threshold": "gate: { at: 50, approvers: [privacy-officers] }",
    "file": 'sink: { directory: "${SCRATCH}/kept" }',
    "employee-id": "detect: { prefix: EMP- }",
    "slack": "notify: { token: env:T, channel: C0123, signing-secret: env:HOME, people: [ { id: T012/U345, subject: bo, groups: [g] } ] }",
    "teams": "notify: { webhook: env:T, outgoing-secret: file:/etc/hostname }",
    "webhook": 'notify: { url: "https://x.example/", secret: env:T, reply-secret: env:HOME }',
    "jira": 'notify: { url: "https://x.example", token: env:T, project: PRIV }',
    "servicenow": 'notify: { url: "https://x.example", user: u, password: env:T }',
    "smtp": 'notify: { server: "smtp://x.example:587", from: a@b.example, to: [c@d.example] }',
}
WITH_SERVICES = {"postgres", "s3", "oidc", "mtls"}
PLACEMENTS = [pytest.param([], id="in-process"), pytest.param(["--isolated"], id="isolated")]


def check(name, configuration, folder, placement, allows=()):
    (folder / "check.yaml").write_text(configuration + "\n")
    words = [*placement, *allows] if placement else []
    report = Report(SHIPPED / f"libsluice-{name}.so", "--config", folder / "check.yaml", *words)
    assert report.failures == {}
    assert report.json["isolation"] == ("process" if placement else "none")
    return report


def test_nothing_that_is_shipped_is_left_out():
    shipped = {path.stem.removeprefix("libsluice-") for path in RELEASE.glob("libsluice-*.so")}
    assert shipped == set(ALONE) | WITH_SERVICES


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("name", sorted(ALONE))
def test_what_needs_nothing(name, placement, tmp_path):
    check(name, ALONE[name], tmp_path, placement)


@pytest.fixture(scope="module")
def database():
    server = PostgresServer()
    yield server
    server.close()


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_postgres(database, placement, tmp_path):
    name = database.make_database("isolated" if placement else "inprocess")
    place = f"sink: {{ host: 127.0.0.1, port: {database.port}, database: {name}, user: postgres }}"
    report = check("postgres", place, tmp_path, placement, ["--allow-network", database.port])
    assert {"durability", "acknowledgement", "checkpoints", "reading"} <= report.passed
    # The kit's logs are in it, whole.
    assert int(database.psql("SELECT count(DISTINCT log) FROM sluice.records", name)) > 1


@pytest.fixture(scope="module", params=[MotoStore, SwiftStore], ids=["moto", "swift"])
def store(request, tmp_path_factory):
    store = request.param(tmp_path_factory.mktemp("store"))
    yield store
    store.stop()


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_s3(store, placement, tmp_path):
    bucket = Bucket(store)
    settings = options(bucket, tmp_path)
    report = check("s3", "sink: " + json.dumps(settings), tmp_path, placement,
                   ["--allow-network", store.port, "--allow-read", tmp_path])
    assert {"durability", "acknowledgement", "checkpoints", "reading"} <= report.passed
    assert bucket.keys()


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_oidc(canaille, placement, tmp_path):  # noqa: F811
    """A token that is good, too: one of each answer."""
    port = urlsplit(canaille.issuer).port
    canaille.forget_codes()
    (tmp_path / "texts").write_text(canaille.log_in()["id_token"] + "\n")
    check("oidc", f"authenticate: {{ issuer: '{canaille.issuer}', audience: sluice }}", tmp_path, placement,
          ["--allow-network", port, "--texts", tmp_path / "texts"])


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_mtls(placement, tmp_path):
    authority = Authority(tmp_path / "authority")
    check("mtls", f"authenticate: {{ ca: {authority.ca}, crl: {authority.folder}/crl.pem, subject: email }}", tmp_path,
          placement, ["--allow-read", authority.folder])


def test_the_build_stamps_what_it_ships(tmp_path):
    """A folder as a build leaves it: its plugins are stamped, once, and the list shows it."""
    (tmp_path / "sluice").symlink_to(SLUICE)
    names = ["libsluice-threshold.so", "libsluice-keys.so"]
    for name in names:
        shutil.copy(RELEASE / name, tmp_path / name)
        unstamp(tmp_path / name)
    before = listed(tmp_path, names)
    assert all(row["schemas"] is None for row in before)
    done = run(ROOT / "Scripts" / "stamp-plugins.sh", tmp_path, code=0)
    assert "2 plugins are stamped" in done.stdout
    after = listed(tmp_path, names)
    assert all(re.fullmatch("[0-9a-f]{64}", row["schemas"]) and re.fullmatch("[0-9a-f]{16,}", row["build"]) for row in after)
    assert [row["build"] for row in before] == [row["build"] for row in after]
    run(ROOT / "Scripts" / "stamp-plugins.sh", tmp_path, code=0)
    assert listed(tmp_path, names) == after
    said = sluice("plugin", "list", *[tmp_path / name for name in names]).stdout
    assert f"schemas {after[0]['schemas'][:12]}" in said and f"build {after[0]['build'][:12]}" in said


def test_what_was_built_is_stamped():
    rows = json.loads(sluice("plugin", "list", *sorted(RELEASE.glob("libsluice-*.so")), "--json").stdout)
    assert [row["path"] for row in rows if not row["schemas"]] == [], "run Scripts/stamp-plugins.sh after the build"


def listed(folder, names):
    return json.loads(sluice("plugin", "list", *[folder / name for name in names], "--json").stdout)


def unstamp(library):
    data = library.read_bytes()
    library.write_bytes(re.sub(rb"\nschemas=sha256:[0-9a-f]{64}", b"\nschemas=sha256:" + b"0" * 64, data, count=1))
