"""Tokens that must not be taken, each refused for its own reason, and the good ones beside them."""
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
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
    for kid, point in SMALL_ORDER.items():
        keys[kid] = Key(kid, "EdDSA")
        keys[kid].jwk["x"] = b64(point)
    keys["512"] = Key("512", "RS256", shared)
    keys["512"].jwk["n"] = number((1 << 511) + 15)
    keys["even"] = Key("even", "RS256", shared)
    keys["even"].jwk["e"] = number(65536)
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


# Keys under which the identity as R and zero as S are a signature of every text, in two spellings.
SMALL_ORDER = {"identity": bytes([1]) + bytes(31), "identity-beyond-p": bytes([0xEE]) + bytes([0xFF] * 30) + bytes([0x7F])}


def anybody(make, kid):
    return make(kid).rsplit(".", 1)[0] + "." + b64(SMALL_ORDER["identity"] + bytes(32))


def signed_anew(make, keys, signature):
    """A good token's text with the signature that `signature(text)` makes."""
    text = make("RS256").rsplit(".", 1)[0].encode()
    return text.decode() + "." + b64(signature(text))


def pss(make, keys, salt, mgf=hashes.SHA256):
    text = (b64({"alg": "PS256", "kid": "rs256"}) + "." + make().split(".")[1]).encode()
    signature = keys["RS256"].private.sign(text, padding.PSS(padding.MGF1(mgf()), salt), hashes.SHA256())
    return text.decode() + "." + b64(signature)


