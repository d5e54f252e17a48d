"""Rows fill a declared class by name, and a statement whose names differ from its fields is refused."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import FrozenInstanceError, dataclass, field

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlmodel import col

from guyub.db.models import FacilityModel
from guyub.db.typed_reads import NamesDiffer, among, pair_among, part_of
from guyub.db.unit_of_work import Database, Work
from guyub.jobs.models import EventListener
from tests.conftest import KEBUMEN, PEKALONGAN


@dataclass(frozen=True, slots=True)
class CodeAndZone:
    code: str
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneAlone:
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneAndLetters:
    zone: str
    code: str = "unknown"
    letters: int = field(default=0, init=False)


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    with database.work(database.as_service("test", PEKALONGAN, KEBUMEN)) as opened:
        yield opened


BOTH = col(FacilityModel.code).in_([PEKALONGAN, KEBUMEN])


def test_rows_fill_a_class_by_name_whatever_the_order_of_the_columns(work: Work):
    swapped = select(col(FacilityModel.zone), col(FacilityModel.code)).where(BOTH).order_by(col(FacilityModel.code))
    assert work.rows(CodeAndZone, swapped) == [
        CodeAndZone(code=KEBUMEN, zone="Asia/Jakarta"),
        CodeAndZone(code=PEKALONGAN, zone="Asia/Jakarta"),
    ]
    assert work.rows(ZoneAndLetters, swapped)[0].code == KEBUMEN


def test_text_fills_a_class_by_name_too(work: Work):
    assert work.rows(ZoneAlone, "SELECT zone FROM guyub.facility WHERE code = :code", code=KEBUMEN) == [
        ZoneAlone("Asia/Jakarta")
    ]


def test_a_label_names_what_is_computed(work: Work):
    statement = select(col(FacilityModel.code), func.lower(col(FacilityModel.zone)).label("zone")).where(BOTH)
    assert {row.zone for row in work.rows(CodeAndZone, statement)} == {"asia/jakarta"}


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("code", "fields without a column: zone"),
        ("code, zone, name", "columns without a field: name"),
        ("code, lower(zone)", "columns without a field: lower"),
        ("code, zone, zone", "columns without a field: zone"),
    ],
)
@pytest.mark.parametrize("condition", ["true", "false"])
def test_other_names_than_the_fields_are_refused_even_without_a_row(
    work: Work, columns: str, named: str, condition: str
):
    statement = f"SELECT {columns} FROM guyub.facility WHERE {condition}"
    for read in (work.rows, work.first, work.one):
        with pytest.raises(NamesDiffer, match=named):
            read(CodeAndZone, statement)


def test_a_column_that_has_a_default_in_the_class_must_be_selected_too(work: Work):
    with pytest.raises(NamesDiffer, match="code"):
        work.rows(ZoneAndLetters, select(col(FacilityModel.zone)))


def test_only_dataclasses_are_filled(work: Work):
    with pytest.raises(TypeError):
        work.rows(dict, "SELECT 1 AS number")


def test_first_and_one_return_a_row(work: Work):
    statement = select(col(FacilityModel.code), col(FacilityModel.zone)).order_by(col(FacilityModel.code))
    first = work.first(CodeAndZone, statement.where(BOTH))
    assert first == CodeAndZone(KEBUMEN, "Asia/Jakarta")
    assert work.first(CodeAndZone, statement.where(col(FacilityModel.code) == "nowhere")) is None
    assert work.one(CodeAndZone, statement.where(col(FacilityModel.code) == KEBUMEN)) == first
    with pytest.raises(LookupError):
        work.one(CodeAndZone, statement.where(BOTH))
    with pytest.raises(LookupError):
        work.one(CodeAndZone, statement.where(col(FacilityModel.code) == "nowhere"))


def test_narrow_selects_return_tuples_and_values(work: Work):
    pairs = work.all(select(col(FacilityModel.code), col(FacilityModel.paper)).where(BOTH))
    assert {code for code, _paper in pairs} == {KEBUMEN, PEKALONGAN}
    codes = select(col(FacilityModel.code)).where(BOTH).order_by(col(FacilityModel.code))
    assert work.scalars(codes) == [KEBUMEN, PEKALONGAN]
    assert work.scalar(codes) == KEBUMEN
    assert work.scalar(codes.where(col(FacilityModel.code) == "nowhere")) is None


def test_a_part_of_a_wider_row_is_taken_by_name(work: Work):
    row = work.session.execute(text("SELECT 1 AS more, 'Asia/Jakarta' AS zone, 'x' AS code")).one()
    assert part_of(row, CodeAndZone) == CodeAndZone("x", "Asia/Jakarta")
    assert part_of(row, CodeAndZone, code="other") == CodeAndZone("other", "Asia/Jakarta")
    with pytest.raises(NamesDiffer, match="zone"):
        part_of(work.session.execute(text("SELECT 'x' AS code")).one(), CodeAndZone)


def test_rows_are_what_their_class_makes_them(work: Work):
    row = work.one(ZoneAlone, "SELECT zone FROM guyub.facility WHERE code = :code", code=KEBUMEN)
    with pytest.raises(FrozenInstanceError):
        row.zone = "elsewhere"  # type: ignore[misc]  # what the test tries


def test_each_reads_a_long_list_piece_by_piece_and_other_statements_may_run_between(work: Work):
    numbers = work.each(ZoneAlone, "SELECT repeat('x', 1000) || n AS zone FROM generate_series(1, 2000000) AS n")
    with closing(numbers):
        assert next(numbers) == ZoneAlone("x" * 1000 + "1")
        assert work.all(select(func.count(col(FacilityModel.code))).where(BOTH)) == [(2,)]
        assert next(numbers).zone.endswith("x2")


def test_each_compares_the_names_too(work: Work):
    with pytest.raises(NamesDiffer, match="columns without a field: code"):
        work.each(ZoneAlone, select(col(FacilityModel.zone), col(FacilityModel.code)))


def test_among_names_any_number_of_values_in_one_parameter(work: Work):
    for codes in ([], [KEBUMEN], [KEBUMEN, PEKALONGAN, KEBUMEN]):
        statement = select(col(FacilityModel.code)).where(among(col(FacilityModel.code), codes))
        assert list(statement.compile().params.values()) == [codes]
        assert set(work.scalars(statement)) == set(codes)


def test_pairs_are_compared_as_pairs(work: Work):
    place = FacilityModel
    rows = {(row.code, row.zone) for row in work.all(select(col(place.code), col(place.zone)))}
    elsewhere = {(code, "Asia/Jayapura") for code, _ in rows}
    for pairs in (set(), rows, {(KEBUMEN, "Asia/Jakarta")}, elsewhere):
        statement = select(col(place.code), col(place.zone)).where(pair_among(col(place.code), col(place.zone), pairs))
        assert {tuple(row) for row in work.all(statement)} == pairs & rows


def test_a_change_tells_how_many_rows_it_wrote_and_reads_none_back(work: Work):
    assert work.change(delete(EventListener).where(col(EventListener.plugin) == "absent")) == 0
    assert work.change(insert(EventListener).values([{"plugin": "first"}, {"plugin": "second"}])) == 2
    listed = select(func.replace(col(FacilityModel.code), "-", "_")).where(col(FacilityModel.code) == KEBUMEN)
    assert work.change(insert(EventListener).from_select(["plugin"], listed)) == 1
    wanted = ["first", KEBUMEN.replace("-", "_")]
    assert work.change(delete(EventListener).where(among(col(EventListener.plugin), wanted))) == 2
