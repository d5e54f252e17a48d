"""People and their roles: who is there, and what each may do where and from when on."""

import re
from datetime import date
from difflib import get_close_matches
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access import audit
from guyub.access.acting import Acting, acting_of
from guyub.access.models import PersonModel, Role, RoleAssignment
from guyub.access.refusals import AccessRefusal, unknown_place
from guyub.access.sign_in import hash_password, unknown_login
from guyub.db.limits import NAME
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text
from guyub.sdk.unseen import is_blank

MOST_OF_NIP = 30
PlaceKind = Literal["facility", "region"]
_PLACES: dict[PlaceKind, type[FacilityModel | RegionModel]] = {"facility": FacilityModel, "region": RegionModel}
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def create_person(work: Work, *, key: str, login: str, full_name: str, password: str, nip: str = "") -> UUID:
    """Adds a person, who may do nothing before a role is assigned. ``key`` is the service key.

    Raises ``Invalid`` (field ``login``, ``full_name`` or ``password``), and ``Refusal`` when the login is taken.
    """
    if not _LOGIN.fullmatch(login):
        raise AccessRefusal.LOGIN.invalid("login", login=login)
    if is_blank(full_name):
        raise AccessRefusal.FULL_NAME.invalid("full_name")
    if len(full_name.strip()) > NAME:
        raise AccessRefusal.FULL_NAME_LENGTH.invalid("full_name")
    if len(nip) > MOST_OF_NIP:
        raise AccessRefusal.NIP_LENGTH.invalid("nip")
    hashed = hash_password(password)
    active = work.scalar(select(col(PersonModel.active)).where(col(PersonModel.login) == login))
    if active is False:
        raise AccessRefusal.ACCOUNT_ENDED.refusal(login=login)
    if active:
        raise AccessRefusal.LOGIN_TAKEN.refusal(login=login)
    made: UUID = work.session.execute(
        select(func.guyub.create_person(key, login, full_name.strip(), nip, hashed))
    ).scalar_one()
    audit.record(work, "access.create_person", login)
    return made


def assign_role(
    work: Work,
    *,
    key: str,
    login: str,
    role: str,
    valid_from: date,
    facility: str = "",
    region: str = "",
    valid_until: date | None = None,
    acting: str = "",
    reason: str = "",
) -> bool:
    """Gives a person a role at a facility or region (their codes), or nationally, from a day on; ``acting``: Plt., Plh.

    Answers False when that very assignment is already there. Raises ``Invalid`` when the role is unknown or does not
    belong to such a place, ``NotFound`` for an unknown place.
    """
    kept = select(col(PersonModel.id), col(PersonModel.active)).where(col(PersonModel.login) == login)
    person = next(iter(work.all(kept)), None)
    if person is None:
        raise unknown_login(login)
    if not person.active:
        raise AccessRefusal.ACCOUNT_ENDED.refusal(login=login)
    person_id = person.id
    acting = acting_title(acting)
    _check_reach(work, role, "facility" if facility else "region" if region else "national")
    place = {"facility": place_id(work, "facility", facility), "region": place_id(work, "region", region)}
    held = RoleAssignment
    same = select(col(held.acting)).where(
        col(held.person_id) == person_id,
        col(held.role_code) == role,
        col(held.valid_from) == valid_from,
        col(held.facility_id).is_not_distinct_from(place["facility"]),
        col(held.region_id).is_not_distinct_from(place["region"]),
    )
    known = work.scalar(same)
    if known is not None and known != acting:
        raise AccessRefusal.HELD_AS.invalid(
            "acting", day=valid_from, title=known or Text(id="pejabat tetap", en="the holder")
        )
    if known is not None:
        return False
    days = (valid_from, valid_until)
    work.scalar(
        select(
            func.guyub.assign_role(key, person_id, role, place["facility"], place["region"], *days, acting, work.login)
        )
    )
    audit.record(
        work,
        "access.assign_role",
        login,
        reason=reason,
        details={"role": role, "place": facility or region or "national", "valid_from": valid_from.isoformat()},
        chain=place["facility"] or audit.INSTALLATION,
    )
    return True


def acting_title(typed: str) -> Acting:
    """Returns Plt. or Plh. as letters have it, however it is typed; "" where nobody acts for another. Raises
    ``Invalid``."""
    acting = acting_of(typed)
    if acting is None:
        raise AccessRefusal.ACTING.invalid("acting", typed=typed)
    return acting


def _check_reach(work: Work, role: str, wanted: str) -> None:
    rows = work.all(select(col(Role.code), col(Role.scope)).order_by(col(Role.code)))
    scopes = dict(rows)
    if scopes.get(role) == wanted:
        return
    fitting = ", ".join(code for code, scope in scopes.items() if scope == wanted)
    raise AccessRefusal.ROLE.invalid("role", role=role, fitting=fitting or "–")


def place_id(work: Work, kind: PlaceKind, code: str) -> UUID | None:
    """Returns the id of a place, None for an empty code. Raises ``NotFound``."""
    if not code:
        return None
    known_id = id_of(work, kind, code)
    if known_id is None:
        raise unknown_place(code, get_close_matches(code, work.scalars(select(col(_PLACES[kind].code)))))
    return known_id


def id_of(work: Work, kind: PlaceKind, code: str) -> UUID | None:
    """Returns the id of the place with that code; None where there is none within reach."""
    place = _PLACES[kind]
    return work.scalar(select(col(place.id)).where(col(place.code) == code))
