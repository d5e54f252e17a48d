"""Secrets in a plugin's configuration: sealed before they are stored, opened only for the plugin's own model, else masked."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, SecretStr

from guyub.db.keys import Protector

MASK = "••••••"
_SEALED = "$sealed"


@cache
def secret_fields(model: type[BaseModel]) -> frozenset[str]:
    """Returns the fields of a configuration that are a ``guyub.sdk.Secret``."""
    return frozenset(name for name, info in model.model_fields.items() if _is_secret(info.annotation))


def sealed(protector: Protector, model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns values as they may be stored: each secret as ``{"$sealed": base64}``; None stays None."""
    secrets = secret_fields(model)
    return {
        field: _seal(protector, value) if field in secrets and value is not None else value
        for field, value in values.items()
    }


def opened(protector: Protector | None, model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns stored values as the model takes them. Raises ``WrongKey`` for what was sealed under another key."""
    secrets = secret_fields(model)
    return {
        field: _open(protector, value) if field in secrets and _is_sealed(value) else value
        for field, value in values.items()
    }


def masked(model: type[BaseModel] | None, field: str, value: Any) -> Any:
    """Returns what may be shown of a value: of a secret only that there is one. Without a model whatever is sealed."""
    is_secret = _is_sealed(value) or (model is not None and field in secret_fields(model))
    return MASK if is_secret and value is not None else value


def _seal(protector: Protector, value: Any) -> dict[str, str]:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return {_SEALED: base64.b64encode(protector.encrypt(plain)).decode("ascii")}


def _open(protector: Protector | None, value: Mapping[str, str]) -> str:
    if protector is None:
        raise RuntimeError("this host was made without the keys that open secrets")
    return protector.decrypt(base64.b64decode(value[_SEALED]))


def _is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {_SEALED}


def _is_secret(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _is_secret(get_args(annotation)[0])
    if isinstance(annotation, type):
        return issubclass(annotation, SecretStr)
    return any(_is_secret(arg) for arg in get_args(annotation))
