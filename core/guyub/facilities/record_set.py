"""Reads and writes facilities, their officials and the offices above them as sets."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Label, Select, SQLColumnExpression, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access.models import Role, SeparationOfDuties
from guyub.access.roles import RoleRecord, save_roles, separate_duties
from guyub.db.base import TableModel
from guyub.db.bulk import table_of
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.facilities import service
from guyub.facilities.models import FacilityName, LetterDefaultModel, Official, Theme
from guyub.facilities.records import FacilityRecord, LetterDefault, OfficialRecord, RegionRecord, ThemeRecord

R = TypeVar("R")
OfficialKey = tuple[str, str, date]
"""Facility, role and first day."""


@dataclass(frozen=True, slots=True)
class FacilityTypeHeld:
    """Holds which type a facility was from a day on."""

    since: date
    facility_type: str


def type_on(types: Sequence[FacilityTypeHeld], day: date) -> str:
    """Returns the type on a day; ``types`` are in the order of days; before the first of them it was the same."""
    return next((held for held in reversed(types) if held.since <= day), types[0]).facility_type


@dataclass(frozen=True, slots=True)
class RecordSet:
    """By their codes; ``duties`` are pairs of permissions, ``types`` what each facility was through time."""

    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    letters: Mapping[str, LetterDefault]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    types: Mapping[str, Sequence[FacilityTypeHeld]]


@dataclass(slots=True)
class RecordWrites:
    """The records to write, whole."""

    themes: list[ThemeRecord] = field(default_factory=list)
    roles: list[RoleRecord] = field(default_factory=list)
    duties: list[tuple[str, str]] = field(default_factory=list)
    regions: list[RegionRecord] = field(default_factory=list)
    letters: list[LetterDefault] = field(default_factory=list)
    facilities: list[FacilityRecord] = field(default_factory=list)
    officials: list[OfficialRecord] = field(default_factory=list)


def write_records(work: Work, writes: RecordWrites) -> None:
    """Inserts the new ones and brings the others up to date. Raises ``Refusal`` as the services that own them."""
    service.save_themes(work, writes.themes)
    # Who configures facilities need not be one who sets roles: they are asked where any is changed.
    if writes.roles:
        save_roles(work, writes.roles)
    if writes.duties:
        separate_duties(work, writes.duties)
    service.save_regions(work, writes.regions)
    service.save_letters(work, writes.letters)
    service.save_facilities(work, writes.facilities)
    service.save_officials(work, writes.officials)


def recorded(work: Work) -> RecordSet:
    """Returns all that is recorded; eight queries, however many places."""
    successor = aliased(FacilityModel)
    place = func.coalesce(col(RegionModel.code), "")
    merged_into = func.coalesce(col(successor.code), "")
    facility_columns = _columns(FacilityModel, FacilityRecord, region=col(RegionModel.code), merged_into=merged_into)
    themes = _read(work, ThemeRecord, select(*_columns(Theme, ThemeRecord)))
    roles = _read(work, RoleRecord, select(*_columns(Role, RoleRecord)))
    regions = _read(work, RegionRecord, select(*_columns(RegionModel, RegionRecord)))
    letters = _read(
        work,
        LetterDefault,
        select(*_columns(LetterDefaultModel, LetterDefault, place=place))
        .select_from(LetterDefaultModel)
        .outerjoin(RegionModel, col(RegionModel.id) == col(LetterDefaultModel.region_id)),
    )
    facilities = _read(
        work,
        FacilityRecord,
        select(*facility_columns)
        .select_from(FacilityModel)
        .join(RegionModel, col(RegionModel.id) == col(FacilityModel.region_id))
        .outerjoin(successor, col(successor.id) == col(FacilityModel.merged_into)),
    )
    officials = _read(
        work,
        OfficialRecord,
        select(*_columns(Official, OfficialRecord, facility=col(FacilityModel.code)))
        .select_from(Official)
        .join(FacilityModel, col(FacilityModel.id) == col(Official.facility_id)),
    )
    duties = work.all(select(col(SeparationOfDuties.first_permission), col(SeparationOfDuties.second_permission)))
    return RecordSet(
        themes={theme.code: theme for theme in themes},
        roles={role.code: role for role in roles},
        duties=frozenset((first, second) for first, second in duties),
        # An office that was entered through the web names none: the province of its name.
        regions={region.code: replace(region, provinces=region.provinces or (region.name,)) for region in regions},
        letters={**_plain_letters(regions), **{letter.place: letter for letter in letters}},
        facilities={facility.code: facility for facility in facilities},
        officials={(official.facility, official.role_code, official.valid_from): official for official in officials},
        types=_types(work),
    )


def _types(work: Work) -> dict[str, Sequence[FacilityTypeHeld]]:
    types_held: defaultdict[str, list[FacilityTypeHeld]] = defaultdict(list)
    code, since = col(FacilityModel.code), col(FacilityName.valid_from)
    types = (
        select(code, since, col(FacilityName.facility_type))
        .ext(distinct_on(code, since))
        .select_from(FacilityName)
        .join(FacilityModel, col(FacilityModel.id) == col(FacilityName.facility_id))
        .order_by(code, since, col(FacilityName.seq).desc())
    )
    for row in work.all(types):
        types_held[row.code].append(FacilityTypeHeld(row.valid_from, row.facility_type))
    return dict(types_held)


def _plain_letters(regions: list[RegionRecord]) -> dict[str, LetterDefault]:
    """Returns the records of places that no file names yet: an office that was entered through the web."""
    if not regions:
        return {}
    nation = LetterDefault("", ("KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",), "")
    return {"": nation} | {
        region.code: LetterDefault(region.code, (region.office_name.upper(),), "") for region in regions
    }


def _columns(model: type[TableModel], kind: type[Any], **others: SQLColumnExpression[Any]) -> list[Label[Any]]:
    """Returns the fields of a record as columns of its table; ``others`` are found elsewhere."""
    kept = table_of(model).c
    return [
        (others[name] if name in others else kept[name]).label(name) for name in (field.name for field in fields(kind))
    ]


def _read(work: Work, kind: Callable[..., R], statement: Select[*tuple[Any, ...]]) -> list[R]:
    """Returns records of one kind; the columns have the names of its fields."""
    return [
        kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row._mapping.items()})
        for row in work.all(statement)
    ]
