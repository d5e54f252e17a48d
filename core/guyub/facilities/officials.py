"""Naming officials through the web: who holds which post, from which day, and the end of a post."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from guyub.access import audit, required_reason
from guyub.db import limits
from guyub.db.unit_of_work import Work
from guyub.facilities import history
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.history import PostHeld
from guyub.facilities.records import NIP
from guyub.facilities.refusals import FacilitiesRefusal


@dataclass(frozen=True, slots=True)
class Appointment:
    """``title`` "" takes that of the role; ``ends_former`` ends the post of who holds it the day before."""

    role: str
    name: str
    nip: str
    acting: str
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
    if given.ends_former and given.acting != "Plh.":
        work.run(
            """UPDATE guyub.official SET valid_until = :day_before
               WHERE facility_id = :here AND role_code = :role AND acting <> 'Plh.' AND valid_from < :since
                 AND (valid_until IS NULL OR valid_until >= :since)""",
            here=work.here.id,
            role=given.role,
            since=given.since,
            day_before=given.since - timedelta(days=1),
        )
    _check_free(given, history.posts(work))
    work.run(
        """INSERT INTO guyub.official (facility_id, role_code, title, name, nip, acting, valid_from, valid_until)
           VALUES (:here, :role, :title, :name, :nip, :acting, :since, :until)""",
        here=work.here.id,
        role=given.role,
        title=given.title or role.title.id,
        name=given.name,
        nip=given.nip,
        acting=given.acting,
        since=given.since,
        until=given.until,
    )
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
    work.run("UPDATE guyub.official SET valid_until = :until WHERE id = :id", until=until, id=post.id)
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
        if meets and (post.official.acting == "Plh.") == (given.acting == "Plh."):
            code = FacilitiesRefusal.STANDS_IN if given.acting == "Plh." else FacilitiesRefusal.HELD
            raise code.invalid("since", name=who, **day)
        if post.since == given.since:
            raise FacilitiesRefusal.HELD_FROM_THAT_DAY.invalid("since", name=who, **day)
