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
from guyub.sdk.errors import Invalid, NotFound
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.problems import EMPTY


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
    # The trail says which post; names are in the books already.
    audit.record(
        work, "facilities.official", given.role, details={"acting": given.acting, "from": given.since.isoformat()}
    )


def end(work: Work, post_id: UUID, until: date, reason: str) -> PostHeld:
    """Returns the last day of a post. Raises ``NotFound``, and ``Invalid`` for a day before it began or without a reason."""
    require_web(work)
    post = next((post for post in history.posts(work) if post.id == post_id), None)
    if post is None:
        raise NotFound(
            "facilities.unknown_official",
            Text(id="Pejabat ini tidak ditemukan.", en="There is no such official."),
            Text(id="Pilih dari daftar pejabat.", en="Choose from the list of officials."),
        )
    if until < post.since:
        raise Invalid(
            "facilities.ends_before",
            Text(id="Hari terakhir mendahului hari pertama.", en="The last day is before the first."),
            Text(id="Pilih tanggal sesudahnya.", en="Choose a later day."),
            "until",
        )
    reason = required_reason.require_reason("facilities.reason", reason, *EMPTY)
    work.run("UPDATE guyub.official SET valid_until = :until WHERE id = :id", until=until, id=post.id)
    audit.record(
        work, "facilities.official_ends", post.official.role, reason=reason, details={"until": until.isoformat()}
    )
    return post


def _check(given: Appointment, *, known_role: bool) -> None:
    if not known_role:
        raise Invalid("facilities.role", *EMPTY, "role")
    if not given.name:
        raise Invalid("facilities.name", *EMPTY, "name")
    for field, words in (("name", given.name), ("title", given.title)):
        if said := limits.too_long(words, limits.NAME):
            raise Invalid("facilities.too_long", *said, field)
    if not re.fullmatch(NIP, given.nip):
        raise Invalid(
            "facilities.nip",
            Text(id="NIP terdiri atas 18 angka.", en="An NIP has 18 digits."),
            Text(id="Periksa angkanya, atau kosongkan.", en="Check the digits, or leave it empty."),
            "nip",
        )
    if given.until is not None and given.until < given.since:
        raise Invalid(
            "facilities.ends_before",
            Text(id="Hari terakhir mendahului hari pertama.", en="The last day is before the first."),
            Text(id="Perbaiki salah satu tanggalnya.", en="Mend one of the two dates."),
            "until",
        )


def _check_free(given: Appointment, posts: Sequence[PostHeld]) -> None:
    """The database refuses the same; here it is said beside the field."""
    for post in posts:
        if post.official.role != given.role:
            continue
        meets = post.since <= (given.until or date.max) and (post.until or date.max) >= given.since
        who = f"{post.official.acting} {post.official.name}".strip()
        day = {"day_id": format_date(post.since), "day_en": format_date(post.since, "en")}
        if meets and (post.official.acting == "Plh.") == (given.acting == "Plh."):
            said = _STANDS_IN if given.acting == "Plh." else _HOLDS
            raise Invalid("facilities.two_holders", said.format(name=who, **day), _END_IT_FIRST, "since")
        if post.since == given.since:
            raise Invalid("facilities.two_holders", _SAME_DAY.format(name=who, **day), _ANOTHER_DAY, "since")


_HOLDS = Text(id="Jabatan ini dipegang {name} sejak {day_id}.", en="{name} has held this post since {day_en}.")
_STANDS_IN = Text(
    id="{name} sudah menggantikan sementara sejak {day_id}.", en="{name} has stood in for this post since {day_en}."
)
_END_IT_FIRST = Text(
    id="Akhiri dulu masa jabatannya, atau pilih tanggal lain.", en="End it first, or choose another day."
)
_SAME_DAY = Text(
    id="{name} sudah tercatat untuk jabatan ini mulai {day_id}; dua pejabat tidak dapat mulai pada hari yang sama.",
    en="{name} is recorded for this post from {day_en}; two officials cannot begin on the same day.",
)
_ANOTHER_DAY = Text(id="Pilih hari mulai yang lain.", en="Choose another first day.")
