"""Signs short values that a browser carries for us and must not be able to make: with the service key, for one purpose
each."""

import hmac
from hashlib import sha256
from secrets import token_bytes


def signature(key: str, purpose: str, value: str) -> str:
    """Returns HMAC-SHA256 in hex; a signature made for one purpose is worth nothing for another."""
    derived = hmac.digest(key.encode(), f"guyub {purpose}".encode(), sha256)
    return hmac.new(derived, value.encode(), sha256).hexdigest()


def is_signature(signature_sent: str, key: str, purpose: str, value: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(signature_sent.encode(), signature(key, purpose, value).encode())


def seal(key: str, purpose: str, value: str) -> str:
    """Returns ``value`` with its signature before it, for a cookie."""
    return f"{signature(key, purpose, value)}.{value}"


def unseal(key: str, purpose: str, sealed: str) -> str | None:
    """Returns the value, or None when the signature is not ours."""
    signature_sent, _, value = sealed.partition(".")
    return value if is_signature(signature_sent, key, purpose, value) else None


def masked(signed: str) -> str:
    """Returns the signature under a mask that is drawn anew each time: no two pages hold the same letters, so the length of
    a compressed page tells nothing about it."""
    plain = bytes.fromhex(signed)
    mask = token_bytes(len(plain))
    return (mask + _xor(plain, mask)).hex()


def unmasked(shown: str) -> str:
    """Returns the signature behind what ``masked`` made; nothing for any other text."""
    try:
        both = bytes.fromhex(shown)
    except ValueError:
        return ""
    half = len(both) // 2
    return _xor(both[:half], both[half:]).hex() if len(both) == 2 * sha256().digest_size else ""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(first ^ second for first, second in zip(left, right, strict=True))
