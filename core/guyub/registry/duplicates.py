"""The same NIK or family card twice within a facility is refused, and the page says where the first one is.

The unique indexes of the database are the law; this says it in words before they do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, select, union_all
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.registry.labels import SECRETS
from guyub.registry.models import Household, Member
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.errors import Invalid


class AlreadyRegistered(Invalid):
    """``household_id`` is the household that has the number; none where two rows of one batch share it."""

    status = 409

    def __init__(self, kind: str, masked: str, name: str, field: str, household_id: UUID | None) -> None:
        code = RegistryRefusal.NIK_TWICE if kind == "nik" else RegistryRefusal.FAMILY_CARD_TWICE
        super().__init__(*code.sentences(kind=SECRETS[kind], masked=masked, name=name), field)
        self.household_id = household_id


Number = tuple[str, bytes, str, str, str]
"""Kind, blind index, mask, name and form field of one number about to be written."""


def refuse_known(work: Work, numbers: Iterable[Number], household_id: UUID | None = None) -> None:
    """Refuses numbers that are registered already, in one statement; what ``household_id`` itself has is no duplicate."""
    by_number: dict[tuple[str, bytes], Number] = {}
    for number in numbers:
        kind, index, masked, _, field = number
        if (kind, index) in by_number:
            raise AlreadyRegistered(kind, masked, by_number[kind, index][3], field, None)
        by_number[kind, index] = number
    if not by_number:
        return
    known = work.first(
        _KnownNumber,
        union_all(
            _niks(work, [index for kind, index in by_number if kind == "nik"], household_id),
            _family_cards(work, [index for kind, index in by_number if kind != "nik"], household_id),
        ).limit(1),
    )
    if known is not None:
        _, _, masked, _, field = by_number[known.kind, bytes(known.index)]
        raise AlreadyRegistered(known.kind, masked, known.name, field, known.household_id)


@dataclass(frozen=True, slots=True)
class _KnownNumber:
    kind: str
    index: bytes
    name: str
    household_id: UUID


def _niks(work: Work, indexes: Sequence[bytes], own: UUID | None) -> Select[*tuple[Any, ...]]:
    return select(
        literal("nik").label("kind"),
        col(Member.nik_index).label("index"),
        col(Member.full_name).label("name"),
        col(Member.household_id),
    ).where(
        col(Member.facility_id) == work.here.id,
        col(Member.active),
        among(col(Member.nik_index), indexes),
        col(Member.household_id).is_distinct_from(own),
    )


def _family_cards(work: Work, indexes: Sequence[bytes], own: UUID | None) -> Select[*tuple[Any, ...]]:
    of_household = and_(col(Member.household_id) == col(Household.id), col(Member.is_recipient), col(Member.active))
    return (
        select(
            literal("family_card").label("kind"),
            col(Household.family_card_index).label("index"),
            func.coalesce(col(Member.full_name), "").label("name"),
            col(Household.id).label("household_id"),
        )
        .outerjoin(Member, of_household)
        .where(
            col(Household.facility_id) == work.here.id,
            col(Household.active),
            among(col(Household.family_card_index), indexes),
            col(Household.id).is_distinct_from(own),
        )
    )
