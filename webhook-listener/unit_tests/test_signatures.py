"""One test per way a signature can be wrong."""

import base64
import hashlib
import hmac

import pytest
from webhook_listener import clock
from webhook_listener.signatures import TOLERANCE_SECONDS, asana_signed, out_of_time, visma_signed

BODY = '{"events": [{"action": "changed"}], "note": "Ærlig"}'.encode()
SECRET = "agreed-secret"
NOW = 1_795_400_000.0


def hexadecimal(body: bytes = BODY, secret: str = SECRET, digest: str = "sha256") -> str:
    return hmac.new(secret.encode(), body, digest).hexdigest()


def base64_of(body: bytes = BODY, secret: str = SECRET, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, digest).digest()).decode()


def test_asana_right() -> None:
    assert asana_signed(BODY, hexadecimal(), SECRET)


@pytest.mark.parametrize(
    ("reason", "signature"),
    [
        ("header missing", None),
        ("header empty", ""),
        ("another secret", hexadecimal(secret="other")),
        ("an empty secret", hexadecimal(secret="")),
        ("another body", hexadecimal(BODY + b" ")),
        ("an empty body", hexadecimal(b"")),
        ("the parsed body written anew", hexadecimal(BODY.replace(b", ", b","))),
        ("one digit changed", hexadecimal()[:-1] + ("0" if hexadecimal()[-1] != "0" else "1")),
        ("cut short", hexadecimal()[:-16]),
        ("too long", hexadecimal() + "00"),
        ("base64 in place of hex", base64_of()),
        ("SHA-1", hexadecimal(digest="sha1")),
        ("SHA-512", hexadecimal(digest="sha512")),
        ("a plain hash", hashlib.sha256(SECRET.encode() + BODY).hexdigest()),
        ("with a prefix", f"sha256={hexadecimal()}"),
        ("not ASCII", "é" * 64),
        ("the secret itself", SECRET),
    ],
)
def test_asana_wrong(reason: str, signature: str | None) -> None:
    assert not asana_signed(BODY, signature, SECRET), reason


def test_asana_without_an_agreed_secret() -> None:
    assert not asana_signed(BODY, hexadecimal(secret=""), "")


def test_visma_right_with_either_of_two_secrets() -> None:
    assert visma_signed(BODY, base64_of(), [SECRET])
    assert visma_signed(BODY, base64_of(), ["next", SECRET])
    assert visma_signed(BODY, base64_of(secret="next"), ["next", SECRET])


@pytest.mark.parametrize(
    ("reason", "signature"),
    [
        ("header missing", None),
        ("header empty", ""),
        ("another secret", base64_of(secret="other")),
        ("an empty secret", base64_of(secret="")),
        ("a retired secret", base64_of(secret="previous")),
        ("another body", base64_of(BODY + b" ")),
        ("an empty body", base64_of(b"")),
        ("hex in place of base64", hexadecimal()),
        ("base64 of the hex digits", base64.b64encode(hexadecimal().encode()).decode()),
        ("cut short", base64_of()[:-4]),
        ("without padding", base64_of().rstrip("=")),
        ("SHA-1", base64_of(digest="sha1")),
        ("a plain hash", base64.b64encode(hashlib.sha256(SECRET.encode() + BODY).digest()).decode()),
        ("no base64", "!" * 44),
        ("not ASCII", "é" * 44),
    ],
)
def test_visma_wrong(reason: str, signature: str | None) -> None:
    assert not visma_signed(BODY, signature, [SECRET]), reason


def test_visma_without_any_secret() -> None:
    assert not visma_signed(BODY, base64_of(secret=""), [])
    assert not visma_signed(BODY, base64_of(secret=""), [""])


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000, 1_000_000_000])
def test_time_of_sending(unit: int) -> None:
    def headers(moment: float) -> dict[str, str]:
        return {"x-vwd-webhook-timestamp": str(int(moment * unit))}

    assert not out_of_time(headers(NOW - TOLERANCE_SECONDS + 1), NOW)
    assert out_of_time(headers(NOW - TOLERANCE_SECONDS - 1), NOW)
    assert out_of_time(headers(NOW + TOLERANCE_SECONDS + 1), NOW)


@pytest.mark.parametrize("text", ["yesterday", "nan", "inf", "-1", "2026-02-30T00:00:00Z"])
def test_a_time_that_is_none_is_no_excuse(text: str) -> None:
    assert out_of_time({"x-vwd-notification-timestamp": text}, NOW)


def test_without_a_time_there_is_nothing_to_judge() -> None:
    assert not out_of_time({}, NOW)
    assert not out_of_time({"x-vwd-webhook-timestamp": ""}, NOW)


@pytest.mark.parametrize(
    "text",
    [clock.iso(NOW), "2026-11-23T02:13:20.1234567Z", "2026-11-23T03:13:20+01:00", "Mon, 23 Nov 2026 02:13:20 GMT"],
)
def test_times_in_words(text: str) -> None:
    assert not out_of_time({"x-vwd-notification-timestamp": text}, NOW)
    assert out_of_time({"x-vwd-notification-timestamp": text}, NOW + TOLERANCE_SECONDS + 1)
