"""A decision binds what was seen: which version of a proposal stands, and what changed since another one was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.programs.cycle_facts import why_excluded
from guyub.programs.cycles import Cycle
from guyub.programs.models import CycleModel
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Amount, Text


def demand(work: Work, cycle: Cycle, version: int) -> None:
    """Raises ``Refusal`` unless ``version`` stands; asked of a cycle that is held. The step itself asks again."""
    standing = work.scalar(select(col(CycleModel.revision)).where(col(CycleModel.id) == cycle.id))
    if version != standing:
        raise ProgramsRefusal.PROPOSAL_CHANGED.refusal()


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between the version that was read and the one that stands. Empty where the one read is not known here."""

    came: Sequence[tuple[str, Text]]
    """Who came onto the list, each with the reason that was written down; empty where there is none."""
    went: Sequence[tuple[str, Text]]
    others: Sequence[tuple[Text, Text, Text]]
    """What else differs: (what, as it was read, as it is)."""

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.others)


def changes(work: Work, cycle: Cycle, read: int) -> Changes:
    """Who came onto the list and who went, and what changed of quota, day, place, funds, package and value, between the last
    proposal of the version that was read and the last one of all."""
    before, after = (
        work.run(
            """SELECT p.version, p.quota, p.distribution_on, p.starts_at, p.place, p.value, p.households, p.package,
                      ARRAY(SELECT f.name FROM unnest(p.funds) WITH ORDINALITY AS paid (id, place)
                            JOIN guyub.fund f ON f.id = paid.id ORDER BY paid.place) AS funds
               FROM guyub.proposal p WHERE p.cycle_id = :cycle AND p.version <= :read ORDER BY p.version DESC LIMIT 1""",
            cycle=cycle.id,
            read=version,
        ).first()
        for version in (read, cycle.version)
    )
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


def _names(work: Work, cycle: Cycle, households: set[UUID]) -> dict[UUID, tuple[str, Text]]:
    """Each with the reason of its choice; reasons are for who decides, since staff wrote them of named people."""
    rows = work.run(
        """SELECT h.id, COALESCE((SELECT m.full_name FROM guyub.member m
                                  WHERE m.household_id = h.id AND m.is_recipient AND m.active), '–'),
                  COALESCE((SELECT e.state_reason FROM guyub.entitlement e
                            WHERE e.cycle_id = :cycle AND e.household_id = h.id), '')
           FROM guyub.household h WHERE h.id = ANY (:ids)""",
        cycle=cycle.id,
        ids=list(households),
    )
    decides = work.may("programs.approve")
    unknown = dict.fromkeys(households, ("–", Text.same("")))
    return unknown | {
        household: (name, why_excluded(cycle, reason) if decides else Text.same("")) for household, name, reason in rows
    }


def _package(work: Work, lines: Sequence[Mapping[str, Any]]) -> Text:
    goods: Any = work.run(
        "SELECT id, name, unit FROM guyub.item WHERE id = ANY (:ids)",
        ids=[line["item_id"] for line in lines if line["item_id"]],
    )
    items = {item.id: item for item in goods}
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


def _day(row: Any) -> Text:
    if row.distribution_on is None:
        return Text.same("–")
    hour = f", {row.starts_at:%H.%M}" if row.starts_at else ""
    return Text.join("", (row.distribution_on, hour))
