"""Holds what of a month is not as a form showed it: who took which steps since, and what the controls would hold now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from guyub import http
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.programs import cycle_facts
from guyub.programs.cycle_facts import CycleHistoryEntry
from guyub.programs.cycles import Cycle
from guyub.programs.history_text import HistoryLine, in_words
from guyub.programs.models import Entitlement
from guyub.programs.pages.common import CycleInAddress
from guyub.registry.models import Member
from guyub.sdk.text import Text
from guyub.ui.seen import Difference, Seen, Shown, moved

_READ_AT = "_read_at"
"""What a form says beside its controls: the moment of the last change that its reader saw."""
_AT = Text(id="Pukul", en="Time")
_TITLES = {
    "on": Text(id="Hari", en="Day"),
    "at": _AT,
    "place": Text(id="Tempat", en="Place"),
    "quota": Text(id="Kuota", en="Quota"),
}
_NOTHING = Text.same("–")


@dataclass(frozen=True, slots=True)
class MonthMoved:
    steps: Sequence[HistoryLine]
    differences: Sequence[Difference]


def seen_of(cycle: Cycle, shown: Shown | None = None) -> Seen:
    """Returns what a form of a month shows, as its hidden field says it."""
    read_at = {_READ_AT: cycle.changed_at.isoformat()} if cycle.changed_at else {}
    return Seen(cycle.version, {**(shown or {}), **read_at})


def month_moved(
    work: Work, cycle: Cycle, seen: Seen, now: Shown | None = None, titles: Mapping[str, str | Text] | None = None
) -> MonthMoved:
    """Returns the steps that were taken since a form was read, and what its controls would hold ``now``; ``titles`` of those
    that are no day, hour or place."""
    holds, named = now or {}, titles or {}
    lines = [
        Difference(
            _TITLES.get(name) or _title(named.get(name, name)),
            Text.same(seen.shown[name]) if seen.shown.get(name) else _NOTHING,
            Text.same(holds[name]) if holds.get(name) else _NOTHING,
        )
        for name in moved(Seen(seen.version, {key: seen.shown.get(key, "") for key in holds}), holds)
    ]
    return MonthMoved(_steps_since(work, cycle, seen.shown.get(_READ_AT, "")), lines)


def _title(name: str | Text) -> Text:
    return name if isinstance(name, Text) else Text.same(name)


def moved_page(
    request: Request,
    address: CycleInAddress,
    seen: Seen,
    title: Text,
    again: Text,
    sent: Mapping[str, str] | None = None,
) -> Response:
    """Returns the answer to a button that has no form of its own to show again: what changed, and the same button for what
    holds now. ``sent`` is what goes with it."""
    view = address.readable()
    return http.render(
        request,
        address.work,
        "programs/moved.html",
        status=409,
        month=view,
        title=title,
        again=again,
        sent=sent or {},
        seen=seen_of(view.cycle),
        moved=month_moved(address.work, view.cycle, seen),
    )


def _steps_since(work: Work, cycle: Cycle, read_at: str) -> list[HistoryLine]:
    """Returns the steps after the one that the form was read with, the newest first: its own entry in the audit log was made
    after the change itself."""
    try:
        moment = datetime.fromisoformat(read_at)
    except ValueError:
        return []
    later = [step for step in cycle_facts.history(work, cycle) if step.at > moment][:-1]
    names = _names(work, cycle, later)
    return [HistoryLine(step.at, _sentence(step, names), step.actor, step.reason) for step in later]


def _sentence(step: CycleHistoryEntry, names: dict[str, str]) -> Text:
    name = names.get(str(step.details.get("entitlement", "")))
    if step.action != "programs.choose" or name is None:
        return in_words(step)
    if step.details.get("on"):
        return Text(id="{name} dimasukkan ke daftar.", en="{name} was put on the list.").format(name=name)
    return Text(id="{name} dikeluarkan dari daftar.", en="{name} was taken off the list.").format(name=name)


def _names(work: Work, cycle: Cycle, steps: Sequence[CycleHistoryEntry]) -> dict[str, str]:
    """Returns the names of the recipients of those who were put on the list or taken off by hand."""
    put = [step.details.get("entitlement") for step in steps if step.action == "programs.choose"]
    ids = [UUID(str(entitlement)) for entitlement in put if entitlement]
    if not ids:
        return {}
    recipients = (
        select(col(Entitlement.id), col(Member.full_name))
        .join(Member, col(Member.household_id) == col(Entitlement.household_id))
        .where(col(Entitlement.cycle_id) == cycle.id, among(col(Entitlement.id), ids))
        .where(col(Member.is_recipient), col(Member.active))
    )
    return {str(entitlement): name for entitlement, name in work.all(recipients)}
