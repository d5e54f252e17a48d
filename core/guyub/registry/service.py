"""Registering households and keeping them right. One operation, one audit entry; secrets leave here sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.bulk import insert_rows, new_ids, table_of, update_row
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.registry import inmates
from guyub.registry.duplicates import Number, refuse_known
from guyub.registry.encryption import sealed_number, sealed_phone, sealed_street
from guyub.registry.labels import AGE_BANDS
from guyub.registry.models import Household, Member
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeHousehold, ChangeMember, NewMember, RegisterHousehold
from guyub.sdk.errors import NotFound

_PLAIN = (
    "category",
    "rt",
    "rw",
    "village",
    "village_code",
    "district",
    "city",
    "children_under_5",
    "children_of_school_age",
    "adults",
    "elderly",
    "disabled",
    "photo_consent",
    "institution_name",
    "people_served",
)


def register_household(work: Work, protector: Protector, command: RegisterHousehold, on: date) -> UUID:
    """Registers one household on a day of the facility. Raises ``AlreadyRegistered`` for a known NIK or card."""
    (household_id,) = _register(work, protector, [command], on)
    audit.record(
        work,
        "registry.register",
        subject(household_id),
        details={
            "category": command.category,
            "members": 1 + len(command.members),
            "nik": sealed_number(protector, "nik", command.recipient.nik)["nik_masked"],
        },
    )
    return household_id


def register_many(work: Work, protector: Protector, commands: Sequence[RegisterHousehold], on: date) -> list[UUID]:
    """Registers households as sets and returns their ids in the order given; all or none.

    The number of statements does not depend on how many they are.
    """
    ids = _register(work, protector, commands, on)
    if ids:
        details = {"households": len(ids), "members": sum(1 + len(command.members) for command in commands)}
        audit.record(work, "registry.register_many", "households", details=details)
    return ids


def update_household(
    work: Work,
    protector: Protector,
    household_id: UUID,
    command: ChangeHousehold,
    on: date,
    *,
    version: int | None = None,
) -> None:
    """Writes the new state, on a day of the facility; ``version`` is that of the household as it was read, None where it is
    read here.

    Raises ``Refusal`` when another version stands, ``NotFound``, ``AlreadyRegistered``, and ``Invalid`` where the link to an
    inmate would lose its purpose.
    """
    work.require("registry.write")
    before = _lock_household(work, household_id)
    values: dict[str, Any] = {"read_revision": _demand(before["revision"], version)}
    if command.packages not in (None, before["packages"]):
        raise RegistryRefusal.PACKAGES_BY_AN_ACT.invalid("packages")
    values |= {name: getattr(command, name) for name in _PLAIN}
    changed = [name for name in _PLAIN if values[name] != before[name]]
    if command.family_card is not None:
        card = sealed_number(protector, "family_card", command.family_card)
        refuse_known(work, _card_number(card, "", "family_card"), household_id)
        values |= card
        changed.append("family_card")
    if command.phone is not None:
        values |= sealed_phone(protector, command.phone)
        changed.append("phone")
    if command.street is not None:
        values |= sealed_street(protector, command.street)
        changed.append("street")
    update_row(work, Household, household_id, values)
    if inmates.change_inmate_link(work, household_id, command, on):
        changed.append("inmate")
    audit.record(work, "registry.update", subject(household_id), details={"changed": changed})


def add_member(work: Work, protector: Protector, household_id: UUID, command: NewMember) -> UUID:
    """Adds a person to a household; the recipient stays who it was. Pages record the joining as well
    (``guyub.registry.member_acts``)."""
    work.require("registry.write")
    _lock_household(work, household_id)
    row = {"id": new_ids(work, 1)[0], **_member_row(work, protector, household_id, command, is_recipient=False)}
    refuse_known(work, _nik_number(row, "nik"))
    insert_rows(work, Member, [row])
    audit.record(work, "registry.add_member", subject(household_id), details={"nik": row["nik_masked"]})
    member_id: UUID = row["id"]
    return member_id


def update_member(
    work: Work, protector: Protector, member_id: UUID, command: ChangeMember, *, version: int | None = None
) -> None:
    """Writes the new state of a member; ``version`` as for a household. Who receives, leaves or dies is an act
    (``guyub.registry.member_acts``)."""
    work.require("registry.write")
    before = _lock_member(work, member_id)
    values: dict[str, Any] = {"full_name": command.full_name, "sex": command.sex, "relation": command.relation}
    changed = [name for name in values if values[name] != getattr(before, name)]
    values["read_revision"] = _demand(before.revision, version)
    if command.nik is not None:
        sealed = sealed_number(protector, "nik", command.nik)
        refuse_known(work, _nik_number(sealed | values, "nik"), before.household_id)
        values |= sealed
        changed.append("nik")
    update_row(work, Member, member_id, values)
    details = {"member": str(member_id), "changed": changed}
    audit.record(work, "registry.update_member", subject(before.household_id), details=details)


def archive(work: Work, household_id: UUID, reason: str, *, version: int | None = None) -> None:
    """Takes a household out of lists and selection; nothing is deleted, and its numbers are free again. ``version`` as for
    ``update_household``."""
    _set_active(work, household_id, False, reason, version)


def restore(work: Work, household_id: UUID, reason: str, *, version: int | None = None) -> None:
    """Undoes ``archive``; refused by the database where a number was registered elsewhere in between."""
    _set_active(work, household_id, True, reason, version)


def subject(household_id: UUID) -> str:
    """Returns how the audit log names a household."""
    return f"household/{household_id}"


def require_reason(reason: str) -> str:
    """Returns the reason without surrounding space. Raises ``Invalid`` where there is none."""
    return required_reason.require_reason(RegistryRefusal.NO_REASON, reason)


def _register(work: Work, protector: Protector, commands: Sequence[RegisterHousehold], on: date) -> list[UUID]:
    work.require("registry.write")
    if not commands:
        return []
    ids = new_ids(work, len(commands))
    households = []
    members: list[dict[str, Any]] = []
    numbers: list[Number] = []
    for household_id, command in zip(ids, commands, strict=True):
        card = sealed_number(protector, "family_card", command.family_card)
        households.append(
            {
                "id": household_id,
                "facility_id": work.here.id,
                "registered_on": on,
                **{name: getattr(command, name) for name in _PLAIN},
                "packages": command.packages,
                **card,
                **sealed_phone(protector, command.phone),
                **sealed_street(protector, command.street),
            }
        )
        numbers += _card_number(card, command.recipient.full_name, "family_card")
        people = [("recipient", command.recipient), *((f"members.{n}", m) for n, m in enumerate(command.members))]
        for place, person in people:
            row = _member_row(work, protector, household_id, person, is_recipient=place == "recipient")
            numbers += _nik_number(row, f"{place}.nik")
            members.append(row)
    refuse_known(work, numbers)
    insert_rows(work, Household, households)
    insert_rows(work, Member, members)
    links = [(id_, command.inmate) for id_, command in zip(ids, commands, strict=True) if command.inmate]
    inmates.link_inmate(work, links, on)
    work.inserted_many(len(ids), "household", "member", "name_word", "inmate", "inmate_register", "inmate_link")
    return ids


def _member_row(
    work: Work, protector: Protector, household_id: UUID, person: NewMember, *, is_recipient: bool
) -> dict[str, Any]:
    return {
        "facility_id": work.here.id,
        "household_id": household_id,
        "full_name": person.full_name,
        **sealed_number(protector, "nik", person.nik),
        "sex": person.sex,
        "relation": person.relation,
        "is_recipient": is_recipient,
    }


def _nik_number(row: dict[str, Any], field: str) -> Iterator[Number]:
    if row["nik_index"] is not None:
        yield "nik", row["nik_index"], row["nik_masked"], row["full_name"], field


def _card_number(card: dict[str, Any], name: str, field: str) -> Iterator[Number]:
    if card["family_card_index"] is not None:
        yield "family_card", card["family_card_index"], card["family_card_masked"], name, field


def _set_active(work: Work, household_id: UUID, active: bool, reason: str, version: int | None) -> None:
    work.require("registry.write")
    why = require_reason(reason)
    household = _lock_household(work, household_id, active=not active)
    if active and not any(household[name] for name in (*AGE_BANDS, "people_served")):
        raise RegistryRefusal.NOBODY_LEFT.invalid("reason")
    read = _demand(household["revision"], version)
    work.change(update(Household).where(col(Household.id) == household_id).values(active=active, read_revision=read))
    audit.record(work, "registry.restore" if active else "registry.archive", subject(household_id), reason=why)


def _demand(revision: int, version: int | None) -> int:
    """Returns the version that a change names. Raises ``Refusal`` unless the one that was read stands; so does the database."""
    if version not in (None, revision):
        raise RegistryRefusal.CHANGED.refusal()
    return revision


def hold_household(work: Work, household_id: UUID) -> None:
    """Keeps a household to this transaction: of two people who record an act, the second sees the first's."""
    is_this = (col(Household.facility_id) == work.here.id, col(Household.id) == household_id)
    work.all(select(col(Household.id)).where(*is_this).with_for_update(key_share=True))


def _lock_household(work: Work, household_id: UUID, *, active: bool = True) -> dict[str, Any]:
    """Returns the plain columns and the version by name, locked until the commit."""
    household = table_of(Household).c
    of_this = select(*(household[name] for name in (*_PLAIN, "packages", "revision"))).where(
        household.facility_id == work.here.id, household.id == household_id, household.active == active
    )
    for row in work.all(of_this.with_for_update()):
        return dict(row._mapping)
    raise unknown_household()


@dataclass(frozen=True, slots=True)
class _KeptMember:
    household_id: UUID
    full_name: str
    sex: str
    relation: str
    revision: int


def _lock_member(work: Work, member_id: UUID) -> _KeptMember:
    columns = (
        col(Member.household_id),
        col(Member.full_name),
        col(Member.sex),
        col(Member.relation),
        col(Member.revision),
    )
    of_this = select(*columns).where(
        col(Member.facility_id) == work.here.id, col(Member.id) == member_id, col(Member.active)
    )
    member = work.first(_KeptMember, of_this.with_for_update())
    if member is None:
        raise unknown_household()
    return member


def unknown_household() -> NotFound:
    """Returns one answer for what is not there, is archived, or belongs to another facility."""
    return RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()
