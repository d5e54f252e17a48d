"""Gives and takes roles of people who have an account, with a day and a reason, for whoever holds the service key."""

from datetime import date

from sqlalchemy import func, select

from guyub.access import people
from guyub.access.accounts import account_reason
from guyub.access.refusals import AccessRefusal
from guyub.db.limits import is_plausible
from guyub.db.unit_of_work import Work


def give(
    work: Work,
    *,
    key: str,
    login: str,
    role: str,
    since: date,
    until: date | None,
    reason: str,
    facility: str = "",
    region: str = "",
    acting: str = "",
) -> bool:
    """Gives a role from a day on, up to ``until`` where there is one. Returns False when that very role is there already.

    Raises ``Invalid`` for a missing reason, days that cannot be meant, and as ``people.assign_role``.
    """
    reason = account_reason(reason)
    _demand_days(since, until)
    return people.assign_role(
        work,
        key=key,
        login=login,
        role=role,
        valid_from=since,
        valid_until=until,
        facility=facility,
        region=region,
        acting=acting,
        reason=reason,
    )


def take(
    work: Work, *, key: str, login: str, role: str, last_day: date, reason: str, facility: str = "", region: str = ""
) -> int:
    """Ends a role with its last day and returns how many assignments that concerned; one that would begin later is taken out.

    Raises ``Invalid`` for a missing reason, ``NotFound`` for who does not hold it after that day, ``Refusal`` for the role of
    the only administrator of an office.
    """
    reason = account_reason(reason)
    _demand_days(last_day, None)
    facility_id, region_id = people.place_id(work, "facility", facility), people.place_id(work, "region", region)
    ended: int = work.session.execute(
        select(func.guyub.end_role(key, login, role, facility_id, region_id, last_day, reason))
    ).scalar_one()
    return ended


def _demand_days(since: date, until: date | None) -> None:
    if not is_plausible(since) or (until is not None and not is_plausible(until)):
        raise AccessRefusal.ROLE_DAY.invalid("since" if not is_plausible(since) else "until")
    if until is not None and until < since:
        raise AccessRefusal.ROLE_DAYS.invalid("until")
