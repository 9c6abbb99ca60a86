"""Connections that hold places and do nothing: they lose them, and keep nobody out."""
import errno
import json
import select
import socket
import time

import pytest

HEAD = b"GET /api/v1/health HTTP/1.1\r\nhost: a\r\n"


def connect(gateway, address="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=20, source_address=(address, 0))


def is_closed(raw):
    """Whether the other side has ended it; what it has sent before is passed over."""
    raw.setblocking(False)
    try:
        while raw.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError as error:
        assert error.errno in (errno.ECONNRESET, errno.EPIPE)
        return True


def ended(sockets):
    return sum(is_closed(raw) for raw in sockets)


def wait_until(question, seconds=20):
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def health(gateway):
    raw = connect(gateway)
    raw.sendall(HEAD + b"connection: close\r\n\r\n")
    with raw:
        return raw.recv(65536).startswith(b"HTTP/1.1 200")


def test_half_open_heads_delay_nobody(admin):
    gateway = admin()
    # From one address and from several, more than there is room for.
    half = []
    for number in range(600):
        raw = connect(gateway, f"127.0.0.{2 + number % 6}")
        raw.sendall(HEAD[:20])
        half.append(raw)
    begun = [time.monotonic()]
    # Not one of these waits for another's time to be over, which is ten seconds from now at the earliest.
    for _ in range(50):
        assert health(gateway)
    assert gateway.call_as("admin", "GET", "/me").status == 200
    assert ended(half) >= 600 - 256, "those that have waited longest make room"
    assert ended(half) < 600, f"the others still have their time after {time.monotonic() - begun[0]} s"
    for raw in half:
        raw.close()


def test_a_head_that_drips_ends(admin):
    gateway = admin()
    drips = [connect(gateway) for _ in range(20)]
    deadline = time.monotonic() + 30
    while ended(drips) < 20:
        assert time.monotonic() < deadline, "bytes that drip keep a connection"
        for raw in drips:
            try:
                raw.send(b"a")
            except OSError:
                pass
        time.sleep(0.5)
    # What is not a letter of a method ends sooner; that of a field's value does not.
    slow = connect(gateway)
    slow.sendall(HEAD + b"x: ")
    deadline = time.monotonic() + 30
    while not is_closed(slow):
        assert time.monotonic() < deadline
        try:
            slow.send(b"a")
        except OSError:
            pass
        time.sleep(0.5)
    assert health(gateway)


def test_one_address_does_not_take_all_the_room(admin):
    gateway = admin()
    other = connect(gateway, "127.0.0.9")
    other.sendall(HEAD + b"\r\n")
    assert other.recv(65536).startswith(b"HTTP/1.1 200")
    mine = [connect(gateway) for _ in range(200)]
    wait_until(lambda: ended(mine) >= 200 - 96)
    # Whoever was here before, from elsewhere, still is.
    other.setblocking(True)
    other.settimeout(20)
    other.sendall(HEAD + b"\r\n")
    assert other.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_body_that_drips_ends(admin):
    gateway = admin()
    raw = connect(gateway)
    key = gateway.keys["admin"]
    raw.sendall(f"POST /api/v1/keys HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n".encode())
    deadline = time.monotonic() + 60
    while not is_closed(raw):
        assert time.monotonic() < deadline, "a body that drips keeps a connection"
        try:
            raw.send(b" ")
        except OSError:
            pass
        time.sleep(0.5)
    assert health(gateway)


def test_pipelined_calls_and_kept_connections_still_work(admin):
    gateway = admin()
    with connect(gateway) as raw:
        raw.sendall((HEAD + b"\r\n") * 20)
        text = b""
        while text.count(b"HTTP/1.1 200") < 20:
            assert select.select([raw], [], [], 20)[0]
            text += raw.recv(65536)
        time.sleep(12)
        # Longer than a head may take: the time of a kept connection is another.
        raw.sendall(HEAD + b"\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 200")
