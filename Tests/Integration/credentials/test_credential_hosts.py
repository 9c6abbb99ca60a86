"""A secret goes to the hosts that the installation names for it, whatever a policy's author writes."""
import json
import os
import subprocess

import pytest
from identity_gateway import SLUICE
from test_credentials import model, place, sends, serve  # noqa: F401

PIPELINE = """
pipeline: test
listen: /openai
protocol: openai
upstream: {{ url: "{url}", credential: "{credential}" }}
stages:
  - authenticate: keys
  - detect: phi
  - mask: phi
  - sink: {sink}
"""
SINK = "file\n    with: { directory: ./evidence }"


class Office:
    """Whoever writes policies, and the installation that they are for."""

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir(mode=0o700)
        self.key = place(folder, "key", "sk-hunter2")
        self.settings = self.data / "sluice.yaml"

    def allow(self, *hosts):
        self.settings.write_text(f"secrets:\n  openai: {{ from: 'file:{self.key}', hosts: {json.dumps(hosts)} }}\n  other: env:OTHER\n")

    def write(self, url, credential="secret:openai", sink=SINK):
        file = self.folder / "pipeline.yaml"
        file.write_text(PIPELINE.format(url=url, credential=credential, sink=sink))
        return file

    def run(self, *words):
        return subprocess.run([SLUICE, *map(str, words)], capture_output=True, text=True, timeout=60, cwd=self.folder,
                              env={**os.environ, "OTHER": "sk-other"})

    def check(self, *words, **options):
        return self.run("check", "--offline", self.write(*words, **options), "--settings", self.settings)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_the_host_that_is_named_gets_it(serve, model, tmp_path):  # noqa: F811
    file = place(tmp_path, "key", "sk-one")
    gateway = serve("secret:openai", f"secrets: {{ openai: {{ from: 'file:{file}', hosts: ['http://127.0.0.1:{model.port}'] }} }}\n")
    assert sends(gateway, model, "sk-one")


ELSEWHERE = ["https://evil.example", "https://api.openai.com.evil.example", "https://api.openai.com:8443", "https://openai.com",
             "https://xapi.openai.com", "http://127.0.0.1:443"]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_another_host_is_refused_by_check_push_and_load(office, url):
    office.allow("api.openai.com")
    done = office.check("https://API.openai.com/v1")
    assert done.returncode == 0, done.stderr
    refused = office.check(url)
    assert refused.returncode == 1 and "the secret 'openai' is not for" in refused.stderr
    assert "pipeline.yaml:5:" in refused.stderr and "api.openai.com" in refused.stderr and "hosts:" in refused.stderr
    pushed = office.run("policy", "push", office.folder / "pipeline.yaml", "--data", office.data)
    assert pushed.returncode == 1 and "is not for" in pushed.stderr
    assert office.run("policy", "list", "--data", office.data, "--json").stdout.strip() in ("", "[]")
    served = office.run("serve", office.folder / "pipeline.yaml", "--listen", "127.0.0.1:0", "--data", office.data)
    assert served.returncode == 1 and "is not for" in served.stderr
    assert "hunter2" not in refused.stderr + pushed.stderr + served.stderr


WAYS_ROUND = {
    "by its place": ("file:{key}", SINK, "no credential by its place"),
    "by another place": ("env:OTHER", SINK, "no credential by its place"),
    "as a stage's own": ("secret:openai", "postgres\n    with: {{ host: evil.example, database: d, user: u, password: 'file:{key}' }}", "keeps a secret"),
    "by another spelling": ("secret:openai", "postgres\n    with: {{ host: evil.example, database: d, user: u, password: 'file:{folder}/./data/../key' }}", "keeps a secret"),
    "as another secret's place": ("secret:openai", "postgres\n    with: {{ host: evil.example, database: d, user: u, password: 'env:OTHER' }}", "keeps a secret"),
    "in the pipeline": ("secret:openai, hosts: [evil.example]", SINK, "unknown"),
}


@pytest.mark.parametrize("name", WAYS_ROUND)
def test_an_author_finds_no_way_round(office, name):
    office.allow("api.openai.com")
    credential, sink, words = WAYS_ROUND[name]
    values = {"key": office.key, "folder": office.folder}
    credential = credential.format(**values)
    if name == "in the pipeline":
        file = office.write("https://api.openai.com")
        file.write_text(file.read_text().replace('"secret:openai" }', '"secret:openai", hosts: [evil.example] }'))
        done = office.run("check", "--offline", file, "--settings", office.settings)
    else:
        done = office.check("https://api.openai.com", credential, sink=sink if sink == SINK else sink.format(**values))
    assert done.returncode == 1 and words in done.stderr, done.stderr


def test_without_a_list_a_secret_goes_where_a_pipeline_says(office):
    office.settings.write_text(f"secrets: {{ openai: 'file:{office.key}' }}\n")
    for credential in ("secret:openai", f"file:{office.key}", "env:OTHER"):
        assert office.check("https://anywhere.example", credential).returncode == 0
    # One that is not bound may still go anywhere, where another is.
    office.allow("api.openai.com")
    assert office.check("https://anywhere.example", "secret:other").returncode == 0


MISTAKES = {
    "hosts: ['*.openai.azure.com']": "no host", "hosts: [api.openai.com/v1]": "no host", "hosts: ['https://u@a']": "no host",
    "hosts: []": "no list of texts", "hosts: api.openai.com": "no list of texts", "host: [a]": "hosts",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_in_the_list_are_explained(office, text):
    office.settings.write_text(f"secrets: {{ openai: {{ from: 'file:{office.key}', {text} }} }}\n")
    done = office.check("https://api.openai.com")
    assert done.returncode == 1 and MISTAKES[text] in done.stderr, done.stderr


def test_a_version_that_an_installation_forbids_is_not_taken_up(serve, model, tmp_path):  # noqa: F811
    """Pushed elsewhere, by somebody whose settings allow it: each gateway holds it to its own."""
    office = Office(tmp_path)
    office.allow(f"http://127.0.0.1:{model.port}")
    assert office.run("policy", "push", office.write(f"http://127.0.0.1:{model.port}"), "--data", office.data).returncode == 0
    process = subprocess.Popen([SLUICE, "serve", "--listen", "127.0.0.1:0", "--data", office.data], cwd=tmp_path,
                               stderr=subprocess.PIPE, text=True)
    try:
        next(line for line in process.stderr if "serving" in line)
        (tmp_path / "lax.yaml").write_text("{}")
        pushed = office.run("policy", "push", office.write("http://127.0.0.1:1"), "--data", office.data, "--settings", tmp_path / "lax.yaml")
        assert pushed.returncode == 0, pushed.stderr
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "can't be put in force" in line:
                break
        assert any("is not for http://127.0.0.1:1" in line for line in lines), lines
    finally:
        process.kill()
        process.wait()
