"""A proxy in front of a store that does what goes wrong with stores: 503, silence, cut connections, a wrong clock.

Requests are passed on as they came, so that their signatures stay right.
"""
import email.utils
import http.client
import http.server
import threading
import time
import datetime

ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code><Message>made up by a test</Message></Error>'


class Answer:
    """What a fault answers in the store's place."""

    def __init__(self, status, code="", headers=None, body=None):
        self.status = status
        self.headers = headers or {}
        self.body = body if body is not None else (ERROR.format(code).encode() if code else b"")


class FaultProxy:
    """`fault(method, path, headers)` is asked before each request: None passes it on; an Answer answers it; "cut" ends the
    connection before, "lost" after the store has done it, and "half" in the middle of its answer; "silent" waits until
    the client gives up."""

    def __init__(self, target, clock=None, tls=None):
        self.target = target
        self.fault = lambda method, path, headers: None
        self.requests = []  # method, path, headers, length of the body
        self.passed = []  # method, path and status of what the store answered
        self.clock = clock  # seconds that the store's clock is ahead
        self.closed = threading.Event()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_any

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *words: None  # clients that go away in the middle
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.closed.set()
        self.server.shutdown()
        self.server.server_close()

    def handle(self, request):
        length = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(length)
        self.requests.append((request.command, request.path, dict(request.headers), len(body)))
        fault = self.wrong_clock(request.headers) or self.fault(request.command, request.path, request.headers)
        if fault == "cut":
            request.close_connection = True
            return
        if fault == "silent":
            self.closed.wait(30)
            request.close_connection = True
            return
        if isinstance(fault, Answer):
            return self.answer(request, fault.status, {"Content-Type": "application/xml", **fault.headers}, fault.body)
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        try:
            connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            data = response.read()
        except OSError:
            request.close_connection = True
            return
        finally:
            connection.close()
        self.passed.append((request.command, request.path, response.status))
        if fault == "lost":
            request.close_connection = True
            return
        headers = {name: value for name, value in response.getheaders()
                   if name.lower() not in ("transfer-encoding", "connection", "date", "server", "keep-alive")}
        if request.command != "HEAD":
            headers["Content-Length"] = str(len(data))
        try:
            self.answer(request, response.status, headers, data, is_half=fault == "half")
        except OSError:
            request.close_connection = True  # whoever asked is gone

    def answer(self, request, status, headers, body, is_half=False):
        request.send_response_only(status)
        request.send_header("Date", email.utils.formatdate(time.time() + (self.clock or 0), usegmt=True))
        for name, value in headers.items():
            request.send_header(name, value)
        if "Content-Length" not in headers:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body[:len(body) // 2] if is_half else body)
        if is_half:
            request.close_connection = True

    def wrong_clock(self, headers):
        """As S3 has it: a request that is signed for another time than its own, give or take 15 minutes, is refused."""
        if self.clock is None:
            return None
        said = datetime.datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        if abs(said.timestamp() - time.time() - self.clock) > 900:
            return Answer(403, "RequestTimeTooSkewed")
        return None
