"""Tokens that must not be taken, each refused for its own reason, and the good ones beside them."""
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from identity_gateway import Gateway, Key, Provider, Upstream, b64, number, oidc

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
now = time.time


@pytest.fixture(scope="module")
def keys():
    shared = rsa.generate_private_key(65537, 2048)
    keys = {alg: Key(alg.lower(), alg, shared if alg[1] == "S" and alg[0] in "RP" else None) for alg in ALGORITHMS}
    keys["weak"] = Key("weak", "RS256", rsa.generate_private_key(65537, 1024))
    keys["koblitz"] = Key("koblitz", "ES256", ec.generate_private_key(ec.SECP256K1()))
    keys["pinned"] = Key("pinned", "RS256", shared)
    keys["pinned"].jwk["alg"] = "RS512"
    keys["enc"] = Key("enc", "RS256", shared)
    keys["enc"].jwk["use"] = "enc"
    keys["signs"] = Key("signs", "RS256", shared)
    keys["signs"].jwk["key_ops"] = ["sign"]
    keys["tiny"] = Key("tiny", "RS256", shared)
    keys["tiny"].jwk["e"] = number(1)
    keys["private"] = Key("private", "ES256")
    keys["private"].jwk["d"] = number(keys["private"].private.private_numbers().private_value)
    keys["off-curve"] = Key("off-curve", "ES256")
    keys["off-curve"].jwk["y"] = number(7, 32)
    keys["twin"] = Key("twin", "ES256")
    return keys


@pytest.fixture(scope="module")
def setting(tmp_path_factory, keys):
    provider, upstream = Provider(), Upstream()
    provider.keys = list(keys.values())
    provider.extra = [Key("twin", "ES256").jwk, {"kid": "shared", "kty": "oct", "k": b64(b"secret" * 8)}]
    stage = oidc(provider.issuer, **{"authorized-parties": ["cursor"], "max-age": "1h", "required-groups": ["clinicians", "nurses"]})
    gateway = Gateway(tmp_path_factory.mktemp("hostile"), upstream, stage)
    yield provider, gateway, upstream
    gateway.stop()
    provider.close()
    upstream.close()


@pytest.fixture(scope="module")
def make(setting, keys):
    provider = setting[0]

    def make(key="ES256", **words):
        words.setdefault("azp", "cursor")
        return provider.token(keys[key], **words)

    return make


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
def test_good_tokens(setting, make, alg, header):
    assert setting[1].ask(make(alg), header) == (200, "")
    assert setting[1].ask(make(alg, header={"typ": "at+jwt"}), header) == (200, "")


def test_good_claims(setting, make):
    for claims in [dict(aud=["other", "sluice"]), dict(exp=now() + 60.5), dict(nbf=int(now()) + 20), dict(exp=int(now()) - 20),
                   dict(azp=..., client_id="cursor"), dict(groups="nurses"), dict(email="ana@example.org", email_verified=True)]:
        assert setting[1].ask(make(**claims)) == (200, ""), claims


def resigned(make, keys, change):
    """A good token whose text is changed before it is signed."""
    head, payload, _ = make().split(".")
    signed = change(head, payload)
    return signed + "." + b64(keys["ES256"].sign(signed.encode()))


def raw(keys, header, payload):
    signed = b64(header) + "." + b64(payload)
    return signed + "." + b64(keys["ES256"].sign(signed.encode()))


def hs256(make, keys, secret):
    head = b64({"alg": "HS256", "kid": "rs256", "typ": "JWT"})
    signed = head + "." + make("RS256").split(".")[1]
    return signed + "." + b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def public_pem(keys):
    return keys["RS256"].private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def swap(text, old, new):
    assert old in text
    return text.replace(old, new)


