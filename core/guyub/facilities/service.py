"""Writing regions, facilities, officials and programmes: whole sets, one statement each; whoever calls audits it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from guyub.db.unit_of_work import Work
from guyub.facilities.records import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord


def save_regions(work: Work, regions: Sequence[RegionRecord]) -> None:
    """Inserts the new ones and brings the others up to date."""
    _save(
        work,
        regions,
        """INSERT INTO guyub.region AS g (code, name, office_name, letter_code, capital, provinces)
           SELECT r.code, r.name, r.office_name, r.letter_code, r.capital, r.provinces
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (code text, name text, office_name text, letter_code text, capital text, provinces text[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, office_name = excluded.office_name,
               letter_code = excluded.letter_code, capital = excluded.capital, provinces = excluded.provinces""",
    )


def save_facilities(work: Work, facilities: Sequence[FacilityRecord]) -> None:
    """Inserts the new ones, which are then managed by files, and brings the others up to date. Their regions exist.

    The database keeps the history of names. Raises ``Refusal`` for a day that has not come, and for closing a facility
    with a cycle under way or with money or goods left.
    """
    _save(
        work,
        facilities,
        """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, facility_class, variant, city,
                                       city_code, province, letter_place, zone, paper, letterhead, letter_template, name_from,
                                       opened_on)
           SELECT g.id, r.code, r.name, r.long_name, r.facility_type, r.facility_class, r.variant, r.city,
                  r.city_code, r.province, r.letter_place, r.zone, r.paper, r.letterhead, r.letter_template, r.name_from,
                  r.opened_on
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (code text, region text, name text, long_name text, facility_type text, facility_class text, variant text,
                      city text, city_code text, province text, letter_place text, zone text, paper text, letterhead text[],
                      letter_template text, name_from date, opened_on date)
           JOIN guyub.region g ON g.code = r.region
           ON CONFLICT (code) DO UPDATE SET region_id = excluded.region_id, name = excluded.name,
               long_name = excluded.long_name, facility_type = excluded.facility_type,
               facility_class = excluded.facility_class, variant = excluded.variant, city = excluded.city,
               city_code = excluded.city_code, province = excluded.province, letter_place = excluded.letter_place,
               zone = excluded.zone, paper = excluded.paper, letterhead = excluded.letterhead,
               letter_template = excluded.letter_template, name_from = excluded.name_from, opened_on = excluded.opened_on""",
    )
    # Of the same folder: what a facility is merged into may be as new as its own closing.
    _save(
        work,
        facilities,
        """UPDATE guyub.facility f SET closed_on = r.closed_on, merged_into = s.id
           FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (code text, closed_on date, merged_into text)
           LEFT JOIN guyub.facility s ON s.code = r.merged_into
           WHERE f.code = r.code AND (f.closed_on, f.merged_into) IS DISTINCT FROM (r.closed_on, s.id)""",
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


def set_region_managed_by(work: Work, region: str, door: Literal["files", "web"]) -> None:
    """By which door a region (its code) is changed from now on. Raises ``Forbidden`` for all but its own office, the nation
    and the system."""
    work.run(
        "SELECT guyub.set_region_managed_by(g.id, :door) FROM guyub.region g WHERE g.code = :code",
        code=region,
        door=door,
    )


def _save(work: Work, records: Sequence[Any], statement: str) -> None:
    work.require("facilities.configure")
    if records:
        work.run(statement, rows=json.dumps([asdict(record) for record in records], default=str))
