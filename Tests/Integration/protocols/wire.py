"""What a client sends and gets, byte for byte, beside what its SDK makes of it."""

import http.client
import json

import anthropic
import httpx2
import openai


class Copied(httpx2.SyncByteStream):
    def __init__(self, stream, into):
        self.stream = stream
        self.into = into

    def __iter__(self):
        for piece in self.stream:
            self.into += piece
            yield piece

    def close(self):
        self.stream.close()


class CopiedAsync(httpx2.AsyncByteStream):
    def __init__(self, stream, into):
        self.stream = stream
        self.into = into

    async def __aiter__(self):
        async for piece in self.stream:
            self.into += piece
            yield piece

    async def aclose(self):
        await self.stream.aclose()


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    def __init__(self):
        self.inner = httpx2.HTTPTransport()
        self.inner_async = httpx2.AsyncHTTPTransport()
        self.sent = b""
        self.request = None
        self.status = 0
        self.headers = {}
        self.came = bytearray()
        self.all_came = bytearray()

    def keep(self, response, kind):
        self.status = response.status_code
        self.headers = dict(response.headers)
        self.came = bytearray()
        response.stream = kind(kind(response.stream, self.came), self.all_came)
        return response

    def handle_request(self, request):
        self.sent, self.request = request.read(), request
        return self.keep(self.inner.handle_request(request), Copied)

    async def handle_async_request(self, request):
        self.sent, self.request = await request.aread(), request
        return self.keep(await self.inner_async.handle_async_request(request), CopiedAsync)

    def close(self):
        self.inner.close()

    async def aclose(self):
        await self.inner_async.aclose()


def openai_client(site, key=None):
    wire = Wire()
    made = openai.OpenAI(base_url=f"{site.url}/v1", api_key=key or site.key, max_retries=0, http_client=httpx2.Client(transport=wire, timeout=30))
    return made, wire


def anthropic_client(site, key=None):
    wire = Wire()
    made = anthropic.Anthropic(base_url=site.url, api_key=key or site.key, max_retries=0, http_client=httpx2.Client(transport=wire, timeout=30))
    return made, wire


def raw(site, method, path, body=None, headers=None, key=True):
    """A request without an SDK: status, header fields (lower case) and body."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body, ensure_ascii=False).encode()
    connection = http.client.HTTPConnection("127.0.0.1", site.gateway.port, timeout=30)
    fields = {"Content-Type": "application/json"} if body is not None else {}
    if key:
        fields["Authorization"] = f"Bearer {site.key}"
    fields.update(headers or {})
    connection.request(method, f"{site.path}{path}", body, fields)
    answer = connection.getresponse()
    data = answer.read()
    found = {}
    for name, value in answer.getheaders():
        found.setdefault(name.lower(), value)
    connection.close()
    return answer.status, found, data
