"""Holds what of a household or a member is not as a form showed it, with who changed it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access.models import AuditEntryModel, PersonModel
from guyub.db.unit_of_work import Work
from guyub.registry import labels
from guyub.registry.household_detail import HouseholdDetail
from guyub.registry.service import subject
from guyub.sdk.text import Text
from guyub.ui.seen import Difference, Seen, Shown, moved

_NOTHING = Text.same("–")
_YES = Text(id="ya", en="yes")
_REPLACED = Text(id="diganti", en="replaced")
_MOST_ENTRIES = 20

_TITLES = {
    "category": Text(id="Kategori", en="Category"),
    "institution_name": Text(id="Nama lembaga", en="Name of the institution"),
    "people_served": Text(id="Jumlah orang yang dilayani", en="People whom it serves"),
    "rt": Text.same("RT"),
    "rw": Text.same("RW"),
    "village": Text(id="Kelurahan atau desa", en="Village"),
    "district": Text(id="Kecamatan", en="District"),
    "city": Text(id="Kota atau kabupaten", en="City or regency"),
    "disabled": Text(id="Penyandang disabilitas", en="People with a disability"),
    "photo_consent": Text(id="Persetujuan foto", en="Consent to photos"),
    "inmate.full_name": Text(id="Nama warga binaan", en="Name of the inmate"),
    "inmate.relationship": Text(id="Hubungan dengan warga binaan", en="Relationship to the inmate"),
    "inmate.status": Text(id="Status warga binaan", en="Status of the inmate"),
    "inmate.register_number": Text(id="Nomor register", en="Register number"),
    "full_name": Text(id="Nama lengkap", en="Full name"),
    "sex": Text(id="Jenis kelamin", en="Sex"),
    "relation": Text(id="Hubungan dalam KK", en="Relation on the card"),
    "is_recipient": Text(id="Penerima", en="Recipient"),
    **labels.AGE_BANDS,
    **labels.SECRETS,
}
_WORDS: Mapping[str, Mapping[str, Text]] = {
    "category": labels.CATEGORIES,
    "inmate.relationship": labels.RELATIONSHIPS,
    "inmate.status": labels.INMATE_STATUSES,
    "sex": labels.SEXES,
    "relation": labels.HOUSEHOLD_RELATIONS,
    "photo_consent": {"yes": _YES},
    "is_recipient": {"yes": _YES},
}


@dataclass(frozen=True, slots=True)
class _Change:
    """A change in the audit log: ``details`` name the fields and, for a member, whose they are."""

    at: datetime
    by: str
    details: Mapping[str, Any]

    @property
    def fields(self) -> Sequence[str]:
        changed: Sequence[str] = self.details.get("changed", ())
        return changed


def differences(
    work: Work, household: HouseholdDetail, seen: Seen, now: Shown, stands: int, member: str = ""
) -> list[Difference]:
    """Returns what changed between what a form of the household, or of its ``member``, had shown and what holds ``now``.

    A value that is kept encrypted is said to be replaced; the version that ``stands`` tells how many changes there were.
    """
    changes = _changes(work, household, member)
    since = changes[: max(0, stands - seen.version)]
    lines = [
        _difference(name, seen.shown.get(name, ""), now.get(name, ""), _last(changes, name))
        for name in moved(seen, now)
    ]
    replaced = {name for change in since for name in change.fields if name in labels.SECRETS}
    lines += [
        Difference(_TITLES[name], _NOTHING, _REPLACED, change.by, change.at)
        for name in labels.SECRETS
        if name in replaced and (change := _last(since, name))
    ]
    return lines


def _difference(name: str, before: str, after: str, change: _Change | None) -> Difference:
    title = _TITLES.get(name, Text.same(name))
    old, new = _word(name, before), _word(name, after)
    return Difference(title, old, new, change.by, change.at) if change else Difference(title, old, new)


def _word(name: str, value: str) -> Text:
    if not value:
        return _NOTHING
    return _WORDS.get(name, {}).get(value, Text.same(value))


def _last(changes: Sequence[_Change], name: str) -> _Change | None:
    """Returns the newest change of a field; the newest of all where none names it."""
    field = name.partition(".")[0]
    return next((change for change in changes if field in change.fields), changes[0] if changes else None)


def _changes(work: Work, household: HouseholdDetail, member: str) -> list[_Change]:
    """Returns the changes of a household, or of one member, the newest first."""
    entry = AuditEntryModel
    entries = select(
        col(entry.at), func.coalesce(col(PersonModel.full_name), col(entry.actor_label)).label("by"), col(entry.details)
    ).outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
    entries = entries.where(
        col(entry.chain) == work.here.id,
        col(entry.subject) == subject(household.id),
        col(entry.action).like("registry.%"),
        col(entry.action).not_like("registry.reveal%"),
        *([col(entry.details)["member"].astext == member] if member else []),
    )
    return work.rows(_Change, entries.order_by(col(entry.seq).desc()).limit(_MOST_ENTRIES))
