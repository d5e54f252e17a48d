"""Naming officials through the web: who holds which post, from which day, and the end of a post."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.acting import PLH, Acting
from guyub.db import limits
from guyub.db.unit_of_work import Work
from guyub.facilities import history
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.history import PostHeld
from guyub.facilities.models import Official
from guyub.facilities.records import NIP
from guyub.facilities.refusals import FacilitiesRefusal


@dataclass(frozen=True, slots=True)
class Appointment:
    """``title`` "" takes that of the role; ``ends_former`` ends the post of who holds it the day before."""

    role: str
    name: str
    nip: str
    acting: Acting
    title: str
    since: date
    until: date | None
    ends_former: bool


def locked_posts(work: Work) -> Sequence[PostHeld]:
    """Returns who holds which post, kept to this transaction; whoever may not change them is refused."""
    require_web(work)
    work.session.execute(select(col(Official.id)).where(col(Official.facility_id) == work.here.id).with_for_update())
    return history.posts(work)


def appoint(work: Work, appointment: Appointment) -> None:
    """Records an official of this facility. Raises ``Invalid`` for a field, and ``Refusal`` where the post is taken or the
    facility closed before."""
    require_open(require_web(work), appointment.since)
    role = next(
        (role_offered for role_offered in history.roles_here(work) if role_offered.code == appointment.role), None
    )
    _check(appointment, known_role=role is not None)
    assert role is not None
    if appointment.ends_former and appointment.acting != PLH:
        former = update(Official).where(
            col(Official.facility_id) == work.here.id,
            col(Official.role_code) == appointment.role,
            col(Official.acting) != PLH,
            col(Official.valid_from) < appointment.since,
            or_(col(Official.valid_until).is_(None), col(Official.valid_until) >= appointment.since),
        )
        work.change(former.values(valid_until=appointment.since - timedelta(days=1)))
    _check_free(appointment, history.posts(work))
    appointed = insert(Official).values(
        facility_id=work.here.id,
        role_code=appointment.role,
        title=appointment.title or role.title.id,
        name=appointment.name,
        nip=appointment.nip,
        acting=appointment.acting,
        valid_from=appointment.since,
        valid_until=appointment.until,
    )
    work.change(appointed)
    # The audit log says which post; names are in the books already.
    audit.record(
        work,
        "facilities.official",
        appointment.role,
        details={"acting": appointment.acting, "from": appointment.since.isoformat()},
    )


def end(work: Work, post_id: UUID, until: date, reason: str) -> PostHeld:
    """Returns the last day of a post. Raises ``NotFound``, and ``Invalid`` for a day before it began or without a reason."""
    require_web(work)
    post = next((post for post in history.posts(work) if post.id == post_id), None)
    if post is None:
        raise FacilitiesRefusal.UNKNOWN_OFFICIAL.not_found()
    if until < post.since:
        raise FacilitiesRefusal.ENDS_BEFORE.invalid("until")
    reason = required_reason.require_reason(FacilitiesRefusal.REASON, reason)
    work.change(update(Official).where(col(Official.id) == post.id).values(valid_until=until))
    audit.record(
        work, "facilities.official_ends", post.official.role, reason=reason, details={"until": until.isoformat()}
    )
    return post


def _check(appointment: Appointment, *, known_role: bool) -> None:
    if not known_role:
        raise FacilitiesRefusal.ROLE.invalid("role")
    if not appointment.name:
        raise FacilitiesRefusal.NAME.invalid("name")
    for field, words in (("name", appointment.name), ("title", appointment.title)):
        if len(words) > limits.NAME:
            raise FacilitiesRefusal.TOO_LONG.invalid(field, n=len(words), most=limits.NAME)
    if not re.fullmatch(NIP, appointment.nip):
        raise FacilitiesRefusal.NIP.invalid("nip")
    if appointment.until is not None and appointment.until < appointment.since:
        raise FacilitiesRefusal.ENDS_BEFORE.invalid("until")


def _check_free(appointment: Appointment, posts: Sequence[PostHeld]) -> None:
    """Checks what the database refuses as well, to name it beside the field."""
    for post in posts:
        if post.official.role != appointment.role:
            continue
        meets = post.since <= (appointment.until or date.max) and (post.until or date.max) >= appointment.since
        who = f"{post.official.acting} {post.official.name}".strip()
        day = {"day": post.since}
        if meets and (post.official.acting == PLH) == (appointment.acting == PLH):
            code = FacilitiesRefusal.STANDS_IN if appointment.acting == PLH else FacilitiesRefusal.HELD
            raise code.invalid("since", name=who, **day)
        if post.since == appointment.since:
            raise FacilitiesRefusal.HELD_FROM_THAT_DAY.invalid("since", name=who, **day)
