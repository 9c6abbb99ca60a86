"""Many streams at once through a gateway, to a model that repeats protected values in pieces."""
import asyncio
import json
import time

NAME, SSN = "Margaret Holloway", "536-22-8719"
PROMPT = f"Patient {NAME}, SSN {SSN}, was seen."
# Parts of it, too, but none so short that a random id has it now and then.
PLANTED = [b"Margaret", b"Holloway", b"536-22", b"22-8719"]
ANSWER = f"The patient, {NAME}, whose SSN is {SSN}, was seen by the surgeon and may go home."


class Model:
    """Answers a chat with a stream; 'break' in the prompt makes the answer one that its detector breaks at."""

    async def start(self):
        self.received = bytearray()
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
                body = await reader.readexactly(length)
                if len(self.received) < 32 << 20:
                    self.received += body
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
                pieces = [ANSWER[start:start + 7] for start in range(0, len(ANSWER), 7)]
                if b"break" in body:
                    pieces.insert(5, " crash ")
                for piece in pieces:
                    event = json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
                        {"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
                    self.event(writer, event)
                    await writer.drain()
                    await asyncio.sleep(0.003)
                self.event(writer, "[DONE]")
                writer.write(b"0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    def event(writer, text):
        data = f"data: {text}\n\n".encode()
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def ask(port, key, prompt):
    """The answer's status, and all of its bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": prompt}]}).encode()
    writer.write(b"POST /openai/v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\ncontent-type: application/json\r\n"
                 + f"authorization: Bearer {key}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    data = await reader.read(-1)
    writer.close()
    return int(data.split(b" ", 2)[1]) if data else 0, data


def text_of(data):
    """The deltas of a stream, joined."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    events = [json.loads(line[6:]) for line in lines if line.startswith(b"data: {")]
    return "".join(choice["delta"].get("content") or "" for event in events for choice in event.get("choices", []))


class Load:
    """Workers that ask again and again; each hundredth request makes the isolated detector crash."""

    def __init__(self, port, key, streams, every=100):
        self.port, self.key, self.streams, self.every = port, key, streams, every
        self.asked = self.passed = self.denied = self.cut = 0
        self.problems = []
        self.texts = set()

    async def work(self, end):
        while time.monotonic() < end:
            self.asked += 1
            turn = self.asked % self.every
            kind = "crash" if turn == 0 else "break" if turn == self.every // 2 and self.asked // self.every % 2 else ""
            status, data = await ask(self.port, self.key, f"{PROMPT} {kind}")
            if any(word in data for word in PLANTED):
                self.problems.append(("a protected value", data[:2000]))
            if kind == "crash":
                self.denied += 1
                if status != 503:
                    self.problems.append(("a crash that passed", status, data[:500]))
            elif kind == "break":
                self.cut += 1
                if b"[DONE]" in data:
                    self.problems.append(("a crash in the answer that passed", data[-500:]))
            elif status != 200 or b"[DONE]" not in data:
                self.problems.append(("harmed", status, data[-330:-150], asyncio.get_running_loop().time()))
            else:
                self.passed += 1
                self.texts.add(text_of(data))

    async def run(self, seconds):
        end = time.monotonic() + seconds
        await asyncio.gather(*(self.work(end) for _ in range(self.streams)))
