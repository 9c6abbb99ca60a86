"""A gateway that serves pushed policies and the admin API, and people with one role each."""
import json
import socket
import urllib.error
import urllib.request

import pytest

from main_gateway import Gateway, PIPELINE

ROLES = {"developer": "engineers", "approver": "officers", "auditor": "auditors", "admin": "platform"}


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    @property
    def json(self):
        return json.loads(self.body)


class Admin(Gateway):
    def __init__(self, folder, upstream, **settings):
        self.data, self.upstream = folder / "data", upstream
        values = dict(request="64KiB", hold="1s", idle="2s", request_time="2s", response_time="2s", at=100, policy="", gate="", score="", detect="", shadows="")
        values.update(url=f"http://127.0.0.1:{upstream.port}", trust="", evidence=folder / "evidence")
        values.update(settings)
        self.text = PIPELINE.format(**values)
        self.files = folder / "pipelines"
        self.files.mkdir()
        (self.files / "one.yaml").write_text(self.text)
        self.data.mkdir(mode=0o700)
        (self.data / "sluice.yaml").write_text("roles:\n" + "".join(f"  {role}: [{group}]\n" for role, group in ROLES.items()))
        self.port, self.admin_port = free_port(), free_port()
        self.log = open(folder / "gateway.log", "wb")
        self.environment = {}
        self.run("policy", "push", self.files, "--data", self.data)
        self.pipeline, self.words = f"--admin=127.0.0.1:{self.admin_port}", []
        self.start()
        self.keys = {role: self.key(f"{role}@example.org", group) for role, group in ROLES.items()}

    @property
    def address(self):
        return f"http://127.0.0.1:{self.admin_port}"

    def call(self, method, path, key=None, body=None, headers=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {**({"content-type": "application/json"} if data is not None else {}), **({"authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        request = urllib.request.Request(f"{self.address}/api/v1{path}", data=data, headers=fields, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def call_as(self, role, method, path, body=None, headers=None):
        return self.call(method, path, self.keys[role], body, headers)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def admin(tmp_path, upstream):
    made = []

    def make(**settings):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Admin(folder, upstream, **settings))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
