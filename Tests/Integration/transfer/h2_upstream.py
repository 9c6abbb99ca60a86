"""A stand-in upstream that speaks HTTP/2 over TLS and does what a test tells it to."""
import socket
import ssl
import threading
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

from upstream import end_listening


class Stream:
    def __init__(self, connection, number, head):
        self.connection, self.number, self.head = connection, number, head
        self.body = bytearray()
        self.is_reset = threading.Event()


class Connection:
    """One connection: its streams are answered by `reply(stream)` on threads of their own."""

    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.lock = threading.RLock()
        self.window = threading.Condition(self.lock)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.streams = {}
        self.is_closed = False
        self.is_leaving = False
        self.last = self.left_at = 0

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.sock.sendall(data)

    def run(self):
        with self.lock:
            self.h2.initiate_connection()
            self.h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: self.server.maximum_streams})
            self.flush()
        try:
            while True:
                data = self.sock.recv(65536)
                if not data:
                    break
                with self.lock:
                    for event in self.h2.receive_data(data):
                        self.handle(event)
                    self.flush()
                    self.window.notify_all()
        except (OSError, h2.exceptions.ProtocolError):
            pass
        with self.lock:
            self.is_closed = True
            for stream in self.streams.values():
                stream.is_reset.set()
            self.window.notify_all()

    def handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.last = event.stream_id
            self.streams[event.stream_id] = Stream(self, event.stream_id, dict(event.headers))
        elif isinstance(event, h2.events.DataReceived):
            self.streams[event.stream_id].body += event.data
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.server.resets.append((event.stream_id, event.error_code))
            if event.stream_id in self.streams:
                self.streams[event.stream_id].is_reset.set()
        if isinstance(event, h2.events.StreamEnded) and not (self.is_leaving and event.stream_id > self.left_at):
            stream = self.streams[event.stream_id]
            self.server.requests.append((stream.head, bytes(stream.body)))
            threading.Thread(target=self.answer, args=(stream,), daemon=True).start()

    def answer(self, stream):
        try:
            self.server.reply(stream)
        except (OSError, h2.exceptions.ProtocolError):
            pass

    # What a reply may do.
    def head(self, stream, status=200, end=False, **fields):
        with self.lock:
            self.h2.send_headers(stream.number, [(":status", str(status)), *((k.replace("_", "-"), v) for k, v in fields.items())], end_stream=end)
            self.flush()

    def data(self, stream, data, end=False):
        while True:
            with self.lock:
                while not self.is_closed and not stream.is_reset.is_set() and data and self.h2.local_flow_control_window(stream.number) == 0:
                    self.window.wait(1)
                if self.is_closed or stream.is_reset.is_set():
                    raise OSError("the stream is gone")
                size = min(len(data), self.h2.local_flow_control_window(stream.number), self.h2.max_outbound_frame_size)
                self.h2.send_data(stream.number, data[:size], end_stream=end and size == len(data))
                self.flush()
                self.server.sent += size
                data = data[size:]
            if not data:
                return

    def reset(self, stream, code=h2.errors.ErrorCodes.REFUSED_STREAM):
        with self.lock:
            self.h2.reset_stream(stream.number, code)
            self.flush()

    def go_away(self, last):
        with self.lock:
            self.h2.close_connection(last_stream_id=last)
            self.flush()

    def go_away_gently(self, last):
        """As servers do: what has begun goes on. h2 itself takes nothing more after a GOAWAY, so it isn't told."""
        with self.lock:
            self.left_at = last
            self.sock.sendall((8).to_bytes(3, "big") + bytes([7, 0]) + bytes(4) + last.to_bytes(4, "big") + bytes(4))

    def cut(self):
        self.sock.close()


class H2Upstream:
    def __init__(self, authority, protocols=("h2",), maximum_streams=100):
        self.maximum_streams = maximum_streams
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority / "server.pem", authority / "server.key")
        self.context.set_alpn_protocols(list(protocols))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        self.requests = []
        self.resets = []
        self.sent = 0
        self.reply = lambda stream: self.whole(stream, "Hello.")
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            sock = self.context.wrap_socket(sock, server_side=True)
        except (OSError, h2.exceptions.ProtocolError):
            return
        if sock.selected_alpn_protocol() != "h2":
            return
        connection = Connection(self, sock)
        self.connections.append(connection)
        connection.run()

    def close(self):
        end_listening(self.listener)
        for connection in self.connections:
            connection.sock.close()

    @staticmethod
    def whole(stream, text):
        from upstream import Upstream
        body = Upstream.whole(text).split(b"\r\n\r\n", 1)[1]
        stream.connection.head(stream, content_type="application/json", content_length=str(len(body)))
        stream.connection.data(stream, body, end=True)

    @staticmethod
    def wait(condition, seconds=5):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.01)
        return False
