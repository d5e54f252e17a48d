"""Writing regions, facilities, officials and programmes: whole sets, one statement each.

The audit trail lies above this room: whoever calls records the operation.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord


def save_regions(work: Work, regions: Sequence[RegionRecord]) -> None:
    """Inserts the new ones and brings the others up to date."""
    _save(
        work,
        regions,
        """INSERT INTO guyub.region AS g (code, name, office_name, letter_code, capital)
           SELECT r.code, r.name, r.office_name, r.letter_code, r.capital
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (code text, name text, office_name text, letter_code text, capital text)
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, office_name = excluded.office_name,
               letter_code = excluded.letter_code, capital = excluded.capital""",
    )


def save_facilities(work: Work, facilities: Sequence[FacilityRecord]) -> None:
    """Inserts the new ones, which are then managed by files, and brings the others up to date. Their regions exist."""
    _save(
        work,
        facilities,
        """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, facility_class, city, city_code,
                                       place, zone, paper, letterhead, letter_template)
           SELECT g.id, r.code, r.name, r.long_name, r.facility_type, r.facility_class, r.city, r.city_code,
                  r.place, r.zone, r.paper, r.letterhead, r.letter_template
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (code text, region text, name text, long_name text, facility_type text, facility_class text, city text,
                      city_code text, place text, zone text, paper text, letterhead text[], letter_template text)
           JOIN guyub.region g ON g.code = r.region
           ON CONFLICT (code) DO UPDATE SET region_id = excluded.region_id, name = excluded.name,
               long_name = excluded.long_name, facility_type = excluded.facility_type,
               facility_class = excluded.facility_class, city = excluded.city, city_code = excluded.city_code,
               place = excluded.place, zone = excluded.zone, paper = excluded.paper, letterhead = excluded.letterhead,
               letter_template = excluded.letter_template""",
    )


def save_officials(work: Work, officials: Sequence[OfficialRecord]) -> None:
    """Inserts the new ones and brings the others up to date; none is ever removed: a post ends by its last day."""
    _save(
        work,
        officials,
        """INSERT INTO guyub.official (facility_id, role_code, title, name, nip, acting, valid_from, valid_until)
           SELECT f.id, r.role_code, r.title, r.name, r.nip, r.acting, r.valid_from, r.valid_until
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (facility text, role_code text, title text, name text, nip text, acting text, valid_from date,
                      valid_until date)
           JOIN guyub.facility f ON f.code = r.facility
           ON CONFLICT (facility_id, role_code, valid_from) DO UPDATE SET title = excluded.title, name = excluded.name,
               nip = excluded.nip, acting = excluded.acting, valid_until = excluded.valid_until""",
    )


def save_themes(work: Work, themes: Sequence[ThemeRecord]) -> None:
    """Inserts the new ones and brings the others up to date."""
    _save(
        work,
        themes,
        """INSERT INTO guyub.theme (code, label, detail, valid_from, valid_until)
           SELECT r.code, r.label, r.detail, r.valid_from, r.valid_until
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (code text, label text, detail text, valid_from date, valid_until date)
           ON CONFLICT (code) DO UPDATE SET label = excluded.label, detail = excluded.detail,
               valid_from = excluded.valid_from, valid_until = excluded.valid_until""",
    )


def set_managed_by(work: Work, door: Literal["files", "web"]) -> None:
    """By which door the facility of this work is changed from now on. Raises ``Forbidden`` for all but its regional office,
    the nation and the system."""
    work.run("SELECT guyub.set_managed_by(:here, :door)", here=work.here.id, door=door)


def _save(work: Work, records: Sequence[Any], statement: str) -> None:
    work.require("facilities.configure")
    if records:
        work.run(statement, rows=json.dumps([asdict(record) for record in records], default=str))
