"""A small OpenID provider with a device flow, on Authlib's classes for RFC 8628 and RFC 6749: Canaille has none."""
import secrets
import threading
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, RefreshTokenGrant
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

from canaille_provider import Quiet


class Client(ClientMixin):
    def get_client_id(self):
        return "sluice"

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, redirect_uri):
        return False

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(client_secret, "kept & quiet/1")

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return False

    def check_grant_type(self, grant_type):
        return True


class Token(dict):
    user = None

    def check_client(self, client):
        return True

    def get_scope(self):
        return self.get("scope", "")

    def get_expires_in(self):
        return 60

    def is_expired(self):
        return False

    def is_revoked(self):
        return self.get("revoked", False)


class DeviceProvider:
    """`approve` is what its person does in a browser; `groups` and `answers_refresh` are the tests' to change."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.groups = {"ana": ["clinicians"]}
        self.devices, self.granted, self.tokens, self.calls = {}, {}, [], []
        self.answers_refresh = True
        self.interval = 1
        outer = self

        class Endpoint(DeviceAuthorizationEndpoint):
            CLIENT_AUTH_METHODS = ["client_secret_basic"]

            @property
            def INTERVAL(self):
                return outer.interval

            def get_verification_uri(self):
                return outer.issuer + "/activate"

            def save_device_credential(self, client_id, scope, data):
                outer.devices[data["device_code"]] = DeviceCredentialDict(
                    client_id=client_id, scope=scope, expires_at=time.time() + data["expires_in"], polled=0.0, **data)

        class Device(DeviceCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

            def query_device_credential(self, device_code):
                return outer.devices.get(device_code)

            def query_user_grant(self, user_code):
                return outer.granted.get(user_code)

            def should_slow_down(self, credential):
                last, credential["polled"] = credential["polled"], time.time()
                return time.time() - last < outer.interval - 0.3

        class Refresh(RefreshTokenGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]
            INCLUDE_NEW_REFRESH_TOKEN = True

            def authenticate_refresh_token(self, refresh_token):
                found = next((t for t in outer.tokens if t.get("refresh_token") == refresh_token), None)
                if found is None:
                    return None
                if found.is_revoked():
                    # Used twice: somebody has copied it, and nobody who holds one of the family is believed (RFC 9700, 4.14.2).
                    outer.tokens = [t for t in outer.tokens if t.user != found.user]
                    return None
                return found

            def authenticate_user(self, refresh_token):
                return refresh_token.user if refresh_token.user in outer.groups else None

            def revoke_old_credential(self, refresh_token):
                refresh_token["revoked"] = True

        self.app = Flask("device-provider")
        server = AuthorizationServer(
            self.app, query_client=lambda client_id: Client() if client_id == "sluice" else None, save_token=self.save)
        server.register_grant(Device)
        server.register_grant(Refresh)
        server.register_endpoint(Endpoint)
        server.register_token_generator("default", self.generate)

        @self.app.get("/.well-known/openid-configuration")
        def discovery():
            return jsonify(
                issuer=self.issuer, jwks_uri=self.issuer + "/keys", authorization_endpoint=self.issuer + "/authorize",
                token_endpoint=self.issuer + "/token", device_authorization_endpoint=self.issuer + "/device",
                revocation_endpoint=self.issuer + "/revoke", token_endpoint_auth_methods_supported=["client_secret_basic"])

        @self.app.get("/keys")
        def keys():
            return jsonify(keys=[self.key.as_dict(private=False)])

        @self.app.post("/device")
        def device():
            return server.create_endpoint_response("device_authorization")

        @self.app.post("/token")
        def token():
            self.calls.append(request.form["grant_type"])
            if request.form["grant_type"] == "refresh_token" and not self.answers_refresh:
                return "busy", 503
            return server.create_token_response()

        @self.app.post("/revoke")
        def revoke():
            self.calls.append("revoke")
            for known in self.tokens:
                if known.get("refresh_token") == request.form["token"]:
                    known["revoked"] = True
            return "", 200

        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def generate(self, client, grant_type, user=None, scope=None, expires_in=None, include_refresh_token=True):
        now = int(time.time())
        claims = dict(iss=self.issuer, aud="sluice", sub=user, iat=now, exp=now + 300, groups=self.groups.get(user, []))
        made = dict(token_type="Bearer", access_token=secrets.token_urlsafe(24), expires_in=60, scope=scope or "")
        made["id_token"] = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        if include_refresh_token:
            made["refresh_token"] = secrets.token_urlsafe(24)
        return made

    def save(self, token, request):
        kept = Token(token)
        kept.user = request.user
        self.tokens.append(kept)

    def approve(self, user="ana", yes=True):
        """The person enters the code that is waiting."""
        code = next(d["user_code"] for d in self.devices.values() if d["user_code"] not in self.granted)
        self.granted[code] = (user, yes)

    def rotate(self):
        """Another key, at once; the one before is forgotten."""
        self.key = ECKey.generate_key("P-256", auto_kid=True)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
