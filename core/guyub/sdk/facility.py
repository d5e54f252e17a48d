"""The facility that a plugin is asked about."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Facility:
    """``id`` is the value of ``facility_id`` columns; ``zone`` an IANA name ("Asia/Jakarta"); ``region`` a region's code."""

    id: UUID
    code: str
    name: str
    zone: str
    region: str
