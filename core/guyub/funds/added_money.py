"""More money for goods that turned out dearer: reserved from the funds that pay for them already, each within its free money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from guyub.access import audit, required_reason
from guyub.db.unit_of_work import Work
from guyub.funds import ledger, promises
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.promises import ToBuy
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class AddedPart:
    """Holds what one promise gets of money that is added: ``share`` is its part by quantity, ``given`` what its fund gives, also
    for others; ``missing`` of its share nobody may give. In rupiah."""

    line: ToBuy
    share: int
    given: int
    missing: int


@dataclass(frozen=True, slots=True)
class FundAdding:
    """Holds what a fund gives of money that is added, what was its share, what it has free, and what of its share is missing."""

    fund: str
    share: int
    given: int
    missing: int
    free: int


def reason_to_top_up(reason: str) -> str:
    """Raises ``Invalid`` without one."""
    return required_reason.require_reason(FundsRefusal.NO_REASON, reason)


def nothing_to_top_up(item: str) -> Invalid:
    return FundsRefusal.NOTHING_TO_TOP_UP.invalid("item", item=item)


def spread(amount: int, weights: Sequence[int] | Sequence[Decimal]) -> list[int]:
    """Splits whole rupiah by weight, rounded along the way so that they add up; by weights that are rupiah, never above one."""
    total, reached, shared = sum(map(Decimal, weights)), Decimal(0), 0
    parts = []
    for weight in weights:
        reached += Decimal(weight)
        upto = int((amount * reached / total).quantize(Decimal(1), ROUND_HALF_UP)) if total else 0
        parts.append(upto - shared)
        shared = upto
    return parts


def divide(lines: Sequence[ToBuy], amount: int, free: Mapping[UUID, int]) -> list[AddedPart]:
    """Returns how an amount is divided over the promises for one item: by their quantity, and what a fund has not ``free`` by
    the others whose terms allow it."""
    shares = spread(amount, [line.quantity for line in lines])
    left = {line.fund_id: free.get(line.fund_id, 0) for line in lines}
    given, missing = [], []
    for line, share in zip(lines, shares, strict=True):
        own = max(min(share, left[line.fund_id]), 0)
        left[line.fund_id] -= own
        given.append(own)
        missing.append(share - own)
    for place, line in enumerate(lines):
        for other, helping in enumerate(lines):
            if helping.may_pay_for(line):
                more = max(min(missing[place], left[helping.fund_id]), 0)
                left[helping.fund_id] -= more
                given[other] += more
                missing[place] -= more
    return [AddedPart(*part) for part in zip(lines, shares, given, missing, strict=True)]


def by_fund(parts: Sequence[AddedPart], free: Mapping[UUID, int]) -> list[FundAdding]:
    """Returns the same for each fund, in the order of the promises."""
    return [
        FundAdding(
            next(part.line.fund for part in parts if part.line.fund_id == fund_id),
            sum(part.share for part in parts if part.line.fund_id == fund_id),
            sum(part.given for part in parts if part.line.fund_id == fund_id),
            sum(part.missing for part in parts if part.line.fund_id == fund_id),
            max(free.get(fund_id, 0), 0),
        )
        for fund_id in dict.fromkeys(part.line.fund_id for part in parts)
    ]


def most(lines: Sequence[ToBuy], free: Mapping[UUID, int]) -> int:
    """Returns the most that can be added for one item."""
    low, high = 0, sum(max(free.get(fund_id, 0), 0) for fund_id in {line.fund_id for line in lines})
    while low < high:
        middle = (low + high + 1) // 2
        is_short = any(part.missing for part in divide(lines, middle, free))
        low, high = (low, middle - 1) if is_short else (middle, high)
    return low


def demand_free(lines: Sequence[ToBuy], amount: int, free: Mapping[UUID, int]) -> list[AddedPart]:
    """Returns how an amount is divided. Raises ``Invalid`` at "amount" where it is more than the funds may give, with what is
    missing in which fund."""
    parts = divide(lines, amount, free)
    missing = sum(part.missing for part in parts)
    if missing:
        raise FundsRefusal.NOT_ENOUGH_FREE.invalid(
            "amount",
            item=lines[0].name,
            amount=format_rupiah(amount),
            missing=format_rupiah(missing),
            funds=shortages(by_fund(parts, free)),
            most=format_rupiah(most(lines, free)),
        )
    return parts


def top_up(work: Work, holder_id: UUID, item: str, amount: int, *, reason: str, on: date) -> list[FundAdding]:
    """Reserves more money for an item that turned out dearer, from the funds that already pay for it; returns what each gave.

    Raises ``Invalid`` without a reason, and where the free money of these funds on that day does not suffice. ``amount`` in
    rupiah.
    """
    work.require("funds.topup")
    reason = reason_to_top_up(reason)
    ledger.lock(work)
    lines = [line for line in promises.to_buy(work, holder_id) if line.item == item]
    if not lines or amount <= 0:
        raise nothing_to_top_up(item)
    free = promises.free_money(work, [line.fund_id for line in lines], on)
    parts = demand_free(lines, amount, free)
    journal_id = ledger.open_journal(
        work, "reservation", on, f"Tambahan dana {lines[0].name}: {reason}", holder_id=holder_id
    )
    moves = [
        Move(
            AccountKey(part.line.fund_id, "cash"),
            AccountKey(part.line.fund_id, "cash_reserved", None, None, part.line.reservation_id),
            part.given,
        )
        for part in parts
        if part.given
    ]
    ledger.post(work, journal_id, moves)
    audit.record(work, "funds.top_up", item, reason=reason, details={"rupiah": amount})
    return by_fund(parts, free)


_COVERED = Text(id="{fund}: bagian {share}, bebas {free}", en="{fund}: its share {share}, {free} free")
_SHORT = Text(
    id="{fund}: bagian {share}, bebas {free}, kurang {missing}",
    en="{fund}: its share {share}, {free} free, {missing} missing",
)


def shortages(adding: Sequence[FundAdding]) -> Text:
    """Returns in words what each fund should give, has free, and what is missing in it."""
    return Text.join(
        "; ",
        (
            (_SHORT if fund.missing else _COVERED).format(
                fund=fund.fund,
                share=format_rupiah(fund.share),
                free=format_rupiah(fund.free),
                missing=format_rupiah(fund.missing),
            )
            for fund in adding
        ),
    )


_GIVES = Text(id="{given} dari {fund}", en="{given} from {fund}")


def in_words(adding: Sequence[FundAdding]) -> Text:
    """Returns in words how much each fund gives."""
    return Text.join(
        ", ", (_GIVES.format(given=format_rupiah(fund.given), fund=fund.fund) for fund in adding if fund.given)
    )
