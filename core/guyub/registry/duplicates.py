"""The same NIK or family card twice within a facility is refused, and the page says where the first one is.

The unique indexes of the database are the law; this says it in words before they do.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.registry.labels import SECRETS
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
    """One statement for any count of numbers; what ``household_id`` itself has is no duplicate."""
    given: dict[tuple[str, bytes], Number] = {}
    for number in numbers:
        kind, index, masked, _, field = number
        if (kind, index) in given:
            raise AlreadyRegistered(kind, masked, given[kind, index][3], field, None)
        given[kind, index] = number
    if not given:
        return
    known: Any = work.run(
        """SELECT 'nik' AS kind, m.nik_index AS index, m.full_name AS name, m.household_id FROM guyub.member m
           WHERE m.facility_id = :here AND m.active AND m.nik_index = ANY (:niks)
             AND m.household_id IS DISTINCT FROM CAST(:own AS uuid)
           UNION ALL
           SELECT 'family_card', h.family_card_index, COALESCE(m.full_name, ''), h.id FROM guyub.household h
           LEFT JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
           WHERE h.facility_id = :here AND h.active AND h.family_card_index = ANY (:cards)
             AND h.id IS DISTINCT FROM CAST(:own AS uuid)
           LIMIT 1""",
        here=work.here.id,
        own=household_id,
        niks=[index for kind, index in given if kind == "nik"],
        cards=[index for kind, index in given if kind != "nik"],
    ).one_or_none()
    if known is not None:
        _, _, masked, _, field = given[known.kind, bytes(known.index)]
        raise AlreadyRegistered(known.kind, masked, known.name, field, known.household_id)
