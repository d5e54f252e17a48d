"""Asks for more money for goods that turned out dearer, and decides: approved in one step with its reservation, or declined."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds import added_money, ledger, promises
from guyub.funds.models import FirstMoneyApproval, ItemModel, MoneyRequestModel
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.money import format_rupiah


@dataclass(frozen=True, slots=True)
class MoneyRequest:
    """Describes a request: ``amount`` in rupiah for an item of a cycle; ``decision`` is None while it waits. ``note`` is what was
    typed of the note for which it was made, by the names of the form."""

    id: UUID
    holder_id: UUID
    code: str
    item: str
    name: str
    amount: int
    supplier: str
    evidence: str
    asked_by: str
    first_approver: str
    """Who approved it first where two people approve; empty while nobody has."""
    first_approver_id: UUID | None
    decision: str | None
    reason: str
    granted: int | None
    """What was reserved for it; None unless it is approved."""
    note: Mapping[str, str]


def _requests(work: Work) -> Select[*tuple[Any, ...]]:
    asked, first = MoneyRequestModel, aliased(PersonModel)
    return (
        select(
            col(asked.id),
            col(asked.holder_id),
            col(asked.holder_code).label("code"),
            col(ItemModel.code).label("item"),
            col(ItemModel.name),
            col(asked.amount),
            col(asked.supplier),
            col(asked.evidence),
            func.coalesce(col(PersonModel.full_name), col(asked.asked_label)).label("asked_by"),
            func.coalesce(col(first.full_name), "").label("first_approver"),
            col(FirstMoneyApproval.approved_by).label("first_approver_id"),
            col(asked.decision),
            col(asked.reason),
            col(asked.granted),
            col(asked.note),
        )
        .join(ItemModel, col(ItemModel.id) == col(asked.item_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(asked.asked_by))
        .outerjoin(FirstMoneyApproval, col(FirstMoneyApproval.request_id) == col(asked.id))
        .outerjoin(first, col(first.id) == col(FirstMoneyApproval.approved_by))
        .where(col(asked.facility_id) == work.here.id)
        .order_by(col(asked.seq))
    )


def waiting(work: Work) -> list[MoneyRequest]:
    """Returns the requests of the facility that nobody has decided on, the oldest first."""
    return work.rows(MoneyRequest, _requests(work).where(col(MoneyRequestModel.decision).is_(None)))


def of_holder(work: Work, holder_id: UUID) -> list[MoneyRequest]:
    """Returns the requests of a cycle, the oldest first."""
    return work.rows(MoneyRequest, _requests(work).where(col(MoneyRequestModel.holder_id) == holder_id))


def request_of(work: Work, request_id: UUID) -> MoneyRequest:
    """Raises ``NotFound``."""
    found = work.first(MoneyRequest, _requests(work).where(col(MoneyRequestModel.id) == request_id))
    if found is None:
        raise FundsRefusal.NO_REQUEST.not_found()
    return found


def ask(
    work: Work,
    holder_id: UUID,
    amounts: Mapping[str, int],
    *,
    supplier: str,
    evidence: str,
    note: Mapping[str, str] | None = None,
) -> None:
    """Asks for ``amounts`` (by the code of the item, in rupiah). One request of an item waits at a time; each keeps the
    ``note`` as it was typed.

    Raises ``Refusal`` where one waits already, ``Invalid`` for an item that no money is reserved for.
    """
    work.require("funds.spend")
    ledger.lock(work)
    open_items = {line.item for line in promises.to_buy(work, holder_id)}
    for item, amount in amounts.items():
        if item not in open_items or amount <= 0:
            raise added_money.nothing_to_top_up(item)
    waits = [asked.name for asked in of_holder(work, holder_id) if asked.decision is None and asked.item in amounts]
    if waits:
        raise FundsRefusal.ASKED_BEFORE.refusal(items=", ".join(waits))
    items = among(col(ItemModel.code), list(amounts))
    known = select(col(ItemModel.code), col(ItemModel.id)).where(col(ItemModel.facility_id) == work.here.id, items)
    rows = [
        {
            "facility_id": work.here.id,
            "holder_id": holder_id,
            "item_id": row.id,
            "amount": amounts[row.code],
            "supplier": supplier[:120],
            "evidence": evidence[:80],
            "note": dict(note or {}),
        }
        for row in work.all(known)
    ]
    work.change(insert(MoneyRequestModel).values(rows))
    audit.record(work, "funds.ask_for_money", ", ".join(amounts), details={"rupiah": sum(amounts.values())})


def approve(work: Work, asked: MoneyRequest, on: date, amount: int | None = None) -> bool:
    """Reserves what was asked for, or another ``amount``, from the funds that pay for the item, and says so; returns whether it
    is done. Where two people approve, the first approval is recorded, nothing is reserved, and the answer is no.

    Raises as ``top_up`` does, ``Invalid`` where two people approve another amount than was asked for, and ``Forbidden`` for a
    first approver who would be the second.
    """
    _demand_open(work, asked)
    given = asked.amount if amount is None else amount
    if given != asked.amount and asked.first_approver_id is not None:
        raise FundsRefusal.AMOUNT_OF_TWO.invalid("amount", amount=format_rupiah(asked.amount))
    reason = f"permintaan {asked.asked_by}: {asked.supplier}, nota {asked.evidence}"
    with work.trial() as tried:
        added_money.top_up(work, asked.holder_id, asked.item, given, reason=reason, on=on)
        if work.scalar(select(func.guyub.added_without_approver(asked.holder_id))):
            tried.take_back()
    if tried.is_taken_back:
        if given != asked.amount:
            raise FundsRefusal.AMOUNT_OF_TWO.invalid("amount", amount=format_rupiah(asked.amount))
        if request_of(work, asked.id).first_approver_id is not None:
            raise FundsRefusal.SECOND_APPROVER_OF_MONEY.forbidden()
        work.change(insert(FirstMoneyApproval).values(facility_id=work.here.id, request_id=asked.id))
        audit.record(work, "funds.approve_money_first", asked.item, details={"rupiah": asked.amount})
        return False
    _decide(work, asked, "approved")
    audit.record(work, "funds.approve_money", asked.item, details={"rupiah": given, "asked": asked.amount})
    return True


def decline(work: Work, asked: MoneyRequest, reason: str) -> None:
    """Declines a request. Raises ``Invalid`` without a reason."""
    reason = required_reason.require_reason(FundsRefusal.NO_REASON_TO_DECLINE, reason)
    _demand_open(work, asked)
    _decide(work, asked, "declined", reason)
    audit.record(work, "funds.decline_money", asked.item, reason=reason, details={"rupiah": asked.amount})


def _demand_open(work: Work, asked: MoneyRequest) -> None:
    work.require("funds.topup")
    ledger.lock(work)
    if request_of(work, asked.id).decision is not None:
        raise FundsRefusal.DECIDED_BEFORE.refusal()


def _decide(work: Work, asked: MoneyRequest, decision: str, reason: str = "") -> None:
    of_request = col(MoneyRequestModel.id) == asked.id
    work.change(update(MoneyRequestModel).where(of_request).values(decision=decision, reason=reason))