def with_signature(make, signature):
    return make().rsplit(".", 1)[0] + "." + b64(signature)


ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GOOD = {"alg": "ES256", "kid": "es256"}

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
    "a signature in DER": lambda m, k, p: (m().rsplit(".", 1)[0] + "." + b64(k["ES256"].private.sign(m().rsplit(".", 1)[0].encode(), ec.ECDSA(hashes.SHA256()))), "bad-signature"),
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
    "an algorithm with a blank": lambda m, k, p: (m(header={"alg": "ES256 "}), "alg-not-allowed"),
    "none with a zero byte": lambda m, k, p: (m(header={"alg": "none\0"}), "alg-not-allowed"),
    "HS512": lambda m, k, p: (m(header={"alg": "HS512"}), "alg-symmetric"),
    "a header that is a list": lambda m, k, p: (raw(k, ["ES256"], p.claims(azp="cursor")), "malformed"),
    "an empty header": lambda m, k, p: (raw(k, b"", p.claims(azp="cursor")), "malformed"),
    "a kid of ten thousand letters": lambda m, k, p: (m(header={"kid": "k" * 300}), "malformed"),
    "a kid with a zero byte": lambda m, k, p: (m(header={"kid": "es256\0"}), "unknown-kid"),
    "a security event": lambda m, k, p: (m(header={"typ": "secevent+jwt"}), "wrong-type"),
    "a type that is a list": lambda m, k, p: (m(header={"typ": ["JWT"]}), "malformed"),
    "an Ed25519 key of small order": lambda m, k, p: (anybody(m, "identity"), "weak-key"),
    "an Ed25519 key of small order, beyond p": lambda m, k, p: (anybody(m, "identity-beyond-p"), "weak-key"),
    "an Ed25519 signature of zeros": lambda m, k, p: (m("EdDSA").rsplit(".", 1)[0] + "." + b64(bytes(64)), "bad-signature"),
    "an Ed25519 signature that is too long": lambda m, k, p: (m("EdDSA").rsplit(".", 1)[0] + "." + b64(bytes(65)), "bad-signature"),
    "an RSA key of 512 bits": lambda m, k, p: (m("512"), "weak-key"),
    "an even RSA exponent": lambda m, k, p: (m("even"), "weak-key"),
    "an RSA signature of 1": lambda m, k, p: (signed_anew(m, k, lambda text: bytes(255) + b"\1"), "bad-signature"),
    "an RSA signature with a zero before it": lambda m, k, p: (signed_anew(m, k, lambda text: b"\0" + k["RS256"].sign(text, "RS256")), "bad-signature"),
    "RS256 over a SHA-1": lambda m, k, p: (signed_anew(m, k, lambda text: k["RS256"].private.sign(text, padding.PKCS1v15(), hashes.SHA1())), "bad-signature"),
    "PS256 with a salt of 20 bytes": lambda m, k, p: (pss(m, k, 20), "bad-signature"),
    "PS256 with the longest salt": lambda m, k, p: (pss(m, k, padding.PSS.MAX_LENGTH), "bad-signature"),
    "PS256 with another mask": lambda m, k, p: (pss(m, k, 32, hashes.SHA384), "bad-signature"),
    "ES256 with r of zero": lambda m, k, p: (with_signature(m, bytes(32) + b"\1" * 32), "bad-signature"),
    "ES256 with s of zero": lambda m, k, p: (with_signature(m, b"\1" * 32 + bytes(32)), "bad-signature"),
    "ES256 with r of the order": lambda m, k, p: (with_signature(m, ORDER_P256.to_bytes(32, "big") + b"\1" * 32), "bad-signature"),
    "ES256 with 63 bytes": lambda m, k, p: (with_signature(m, b"\1" * 63), "bad-signature"),
    "ES256 with 66 bytes": lambda m, k, p: (with_signature(m, b"\0" + b"\1" * 32 + b"\0" + b"\1" * 32), "bad-signature"),
    "something after the signature": lambda m, k, p: (m() + ".e30", "malformed"),
    "a blank inside": lambda m, k, p: (m().replace(".", ". ", 1), "bad-signature"),
    "a second claims object": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor")).encode() + b" {}"), "malformed"),
    "a byte order mark": lambda m, k, p: (raw(k, GOOD, b"\xef\xbb\xbf" + json.dumps(p.claims(azp="cursor")).encode()), "malformed"),
    "claims in UTF-16": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor")).encode("utf-16-le")), "malformed"),
    "half a surrogate pair": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", sub="S")).replace('"S"', r'"ana\ud800"').encode()), "malformed"),
    "an escape that is none": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", sub="S")).replace('"S"', r'"an\a"').encode()), "malformed"),
    "a line end inside a string": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", sub="S")).replace('"S"', '"an\na"').encode()), "malformed"),
    "deep lists": lambda m, k, p: (raw(k, GOOD, b'{"x":' + b"[" * 4000 + b"]" * 4000 + b"}"), "malformed"),
    "a claim that stands twice, deep inside": lambda m, k, p: (raw(k, GOOD, b'{"a":{"b":[{"c":1,"c":2}]},' + json.dumps(p.claims(azp="cursor")).encode()[1:]), "duplicate-member"),
    "an issuer in other letters": lambda m, k, p: (m(iss=p.issuer.upper()), "wrong-issuer"),
    "an empty audience": lambda m, k, p: (m(aud=[]), "wrong-audience"),
    "audiences of several kinds": lambda m, k, p: (m(aud=["sluice", 1]), "bad-claim"),
    "an audience that begins as ours": lambda m, k, p: (m(aud=["sluice\0"]), "wrong-audience"),
    "a negative expiry": lambda m, k, p: (m(exp=-1), "bad-claim"),
    "an expiry that is no number": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", exp=float("nan"))).encode()), "malformed"),
    "an expiry without end": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", exp=float("inf"))).encode()), "malformed"),
    "an expiry of 1e400": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", exp="E")).replace('"E"', "1e400").encode()), "malformed"),
    "an expiry with zeros in front": lambda m, k, p: (raw(k, GOOD, json.dumps(p.claims(azp="cursor", exp="E")).replace('"E"', "0" + str(int(now()) + 60)).encode()), "malformed"),
    "an expiry that is true": lambda m, k, p: (m(exp=True), "bad-claim"),
    "an expiry that is null": lambda m, k, p: (m(exp=None), "bad-claim"),
    "an expiry in a list": lambda m, k, p: (m(exp=[int(now()) + 60]), "bad-claim"),
    "an expiry in milliseconds": lambda m, k, p: (m(exp=int(now() * 1000)), "bad-claim"),
    "a start in words": lambda m, k, p: (m(nbf="yesterday"), "bad-claim"),
    "an issue in words": lambda m, k, p: (m(iat=str(int(now()))), "bad-claim"),
    "no time of issue where an age is asked for": lambda m, k, p: (m(iat=...), "too-old"),
    "a subject that is a number": lambda m, k, p: (m(sub=7), "no-subject"),
    "a subject with a zero byte": lambda m, k, p: (m(sub="ana\0"), "no-subject"),
    "a subject of a thousand letters": lambda m, k, p: (m(sub="a" * 1000), "no-subject"),
    "an address that is a list": lambda m, k, p: (m(email=["ana@example.org"]), "bad-claim"),
    "groups in an object": lambda m, k, p: (m(groups={"clinicians": True}), "bad-groups"),
    "groups that are a number": lambda m, k, p: (m(groups=1), "bad-groups"),
    "groups in groups": lambda m, k, p: (m(groups=[["clinicians"]]), "bad-groups"),
    "groups with an empty name": lambda m, k, p: (m(groups=["clinicians", ""]), "bad-groups"),
    "a group with a line end": lambda m, k, p: (m(groups=["clinicians", "a\nadmin"]), "bad-groups"),
    "two thousand groups": lambda m, k, p: (m(groups=["clinicians", *("g%d" % i for i in range(1100))]), "bad-groups"),
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
    assert token.encode() not in gateway.read_log().encode()
    assert len(upstream.requests) == before


def test_there_is_something_to_refuse():
    """libcrypto, which the gateway uses, takes the signature under the key of small order for any text."""
    for point in SMALL_ORDER.values():
        ed25519.Ed25519PublicKey.from_public_bytes(point).verify(SMALL_ORDER["identity"] + bytes(32), b"anything")
    assert len(HOSTILE) >= 120


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
