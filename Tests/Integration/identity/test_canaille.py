"""The gateway beside a real provider: people log in with the code flow and PKCE, keys are rotated, groups change."""
import time

import pytest

from canaille_provider import canaille  # noqa: F401
from identity_gateway import oidc


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_who_has_logged_in_comes_in(make_gateway, canaille, kind):  # noqa: F811
    gateway = make_gateway(oidc(canaille.issuer, **{"required-groups": ["clinicians"]}))
    token = canaille.log_in()[kind]
    assert gateway.ask(token) == (200, "")
    assert gateway.ask(token[:-5] + "AAAAA")[0] == 401
    gateway.stop()
    principal = next(r for r in gateway.records() if r["type"] == "request")["data"]["principal"]
    assert principal["subject"] == "ana" and principal["established"] == "oidc"
    assert sorted(principal["groups"]) == ["clinicians", "staff"]
    # Canaille does not say that it has verified the address.
    assert principal.get("email", "") == ""


def test_a_token_for_somebody_else_does_not(make_gateway, canaille):  # noqa: F811
    gateway = make_gateway(oidc(canaille.issuer, audience="another"))
    assert gateway.ask(canaille.log_in()["access_token"]) == (401, "wrong-audience")


def test_keys_are_rotated_while_it_runs(make_gateway, canaille):  # noqa: F811
    gateway = make_gateway(oidc(canaille.issuer, refresh="2s"))
    first = canaille.log_in()["access_token"]
    assert gateway.ask(first) == (200, "")
    canaille.rotate(keep_old=True)
    second = canaille.log_in()["access_token"]
    time.sleep(3.5)
    assert gateway.ask(second) == (200, "") and gateway.ask(first) == (200, "")
    canaille.rotate(keep_old=False)
    third = canaille.log_in()["access_token"]
    time.sleep(3.5)
    assert gateway.ask(third) == (200, "")
    assert gateway.ask(first) == (401, "unknown-kid") and gateway.ask(second) == (401, "unknown-kid")


def test_who_leaves_a_group_is_out_within_the_stated_time(make_gateway, canaille):  # noqa: F811
    """Canaille's access tokens live for ten days; `max-age` states how long a word of its is taken: here 5 s, and 1 s of skew."""
    gateway = make_gateway(oidc(canaille.issuer, **{"required-groups": ["clinicians"], "max-age": "5s", "clock-skew": "1s"}))
    before = canaille.log_in()["access_token"]
    assert gateway.ask(before) == (200, "")
    canaille.leave("clinicians")
    try:
        assert gateway.ask(canaille.log_in()["access_token"]) == (401, "no-access")
        time.sleep(7)
        assert gateway.ask(before) == (401, "too-old")
    finally:
        canaille.join("clinicians")
    assert gateway.ask(canaille.log_in()["access_token"]) == (200, "")
