"""Services that notifications go to, as their vendors document them: each checks what it is sent and says no to the rest."""
import base64
import hashlib
import hmac
import http.server
import json
import re
import threading
import time
import urllib.parse


class Service:
    """An HTTP server on loopback. `answer(request)` returns status, headers and body; what it got is in `requests`."""

    def __init__(self):
        self.requests = []
        self.faults = []
        self.failing = []
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def work(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                request = {"method": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
                service.requests.append(request)
                try:
                    status, headers, answer = service.failing.pop(0) if service.failing else service.answer(request)
                except Exception as error:
                    service.faults.append(f"{self.command} {self.path}: {error}")
                    status, headers, answer = 400, {}, b""
                if not isinstance(answer, bytes):
                    answer = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PATCH = do_PUT = work

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, found, seconds=20):
        for _ in range(int(seconds * 20)):
            if (value := found()) is not None:
                return value
            time.sleep(0.05)
        raise AssertionError(f"it did not come; there are {[(r['method'], r['path']) for r in self.requests]}, {self.faults}")


class Slack(Service):
    """https://docs.slack.dev/reference/methods/chat.postMessage, chat.update, chat.postEphemeral; Block Kit."""

    TOKEN = "xoxb-1-2-abcdef"
    SIGNING = "8f742231b10e8888abcd99"

    def __init__(self):
        super().__init__()
        self.messages = {}
        self.whispers = []

    def answer(self, request):
        assert request["method"] == "POST"
        if request["headers"].get("authorization") != f"Bearer {self.TOKEN}":
            return 200, {}, {"ok": False, "error": "invalid_auth"}
        assert request["headers"]["content-type"].startswith("application/json")
        body = json.loads(request["body"])
        method = request["path"].removeprefix("/api/")
        if method == "chat.postEphemeral":
            assert body["user"] and body["channel"] and body["text"]
            self.whispers.append(body)
            return 200, {}, {"ok": True, "message_ts": "1.1"}
        self.check_blocks(body["blocks"])
        assert body["text"] and "<" not in body["text"]
        if method == "chat.postMessage":
            stamp = f"{int(time.time())}.{len(self.messages):06}"
            self.messages[stamp] = body
            return 200, {}, {"ok": True, "channel": body["channel"], "ts": stamp}
        assert method == "chat.update", method
        if body["ts"] not in self.messages:
            return 200, {}, {"ok": False, "error": "message_not_found"}
        self.messages[body["ts"]] = body
        return 200, {}, {"ok": True, "channel": body["channel"], "ts": body["ts"]}

    @staticmethod
    def check_blocks(blocks):
        assert 1 <= len(blocks) <= 50
        for block in blocks:
            kind = block["type"]
            if kind == "header":
                assert block["text"]["type"] == "plain_text" and 1 <= len(block["text"]["text"]) <= 150
            elif kind == "section":
                fields = block["fields"]
                assert 1 <= len(fields) <= 10 and all(1 <= len(f["text"]) <= 2000 and f["type"] in ("plain_text", "mrkdwn") for f in fields)
            elif kind == "actions":
                assert 1 <= len(block["elements"]) <= 25
                for element in block["elements"]:
                    assert element["type"] == "button" and element["text"]["type"] == "plain_text" and len(element["text"]["text"]) <= 75
                    assert len(element["action_id"]) <= 255 and len(element.get("value", "")) <= 2000 and len(element.get("url", "")) <= 3000
                    assert element.get("style", "primary") in ("primary", "danger")
                assert len({e["action_id"] for e in block["elements"]}) == len(block["elements"])
            else:
                assert kind == "context" and 1 <= len(block["elements"]) <= 10

    def buttons(self, stamp):
        return {e["action_id"]: e.get("value") for b in self.messages[stamp]["blocks"] if b["type"] == "actions" for e in b["elements"]}

    def press(self, stamp, action="approve", user="U0456", team="T0123", value=None):
        """The request that Slack makes when somebody presses a button: headers and body."""
        payload = {
            "type": "block_actions", "user": {"id": user, "username": "bo", "team_id": team}, "api_app_id": "A02", "token": "legacy",
            "container": {"type": "message", "message_ts": stamp, "channel_id": "C0789", "is_ephemeral": False}, "trigger_id": "12.34.56",
            "team": {"id": team, "domain": "clinic"}, "channel": {"id": "C0789", "name": "privacy"}, "response_url": "https://hooks.slack.com/actions/x",
            "actions": [{"action_id": action, "block_id": "=qXel", "text": {"type": "plain_text", "text": "x"}, "value": value or self.buttons(stamp)[action], "type": "button", "action_ts": stamp}]}
        return self.sign(urllib.parse.urlencode({"payload": json.dumps(payload)}).encode())

    def sign(self, body, at=None, secret=None):
        stamp = str(int(at or time.time()))
        code = hmac.new((secret or self.SIGNING).encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"x-slack-signature": "v0=" + code, "x-slack-request-timestamp": stamp, "content-type": "application/x-www-form-urlencoded"}, body


class Teams(Service):
    """A workflow's webhook, and the outgoing webhook's HMAC: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors"""

    KEY = base64.b64encode(b"the outgoing webhook's security token").decode()

    def __init__(self):
        super().__init__()
        self.cards = []

    def answer(self, request):
        assert request["method"] == "POST" and request["path"] == "/workflows/abc?sig=secret", request["path"]
        assert request["headers"]["content-type"] == "application/json"
        body = json.loads(request["body"])
        assert body["type"] == "message" and len(body["attachments"]) == 1
        attachment = body["attachments"][0]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive" and attachment["contentUrl"] is None
        card = attachment["content"]
        assert card["type"] == "AdaptiveCard" and card["version"] == "1.4" and len(request["body"]) < 28_000
        for block in card["body"]:
            assert block["type"] == "RichTextBlock" and all(i["type"] == "TextRun" for i in block["inlines"])
        assert all(a["type"] == "Action.OpenUrl" for a in card["actions"])
        self.cards.append(card)
        return 202, {}, b""

    def text(self, card):
        return "\n".join("".join(i["text"] for i in block["inlines"]) for block in card["body"])

    def message(self, text, person="aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb", at=None, number="1"):
        moment = time.gmtime(at or time.time())
        body = json.dumps({
            "type": "message", "id": number, "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", moment), "serviceUrl": "https://smba.trafficmanager.net/amer/",
            "channelId": "msteams", "from": {"id": "29:1", "name": "Bo", "aadObjectId": person}, "conversation": {"id": "19:x@thread.skype"},
            "textFormat": "plain", "text": f"<at>Sluice</at>&nbsp;{text}"}).encode()
        code = base64.b64encode(hmac.new(base64.b64decode(self.KEY), body, hashlib.sha256).digest()).decode()
        return {"authorization": "HMAC " + code, "content-type": "application/json"}, body


