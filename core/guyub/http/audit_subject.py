"""Names a page in the audit log: its address below the facility, with no id of a person in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID


def below_the_facility(path: str, values: Mapping[str, Any]) -> str:
    """Returns ``households/{household_id}``; ``values`` are those that the route took from ``path``."""
    ids = {str(value): name for name, value in values.items() if _is_id(str(value))}
    parts = path.removeprefix(f"/f/{values.get('facility', '')}/").split("/")
    return "/".join(f"{{{ids[part]}}}" if part in ids else part for part in parts)


def _is_id(value: str) -> bool:
    try:
        return bool(UUID(value))
    except ValueError:
        return False
