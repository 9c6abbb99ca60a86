"""A request that comes in one write with the end of the one before has not been looked at by the guard of framing: it is not taken."""
import socket
import time


def say(gateway, *writes):
    with socket.create_connection(("127.0.0.1", gateway.port)) as wire:
        wire.settimeout(10)
        answer = b""
        for data in writes:
            wire.sendall(data)
            time.sleep(0.3)
        try:
            while piece := wire.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def head(gateway, line="GET /openai/v1/models HTTP/1.1", end="\r\n"):
    return f"{line}{end}Host: x{end}Authorization: Bearer {gateway.key()}{end}{end}".encode()


def test_in_one_write(gateway, upstream):
    upstream.reply = lambda head, body: upstream.whole("", extra=b'{"object":"list","data":[]}')
    answer = say(gateway, head(gateway) + head(gateway))
    assert answer.count(b"HTTP/1.1 200") == 1 and b"connection: close" in answer.lower(), answer
    for second in [head(gateway, end="\n"), b"GET /metrics HTTP/1.1\nHost: x\n\n"]:
        # The parser may refuse it, and then nobody is answered.
        assert say(gateway, head(gateway) + second).count(b"HTTP/1.1 ") <= 1
    assert len(upstream.requests) <= 3


def test_in_two_writes(gateway, upstream):
    upstream.reply = lambda head, body: upstream.whole("", extra=b'{"object":"list","data":[]}')
    last = head(gateway, "GET /healthz HTTP/1.1")
    assert say(gateway, head(gateway), head(gateway), last).count(b"HTTP/1.1 200") == 3
    assert b"HTTP/1.1 400" in say(gateway, head(gateway), head(gateway, end="\n"))
