"""Something came in: the funding source understands the form, the ledger takes the posting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.access import audit
from guyub.db import limits
from guyub.db.bulk import insert_rows
from guyub.db.limits import is_month, is_plausible
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds import arrivals, days, items, known_documents, ledger, price_check
from guyub.funds.arrivals import PromisedGoods
from guyub.funds.items import Item
from guyub.funds.known_documents import KnownDocument
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import Fund, FundReceipt, GoodsArrival, WrittenQuantity
from guyub.funds.refusals import KNOWN_UNITS, FundsRefusal, unit_differs
from guyub.jobs import outbox
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import EARLIEST, FundingContext, FundTerms, GoodsReceived, Posting, Receipt
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import QuantityAsWritten, factor_of, tidy_unit
from guyub.sdk.text import Amount, Text
from guyub.sdk.unseen import is_blank, name_key, trimmed
from guyub.ui.model_fields import fields_of
from guyub.ui.problems import CollectedRefusals
from guyub.ui.sent_values import understood
from guyub.ui.typed_values import MOST_QUANTITY, QUANTITY_PLACES
from guyub.ui.validation_messages import explain, outermost_left_out


def receipt_type(plugins: PluginRegistry, plugin: str, source: str, kind: str) -> type[Receipt]:
    """Raises ``NotFound`` when the source knows no such receipt."""
    for offered in plugins.funding_source(plugin, source).receipts:
        if offered.key == kind:
            return offered
    raise FundsRefusal.UNKNOWN_RECEIPT.not_found(source=source, kind=kind)


def receive(
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    source: str,
    kind: str,
    form: Receipt | Mapping[str, Any],
    on: date,
    *,
    late: bool = False,
    again: bool = False,
) -> UUID:
    """Posts a receipt to the books of the facility and returns its fund.

    ``on`` is the day whose configuration and activation apply; with ``late`` a receipt of a month whose book is closed is
    booked on it, and with ``again`` what was recorded before is recorded once more. Raises ``NotFound`` when the plugin does
    not run here, ``Invalid`` naming the field when the form is not acceptable, or was recorded before: the same document, or
    what there is once.
    """
    work.require("funds.receive")
    plugins.require_active(work, plugin, on)
    model = receipt_type(plugins, plugin, source, kind)
    receipt = form if isinstance(form, Receipt) else _validated(model, form)
    posting = posting_of(work, plugins, plugin, source, receipt, on)
    ledger.lock(work)
    fund_id = _fund(work, plugin, source, posting.fund)
    known = recorded_before(work, plugin, receipt, posting)
    if known and not again:
        raise receipt_twice(known[0])
    received_on = posting.received_on
    booked_on = days.book_day(work, [fund_id], received_on, on if late else None, "received_on")
    journal_id = ledger.open_journal(
        work,
        "receipt",
        received_on,
        posting.memo,
        booked_on=booked_on,
        evidence=posting.evidence,
        repeats=known_documents.first_of(known),
    )
    ledger.post(work, journal_id, _moves(work, fund_id, journal_id, posting))
    _keep_as_written(work, journal_id, posting)
    _keep_arrivals(work, journal_id, posting)
    recorded = insert(FundReceipt).values(
        facility_id=work.here.id,
        fund_id=fund_id,
        journal_id=journal_id,
        plugin=plugin,
        kind=kind,
        form=receipt.model_dump(mode="json"),
        sensitive=posting.fund.sensitive,
        occasion=posting.occasion,
    )
    work.change(recorded)
    rupiah = posting.money + sum(goods.value for goods in posting.goods)
    payload = {"source": source, "receipt": kind, "rupiah": rupiah, "evidence": posting.evidence}
    outbox.emit(work, "fund.received", posting.fund.code, on, payload)
    audit.record(
        work,
        "funds.receive",
        posting.fund.code,
        details={
            "kind": kind,
            "rupiah": rupiah,
            "evidence": posting.evidence,
            "sensitive": posting.fund.sensitive,
            **({"again": True} if known else {}),
            **days.late(received_on, booked_on),
        },
    )
    return fund_id


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """Holds what is about to be booked: ``booked_on`` is the day of its line in the book, ``recorded_before`` are receipts of the
    same document or occasion, ``promised`` is how the promises of these goods stand afterwards, ``differences`` say which values
    are far from what the facility paid last."""

    posting: Posting
    booked_on: date
    recorded_before: tuple[KnownDocument, ...]
    promised: tuple[PromisedGoods, ...]
    differences: tuple[Text, ...]


def check(
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    source: str,
    kind: str,
    form: Receipt | Mapping[str, Any],
    on: date,
    *,
    late: bool = False,
) -> CheckedReceipt:
    """Returns a receipt as it would be booked; nothing is changed. Raises as ``receive`` does, but not for what was recorded
    before, and ``Invalid`` for one of a day to come, or one that its plugin records on a page of its own."""
    work.require("funds.receive")
    plugins.require_active(work, plugin, on)
    model = receipt_type(plugins, plugin, source, kind)
    if model.page:
        raise FundsRefusal.ON_ITS_PAGE.refusal(title=model.title)
    receipt = form if isinstance(form, Receipt) else _validated(model, form)
    posting = posting_of(work, plugins, plugin, source, receipt, on)
    if posting.received_on > on:
        raise FundsRefusal.RECEIPT_NOT_YET.invalid("received_on")
    booked_on = days.book_day_of_receipt(work, posting.fund.code, posting.received_on, on if late else None)
    before = recorded_before(work, plugin, receipt, posting)
    promised = tuple(arrivals.after(work, posting))
    return CheckedReceipt(posting, booked_on, tuple(before), promised, _far_values(work, posting))


def _far_values(work: Work, posting: Posting) -> tuple[Text, ...]:
    """Returns in words which goods are worth far more or less than what the facility paid for them last. One query."""
    known = items.catalogue(work) if posting.goods else {}
    of_code = {line.code: known[line.code].id for line in posting.goods if line.accepted and line.value}
    paid = [item_id for item_id in of_code.values() if item_id is not None]
    last = price_check.last_prices(work, paid) if paid else {}
    return tuple(
        sentence
        for line in posting.goods
        if (item_id := of_code.get(line.code)) is not None and item_id in last
        for sentence in price_check.differences(line.name, line.unit, line.accepted, line.value, 0, last[item_id])
    )


def posting_of(work: Work, plugins: PluginRegistry, plugin: str, source: str, receipt: Receipt, on: date) -> Posting:
    """Returns how a receipt would enter the books of the facility; nothing is changed. Raises ``Invalid`` as its source does."""
    _demand_plausible(receipt)
    config = plugins.resolve(work, plugin, work.here.id, on).config
    posting = plugins.funding_source(plugin, source).post(FundingContext(config, work.here), receipt)
    _demand_known_programs(plugins, receipt, posting)
    counted = replace(posting, goods=as_counted_here(work, receipt, posting.goods))
    arrivals.demand_promised_before(work, counted)
    return counted


def _demand_known_programs(plugins: PluginRegistry, receipt: Receipt, posting: Posting) -> None:
    """Raises ``Invalid`` for a fund of a programme that is not installed: it could pay for nothing."""
    known = sorted(slug for slug, plugin in plugins.loaded_well().items() if plugin.program_types)
    unknown = [slug for slug in posting.fund.programs if slug not in known]
    if unknown:
        at = "programs" if "programs" in type(receipt).model_fields else ""
        raise FundsRefusal.PROGRAM_UNKNOWN.invalid(at, given=unknown[0], known=", ".join(known))


def needed_fields(
    work: Work, plugins: PluginRegistry, plugin: str, source: str, kind: type[Receipt], on: date
) -> Sequence[str]:
    """Returns the fields that the configuration of the facility demands, though the model does not."""
    config = plugins.resolve(work, plugin, work.here.id, on).config
    return plugins.funding_source(plugin, source).needed(FundingContext(config, work.here), kind)


def as_counted_here(work: Work, receipt: Receipt, received: Sequence[GoodsReceived]) -> tuple[GoodsReceived, ...]:
    """Returns the goods by the codes and in the units of the catalogue, so that what is shown is what is booked."""
    known = items.catalogue(work) if received else {}
    refusals = CollectedRefusals()
    counted = []
    for line in received:
        with refusals.collected():
            counted.append(_counted(known, line, partial(_field_of, receipt, line)))
    refusals.demand_none()
    return tuple(counted)


def _counted(known: Mapping[str, Item], line: GoodsReceived, field: Callable[[str], str]) -> GoodsReceived:
    """Returns a line by its code and in its unit of the catalogue. Raises ``Invalid`` at the field of the code or the unit."""
    code = items.tidy_code(line.code)
    if code not in known:
        namesake = next((item for item in known.values() if name_key(item.name) == name_key(line.name)), None)
        if namesake is None:
            raise items.unknown(known, line.code, field("code"))
        raise FundsRefusal.ITEM_KNOWN.invalid(
            field("code"), name=namesake.name, given=line.code, used=namesake.code, unit=namesake.unit
        )
    item = known[code]
    if line.unit and not tidy_unit(line.unit):
        raise FundsRefusal.NO_UNIT.invalid(field("unit"))
    unit = tidy_unit(line.unit) or item.unit
    factor = factor_of(unit, item.unit, item.units)
    if factor is None:
        raise unit_differs(item.name, unit, item.unit, field("unit"), KNOWN_UNITS.format(units=item.known_units))
    written = None if factor == 1 else QuantityAsWritten(line.quantity, unit)
    counted = replace(
        line,
        code=code,
        name=item.name,
        unit=item.unit,
        quantity=_in_own_unit(item, line.quantity * factor, field("quantity")),
        promised=_in_own_unit(item, line.promised * factor, field("promised")) if line.promised else None,
        damaged=_in_own_unit(item, line.damaged * factor, field("damaged")),
        as_written=written,
    )
    _demand_accepted(counted, field)
    return counted


def _in_own_unit(item: Item, quantity: Decimal, in_field: str) -> Decimal:
    """Returns a quantity as the books keep it. Raises ``Invalid`` for more than they hold, and for a finer one."""
    if quantity > MOST_QUANTITY:
        raise FundsRefusal.TOO_MUCH.invalid(in_field, item=item.name, most=Amount(MOST_QUANTITY, item.unit))
    if round(quantity, QUANTITY_PLACES) != quantity:
        raise FundsRefusal.TOO_FINE.invalid(in_field, item=item.name, quantity=Amount(quantity.normalize(), item.unit))
    return round(quantity, QUANTITY_PLACES)


def _demand_accepted(line: GoodsReceived, field: Callable[[str], str]) -> None:
    """Refuses a line of which nothing is accepted, and damage without a reason."""
    damaged, arrived = Amount(line.damaged, line.unit), Amount(line.quantity, line.unit)
    if line.damaged >= line.quantity:
        code = FundsRefusal.NOTHING_ACCEPTED if line.damaged == line.quantity else FundsRefusal.MORE_DAMAGED
        raise code.invalid(field("damaged"), item=line.name, damaged=damaged, arrived=arrived)
    if line.damaged and is_blank(line.reason):
        raise FundsRefusal.DAMAGE_UNEXPLAINED.invalid(field("reason"), item=line.name, damaged=damaged)
    require_length(line.reason, limits.REASON_OF_DAMAGE, field("reason"))


def _field_of(receipt: Receipt, goods: GoodsReceived, name: str) -> str:
    """Returns the field of a receipt that asks for the code or the unit of these goods ("lines.0.unit"); "" where it has
    none."""
    for field in fields_of(type(receipt)):
        if field.kind != "lines":
            continue
        for row, line in enumerate(getattr(receipt, field.name, None) or ()):
            same = (getattr(line, "code", None), getattr(line, "unit", None)) == (goods.code, goods.unit)
            if same and getattr(line, "quantity", goods.quantity) == goods.quantity:
                return f"{field.name}.{row}.{name}"
    return name if name in type(receipt).model_fields else ""


def _demand_plausible(receipt: Receipt) -> None:
    """Refuses a year that was mistyped, before the source is asked what it makes of it."""
    day = getattr(receipt, "received_on", None)
    if isinstance(day, date) and day < EARLIEST:
        raise FundsRefusal.RECEIVED_LONG_AGO.invalid("received_on", day=f"{day:%d-%m}-{day.year}", year=EARLIEST.year)
    for field in fields_of(type(receipt)):
        value = getattr(receipt, field.name, None)
        if field.kind == "month" and isinstance(value, date) and not is_month(value.replace(day=1)):
            raise FundsRefusal.IMPLAUSIBLE_MONTH.invalid(field.name)
        if field.kind == "date" and isinstance(value, date) and not is_plausible(value):
            raise FundsRefusal.IMPLAUSIBLE_DAY.invalid(field.name)


def _validated(model: type[Receipt], form: Mapping[str, Any]) -> Receipt:
    """Returns the receipt; texts of it are read as on its page."""
    values, unread = understood(model, form)
    try:
        if unread:
            raise ValidationError.from_exception_data(model.__name__, unread)
        return model.model_validate(values)
    except ValidationError as error:
        first = outermost_left_out(error.errors(include_url=False))[0]
        field = ".".join(map(str, first["loc"]))
        raise FundsRefusal.RECEIPT_INVALID.invalid(field, title=model.title, why=explain(model, first)) from error


def _fund(work: Work, plugin: str, source: str, terms: FundTerms) -> UUID:
    new = insert(Fund).values(
        facility_id=work.here.id,
        code=terms.code,
        name=terms.name,
        plugin=plugin,
        source=source,
        programs=list(terms.programs),
        categories=list(terms.categories),
        areas=list(terms.areas),
        usable_from=terms.usable_from,
        usable_until=terms.usable_until,
        sensitive=terms.sensitive,
        incidental_costs=terms.incidental_costs,
    )
    work.change(new.on_conflict_do_nothing(index_elements=["facility_id", "code"]))
    same: Select[UUID, str] = select(col(Fund.id), col(Fund.plugin)).where(
        col(Fund.facility_id) == work.here.id, col(Fund.code) == terms.code
    )
    (row,) = work.all(same)
    if row.plugin != plugin:
        raise FundsRefusal.CODE_TAKEN.invalid(code=terms.code, plugin=row.plugin)
    fund: UUID = row.id
    return fund


def recorded_before(work: Work, plugin: str, receipt: Receipt, posting: Posting) -> list[KnownDocument]:
    """Returns the receipts that stand and bring the same: their document, their occasion, or the whole form."""
    form = receipt.model_dump(mode="json")
    return known_documents.of_receipt(work, plugin, receipt.key, posting.evidence, posting.occasion, form)


def receipt_twice(known: KnownDocument) -> Invalid:
    return FundsRefusal.RECEIPT_TWICE.invalid(
        known_documents.AGAIN, evidence=known.evidence, memo=known.memo, day=known.on, value=format_rupiah(known.rupiah)
    )


def _keep_as_written(work: Work, journal_id: UUID, posting: Posting) -> None:
    """Keeps the quantities of the paper beside those of the books, for goods that it counts in another unit."""
    codes = {line.code for line in posting.goods if line.as_written is not None}
    if not codes:
        return
    known = items.catalogue(work)
    rows = [
        {
            "facility_id": work.here.id,
            "journal_id": journal_id,
            "item_id": known[line.code].id,
            "line": place,
            "quantity": line.as_written.quantity if line.as_written else line.quantity,
            "unit": line.as_written.unit if line.as_written else line.unit,
        }
        for place, line in enumerate(posting.goods, start=1)
        if line.code in codes
    ]
    insert_rows(work, WrittenQuantity, rows)


def _keep_arrivals(work: Work, journal_id: UUID, posting: Posting) -> None:
    """Keeps what arrived and was damaged of every line, and the promise that it states."""
    if not posting.goods:
        return
    known = items.catalogue(work)
    rows = [
        {
            "facility_id": work.here.id,
            "journal_id": journal_id,
            "item_id": known[line.code].id,
            "line": place,
            "unit": line.unit,
            "promised": line.promised,
            "promised_on": None if line.promised is None else line.promised_on or posting.received_on,
            "arrived": line.quantity,
            "damaged": line.damaged,
            "reason": trimmed(line.reason),
        }
        for place, line in enumerate(posting.goods, start=1)
    ]
    insert_rows(work, GoodsArrival, rows)


def _moves(work: Work, fund_id: UUID, journal_id: UUID, posting: Posting) -> list[Move]:
    source = AccountKey(fund_id, "receipts")
    moves = [Move(source, AccountKey(fund_id, "cash"), posting.money)] if posting.money else []
    if posting.goods:
        catalogue = items.ensure(work, [Item(None, line.code, line.name, line.unit) for line in posting.goods])
        ids = {code: item.id for code, item in catalogue.items() if item.id is not None}
        lots = ledger.new_lots(
            work, journal_id, posting.received_on, [(fund_id, ids[goods.code]) for goods in posting.goods]
        )
        moves += [
            Move(source, AccountKey(fund_id, "stock", ids[goods.code], lot), goods.value, goods.accepted)
            for goods, lot in zip(posting.goods, lots, strict=True)
        ]
    return moves
