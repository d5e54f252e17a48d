"""What a change touches that is at work: open months, money that waits, promises that were made. Told, never in the way."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from guyub.configuration.effects import SettingEffect
from guyub.configuration.steps import Step
from guyub.db.unit_of_work import Work
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.words import period_name

ConsequenceKind = Literal["open_cycle", "fund", "promised"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """``amount`` in rupiah, 0 where no money is meant; ``reference`` is the month of a cycle or the code of a fund.

    ``said`` is for where the facility's ``name`` stands beside it, ``matter`` the same of any number of facilities, to be
    filled with their ``amount``.
    """

    facility: str
    name: str
    plugin: str
    kind: ConsequenceKind
    reference: str
    amount: int
    said: Text
    matter: Text

    @property
    def sentence(self) -> Text:
        return Text(id=f"{self.name}: {self.said.id}", en=f"{self.name}: {self.said.en}")

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
    work: Work, titles: Mapping[str, Text], off: Set[tuple[str, str]], changed: Mapping[tuple[str, str], date | None]
) -> tuple[Consequence, ...]:
    """``off``: the plugins that are deactivated, ``changed``: those whose values in effect change, with the first
    month that this counts for, each by the facility's code and the plugin's slug. ``titles`` of the plugins by slug.

    Two queries at most, none where nothing is concerned.
    """
    if not off | changed.keys():
        return ()
    rows = _cycles(work, off | changed.keys())
    return (*_of_cycles(rows, titles, off, changed), *(_funds(work, titles, off) if off else ()))


def consequences_of(
    work: Work, titles: Mapping[str, Text], steps: Sequence[Step], effects: Sequence[SettingEffect]
) -> tuple[Consequence, ...]:
    """Of a plan. ``titles`` of the plugins by slug.

    Two queries at most, none where no plugin is deactivated and no value in effect changes.
    """
    off = {
        (step.target.place, step.target.plugin) for step in steps if not step.target.field and step.after.value is False
    }
    changed: dict[tuple[str, str], date | None] = {}
    for effect in effects:
        if effect.is_change:
            key = (effect.facility, effect.plugin)
            months = [month for month in (changed.get(key), effect.month) if month is not None]
            changed[key] = min(months, default=None)
    return consequences(work, titles, off, changed)


def _cycles(work: Work, concerned: Set[tuple[str, str]]) -> Sequence[Any]:
    found: Sequence[Any] = work.run(
        """SELECT f.code, f.name, p.plugin, c.period, c.state,
                  COALESCE((SELECT sum(a.rupiah) FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
                            WHERE r.facility_id = c.facility_id AND r.holder_id = c.id), 0)::bigint AS promised
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id JOIN guyub.facility f ON f.id = c.facility_id
           WHERE c.state NOT IN ('closed', 'cancelled') AND f.code = ANY (:codes) AND p.plugin = ANY (:plugins)
           ORDER BY f.code, c.period, p.plugin""",
        codes=sorted({code for code, _ in concerned}),
        plugins=sorted({slug for _, slug in concerned}),
    ).all()
    return [row for row in found if (row.code, row.plugin) in concerned]


def _of_cycles(
    rows: Sequence[Any],
    titles: Mapping[str, Text],
    off: Set[tuple[str, str]],
    changed: Mapping[tuple[str, str], date | None],
) -> Iterator[Consequence]:
    for row in rows:
        month: date = row.period
        reference, month_id, month_en = month.strftime("%Y-%m"), period_name(month), period_name(month, "en")
        plugin, key = titles.get(row.plugin, row.plugin), (row.code, row.plugin)
        if key in off:
            said = _STOPPED.format(plugin=plugin, month_id=month_id, month_en=month_en)
        elif (first := changed[key]) is None:
            said = _AS_OPENED.format(plugin=plugin, month_id=month_id, month_en=month_en)
        else:
            since = Text(id=f"bulan {period_name(first)}", en=period_name(first, "en"))
            said = _AS_OPENED_UNTIL.format(plugin=plugin, month_id=month_id, month_en=month_en, since=since)
        yield Consequence(row.code, row.name, row.plugin, "open_cycle", reference, 0, said, said)
        if row.promised:
            matter = _PROMISED.format(plugin=plugin, month_id=month_id, month_en=month_en, amount="{amount}")
            said = matter.format(amount=format_rupiah(row.promised))
            yield Consequence(row.code, row.name, row.plugin, "promised", reference, row.promised, said, matter)


def _funds(work: Work, titles: Mapping[str, Text], off: Set[tuple[str, str]]) -> Iterator[Consequence]:
    rows = work.run(
        """SELECT f.code, f.name, u.plugin, u.code AS fund, u.sensitive, sum(a.rupiah)::bigint AS left_over
           FROM guyub.fund u JOIN guyub.facility f ON f.id = u.facility_id
           JOIN guyub.account a ON a.fund_id = u.id AND a.kind IN ('cash', 'cash_reserved', 'stock', 'stock_reserved')
           WHERE f.code = ANY (:codes) AND u.plugin = ANY (:plugins)
           GROUP BY f.code, f.name, u.plugin, u.code, u.sensitive HAVING sum(a.rupiah) > 0
           ORDER BY f.code, u.plugin, u.code""",
        codes=sorted({code for code, _ in off}),
        plugins=sorted({slug for _, slug in off}),
    )
    for row in rows:
        if (row.code, row.plugin) in off:
            # Who gave in confidence is not named, and the code of a fund may name them.
            fund = "" if row.sensitive else row.fund
            plugin, amount = titles.get(row.plugin, row.plugin), format_rupiah(row.left_over)
            matter = _ORPHANED_UNNAMED.format(plugin=plugin, amount="{amount}")
            said = _ORPHANED.format(fund=fund, plugin=plugin, amount=amount) if fund else matter.format(amount=amount)
            yield Consequence(row.code, row.name, row.plugin, "fund", fund, row.left_over, said, matter)


_AS_OPENED = Text(
    id="{plugin} bulan {month_id} masih terbuka dan tetap memakai konfigurasi saat dibuka.",
    en="{plugin} of {month_en} is still open and keeps the configuration it was opened with.",
)
_AS_OPENED_UNTIL = Text(
    id="{plugin} bulan {month_id} masih terbuka dan tetap memakai konfigurasi saat dibuka; perubahan berlaku mulai"
    " {since}.",
    en="{plugin} of {month_en} is still open and keeps the configuration it was opened with; the change counts from"
    " {since} on.",
)
_STOPPED = Text(
    id="{plugin} bulan {month_id} masih terbuka; selesaikan atau batalkan sebelum dinonaktifkan.",
    en="{plugin} of {month_en} is still open; close or cancel it before the plugin is deactivated.",
)
_PROMISED = Text(
    id="{amount} sudah dicadangkan untuk {plugin} bulan {month_id}.",
    en="{amount} is reserved for {plugin} of {month_en}.",
)
_ORPHANED = Text(
    id="Dana {fund} dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="Fund {fund} of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
_ORPHANED_UNNAMED = Text(
    id="Dana dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="A fund of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
