"""Naming officials through the web: who holds which post, from which day, and the end of a post."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert, or_, update
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


def appoint(work: Work, given: Appointment) -> None:
    """Records an official of this facility. Raises ``Invalid`` for a field, and ``Refusal`` where the post is taken or the
    facility closed before."""
    require_open(require_web(work), given.since)
    role = next((role_offered for role_offered in history.roles_here(work) if role_offered.code == given.role), None)
    _check(given, known_role=role is not None)
    assert role is not None
    if given.ends_former and given.acting != PLH:
        former = update(Official).where(
            col(Official.facility_id) == work.here.id,
            col(Official.role_code) == given.role,
            col(Official.acting) != PLH,
            col(Official.valid_from) < given.since,
            or_(col(Official.valid_until).is_(None), col(Official.valid_until) >= given.since),
        )
        work.change(former.values(valid_until=given.since - timedelta(days=1)))
    _check_free(given, history.posts(work))
    appointed = insert(Official).values(
        facility_id=work.here.id,
        role_code=given.role,
        title=given.title or role.title.id,
        name=given.name,
        nip=given.nip,
        acting=given.acting,
        valid_from=given.since,
        valid_until=given.until,
    )
    work.change(appointed)
    # The audit log says which post; names are in the books already.
    audit.record(
        work, "facilities.official", given.role, details={"acting": given.acting, "from": given.since.isoformat()}
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


def _check(given: Appointment, *, known_role: bool) -> None:
    if not known_role:
        raise FacilitiesRefusal.ROLE.invalid("role")
    if not given.name:
        raise FacilitiesRefusal.NAME.invalid("name")
    for field, words in (("name", given.name), ("title", given.title)):
        if len(words) > limits.NAME:
            raise FacilitiesRefusal.TOO_LONG.invalid(field, n=len(words), most=limits.NAME)
    if not re.fullmatch(NIP, given.nip):
        raise FacilitiesRefusal.NIP.invalid("nip")
    if given.until is not None and given.until < given.since:
        raise FacilitiesRefusal.ENDS_BEFORE.invalid("until")


def _check_free(given: Appointment, posts: Sequence[PostHeld]) -> None:
    """The database refuses the same; here it is said beside the field."""
    for post in posts:
        if post.official.role != given.role:
            continue
        meets = post.since <= (given.until or date.max) and (post.until or date.max) >= given.since
        who = f"{post.official.acting} {post.official.name}".strip()
        day = {"day": post.since}
        if meets and (post.official.acting == PLH) == (given.acting == PLH):
            code = FacilitiesRefusal.STANDS_IN if given.acting == PLH else FacilitiesRefusal.HELD
            raise code.invalid("since", name=who, **day)
        if post.since == given.since:
            raise FacilitiesRefusal.HELD_FROM_THAT_DAY.invalid("since", name=who, **day)
