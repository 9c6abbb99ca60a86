"""A network between a gateway and its database, which a test may cut: the database lives on, and others reach it."""
import socket
import threading

from upstream import end_listening


class CutLine:
    def __init__(self, address, port):
        self.there = (address, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_whole = threading.Event()
        self.is_whole.set()
        self.sockets, self.lock = [], threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.is_whole.is_set():
                near.close()
                continue
            far = socket.create_connection(self.there)
            with self.lock:
                self.sockets += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        try:
            while data := one.recv(65536):
                # What is under way when the line is cut is not delivered, and nobody is told.
                self.is_whole.wait()
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self, silently):
        """silently: connections stay, and nothing comes any more; else they end."""
        self.is_whole.clear()
        if not silently:
            self.close_all()

    def mend(self):
        self.close_all()
        self.is_whole.set()

    def close_all(self):
        with self.lock:
            ends, self.sockets = self.sockets, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def close(self):
        end_listening(self.listener)
        self.mend()
