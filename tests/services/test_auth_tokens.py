"""Everything that can be done to an access token, by somebody who even has the key for some of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from services.auth_tokens import LIFETIME, AccessTokens, Claims
from services.errors import NotSignedIn
from tests.kit.house import START, HeldClock
from tests.kit.signing import SECRET

KEY = hmac.digest(SECRET.encode(), b"lectern access token", hashlib.sha256)
NOW = int(START.timestamp())
GOOD: dict[str, Any] = {
    "iss": "lectern",
    "aud": "lectern-api",
    "typ": "access",
    "sub": "7",
    "sid": 42,
    "jti": "x",
    "iat": NOW,
    "exp": NOW + LIFETIME,
}
RSA_PUBLIC = b"-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n-----END PUBLIC KEY-----\n"


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(claims: Any, *, header: Any = None, key: bytes = KEY, digest: str = "sha256") -> str:
    """A token with that header and those claims (or raw bytes), signed by hand."""
    text = f"{part(header or {'alg': 'HS256', 'typ': 'at+jwt'})}.{part(claims)}"
    return f"{text}.{part(hmac.digest(key, text.encode(), digest))}"


def changed(**claims: Any) -> str:
    """A token that is signed as it should be, with other claims; None leaves one out."""
    said = {**GOOD, **claims}
    return signed({name: value for name, value in said.items() if value is not None})


def raw(old: str, new: str) -> str:
    return signed(json.dumps(GOOD).replace(old, new).encode())


def tokens(clock: HeldClock | None = None) -> AccessTokens:
    return AccessTokens(SECRET, clock or HeldClock())


def test_what_is_issued_is_read_and_says_nothing_about_what_may_be_done() -> None:
    token = tokens().issue(7, 42)
    assert tokens().read(token) == Claims(7, 42, NOW + LIFETIME)
    said = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert said.keys() == GOOD.keys()
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "at+jwt"}
    assert tokens().issue(7, 42) != token, "each has an id of its own"


def test_the_forger_of_these_tests_can_make_a_good_one() -> None:
    assert tokens().read(signed(GOOD)) == Claims(7, 42, NOW + LIFETIME)


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "https://evil.example/jwks.json"])
def test_a_kid_is_ignored(kid: str) -> None:
    header = {"alg": "HS256", "typ": "at+jwt", "kid": kid}
    assert tokens().read(signed(GOOD, header=header)) == Claims(7, 42, NOW + LIFETIME)
    with pytest.raises(NotSignedIn):
        tokens().read(signed(GOOD, header=header, key=b""))


def header(**more: Any) -> dict[str, Any]:
    return {"alg": "HS256", "typ": "at+jwt", **more}


NONE = part(header(alg="none"))
ATTACKS = {
    "alg none": f"{NONE}.{part(GOOD)}.",
    "alg None": f"{part(header(alg='None'))}.{part(GOOD)}.",
    "alg none, signed": signed(GOOD, header=header(alg="none")),
    "no signature": signed(GOOD).rsplit(".", 1)[0] + ".",
    "wrong key": signed(GOOD, key=b"k" * 32),
    "the secret itself as key": signed(GOOD, key=SECRET.encode()),
    "empty key": signed(GOOD, key=b""),
    "RS256 said, HMAC done": signed(GOOD, header=header(alg="RS256")),
    "a public key as HMAC key": signed(GOOD, header=header(alg="HS256"), key=RSA_PUBLIC),
    "RS256 with a public key as HMAC key": signed(GOOD, header=header(alg="RS256"), key=RSA_PUBLIC),
    "HS512": signed(GOOD, header=header(alg="HS512"), digest="sha512"),
    "HS384": signed(GOOD, header=header(alg="HS384"), digest="sha384"),
    "alg in small letters": signed(GOOD, header=header(alg="hs256")),
    "no alg": signed(GOOD, header={"typ": "at+jwt"}),
    "alg twice": signed(GOOD, header=b'{"alg":"none","alg":"HS256","typ":"at+jwt"}'),
    "a key brought along": signed(GOOD, header=header(jwk={"kty": "oct", "k": part(b"k" * 32)}), key=b"k" * 32),
    "an address of keys": signed(GOOD, header=header(jku="https://evil.example/jwks.json")),
    "critical extension": signed(GOOD, header=header(crit=["exp"], exp=1)),
    "unencoded payload": signed(GOOD, header=header(b64=False, crit=["b64"])),
    "plain typ in the header": signed(GOOD, header=header(typ="JWT")),
    "no typ in the header": signed(GOOD, header={"alg": "HS256"}),
    "no exp": changed(exp=None),
    "far exp": changed(exp=NOW + LIFETIME + 1),
    "exp in the year 285 million": changed(exp=9 * 10**15),
    "exp beyond 64 bits": changed(exp=2**64),
    "exp of 5000 digits": raw(str(NOW + LIFETIME), "9" * 5000),
    "exp a float": changed(exp=NOW + 60.5),
    "exp NaN": raw(f'"exp": {NOW + LIFETIME}', '"exp": NaN'),
    "exp infinite": raw(f'"exp": {NOW + LIFETIME}', '"exp": 1e999'),
    "exp a text": changed(exp=str(NOW + 60)),
    "exp true": changed(iat=0, exp=True),
    "exp over": changed(iat=NOW - LIFETIME, exp=NOW),
    "exp before iat": changed(iat=NOW, exp=NOW - 1),
    "no iat": changed(iat=None),
    "iat in the future": changed(iat=NOW + 6, exp=NOW + 66),
    "iat negative": changed(iat=-1),
    "no iss": changed(iss=None),
    "wrong iss": changed(iss="elsewhere"),
    "list of iss": changed(iss=["lectern"]),
    "no aud": changed(aud=None),
    "wrong aud": changed(aud="elsewhere"),
    "list of aud": changed(aud=["lectern-api", "elsewhere"]),
    "no typ": changed(typ=None),
    "wrong typ": changed(typ="refresh"),
    "no jti": changed(jti=None),
    "jti a number": changed(jti=1),
    "no sub": changed(sub=None),
    "sub a number": changed(sub=7),
    "sub negative": changed(sub="-7"),
    "sub in other digits": changed(sub="٧"),
    "sub zero": changed(sub="0"),
    "sub with SQL": changed(sub="7 OR 1=1"),
    "sub of 5000 digits": changed(sub="9" * 3000),
    "no sid": changed(sid=None),
    "sid a text": changed(sid="42"),
    "sid zero": changed(sid=0),
    "sid beyond 64 bits": changed(sid=2**63),
    "a role": changed(role="admin"),
    "role twice": raw('"jti"', '"role": "learner", "role": "admin", "jti"'),
    "sub twice": raw('"jti"', '"sub": "1", "jti"'),
    "nbf": changed(nbf=NOW),
    "claims a list": signed([GOOD]),
    "claims a text": signed(b'"x"'),
    "claims no JSON": signed(b"\xff\xfe"),
    "claims nested": signed(b'{"exp":' * 450 + b"1" + b"}" * 450),
    "over 4 KB": changed(jti="x" * 4096),
    "over 4 KB of blanks": signed(GOOD) + " " * 4096,
    "empty": "",
    "dots": "..",
    "four parts": signed(GOOD) + ".x",
    "no ASCII": "ü" + signed(GOOD),
    "lone surrogate": "\ud83d" + signed(GOOD),
    "NUL": signed(GOOD) + "\x00",
    "line feed": signed(GOOD) + "\n",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused(attack: str) -> None:
    with pytest.raises(NotSignedIn):
        tokens().read(ATTACKS[attack])


@pytest.mark.parametrize("place", range(3))
def test_any_character_changed_is_refused(place: int) -> None:
    token = tokens().issue(7, 42)
    parts = token.split(".")
    for at in range(len(parts[place]) - 1):  # the last one of a signature has bits that mean nothing
        sign = "A" if parts[place][at] != "A" else "B"
        wrong = [*parts]
        wrong[place] = parts[place][:at] + sign + parts[place][at + 1 :]
        with pytest.raises(NotSignedIn):
            tokens().read(".".join(wrong))


def test_it_ends_after_a_quarter_of_an_hour_even_if_it_was_read_before() -> None:
    clock = HeldClock()
    read = tokens(clock)
    token = read.issue(7, 42)
    clock.move(LIFETIME - 1)
    assert read.read(token) == Claims(7, 42, NOW + LIFETIME)
    clock.move(1)
    for reader in (read, read, tokens(clock)):
        with pytest.raises(NotSignedIn, match="expired"):
            reader.read(token)
    assert timedelta(seconds=LIFETIME) == timedelta(minutes=15)


def test_a_clock_that_is_a_little_behind_is_no_harm() -> None:
    clock = HeldClock(START - timedelta(seconds=5))
    assert tokens(clock).read(signed(GOOD)) == Claims(7, 42, NOW + LIFETIME)
