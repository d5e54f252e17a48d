"""Something came in: the funding source understands the form, the ledger takes the posting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from guyub.access import audit
from guyub.db.limits import is_month, is_plausible
from guyub.db.unit_of_work import Work
from guyub.funds import items, ledger
from guyub.funds.items import Item
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.queries import REVERSED_ON
from guyub.funds.refusals import FundsRefusal
from guyub.jobs import outbox
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.funding import EARLIEST, FundingContext, FundTerms, GoodsReceived, Posting, Receipt
from guyub.sdk.quantities import tidy_unit
from guyub.ui.model_fields import fields_of


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
) -> UUID:
    """Posts a receipt to the books of the facility and returns its fund.

    ``on`` is the day whose configuration and activation apply. Raises ``NotFound`` when the plugin does not run here,
    ``Invalid`` naming the field when the form is not acceptable, or was recorded before just as it is.
    """
    work.require("funds.receive")
    plugins.require_active(work, plugin, on)
    model = receipt_type(plugins, plugin, source, kind)
    receipt = form if isinstance(form, Receipt) else _validated(model, form)
    posting = posting_of(work, plugins, plugin, source, receipt, on)
    ledger.lock(work)
    fund_id = _fund(work, plugin, source, posting.fund)
    _demand_new(work, fund_id, kind, receipt)
    journal_id = ledger.open_journal(work, "receipt", posting.received_on, posting.memo, evidence=posting.evidence)
    ledger.post(work, journal_id, _moves(work, fund_id, journal_id, posting))
    work.run(
        "INSERT INTO guyub.fund_receipt (facility_id, fund_id, journal_id, plugin, kind, form, sensitive) "
        "VALUES (:facility, :fund, :journal, :plugin, :kind, CAST(:form AS jsonb), :sensitive)",
        facility=work.here.id,
        fund=fund_id,
        journal=journal_id,
        plugin=plugin,
        kind=kind,
        form=receipt.model_dump_json(),
        sensitive=posting.fund.sensitive,
    )
    rupiah = posting.money + sum(goods.value for goods in posting.goods)
    told = {"source": source, "receipt": kind, "rupiah": rupiah, "evidence": posting.evidence}
    outbox.emit(work, "fund.received", posting.fund.code, on, told)
    audit.record(
        work,
        "funds.receive",
        posting.fund.code,
        details={
            "kind": kind,
            "rupiah": rupiah,
            "evidence": posting.evidence,
            "sensitive": posting.fund.sensitive,
        },
    )
    return fund_id


def posting_of(work: Work, plugins: PluginRegistry, plugin: str, source: str, receipt: Receipt, on: date) -> Posting:
    """How a receipt would enter the books of the facility; nothing is changed. Raises ``Invalid`` as its source does."""
    _demand_plausible(receipt)
    config = plugins.resolve(work, plugin, work.here.id, on).config
    posting = plugins.funding_source(plugin, source).post(FundingContext(config, work.here), receipt)
    return replace(posting, goods=as_counted_here(work, receipt, posting.goods))


def as_counted_here(work: Work, receipt: Receipt, received: Sequence[GoodsReceived]) -> tuple[GoodsReceived, ...]:
    """The goods by the codes and in the units of the catalogue, so that what is shown is what is booked."""
    goods = [
        Item(None, items.tidy_code(goods_received.code), goods_received.name, tidy_unit(goods_received.unit))
        for goods_received in received
    ]
    known = items.catalogue(work)
    items.demand(items.refusals(known, goods, lambda place, part: _field_of(receipt, received[place], part)))
    return tuple(
        replace(line, code=item.code, name=used.name, unit=used.unit)
        for line, item in zip(received, goods, strict=True)
        for used in [known.setdefault(item.code, item)]
    )


def _field_of(receipt: Receipt, goods: GoodsReceived, name: str) -> str:
    """Returns the field of a receipt that asks for the code or the unit of these goods ("lines.0.unit"); "" where it has
    none."""
    for field in fields_of(type(receipt)):
        if field.kind != "lines":
            continue
        for row, line in enumerate(getattr(receipt, field.name, None) or ()):
            if (getattr(line, "code", None), getattr(line, "unit", None)) == (goods.code, goods.unit):
                return f"{field.name}.{row}.{name}"
    return name if name in type(receipt).model_fields else ""


def _demand_plausible(receipt: Receipt) -> None:
    """A year that was mistyped is for whoever typed it, before the source is asked what it makes of it."""
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
    try:
        return model.model_validate(dict(form))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise FundsRefusal.RECEIPT_INVALID.invalid(
            field, title=model.title, field=field, message=first["msg"]
        ) from error


def _fund(work: Work, plugin: str, source: str, terms: FundTerms) -> UUID:
    work.run(
        """INSERT INTO guyub.fund (facility_id, code, name, plugin, source, programs, categories, areas, usable_from,
                                   usable_until, sensitive)
           VALUES (:facility, :code, :name, :plugin, :source, :programs, :categories, :areas, :from_day, :until_day, :sensitive)
           ON CONFLICT (facility_id, code) DO NOTHING""",
        facility=work.here.id,
        code=terms.code,
        name=terms.name,
        plugin=plugin,
        source=source,
        programs=list(terms.programs),
        categories=list(terms.categories),
        areas=list(terms.areas),
        from_day=terms.usable_from,
        until_day=terms.usable_until,
        sensitive=terms.sensitive,
    )
    row = work.run(
        "SELECT id, plugin FROM guyub.fund WHERE facility_id = :facility AND code = :code",
        facility=work.here.id,
        code=terms.code,
    ).one()
    if row.plugin != plugin:
        raise FundsRefusal.CODE_TAKEN.invalid(code=terms.code, plugin=row.plugin)
    fund: UUID = row.id
    return fund


def _demand_new(work: Work, fund_id: UUID, kind: str, receipt: Receipt) -> None:
    """A form that is sent twice brings no money twice: the number of its paper makes each receipt differ."""
    before = work.run(
        f"""SELECT j.booked_on, j.evidence FROM guyub.fund_receipt r JOIN guyub.journal j ON j.id = r.journal_id
            WHERE r.fund_id = :fund AND r.kind = :kind AND r.form = CAST(:form AS jsonb) AND {REVERSED_ON} IS NULL""",
        fund=fund_id,
        kind=kind,
        form=receipt.model_dump_json(),
    ).first()
    if before is not None:
        raise FundsRefusal.RECEIPT_TWICE.invalid(on=before.booked_on, evidence=before.evidence)


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
            Move(source, AccountKey(fund_id, "stock", ids[goods.code], lot), goods.value, goods.quantity)
            for goods, lot in zip(posting.goods, lots, strict=True)
        ]
    return moves
