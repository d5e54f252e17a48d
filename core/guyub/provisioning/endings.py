"""What the database will refuse of days and endings in files: said in the plan, before anybody waits for it to be applied."""

import json
from collections.abc import Iterator
from datetime import date

from guyub.db.facility_errors import refusal_of
from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord
from guyub.provisioning.declared import Declared
from guyub.provisioning.findings import Finding
from guyub.provisioning.recorded import Recorded
from guyub.sdk.errors import Refusal


def endings(work: Work, ours: Declared, world: Recorded, today: date) -> Iterator[Finding]:
    """Of the facilities that the files close, what is left open there; and days that have not come. One query at most."""
    closing: list[FacilityRecord] = []
    for code, one in ours.facilities.items():
        known = world.facilities.get(code)
        if one.name_from and one.name_from > today and (known is None or known.name_from != one.name_from):
            yield _against(code, refusal_of("GU013", "name_ahead", one.name_from.isoformat()))
        if one.closed_on is None or (known and known.closed_on == one.closed_on):
            continue
        if one.closed_on > today:
            yield _against(code, refusal_of("GU013", "closing_ahead", one.closed_on.isoformat()))
        elif known:
            closing.append(one)
    yield from _left_open(work, {one.code: one.name for one in closing})


def _left_open(work: Work, names: dict[str, str]) -> Iterator[Finding]:
    if not names:
        return
    for row in work.run("SELECT code, found FROM guyub.left_open_at(:codes) ORDER BY code", codes=sorted(names)):
        if row.found["cycles"] or row.found["funds"]:
            detail = json.dumps(row.found | {"facility": names[row.code]})
            yield _against(row.code, refusal_of("GU014", "", detail))


def _against(code: str, refusal: Refusal) -> Finding:
    return Finding(code, refusal.what, is_blocking=True)
