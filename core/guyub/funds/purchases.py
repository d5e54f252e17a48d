"""A purchase turns reserved money into reserved goods of the same fund; what was cheaper goes back to the fund."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from guyub.access import audit
from guyub.db.work import Work
from guyub.funds import ledger
from guyub.funds.ledger import AccountKey, Move
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought of one item: ``quantity`` in its unit, ``cost`` in rupiah for all of it."""

    item: str
    quantity: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class ToBuy:
    """One promise of money for goods: how much is still to be bought and how much money is held for it."""

    reservation_id: UUID
    fund_id: UUID
    fund: str
    item_id: UUID
    item: str
    name: str
    unit: str
    price: int
    quantity: Decimal
    held: int


def to_buy(work: Work, holder_id: UUID) -> list[ToBuy]:
    """What is reserved as money and not bought yet, in a fixed order. One query."""
    rows = work.run(
        """SELECT r.id, r.fund_id, f.name AS fund, i.id AS item_id, i.code AS item, i.name, i.unit, r.price,
                  r.quantity - COALESCE((
                      SELECT sum(CASE WHEN t.reverses IS NULL THEN t.quantity ELSE -t.quantity END)
                      FROM guyub.transfer t
                      WHERE t.quantity > 0 AND a.id IN (t.credit_account, t.debit_account)), 0) AS quantity,
                  a.rupiah AS held
           FROM guyub.reservation r
           JOIN guyub.fund f ON f.id = r.fund_id
           JOIN guyub.item i ON i.id = r.item_id
           JOIN guyub.account a ON a.reservation_id = r.id AND a.kind = 'cash_reserved'
           WHERE r.holder_id = :holder AND NOT r.from_stock
           ORDER BY i.code, r.id""",
        holder=holder_id,
    )
    return [ToBuy(*row) for row in rows if row.quantity > 0]


def buy(work: Work, holder_id: UUID, purchases: Sequence[Bought], *, supplier: str, evidence: str, on: date) -> UUID:
    """Records one visit to a supplier: several items, one paper. Returns the journal.

    Raises ``Invalid`` when more is bought than was promised or the evidence is missing, ``Refusal`` with the exact
    amount when it cost more than was reserved: that needs an approval of its own (``top_up``).
    """
    work.require("funds.spend")
    if not evidence.strip() or not supplier.strip():
        raise Invalid(
            "funds.no_evidence",
            Text(
                id="Pembelian memerlukan nama toko dan nomor nota.",
                en="A purchase needs the shop and the number of its note.",
            ),
            Text(id="Isi keduanya sesuai nota belanja.", en="Enter both as the paper says."),
            "evidence",
        )
    ledger.lock(work)
    open_lines = to_buy(work, holder_id)
    parts = [part for purchase in purchases for part in _share(purchase, open_lines)]
    if not parts:
        raise Invalid(
            "funds.nothing_bought",
            Text(id="Belum ada barang yang diisi.", en="No item was filled in."),
            Text(id="Isi jumlah dan harga sesuai nota.", en="Enter quantities and costs as the paper says."),
            "quantity",
        )
    dearer = [(line, cost - budget) for line, _, cost, budget in parts if cost > budget]
    if dearer:
        raise _too_dear(dearer)
    journal_id = ledger.open_journal(
        work, "purchase", on, f"Belanja di {supplier.strip()}", evidence=evidence.strip(), holder_id=holder_id
    )
    lots = ledger.new_lots(work, journal_id, on, [(line.fund_id, line.item_id) for line, *_ in parts])
    moves: list[Move] = []
    for (line, quantity, cost, budget), lot in zip(parts, lots, strict=True):
        held = AccountKey(line.fund_id, "cash_reserved", None, None, line.reservation_id)
        goods = AccountKey(line.fund_id, "stock_reserved", line.item_id, lot, line.reservation_id)
        moves.append(Move(held, goods, cost, quantity))
        if budget > cost:
            moves.append(Move(held, AccountKey(line.fund_id, "cash"), budget - cost))
    ledger.post(work, journal_id, moves)
    audit.record(
        work,
        "funds.buy",
        evidence.strip(),
        details={"supplier": supplier.strip(), "rupiah": sum(cost for _, _, cost, _ in parts)},
    )
    return journal_id


