"""Reads of the registry: a page of households, and how many there are. Secrets stay masked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, intersect, or_, select
from sqlmodel import col

from guyub.db.bulk import table_of
from guyub.db.keys import Protector
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.registry.models import (
    Household,
    InmateLink,
    InmateNameWord,
    Member,
    NameWord,
    Survey,
)
from guyub.registry.timeline import last_received
from guyub.sdk.searching import search_words
from guyub.sdk.typed import plain

PAGE = 50
_MOST_WORDS = 6
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """``text``: beginnings of words of a member's or a linked inmate's name in any order, or a whole NIK or card number.

    ``received``: whether anything was ever handed over.
    ``archived`` asks for the households that were taken out of the list, instead of those on it.
    """

    text: str = ""
    category: str = ""
    surveyed: bool | None = None
    received: bool | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdOrder:
    """``key`` is that of a column of the list, "" for the newest first."""

    key: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A row of the list; ``name`` is the recipient's, ``relationship`` what they are to the inmate."""

    id: UUID
    name: str
    nik_masked: str
    category: str
    relationship: str
    rt: str
    rw: str
    village: str
    district: str
    people: int
    packages: int
    surveyed_on: date | None
    received_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """Newest households first. ``next`` is what to pass as ``after`` for the following page; None at the end."""

    rows: list[ListedHousehold]
    next: UUID | None


def page(
    work: Work,
    protector: Protector,
    wanted: HouseholdFilter,
    after: UUID | None = None,
    size: int = PAGE,
    order: HouseholdOrder = HouseholdOrder(),
    start: int = 0,
) -> HouseholdPage:
    """Reads one page with one query, whatever the size of the registry. In the order of the list the page begins ``after`` a
    household, in any other it begins after ``start`` rows."""
    statement = _in_order(_listed_households(work, protector, wanted), order).limit(size + 1)
    if order.key:
        statement = statement.offset(start)
    elif after is not None:
        statement = statement.where(table_of(Household).c.id < after)
    rows = work.rows(ListedHousehold, statement)
    return HouseholdPage(rows[:size], rows[size - 1].id if len(rows) > size else None)


def every_household(
    work: Work, protector: Protector, wanted: HouseholdFilter, order: HouseholdOrder
) -> Iterator[ListedHousehold]:
    """Returns all rows of the list, one after the other."""
    return work.each(ListedHousehold, _in_order(_listed_households(work, protector, wanted), order))


def _listed_households(work: Work, protector: Protector, wanted: HouseholdFilter) -> Select[Any]:
    h = table_of(Household).c
    recipients, surveys = table_of(Member).alias("recipient"), table_of(Survey)
    recipient, survey = recipients.c, surveys.c
    link = table_of(InmateLink).c
    received = last_received(h.id)
    relationship = (
        select(link.relationship).where(link.household_id == h.id, link.ended_on.is_(None)).order_by(link.id).limit(1)
    )
    statement: Select[Any] = (
        select(
            h.id,
            _name(h, recipient).label("name"),
            func.coalesce(recipient.nik_masked, "").label("nik_masked"),
            h.category,
            func.coalesce(relationship.scalar_subquery(), "").label("relationship"),
            h.rt,
            h.rw,
            h.village,
            h.district,
            _people(h).label("people"),
            h.packages,
            survey.surveyed_on,
            received.label("received_on"),
        )
        .select_from(table_of(Household))
        .outerjoin(recipients, and_(recipient.household_id == h.id, recipient.is_recipient, _listed(recipient, wanted)))
        .outerjoin(surveys, and_(survey.household_id == h.id, ~survey.superseded))
        .where(h.facility_id == work.here.id, _listed(h, wanted))
    )
    if wanted.category:
        statement = statement.where(h.category == wanted.category)
    if wanted.surveyed is not None:
        # No home survey is asked of an institution.
        statement = statement.where(or_(survey.id.is_not(None), h.category == "institution") == wanted.surveyed)
    if wanted.received is not None:
        statement = statement.where(received.is_not(None) == wanted.received)
    matching = _matching(work, protector, wanted)
    return statement if matching is None else statement.where(matching)


def _name(h: Any, recipient: Any) -> ColumnElement[str]:
    """Returns the recipient's name; of an institution its own, with the person responsible behind it."""
    return case(
        (h.category == "institution", func.concat_ws(" · ", h.institution_name, recipient.full_name)),
        else_=func.coalesce(recipient.full_name, ""),
    )