HOSTILE = {
    "none": lambda m, k, p: (m(header={"alg": "none"}), "alg-none"),
    "None, without a signature": lambda m, k, p: (b64({"alg": "nOnE", "kid": "es256"}) + "." + m().split(".")[1] + ".", "alg-none"),
    "HS256 with the public key": lambda m, k, p: (hs256(m, k, public_pem(k)), "alg-symmetric"),
    "HS256 with a key of the set": lambda m, k, p: (hs256(m, k, b"secret" * 8), "alg-symmetric"),
    "an algorithm that isn't known": lambda m, k, p: (m(header={"alg": "ES256K"}), "alg-not-allowed"),
    "an algorithm in small letters": lambda m, k, p: (m(header={"alg": "es256"}), "alg-not-allowed"),
    "no algorithm": lambda m, k, p: (m(header={"alg": ...}), "malformed"),
    "an algorithm that is a list": lambda m, k, p: (m(header={"alg": ["ES256"]}), "malformed"),
    "no kid": lambda m, k, p: (m(header={"kid": ...}), "no-kid"),
    "an empty kid": lambda m, k, p: (m(header={"kid": ""}), "malformed"),
    "a kid that is a number": lambda m, k, p: (m(header={"kid": 1}), "malformed"),
    "a kid that is a path": lambda m, k, p: (m(header={"kid": "../../dev/null"}), "unknown-kid"),
    "a kid that asks a database": lambda m, k, p: (m(header={"kid": "x' UNION SELECT 'k"}), "unknown-kid"),
    "another key's kid": lambda m, k, p: (m(header={"kid": "twin"}), "unusable-key"),
    "a kid of another kind": lambda m, k, p: (m(header={"kid": "rs256"}), "alg-key-mismatch"),
    "jwk": lambda m, k, p: (m(header={"jwk": k["ES256"].jwk}), "key-injection"),
    "jku": lambda m, k, p: (m(header={"jku": "https://evil.example/keys"}), "key-injection"),
    "x5u": lambda m, k, p: (m(header={"x5u": "https://evil.example/chain"}), "key-injection"),
    "x5c": lambda m, k, p: (m(header={"x5c": ["MIIB"]}), "key-injection"),
    "crit": lambda m, k, p: (m(header={"crit": ["exp"]}), "critical-extension"),
    "an empty crit": lambda m, k, p: (m(header={"crit": []}), "critical-extension"),
    "b64": lambda m, k, p: (m(header={"b64": False}), "critical-extension"),
    "zip": lambda m, k, p: (m(header={"zip": "DEF"}), "encrypted"),
    "a JWE": lambda m, k, p: (b64({"alg": "RSA-OAEP", "enc": "A256GCM"}) + ".a.b.c.d", "encrypted"),
    "a token in a token": lambda m, k, p: (m(header={"cty": "JWT"}), "nested"),
    "a logout token": lambda m, k, p: (m(header={"typ": "logout+jwt"}), "wrong-type"),
    "a logout token that says JWT": lambda m, k, p: (m(events={"http://schemas.openid.net/event/backchannel-logout": {}}), "logout-token"),
    "a DPoP proof": lambda m, k, p: (m(header={"typ": "dpop+jwt"}), "wrong-type"),
    "a token bound to a key": lambda m, k, p: (m(cnf={"jkt": "x"}), "sender-constrained"),
    "the wrong curve": lambda m, k, p: (m("ES384", header={"alg": "ES256"}), "wrong-curve"),
    "a curve that isn't allowed": lambda m, k, p: (m("koblitz"), "wrong-curve"),
    "a point that is on no curve": lambda m, k, p: (m("off-curve"), "unusable-key"),
    "a weak RSA key": lambda m, k, p: (m("weak"), "weak-key"),
    "an RSA exponent of 1": lambda m, k, p: (m("tiny"), "weak-key"),
    "a key for encryption": lambda m, k, p: (m("enc"), "unusable-key"),
    "a key that may not verify": lambda m, k, p: (m("signs"), "unusable-key"),
    "a key whose private half is public": lambda m, k, p: (m("private"), "unusable-key"),
    "another algorithm than the key's": lambda m, k, p: (m("pinned"), "alg-key-mismatch"),
    "PS256 signed as RS256": lambda m, k, p: (swap(m("RS256"), b64({"alg": "RS256", "kid": "rs256", "typ": "JWT"}), b64({"alg": "PS256", "kid": "rs256", "typ": "JWT"})), "bad-signature"),
    "a changed payload": lambda m, k, p: (m().split(".")[0] + "." + b64(p.claims(sub="root", azp="cursor")) + "." + m().split(".")[2], "bad-signature"),
    "a short signature": lambda m, k, p: (m()[:-2], "bad-signature"),
    "a signature of zeros": lambda m, k, p: (m().rsplit(".", 1)[0] + "." + b64(bytes(64)), "bad-signature"),
    "a signature in DER": lambda m, k, p: (m().rsplit(".", 1)[0] + "." + b64(k["ES256"].private.sign(m().rsplit(".", 1)[0].encode(), ec.ECDSA(__import__("cryptography").hazmat.primitives.hashes.SHA256()))), "bad-signature"),
    "no signature": lambda m, k, p: (m().rsplit(".", 1)[0] + ".", "malformed"),
    "a stranger's key": lambda m, k, p: (p.token(Key("es256", "ES256"), azp="cursor"), "bad-signature"),
    "padding": lambda m, k, p: (m() + "=", "malformed"),
    "base64 with + and /": lambda m, k, p: (m().rsplit(".", 1)[0] + ".++//", "malformed"),
    "leftover bits": lambda m, k, p: (m().rsplit(".", 1)[0] + "." + b64(bytes(64))[:-1] + "B", "malformed"),
    "a member that stands twice in the header": lambda m, k, p: (raw(k, b'{"alg":"ES256","kid":"es256","alg":"none"}', p.claims(azp="cursor")), "duplicate-member"),
    "a member that stands twice in another spelling": lambda m, k, p: (raw(k, b'{"alg":"ES256","kid":"es256","\\u0061lg":"none"}', p.claims(azp="cursor")), "duplicate-member"),
    "a claim that stands twice": lambda m, k, p: (raw(k, {"alg": "ES256", "kid": "es256"}, b'{"sub":"ana",' + json.dumps(p.claims(azp="cursor")).encode()[1:]), "duplicate-member"),
    "claims that are a list": lambda m, k, p: (raw(k, {"alg": "ES256", "kid": "es256"}, [1]), "malformed"),
    "claims that aren't UTF-8": lambda m, k, p: (raw(k, {"alg": "ES256", "kid": "es256"}, b'{"sub":"\xff"}'), "malformed"),
    "a huge token": lambda m, k, p: (m(pad="x" * 13000), "too-large"),
    "a huge header": lambda m, k, p: (m(header={"pad": "x" * 3000}), "malformed"),
    "another issuer": lambda m, k, p: (m(iss=p.issuer + "/"), "wrong-issuer"),
    "no issuer": lambda m, k, p: (m(iss=...), "wrong-issuer"),
    "an issuer that is a list": lambda m, k, p: (m(iss=[p.issuer]), "wrong-issuer"),
    "another audience": lambda m, k, p: (m(aud="sluice2"), "wrong-audience"),
    "no audience": lambda m, k, p: (m(aud=...), "wrong-audience"),
    "an audience in an object": lambda m, k, p: (m(aud={"sluice": 1}), "bad-claim"),
    "another client": lambda m, k, p: (m(azp="evil"), "wrong-azp"),
    "no client": lambda m, k, p: (m(azp=...), "wrong-azp"),
    "no expiry": lambda m, k, p: (m(exp=...), "no-expiry"),
    "an expiry in words": lambda m, k, p: (m(exp="tomorrow"), "bad-claim"),
    "an expiry beyond all years": lambda m, k, p: (m(exp=1e300), "bad-claim"),
    "it has expired": lambda m, k, p: (m(exp=int(now()) - 60), "expired"),
    "it is not valid yet": lambda m, k, p: (m(nbf=int(now()) + 120), "not-yet-valid"),
    "it will be issued": lambda m, k, p: (m(iat=int(now()) + 120), "issued-in-future"),
    "it is too old": lambda m, k, p: (m(iat=int(now()) - 4000), "too-old"),
    "no subject": lambda m, k, p: (m(sub=...), "no-subject"),
    "an empty subject": lambda m, k, p: (m(sub=""), "no-subject"),
    "a subject with a line end": lambda m, k, p: (m(sub="ana\nadmin"), "no-subject"),
    "a subject that reads backwards": lambda m, k, p: (m(sub="ana\u202enimda"), "no-subject"),
    "groups that are no texts": lambda m, k, p: (m(groups=["clinicians", 7]), "bad-groups"),
    "groups that are elsewhere": lambda m, k, p: (m(groups=..., _claim_names={"groups": "src1"}), "groups-not-in-token"),
    "none of the groups": lambda m, k, p: (m(groups=["visitors"]), "no-access"),
    "a group in other letters": lambda m, k, p: (m(groups=["Clinicians"]), "no-access"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tokens(setting, make, keys, name):
    provider, gateway, upstream = setting
    token, reason = HOSTILE[name](make, keys, provider)
    before = len(upstream.requests)
    assert gateway.ask(token) == (401, reason)
    # What was refused once is not remembered as good.
    assert gateway.ask(token) == (401, reason)
    assert len(upstream.requests) == before


def test_two_tokens_are_not_guessed_at(setting, make):
    gateway = setting[1]
    assert gateway.request(headers={"authorization": "Bearer " + make(), "x-api-key": "sk-ant-1"})[0] == 401
    assert gateway.request(headers={"authorization": "Bearer " + make(), "x-api-key": make(sub="bob")})[0] == 401


def test_unknown_kids_are_no_flood_of_fetches(setting, make):
    provider, gateway, _ = setting
    before = provider.requests.count("/keys")
    for index in range(40):
        assert gateway.ask(make(header={"kid": f"made-up-{index}"})) == (401, "unknown-kid")
    assert provider.requests.count("/keys") - before <= 2


def test_no_token_goes_on_or_is_kept(setting, make):
    _, gateway, upstream = setting
    token = make(sub="carla")
    for header in ["authorization", "x-api-key", "api-key", "x-goog-api-key"]:
        assert gateway.ask(token, header) == (200, "")
        assert token not in str(upstream.requests[-1])
    assert token.encode() not in b"".join(p.read_bytes() for p in gateway.data.parent.rglob("*") if p.is_file())
