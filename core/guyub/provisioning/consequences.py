"""What a plan touches that is at work: open months, money that waits, promises that were made. Told, never in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from guyub.db.work import Work
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.effects import Effective
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.words import period_name

Kind = Literal["open_cycle", "fund", "promised"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """``amount`` in rupiah, 0 where no money is meant; ``reference`` is the month of a cycle or the code of a fund."""

    facility: str
    plugin: str
    kind: Kind
    reference: str
    amount: int
    sentence: Text

    def as_json(self) -> dict[str, Any]:
        return {
            "facility": self.facility,
            "plugin": self.plugin,
            "kind": self.kind,
            "reference": self.reference,
            "amount": self.amount,
            "id": self.sentence.id,
            "en": self.sentence.en,
        }


def consequences(
    work: Work, titles: Mapping[str, Text], writes: Sequence[tuple[Field, Setting]], effects: Sequence[Effective]
) -> tuple[Consequence, ...]:
    """``titles`` of the plugins by slug.

    Two queries at most, none where no plugin is switched off and no value in effect changes.
    """
    off = {(one.place, one.plugin) for one, setting in writes if not one.name and setting.value is False}
    changed = {(one.facility, one.plugin) for one in effects if one.kind in ("changes", "loses_its_own")}
    if not off | changed:
        return ()
    rows = list(_cycles(work, off | changed))
    return (*_of_cycles(rows, titles, off), *(_funds(work, titles, off) if off else ()))


def _cycles(work: Work, concerned: set[tuple[str, str]]) -> Sequence[Any]:
    found: Sequence[Any] = work.run(
        """SELECT f.code, f.name, p.plugin, c.period, c.state,
                  COALESCE((SELECT sum(a.rupiah) FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
                            WHERE r.facility_id = c.facility_id AND r.holder_id = c.id), 0)::bigint AS promised
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id JOIN guyub.facility f ON f.id = c.facility_id
           WHERE c.state NOT IN ('closed', 'cancelled') AND f.code = ANY (:codes) AND p.plugin = ANY (:plugins)
           ORDER BY f.code, c.period, p.plugin""",
        codes=sorted({code for code, _ in concerned}), plugins=sorted({slug for _, slug in concerned}),
    ).all()  # fmt: skip
    return [row for row in found if (row.code, row.plugin) in concerned]


def _of_cycles(rows: Sequence[Any], titles: Mapping[str, Text], off: set[tuple[str, str]]) -> Iterator[Consequence]:
    for row in rows:
        said = _STOPPED if (row.code, row.plugin) in off else _AS_OPENED
        month: date = row.period
        yield Consequence(
            row.code, row.plugin, "open_cycle", month.strftime("%Y-%m"), 0, said.format(
                name=row.name, plugin=titles.get(row.plugin, row.plugin),
                month_id=period_name(month), month_en=period_name(month, "en"),
            ),
        )  # fmt: skip
        if row.promised:
            yield Consequence(
                row.code, row.plugin, "promised", month.strftime("%Y-%m"), row.promised, _PROMISED.format(
                    name=row.name, amount=format_rupiah(row.promised), plugin=titles.get(row.plugin, row.plugin),
                    month_id=period_name(month), month_en=period_name(month, "en"),
                ),
            )  # fmt: skip


def _funds(work: Work, titles: Mapping[str, Text], off: set[tuple[str, str]]) -> Iterator[Consequence]:
    rows = work.run(
        """SELECT f.code, f.name, u.plugin, u.code AS fund, u.sensitive, sum(a.rupiah)::bigint AS left_over
           FROM guyub.fund u JOIN guyub.facility f ON f.id = u.facility_id
           JOIN guyub.account a ON a.fund_id = u.id AND a.kind IN ('cash', 'cash_reserved', 'stock', 'stock_reserved')
           WHERE f.code = ANY (:codes) AND u.plugin = ANY (:plugins)
           GROUP BY f.code, f.name, u.plugin, u.code, u.sensitive HAVING sum(a.rupiah) > 0
           ORDER BY f.code, u.plugin, u.code""",
        codes=sorted({code for code, _ in off}), plugins=sorted({slug for _, slug in off}),
    )  # fmt: skip
    for row in rows:
        if (row.code, row.plugin) in off:
            # Who gave in confidence is not named, and the code of a fund may name them.
            fund = "" if row.sensitive else row.fund
            yield Consequence(
                row.code, row.plugin, "fund", fund, row.left_over,
                _ORPHANED.format(
                    name=row.name, fund=fund or "–", plugin=titles.get(row.plugin, row.plugin),
                    amount=format_rupiah(row.left_over),
                ),
            )  # fmt: skip


_AS_OPENED = Text(
    id="{name}: {plugin} bulan {month_id} masih terbuka dan tetap memakai konfigurasi saat dibuka; perubahan berlaku mulai"
    " bulan berikutnya.",
    en="{name}: {plugin} of {month_en} is still open and keeps the configuration it was opened with; the change counts from"
    " the next month on.",
)
_STOPPED = Text(
    id="{name}: {plugin} bulan {month_id} masih terbuka; selesaikan atau batalkan sebelum dinonaktifkan.",
    en="{name}: {plugin} of {month_en} is still open; close or cancel it before the plugin is switched off.",
)
_PROMISED = Text(
    id="{name}: {amount} sudah dicadangkan untuk {plugin} bulan {month_id}.",
    en="{name}: {amount} is reserved for {plugin} of {month_en}.",
)
_ORPHANED = Text(
    id="{name}: dana {fund} dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="{name}: fund {fund} of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
