"""A decision binds what was seen: which version of a proposal stands, and what changed since another one was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, any_, func, literal, select
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import Fund, ItemModel
from guyub.programs.cycle_facts import why_excluded
from guyub.programs.cycles import Cycle
from guyub.programs.models import Entitlement, Proposal
from guyub.registry.models import Household, Member
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Amount, Text


@dataclass(frozen=True, slots=True)
class Changes:
    """Holds what differs between the version that was read and the one that stands.

    Empty where the one read is not known here.
    """

    came: Sequence[tuple[str, Text]]
    """Who came onto the list, each with the reason that was written down; empty where there is none."""
    went: Sequence[tuple[str, Text]]
    others: Sequence[tuple[Text, Text, Text]]
    """What else differs: (what, as it was read, as it is)."""

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.others)


def changes(work: Work, cycle: Cycle, read: int) -> Changes:
    """Returns who came onto the list and who went, and what changed of quota, day, place, funds, package and value,
    between the last proposal of the version that was read and the last one of all.
    """
    before, after = (work.first(_Proposed, _proposed(cycle, version)) for version in (read, cycle.version))
    if before is None or after is None:
        return Changes((), (), ())
    gone, new = set(before.households) - set(after.households), set(after.households) - set(before.households)
    names = _names(work, cycle, gone | new)
    pairs = [
        (Text(id="Kuota", en="Quota"), Text.same(before.quota), Text.same(after.quota)),
        (Text(id="Hari penyaluran", en="Day of the distribution"), _day(before), _day(after)),
        (Text(id="Tempat", en="Place"), Text.same(before.place or "–"), Text.same(after.place or "–")),
        (Text(id="Dana", en="Funds"), Text.same(", ".join(before.funds)), Text.same(", ".join(after.funds))),
        (Text(id="Isi bantuan", en="Package"), _package(work, before.package), _package(work, after.package)),
        (Text(id="Nilai seluruhnya", en="Total value"), _rupiah(before.value), _rupiah(after.value)),
    ]
    return Changes(
        [names[household] for household in after.households if household in new],
        [names[household] for household in before.households if household in gone],
        [(what, old, now) for what, old, now in pairs if old != now],
    )


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A version of a proposal as it was kept; ``funds`` are names, in the order in which they pay."""

    quota: int
    distribution_on: date | None
    starts_at: time | None
    place: str
    value: int
    households: list[UUID]
    package: list[dict[str, Any]]
    funds: list[str]


def _proposed(cycle: Cycle, version: int) -> Select[*tuple[Any, ...]]:
    """Selects the last proposal up to a version."""
    of_proposal = col(Fund.id) == any_(col(Proposal.funds))
    in_order = aggregate_order_by(col(Fund.name), func.array_position(col(Proposal.funds), col(Fund.id)))
    names = select(func.coalesce(func.array_agg(in_order), literal([], ARRAY(SqlText)))).where(of_proposal)
    return (
        select(
            col(Proposal.quota),
            col(Proposal.distribution_on),
            col(Proposal.starts_at),
            col(Proposal.place),
            col(Proposal.value),
            col(Proposal.households),
            col(Proposal.package),
            names.scalar_subquery().label("funds"),
        )
        .where(col(Proposal.cycle_id) == cycle.id, col(Proposal.version) <= version)
        .order_by(col(Proposal.version).desc())
        .limit(1)
    )


def _names(work: Work, cycle: Cycle, households: set[UUID]) -> dict[UUID, tuple[str, Text]]:
    """Returns the names, each with the reason of its choice; reasons are for who decides, since staff wrote them of
    named people.
    """
    name = select(col(Member.full_name)).where(
        col(Member.household_id) == col(Household.id), col(Member.is_recipient), col(Member.active)
    )
    reason = select(col(Entitlement.state_reason)).where(
        col(Entitlement.cycle_id) == cycle.id, col(Entitlement.household_id) == col(Household.id)
    )
    rows = work.all(
        select(
            col(Household.id),
            func.coalesce(name.scalar_subquery(), "–"),
            func.coalesce(reason.scalar_subquery(), ""),
        ).where(among(col(Household.id), households))
    )
    decides = work.may("programs.approve")
    unknown = dict.fromkeys(households, ("–", Text.same("")))
    return unknown | {
        household: (name, why_excluded(cycle, reason) if decides else Text.same("")) for household, name, reason in rows
    }


def _package(work: Work, lines: Sequence[Mapping[str, Any]]) -> Text:
    ids = [UUID(line["item_id"]) for line in lines if line["item_id"]]
    goods = select(col(ItemModel.id), col(ItemModel.name), col(ItemModel.unit)).where(among(col(ItemModel.id), ids))
    items = {item.id: item for item in work.all(goods)}
    parts = []
    for line in lines:
        price = format_rupiah(line["price"])
        if line["item_id"] is None:
            parts.append(Text.join(" ", (Text(**line["label"]), price)))
            continue
        item = items[UUID(line["item_id"])]
        quantity = Amount(Decimal(str(line["quantity"])), item.unit)
        each = Text(id=" per jiwa", en=" per member") if line["per_member"] else ""
        parts.append(
            Text(id="{name} {quantity}{each} @ {price}", en="{name} {quantity}{each} @ {price}").format(
                name=item.name, quantity=quantity, each=each, price=price
            )
        )
    return Text.join(", ", parts)


def _rupiah(amount: int) -> Text:
    return Text.same(format_rupiah(amount))


def _day(row: _Proposed) -> Text:
    if row.distribution_on is None:
        return Text.same("–")
    hour = f", {row.starts_at:%H.%M}" if row.starts_at else ""
    return Text.join("", (row.distribution_on, hour))
