"""A stand-in for HashiCorp Vault, which Debian and PyPI don't have. It holds requests to what Vault's HTTP API documents:
KV version 2 reads (`GET /v1/MOUNT/data/PATH`), AppRole (`POST /v1/auth/approle/login`), `token/lookup-self` and
`token/renew-self`, `X-Vault-Token`, `X-Vault-Namespace`, `X-Vault-Request`, and answers 400, 403, 404, 429 and 503 in the
documented shapes. What it does not show: that a real Vault takes these requests."""
import http.server
import json
import secrets
import threading
import time


class Vault:
    def __init__(self, namespace=""):
        self.values = {"secret/ai/openai": {"api_key": "sk-first", "note": "other"}}
        self.deleted = set()
        self.tokens = {}
        self.roles = {"role-1": "shh-1"}
        self.lease, self.renewable = 3600, True
        self.namespace = namespace
        self.broken = None
        self.calls, self.wrong = [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply("GET")

            def do_POST(self):
                self.reply("POST")

            def reply(self, method):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                outer.calls.append((method, self.path))
                status, answer = outer.answer(method, self.path, self.headers, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def issue(self, lease=None, renewable=None):
        token = "hvs." + secrets.token_urlsafe(24)
        self.tokens[token] = [time.time(), self.lease if lease is None else lease, self.renewable if renewable is None else renewable]
        return token

    def count(self, path):
        return sum(1 for _, called in self.calls if called == path)

    def is_good(self, token):
        known = self.tokens.get(token)
        return known is not None and (known[1] == 0 or time.time() < known[0] + known[1])

    def auth(self, token):
        return {"request_id": "r", "lease_id": "", "renewable": False, "lease_duration": 0, "data": None, "auth": {
            "client_token": token, "accessor": "a", "policies": ["default", "sluice"], "metadata": {},
            "lease_duration": self.tokens[token][1], "renewable": self.tokens[token][2], "token_type": "service"}}

    def answer(self, method, path, fields, body):
        if self.broken:
            return self.broken
        if fields.get("x-vault-request") != "true":
            self.wrong.append("no X-Vault-Request")
            return 412, {"errors": ["required 'X-Vault-Request' header is missing"]}
        if fields.get("x-vault-namespace", "") != self.namespace:
            return 403, {"errors": ["permission denied"]}
        if path == "/v1/auth/approle/login":
            asked = json.loads(body)
            if method != "POST" or set(asked) != {"role_id", "secret_id"} or self.roles.get(asked["role_id"]) != asked["secret_id"]:
                return 400, {"errors": ["invalid role or secret ID"]}
            return 200, self.auth(self.issue())
        token = fields.get("x-vault-token", "")
        if not self.is_good(token):
            return 403, {"errors": ["permission denied"]}
        if (method, path) == ("GET", "/v1/auth/token/lookup-self"):
            since, lease, renewable = self.tokens[token]
            return 200, {"data": {"id": token, "ttl": int(max(0, since + lease - time.time())) if lease else 0, "renewable": renewable}}
        if (method, path) == ("POST", "/v1/auth/token/renew-self"):
            if not self.tokens[token][2]:
                return 400, {"errors": ["lease is not renewable"]}
            self.tokens[token][0] = time.time()
            return 200, self.auth(token)
        mount, _, rest = path.removeprefix("/v1/").partition("/data/")
        place = f"{mount}/{rest}"
        if method != "GET" or not rest:
            self.wrong.append((method, path))
            return 405, {"errors": ["unsupported operation"]}
        metadata = {"created_time": "2026-01-01T00:00:00Z", "custom_metadata": None, "deletion_time": "", "destroyed": False, "version": 1}
        if place in self.deleted:
            return 404, {"data": {"data": None, "metadata": {**metadata, "deletion_time": "2026-01-02T00:00:00Z"}}}
        if place not in self.values:
            return 404, {"errors": []}
        return 200, {"request_id": "r", "lease_id": "", "renewable": False, "lease_duration": 0, "auth": None,
                     "data": {"data": self.values[place], "metadata": metadata}}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
