"""Opening, closing, merging and reopening a facility through the web; what was recorded stays as it is."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.bulk import as_jsonb
from guyub.db.limits import FIRST_DAY
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.facilities import details as facility_details
from guyub.facilities import history
from guyub.facilities.details import DetailChange, FacilityDetails
from guyub.facilities.editable import require_web
from guyub.facilities.queries import FacilityProfile, Region
from guyub.facilities.records import FACILITY_CODE
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Successor:
    id: UUID
    code: str
    name: str
    region: str


def successors(work: Work) -> list[Successor]:
    """Returns the facilities that this one may be merged into: those that run and that the reader configures too."""
    successor = func.guyub.successors(work.here.id).table_valued("id", "code", "name", "region")
    return work.rows(Successor, select(*successor.c))


def close(work: Work, last_day: date, successor: str, reason: str, *, keep: bool) -> list[DetailChange]:
    """Closes the facility of this work; ``successor`` is the code of the one that goes on, or "".

    Without ``keep`` it is tried and taken back. Raises ``Invalid``, and ``Refusal`` for what is left open.
    """
    here = require_web(work)
    reason = required_reason.require_reason(FacilitiesRefusal.REASON, reason)
    into = next((item for item in successors(work) if item.code == successor), None) if successor else None
    if successor and into is None:
        raise FacilitiesRefusal.NO_SUCCESSOR.invalid("successor")
    tried = work.session.begin_nested()
    _end(work, last_day, into)
    if not keep:
        tried.rollback()
    else:
        tried.commit()
        audit.record(
            work,
            "facilities.closed",
            here.code,
            reason=reason,
            details={"closed_on": last_day.isoformat(), "merged_into": successor},
        )
    merged = [DetailChange(_MERGED, _NO_DAY, Text.same(into.name))] if into else []
    return [DetailChange(_LAST_DAY, _NO_DAY, _day(last_day)), *merged]


def earliest_last_day(work: Work) -> date | None:
    """Returns the first day that can be the last of this facility: not before it opened, nor before its present name; None where
    neither is known."""
    held = sorted(history.names(work), key=lambda name: name.since)
    pairs = zip([None, *held], held, strict=False)
    renamed = [
        now.since
        for before, now in pairs
        if before is None or (before.name, before.long_name) != (now.name, now.long_name)
    ]
    return max(
        (
            day
            for day in (facility_details.present(work).opened_on, *renamed[-1:])
            if day is not None and day > FIRST_DAY
        ),
        default=None,
    )


def reopen(work: Work, reason: str) -> None:
    """Takes back a closing that was an error. Raises ``Invalid`` without a reason, ``Refusal`` where it is not closed."""
    here = require_web(work)
    reason = required_reason.require_reason(FacilitiesRefusal.REASON, reason)
    require_closed(here)
    _end(work, None, None)
    audit.record(
        work,
        "facilities.reopened",
        here.code,
        reason=reason,
        details={"closed_on": here.closed_on and here.closed_on.isoformat(), "merged_into": here.successor_code},
    )


def require_closed(here: FacilityProfile) -> None:
    """Raises ``Refusal`` for one that is open: there is nothing to open again."""
    if here.closed_on is None:
        raise FacilitiesRefusal.NOT_CLOSED.refusal(name=here.name)


def may_configure(work: Work, region_id: UUID) -> bool:
    """Returns whether the reader configures this region."""
    return bool(work.scalar(select(func.guyub.may_configure(None, region_id))))


def require_region(work: Work, office: Region) -> None:
    """Raises ``Forbidden`` for those who do not configure this region, and ``Refusal`` where files decide over it."""
    if not may_configure(work, office.id):
        raise FacilitiesRefusal.NOT_THIS_REGION.forbidden()
    if office.managed_by == "files":
        raise FacilitiesRefusal.REGION_MANAGED_BY_FILES.refusal(name=office.office_name)


def check_code(work: Work, code: str) -> None:
    """Raises ``Invalid`` for a code that a new facility cannot have: for its form, or because another has it."""
    if not code:
        raise FacilitiesRefusal.MISSING.invalid("code")
    if not re.fullmatch(FACILITY_CODE, code):
        raise FacilitiesRefusal.CODE.invalid("code")
    holder = work.scalar(select(col(FacilityModel.name)).where(col(FacilityModel.code) == code))
    if holder is not None:
        raise FacilitiesRefusal.CODE_TAKEN.invalid("code", code=code, name=holder)


def open_new(
    work: Work, office: Region, code: str, details: FacilityDetails, reason: str, today: date, *, keep: bool
) -> list[DetailChange]:
    """Opens a facility of this region, managed through the web; answers all that it then is.

    A letterhead or a pattern that was left empty is that of the office. Without ``keep`` it is tried and taken back. Raises
    ``Invalid``, and ``Refusal`` for what the database refuses.
    """
    require_region(work, office)
    reason = required_reason.require_reason(FacilitiesRefusal.REASON, reason)
    if details.opened_on is not None and details.opened_on > today:
        raise FacilitiesRefusal.OPENS_AHEAD.invalid("opened_on")
    tried = work.session.begin_nested()
    opened: UUID = work.session.execute(
        select(func.guyub.open_facility(office.id, as_jsonb(asdict(details) | {"code": code})))
    ).scalar_one()
    letters = select(col(FacilityModel.letterhead), col(FacilityModel.letter_template))
    ((lines, template),) = work.all(letters.where(col(FacilityModel.id) == opened))
    whole = replace(details, letterhead=tuple(lines), letter_template=template)
    changed = [DetailChange(_CODE, _NO_DAY, Text.same(code)), *facility_details.changes(None, whole)]
    if not keep:
        tried.rollback()
        return changed
    tried.commit()
    audit.record(work, "facilities.opened", code, reason=reason, details=asdict(whole), chain=opened)
    return changed


def _end(work: Work, last_day: date | None, into: Successor | None) -> None:
    work.scalar(select(func.guyub.end_facility(work.here.id, last_day, into.id if into else None)))


def _day(day: date) -> Text:
    return Text.same(day)


_LAST_DAY = Text(id="Hari terakhir", en="Last day")
_MERGED = Text(id="Digabung ke", en="Merged into")
_CODE = Text(id="Kode", en="Code")
_NO_DAY = Text(id="–", en="–")