class Jira(Service):
    """Jira's REST API, versions 2 and 3: issues, comments, search."""

    def __init__(self):
        super().__init__()
        self.issues = {}
        self.comments = {}

    def answer(self, request):
        expected = "Basic " + base64.b64encode(b"bot@clinic.example:jira-token").decode()
        if request["headers"].get("authorization") != expected:
            return 401, {}, {}
        path = urllib.parse.urlsplit(request["path"])
        query = urllib.parse.parse_qs(path.query)
        if request["method"] == "POST" and path.path == "/rest/api/2/issue":
            fields = json.loads(request["body"])["fields"]
            assert fields["project"] == {"key": "PRIV"} and fields["issuetype"] == {"name": "Task"} and 0 < len(fields["summary"]) <= 255
            assert "\n" not in fields["summary"] and all(re.fullmatch(r"[^\s]+", label) for label in fields["labels"])
            key = f"PRIV-{len(self.issues) + 1}"
            self.issues[key] = {"fields": {**fields, "status": {"name": "Open"}}, "changelog": {"histories": []}}
            return 201, {}, {"id": "10000", "key": key, "self": f"{self.url}/rest/api/2/issue/10000"}
        if match := re.fullmatch(r"/rest/api/2/issue/([A-Z]+-\d+)(/comment)?", path.path):
            key, comment = match.groups()
            if key not in self.issues:
                return 404, {}, {}
            if comment:
                self.comments.setdefault(key, []).append(json.loads(request["body"])["body"])
                return 201, {}, {"id": "1"}
            assert query["expand"] == ["changelog"]
            return 200, {}, {"key": key, "fields": {"status": self.issues[key]["fields"]["status"]}, "changelog": self.issues[key]["changelog"]}
        assert request["method"] == "GET" and path.path == "/rest/api/3/search/jql", request["path"]
        label = re.fullmatch(r'creator=currentUser\(\) AND project="PRIV" AND labels="(sluice-apr_[a-z0-9]+)"', query["jql"][0]).group(1)
        found = [key for key, issue in self.issues.items() if label in issue["fields"]["labels"] and issue.get("creator", "bot") == "bot"]
        return 200, {}, {"issues": [{"id": "1", "key": key} for key in found[:1]], "isLast": True}

    def move(self, key, status, author):
        issue = self.issues[key]
        histories = issue["changelog"]["histories"]
        histories.insert(0, {
            "id": str(100 + len(histories)), "author": {"accountId": author}, "created": time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime()),
            "items": [{"field": "status", "fromString": issue["fields"]["status"]["name"], "toString": status}]})
        issue["fields"]["status"] = {"name": status}


