"""Canaille, a real OpenID provider that is not ours, on loopback."""
import base64
import hashlib
import secrets
import socket
import threading
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

REDIRECT = "http://127.0.0.1/callback"
with socket.create_server(("127.0.0.1", 0)) as _probe:
    # Canaille knows addresses to come back to by their whole text.
    LOGIN_PORT = _probe.getsockname()[1]
PASSWORD = "correct horse battery staple"


class Quiet(WSGIRequestHandler):
    def log(self, *words):
        pass


def make_key():
    return RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)


class Canaille:
    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{port}"
        self.app = create_app({
            "SECRET_KEY": secrets.token_hex(16), "SERVER_NAME": f"127.0.0.1:{port}", "PREFERRED_URL_SCHEME": "http",
            "WTF_CSRF_ENABLED": False, "CANAILLE": {"DATABASE": "memory"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [make_key()], "REQUIRE_NONCE": False}})
        with self.app.app_context():
            store = Backend.instance
            user = models.User(
                user_name="ana", family_name="Ruiz", formatted_name="Ana Ruiz", emails=["ana@example.org"], password=PASSWORD)
            store.save(user)
            store.save(models.Group(display_name="clinicians", members=[user]))
            store.save(models.Group(display_name="staff", members=[user]))
            client = models.Client(
                client_id="sluice", client_name="Sluice", client_uri="http://127.0.0.1", redirect_uris=[REDIRECT, f"http://127.0.0.1:{LOGIN_PORT}/callback"],
                grant_types=["authorization_code", "refresh_token"], response_types=["code"],
                scope=["openid", "email", "groups"], token_endpoint_auth_method="none")
            store.save(client)
            client.audience = [client]
            store.save(client)
        self.server = make_server("127.0.0.1", port, self.app, threaded=True, request_handler=Quiet)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def log_in(self):
        """The code flow with PKCE (RFC 7636), as a browser goes through it; the token endpoint's answer."""
        verifier = secrets.token_urlsafe(40)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        with httpx.Client() as http:
            meta = http.get(self.issuer + "/.well-known/openid-configuration").json()
            state = secrets.token_urlsafe(8)
            answer = http.get(meta["authorization_endpoint"], params=dict(
                response_type="code", client_id="sluice", redirect_uri=REDIRECT, scope="openid email groups", state=state,
                code_challenge=challenge, code_challenge_method="S256"))
            query = parse_qs(urlsplit(self.follow(http, answer, REDIRECT)).query)
            assert query["state"] == [state]
            answer = http.post(meta["token_endpoint"], data=dict(
                grant_type="authorization_code", code=query["code"][0], redirect_uri=REDIRECT, client_id="sluice",
                code_verifier=verifier))
            assert answer.status_code == 200, answer.text
            return answer.json()

    @staticmethod
    def follow(http, answer, end):
        """Goes on as a person does, until the provider sends the browser to an address that begins so; that address."""
        for _ in range(8):
            url = str(answer.request.url)
            if answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(end):
                    return url
                answer = http.get(url)
            elif "/login" in url:
                answer = http.post(url, data={"login": "ana"})
            else:
                answer = http.post(url, data={"password": PASSWORD})
        raise AssertionError("the provider does not send the browser back")

    def visit(self, address):
        """What a browser does with the address that `sluice login` shows; the page that it ends on."""
        with httpx.Client() as http:
            back = parse_qs(urlsplit(address).query)["redirect_uri"][0]
            return http.get(self.follow(http, http.get(address), back)).text

    def forget_codes(self):
        with self.app.app_context():
            for code in Backend.instance.query(models.AuthorizationCode):
                Backend.instance.delete(code)

    def rotate(self, keep_old):
        """Signs with a new key; the old one stays in the set, or goes."""
        settings = self.app.config["CANAILLE_OIDC"]
        settings["INACTIVE_JWKS"] = settings["ACTIVE_JWKS"] if keep_old else []
        settings["ACTIVE_JWKS"] = [make_key()]

    def leave(self, group):
        with self.app.app_context():
            found = Backend.instance.get(models.Group, display_name=group)
            found.members = [member for member in found.members if member.user_name != "ana"]
            Backend.instance.save(found)

    def join(self, group):
        with self.app.app_context():
            found = Backend.instance.get(models.Group, display_name=group)
            found.members = [*found.members, Backend.instance.get(models.User, user_name="ana")]
            Backend.instance.save(found)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def canaille():
    server = Canaille()
    yield server
    server.close()