def _people(h: Any) -> ColumnElement[int]:
    counted: ColumnElement[int] = h.children_under_5 + h.children_of_school_age + h.adults + h.elderly
    return case((h.category == "institution", h.people_served), else_=counted)


def _in_order(statement: Select[Any], order: HouseholdOrder) -> Select[Any]:
    """Returns the statement in its order: rows without a value are last in either order; among equals the newest is first."""
    columns, newest = statement.selected_columns, table_of(Household).c.id.desc()
    keys: dict[str, list[ColumnElement[Any]]] = {
        "recipient": [func.lower(func.nullif(columns.name, ""))],
        "address": [func.lower(func.nullif(columns.village, "")), columns.rw, columns.rt],
        "people": [columns.people],
        "survey": [columns.surveyed_on],
        "received": [columns.received_on],
    }
    by = [key.desc() if order.descending else key.asc() for key in (keys[order.key] if order.key else [])]
    return statement.order_by(*(key.nulls_last() for key in by), newest)


def _listed(columns: Any, wanted: HouseholdFilter) -> ColumnElement[bool]:
    """Returns the bare column, as the partial indexes have it: a parameter compared with it would use none of them."""
    active: ColumnElement[bool] = columns.active
    return ~active if wanted.archived else active


def _was_there(member: Any, wanted: HouseholdFilter) -> ColumnElement[bool]:
    """Returns who belongs to the household or once did: who asks whether it ever received may know it by the dead."""
    return or_(_listed(member, wanted), member.gone_as.in_(("left", "died")))


def _matching(work: Work, protector: Protector, wanted: HouseholdFilter) -> ColumnElement[bool] | None:
    """Returns households by number or by words of a name. Both use operators that an index can serve under a policy."""
    h, member, word = table_of(Household).c, table_of(Member).c, table_of(NameWord).c
    here = work.here.id
    number = re.sub(r"[ .\-']", "", plain(wanted.text))
    if re.fullmatch(r"[0-9]{16}", number):
        of_member = select(member.household_id).where(
            member.facility_id == here,
            member.nik_index == protector.blind_index("nik", number),
            _was_there(member, wanted),
        )
        return or_(h.id.in_(of_member), h.family_card_index == protector.blind_index("family_card", number))
    words = search_words(wanted.text)[:_MOST_WORDS]
    if not words:
        return false() if wanted.text.strip() else None
    inmate, link = table_of(InmateNameWord).c, table_of(InmateLink).c
    of_member = select(member.household_id).where(
        member.id.in_(_named(here, words, word, word.member_id)), _was_there(member, wanted)
    )
    of_inmate = select(link.household_id).where(
        link.ended_on.is_(None), link.inmate_id.in_(_named(here, words, inmate, inmate.inmate_id))
    )
    institutions = select(h.id).where(
        h.facility_id == here,
        h.category == "institution",
        *(func.guyub.folded(h.institution_name).contains(beginning, autoescape=True) for beginning in words),
    )
    return or_(h.id.in_(of_member), h.id.in_(of_inmate), h.id.in_(institutions.correlate(None)))


def _named(here: UUID, words: list[str], kept: Any, named: Any) -> Any:
    """Selects who has all the words in their name."""
    with_words: list[Select[Any]] = [
        select(named).where(
            kept.facility_id == here,
            or_(*(and_(kept.word >= beginning, kept.word < beginning + _LAST_CHARACTER) for beginning in beginnings)),
        )
        for beginnings in _ways_to_write(words)
    ]
    return intersect(*with_words) if len(with_words) > 1 else with_words[0]


def _ways_to_write(words: list[str]) -> list[list[str]]:
    """Returns for each word how a name with it may begin: by itself, or written in one with the word beside it."""
    pairs = [first + second for first, second in pairwise(words)]
    return [[word, *pairs[max(0, at - 1) : at + 1]] for at, word in enumerate(words)]


@dataclass(frozen=True, slots=True)
class RegistryCounts:
    households: int
    surveyed: int


def counts(work: Work) -> dict[str, RegistryCounts]:
    """Counts active households by category."""
    counted = (
        select(
            col(Household.category),
            func.count().label("households"),
            func.count()
            .filter(or_(col(Survey.id).is_not(None), col(Household.category) == "institution"))
            .label("surveyed"),
        )
        .outerjoin(Survey, and_(col(Survey.household_id) == col(Household.id), ~col(Survey.superseded)))
        .where(col(Household.facility_id) == work.here.id, col(Household.active))
        .group_by(col(Household.category))
    )
    return {row.category: part_of(row, RegistryCounts) for row in work.all(counted)}
