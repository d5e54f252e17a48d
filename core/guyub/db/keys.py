"""Keeps the secrets of one installation in a file of their own beside the data, and encrypts values with them.

The file must not lie in the same backup as the data: who holds both reads everything.
"""

import base64
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_urlsafe

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guyub.db.home import Home
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

_NONCE = 12
_KNOWN_TEXT = "guyub"


class WrongKey(Refusal):
    """The key file does not belong to this database, or a ciphertext was tampered with."""

    status = 500


class Protector:
    """Encrypts single values (AES-256-GCM) and makes their blind index (HMAC-SHA256 under a key of its own).

    A ciphertext is: length and text of the key's id, nonce, sealed value; so keys can be changed without a stop.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current
        self._prefix = bytes([len(current)]) + current.encode("ascii")
        self._index_key = index_key

    def encrypt(self, value: str) -> bytes:
        nonce = token_bytes(_NONCE)
        return self._prefix + nonce + self._ciphers[self._current].encrypt(nonce, value.encode(), self._prefix)

    def decrypt(self, sealed: bytes) -> str:
        """Raises ``WrongKey`` when the key is not ours or the value was changed."""
        prefix, rest = sealed[: 1 + sealed[0]], sealed[1 + sealed[0] :]
        key_id = prefix[1:].decode("ascii", "replace")
        try:
            return self._ciphers[key_id].decrypt(rest[:_NONCE], rest[_NONCE:], prefix).decode()
        except (KeyError, InvalidTag) as error:
            raise wrong_key() from error

    def blind_index(self, kind: str, value: str) -> bytes:
        """Returns 32 bytes that are equal for equal values of one kind and tell nothing without the key."""
        return hmac.digest(self._index_key, f"{kind}\x1f{value}".encode(), sha256)

    def check_value(self) -> str:
        """Returns what a database keeps to know its keys again."""
        return self.blind_index("check", _KNOWN_TEXT).hex() + ":" + self.encrypt(_KNOWN_TEXT).hex()

    def is_check_value(self, kept: str) -> bool:
        index, _, sealed = kept.partition(":")
        try:
            return index == self.blind_index("check", _KNOWN_TEXT).hex() and (
                self.decrypt(bytes.fromhex(sealed)) == _KNOWN_TEXT
            )
        except (WrongKey, ValueError, IndexError):
            return False


@dataclass(frozen=True, slots=True)
class Keys:
    """The content of the key file: passwords of the database's roles, the service key, the keys of fields."""

    admin_password: str
    migrator_password: str
    app_password: str
    service_key: str
    field_keys: Mapping[str, bytes]
    current_field_key: str
    index_key: bytes

    def protector(self) -> Protector:
        return Protector(self.field_keys, self.current_field_key, self.index_key)

    def check_value(self) -> str:
        """Returns what a database keeps to know this file again: the keys of fields, and a digest of all other secrets."""
        return f"{self.protector().check_value()}:{self._digest()}"

    def is_check_value(self, kept: str) -> bool:
        """Returns whether each secret of this file is that of the file which the database was made with."""
        fields, _, digest = kept.rpartition(":")
        return self.protector().is_check_value(fields) and hmac.compare_digest(digest.encode(), self._digest().encode())

    def service_digest(self) -> bytes:
        """Returns what the database keeps of the service key."""
        return sha256(self.service_key.encode()).digest()

    def _digest(self) -> str:
        secrets = [self.admin_password, self.migrator_password, self.app_password, self.service_key]
        return self.protector().blind_index("secrets", json.dumps(secrets)).hex()


def load_keys(home: Home, environment: Mapping[str, str] = os.environ) -> Keys:
    """Returns the keys of a home and makes them at its first use; ``GUYUB_KEYS`` names a file elsewhere. Raises
    ``Refusal``."""
    named = environment.get("GUYUB_KEYS", "").strip()
    path = Path(named).expanduser() if named else home.keys
    try:
        return _read(path)
    except FileNotFoundError:
        if named or (home.data / "PG_VERSION").exists():
            raise _unusable(path, "tidak ada", "it is not there") from None
    _write_once(path)
    return _read(path)


def wrong_key() -> WrongKey:
    return DbRefusal.WRONG_KEY.of(WrongKey)


def _read(path: Path) -> Keys:
    try:
        kept = json.loads(path.read_text())
        return Keys(
            kept["admin_password"],
            kept["migrator_password"],
            kept["app_password"],
            kept["service_key"],
            {key_id: base64.b64decode(key) for key_id, key in kept["field_keys"].items()},
            kept["current_field_key"],
            base64.b64decode(kept["index_key"]),
        )
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise _unusable(path, "tidak dapat dibaca", "it cannot be read") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(path, "rusak", "it is damaged") from error


def _write_once(path: Path) -> None:
    """Writes the file, unless another process came first: then that one's file stays."""
    keys = {
        "admin_password": token_urlsafe(24),
        "migrator_password": token_urlsafe(24),
        "app_password": token_urlsafe(24),
        "service_key": token_urlsafe(32),
        "field_keys": {"k1": base64.b64encode(token_bytes(32)).decode()},
        "current_field_key": "k1",
        "index_key": base64.b64encode(token_bytes(32)).decode(),
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _unusable(path: Path, indonesian: str, english: str) -> Refusal:
    return DbRefusal.KEY_FILE.refusal(path=path, problem=Text(id=indonesian, en=english))