class ServiceNow(Service):
    """The Table API."""

    def __init__(self):
        super().__init__()
        self.records = {}
        self.approvals = []

    def answer(self, request):
        if request["headers"].get("authorization") != "Basic " + base64.b64encode(b"sluice:now-password").decode():
            return 401, {}, {}
        path = urllib.parse.urlsplit(request["path"])
        query = urllib.parse.parse_qs(path.query)
        if request["method"] == "POST":
            assert path.path == "/api/now/table/change_request"
            record = json.loads(request["body"])
            assert len(record["short_description"]) <= 160 and record["correlation_id"].startswith("apr_")
            identifier = hashlib.md5(record["correlation_id"].encode()).hexdigest()
            assert identifier not in self.records, "a second record for one approval"
            self.records[identifier] = record
            return 201, {}, {"result": {"sys_id": identifier, "number": "CHG001"}}
        if request["method"] == "PATCH":
            self.records[path.path.rsplit("/", 1)[1]].update(json.loads(request["body"]))
            return 200, {}, {"result": {}}
        assert request["method"] == "GET"
        wanted = query["sysparm_query"][0]
        if path.path.endswith("/change_request"):
            found = [(i, r) for i, r in self.records.items() if wanted == f"correlation_id={r['correlation_id']}^ORDERBYsys_created_on"]
            return 200, {}, {"result": [{"sys_id": i, "sys_created_by": r.get("sys_created_by", "sluice")} for i, r in found]}
        assert path.path == "/api/now/table/sysapproval_approver"
        identifier = re.fullmatch(r"sysapproval=([0-9a-f]{32})\^stateINapproved,rejected\^ORDERBYsys_updated_on", wanted).group(1)
        return 200, {}, {"result": [
            {"sys_id": f"{n:032x}", "state": state, "approver.user_name": who, "sys_updated_by": by[0] if by else who, "sys_updated_on": "2026-11-26 10:00:00"}
            for n, (record, who, state, *by) in enumerate(self.approvals) if record == identifier]}


class Webhook(Service):
    """Takes Standard Webhooks, verified by the reference library."""

    SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    REPLY = "whsec_" + base64.b64encode(b"fedcba9876543210fedcba9876543210").decode()

    def __init__(self):
        super().__init__()
        self.events = []

    def answer(self, request):
        from standardwebhooks import Webhook as Reference

        Reference(self.SECRET).verify(request["body"], request["headers"])
        self.events.append((request["headers"]["webhook-id"], json.loads(request["body"])))
        return 204, {}, b""

    def reply(self, approval, verdict="approve", person="bo", identifier="msg_1", at=None, secret=None, comment=""):
        import datetime

        from standardwebhooks import Webhook as Reference

        body = json.dumps({"approval": approval, "verdict": verdict, "person": person, "comment": comment})
        moment = datetime.datetime.fromtimestamp(int(at or time.time()), datetime.timezone.utc)
        return {
            "webhook-id": identifier, "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Reference(secret or self.REPLY).sign(identifier, moment, body), "content-type": "application/json"}, body.encode()