def top_up(work: Work, holder_id: UUID, item: str, amount: int, *, reason: str, on: date) -> None:
    """Reserves more money for an item that turned out dearer, from the funds that already pay for it.

    Raises ``Refusal`` (balance) when they do not hold it. ``amount`` in rupiah.
    """
    work.require("funds.topup")
    ledger.lock(work)
    lines = [line for line in to_buy(work, holder_id) if line.item == item]
    if not lines or amount <= 0:
        raise Invalid(
            "funds.nothing_to_top_up",
            Text(
                id="Tidak ada belanja “{item}” yang menunggu tambahan dana.",
                en="No purchase of “{item}” awaits more money.",
            ).format(item=item),
            Text(id="Periksa daftar belanja periode ini.", en="Check the shopping list of this cycle."),
            "item",
        )
    journal_id = ledger.open_journal(
        work, "reservation", on, f"Tambahan dana {lines[0].name}: {reason}", holder_id=holder_id
    )
    total = sum((line.quantity for line in lines), Decimal(0))
    moves, done, given = [], Decimal(0), 0
    for line in lines:
        done += line.quantity
        part = int((amount * done / total).quantize(Decimal(1), ROUND_HALF_UP)) - given
        given += part
        held = AccountKey(line.fund_id, "cash_reserved", None, None, line.reservation_id)
        if part:
            moves.append(Move(AccountKey(line.fund_id, "cash"), held, part))
    ledger.post(work, journal_id, moves)
    audit.record(work, "funds.top_up", item, reason=reason, details={"rupiah": amount})


def _share(bought: Bought, open_lines: Sequence[ToBuy]) -> list[tuple[ToBuy, Decimal, int, int]]:
    """Spreads a purchase over the promises for its item: (promise, quantity, cost, money held for that quantity)."""
    lines = [line for line in open_lines if line.item == bought.item]
    promised = sum((line.quantity for line in lines), Decimal(0))
    if bought.quantity <= 0 or bought.cost < 0 or bought.quantity > promised:
        unit = lines[0].unit if lines else ""
        raise Invalid(
            "funds.too_much_bought",
            Text(
                id="{item}: jumlah {quantity} {unit} tidak sesuai rencana; yang masih perlu dibeli {promised} {unit}.",
                en="{item}: {quantity} {unit} does not fit the plan; still to be bought: {promised} {unit}.",
            ).format(
                item=lines[0].name if lines else bought.item,
                quantity=format_quantity(bought.quantity),
                promised=format_quantity(promised),
                unit=unit,
            ),
            Text(id="Isi paling banyak jumlah tersebut.", en="Enter at most that quantity."),
            "quantity",
        )
    parts: list[tuple[ToBuy, Decimal, int, int]] = []
    taken, spent = Decimal(0), 0
    for line in lines:
        quantity = min(line.quantity, bought.quantity - taken)
        if quantity <= 0:
            break
        taken += quantity
        cost = int((bought.cost * taken / bought.quantity).quantize(Decimal(1), ROUND_HALF_UP)) - spent
        spent += cost
        budget = line.held if quantity == line.quantity else int(line.held * quantity / line.quantity)
        parts.append((line, quantity, cost, budget))
    return parts


def _too_dear(dearer: Sequence[tuple[ToBuy, int]]) -> Refusal:
    said = "; ".join(f"{line.name} ({line.fund}) {format_rupiah(extra)}" for line, extra in dearer)
    return Refusal(
        "funds.dearer_than_reserved",
        Text(
            id=f"Harga nota melebihi dana yang dicadangkan: {said}.",
            en=f"The paper says more than was reserved: {said}.",
        ),
        Text(
            id="Minta Kepala Rutan menyetujui tambahan dana untuk barang tersebut, lalu catat pembelian ini lagi.",
            en="Ask the head of the facility to approve more money for the item, then record the purchase again.",
        ),
    )
