"""Lists follow life: how a list differs from the registry and the claims as they are now, household by household."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid, column, func, select
from sqlmodel import col

from guyub.access.models import AuditEntryModel
from guyub.db.keys import Protector, WrongKey
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.plugins.crash import naming
from guyub.plugins.plugin_proxies import DECLARED
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycle_facts import why_excluded
from guyub.programs.cycles import Cycle
from guyub.programs.models import Entitlement
from guyub.programs.selection import judged_now
from guyub.registry.labels import CATEGORIES, INMATE_STATUSES
from guyub.registry.models import Household, Member
from guyub.sdk.quantities import format_quantity
from guyub.sdk.reviews import Finding
from guyub.sdk.text import Text

SHOWN_OF_A_KIND = 20
_LISTED = ("selected", "approved", "absent")
Weight = Literal["danger", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ListFinding:
    """One household and what is not as the list has it. ``text`` is a sentence without its name, ``change`` that of a score."""

    entitlement_id: UUID
    household_id: UUID
    name: str
    kind: str
    text: Text
    change: Decimal = Decimal(0)

    @property
    def sentence(self) -> Text:
        return Text.join(": ", (Text.same(self.name or "–"), self.text))


@dataclass(frozen=True, slots=True)
class KindOfFinding:
    """All findings of one kind, the largest change first. ``first`` are those that a page shows."""

    kind: str
    title: Text
    weight: Weight
    findings: Sequence[ListFinding]

    @property
    def first(self) -> Sequence[ListFinding]:
        return self.findings[:SHOWN_OF_A_KIND]

    @property
    def names_a_recipient(self) -> bool:
        return self.kind in NAME_A_RECIPIENT

    @property
    def further(self) -> int:
        return len(self.findings) - len(self.first)


_KINDS: Mapping[str, tuple[Weight, Text]] = {
    "gone": ("danger", Text(id="Tidak lagi dalam daftar keluarga", en="No longer among the households")),
    "nobody": ("danger", Text(id="Belum ada penerima", en="There is no recipient")),
    "recipient": ("danger", Text(id="Penerima berganti", en="Another recipient")),
    "served": ("danger", Text(id="Sudah menerima di UPT lain", en="Already received at another facility")),
    "unfit": ("danger", Text(id="Tidak lagi memenuhi syarat", en="No longer eligible")),
    "category": ("warning", Text(id="Kategori berubah", en="Another category")),
    "size": ("warning", Text(id="Jumlah jiwa berubah", en="Another number of people")),
    "packages": ("warning", Text(id="Jumlah paket berubah", en="Another number of packages")),
    "area": ("warning", Text(id="Wilayah berubah", en="Another area")),
    "inmate": ("warning", Text(id="Status warga binaan berubah", en="Another status of the inmate")),
    "one_inmate": (
        "warning",
        Text(id="Beberapa penerima dari satu warga binaan", en="Several recipients of one inmate"),
    ),
    "one_address": ("warning", Text(id="Beberapa penerima pada satu alamat", en="Several recipients at one address")),
    "no_nik": ("warning", Text(id="Penerima tanpa NIK", en="Recipients without a NIK")),
    "after_death": (
        "warning",
        Text(id="Tercatat menerima sesudah meninggal dunia", en="Recorded as having received after their death"),
    ),
    "passed_over": (
        "warning",
        Text(id="Dilewati karena belum ada penerima", en="Passed over, as there is no recipient"),
    ),
    "score": ("info", Text(id="Skor berubah", en="Another score")),
}
"""In the order of pages: other scores last, since after a month all may have one."""
AT_THE_DESK = frozenset(_KINDS) - {"score", "passed_over"}
"""What matters on the day itself: whether this household may still receive, who comes for it, and what it gets. A score chooses
who is on a list, and no more."""
AFTERWARDS = frozenset({"after_death"})
"""What comes to light of those who received."""
NAME_A_RECIPIENT = frozenset({"nobody", "passed_over"})
"""What the household's own page settles: one of its members becomes the recipient."""


def _inmate_is(name: str, status: str) -> Text:
    """Returns the finding of an inmate's status. ``status`` is a code, with the day since when it holds where that is known."""
    code, _, since = status.partition(" ")
    now = INMATE_STATUSES.get(code, Text.same(code))
    if not since:
        return Text(id="{name}: {now}", en="{name}: {now}").format(name=name, now=now)
    day = date.fromisoformat(since)
    return Text(id="{name}: {now} sejak {day}", en="{name}: {now} since {day}").format(name=name, now=now, day=day)


_ARCHIVED = Text(id="diarsipkan", en="archived")
_ARCHIVED_FOR = Text(id="diarsipkan: {reason}", en="archived: {reason}")
_NO_LONGER_ACTIVE = Text(
    id="tidak aktif lagi; tanyakan kepada petugas data keluarga",
    en="no longer active; ask whoever keeps the registry",
)
_GONE_AS = {
    "died": Text(
        id="penerima meninggal dunia, belum ada penggantinya",
        en="the recipient has died, and there is no other recipient",
    ),
    "left": Text(
        id="penerima pergi, belum ada penggantinya", en="the recipient has left, and there is no other recipient"
    ),
}
_AFTER_DEATH = Text(
    id="meninggal dunia {died}, tercatat menerima sendiri {handed}; periksa hari atau penerimanya",
    en="died on {died}, recorded as receiving in person on {handed}; check the day, or who came",
)
_NO_RECIPIENT = Text(id="belum ada penerima", en="there is no recipient")
_BY_KIND: Mapping[str, Callable[[str, str], Text]] = {
    "gone": lambda before, after: _ARCHIVED_FOR.format(reason=before) if before else _ARCHIVED,
    "nobody": lambda before, after: _GONE_AS.get(before, _NO_RECIPIENT),
    "passed_over": lambda before, after: _GONE_AS.get(before, _NO_RECIPIENT),
    "recipient": lambda before, after: Text(
        id="diusulkan atas nama {before}, sekarang {after}", en="proposed for {before}, now {after}"
    ).format(before=before, after=after),
    "served": lambda before, after: Text(
        id="sudah menerima bantuan bulan ini di {place}", en="already received this month at {place}"
    ).format(place=after),
    "category": lambda before, after: Text.join(
        " → ", (CATEGORIES.get(before, Text.same(before)), CATEGORIES.get(after, Text.same(after)))
    ),
    "size": lambda before, after: Text(id="{before} → {after} jiwa", en="household size {before} → {after}").format(
        before=before, after=after
    ),
    "packages": lambda before, after: Text(
        id="jumlah paket terdaftar {after}, pada daftar ini {before}",
        en="number of packages registered {after}, here {before}",
    ).format(before=before, after=after),
    "area": lambda before, after: Text(id="sekarang di {place}", en="now at {place}").format(place=after or "–"),
    "inmate": lambda before, after: _inmate_is(before, after),
    "after_death": lambda before, after: _AFTER_DEATH.format(
        died=date.fromisoformat(before), handed=date.fromisoformat(after)
    ),
    "one_inmate": lambda before, after: Text(
        id="terkait dengan {inmate}, seperti penerima lain", en="tied to {inmate}, as another recipient is"
    ).format(inmate=before),
    "no_nik": lambda before, after: Text(id="bantuan ganda tidak dapat diperiksa", en="double aid cannot be checked"),
}


def at_the_desk(findings: Sequence[ListFinding]) -> list[ListFinding]:
    """Returns what the desk must know, in front of the family: not why a household was archived, which whoever keeps the
    registry says."""
    return [
        replace(finding, text=_NO_LONGER_ACTIVE) if finding.kind == "gone" else finding
        for finding in findings
        if finding.kind in AT_THE_DESK
    ]


def differences(work: Work, cycle: Cycle, entitlement_id: UUID | None = None) -> list[ListFinding]:
    """Returns how the selected or approved households, or one of them, differ from what the list has of them. One statement,
    and one more for the reasons of those who were archived."""
    columns = (
        column("entitlement_id", Uuid),
        column("household_id", Uuid),
        *(column(name, SqlText) for name in ("name", "kind", "before", "after")),
    )
    difference = func.guyub.list_differences(cycle.id, entitlement_id).table_valued(*columns, name="difference").c
    rows = work.all(select(*difference).order_by(difference.kind, difference.name, difference.entitlement_id))
    gone = _why_archived(work, [row.household_id for row in rows if row.kind == "gone"])
    return [
        ListFinding(
            row.entitlement_id,
            row.household_id,
            row.name,
            row.kind,
            _ARCHIVED_FOR.format(reason=gone[row.household_id])
            if row.kind == "gone" and gone.get(row.household_id)
            else _BY_KIND[row.kind](row.before or "", row.after or ""),
        )
        for row in rows
    ]


def judged_otherwise(work: Work, plugins: PluginRegistry, cycle: Cycle) -> list[ListFinding]:
    """Returns the listed households that the programme's own expressions judge otherwise now than when the list was scored.
    One statement."""
    kind, facts = judged_now(work, plugins, cycle)
    is_recipient = (
        (col(Member.household_id) == col(Entitlement.household_id)) & col(Member.is_recipient) & col(Member.active)
    )
    judged = (
        select(
            col(Entitlement.id),
            col(Entitlement.household_id),
            func.coalesce(col(Member.full_name), "").label("name"),
            col(Entitlement.score).label("before"),
            facts.c.score.label("after"),
            facts.c.state_reason.label("unmet"),
        )
        .select_from(Entitlement)
        .join(facts, facts.c.household_id == col(Entitlement.household_id))
        .outerjoin(Member, is_recipient)
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            among(col(Entitlement.state), _LISTED),
            (facts.c.state_reason != "") | (facts.c.score != col(Entitlement.score)),
        )
        .order_by(func.coalesce(col(Member.full_name), ""), col(Entitlement.id))
    )
    declared = f"{kind.key}, eligibility() / criteria()"
    with naming(plugins.plugin(cycle.plugin), declared, work.here.code, sentence=DECLARED):
        rows = work.all(judged)
    return [
        ListFinding(row.id, row.household_id, row.name, "unfit", why_excluded(cycle, row.unmet))
        if row.unmet
        else ListFinding(
            row.id,
            row.household_id,
            row.name,
            "score",
            Text(
                id=f"skor {format_quantity(round(row.before, 1))} → {format_quantity(round(row.after, 1))}",
                en=f"score {format_quantity(round(row.before, 1), 'en')} → {format_quantity(round(row.after, 1), 'en')}",
            ),
            row.after - row.before,
        )
        for row in rows
    ]


def at_one_address(work: Work, protector: Protector, cycle: Cycle) -> list[ListFinding]:
    """Returns the listed households that live at the same street and number. The street itself is compared here and shown
    nowhere. One statement."""
    is_recipient = (col(Member.household_id) == col(Household.id)) & col(Member.is_recipient) & col(Member.active)
    homes = (
        select(
            col(Entitlement.id),
            col(Household.id).label("household_id"),
            func.coalesce(col(Member.full_name), "").label("name"),
            col(Household.street_cipher).label("street"),
            func.concat_ws("/", col(Household.rt), col(Household.rw), func.casefold(col(Household.village))).label(
                "area"
            ),
        )
        .select_from(Entitlement)
        .join(Household, col(Household.id) == col(Entitlement.household_id))
        .outerjoin(Member, is_recipient)
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            among(col(Entitlement.state), _LISTED),
            col(Household.street_cipher).is_not(None),
        )
        .order_by(func.coalesce(col(Member.full_name), ""), col(Entitlement.id))
    )
    by_address: dict[tuple[str, str], list[Any]] = {}
    for row in work.all(homes):
        try:
            street = "".join(letter for letter in protector.decrypt(row.street).casefold() if letter.isalnum())
        except WrongKey:  # ``guyub doctor`` names a value that cannot be read; it is no reason against a list
            continue
        by_address.setdefault((street, row.area), []).append(row)
    return [
        ListFinding(
            row.id,
            row.household_id,
            row.name,
            "one_address",
            Text(id="satu alamat dengan {names}", en="at the same address as {names}").format(
                names=", ".join(other.name or "–" for other in rows if other is not row)
            ),
        )
        for rows in by_address.values()
        if len(rows) > 1
        for row in rows
    ]


def of_list(
    work: Work, plugins: PluginRegistry, cycle: Cycle, *, judges: bool, protector: Protector | None = None
) -> list[KindOfFinding]:
    """Returns all differences of a list, the weightiest kinds first. ``judges``: the programme runs, so that its expressions
    can be asked; with a ``protector`` streets are compared too."""
    if not work.may("registry.read"):
        return []
    findings = differences(work, cycle)
    if protector is not None:
        findings += at_one_address(work, protector, cycle)
    if judges:
        # Who is archived is judged by nobody.
        findings += judged_otherwise(work, plugins, cycle)
    return grouped(findings)


def grouped(findings: Sequence[ListFinding]) -> list[KindOfFinding]:
    return list(_grouped(findings))


def _grouped(findings: Sequence[ListFinding]) -> Iterator[KindOfFinding]:
    for kind, (weight, title) in _KINDS.items():
        if of_kind := [finding for finding in findings if finding.kind == kind]:
            yield KindOfFinding(kind, title, weight, sorted(of_kind, key=lambda finding: -abs(finding.change)))


def _why_archived(work: Work, households: Sequence[UUID]) -> dict[UUID, str]:
    """Returns the reason with which each of these was archived last."""
    if not households:
        return {}
    entry = AuditEntryModel
    by_subject = {f"household/{household}": household for household in households}
    reasons = (
        select(col(entry.subject), col(entry.reason))
        .where(
            col(entry.chain) == work.here.id,
            col(entry.action) == "registry.archive",
            among(col(entry.subject), list(by_subject)),
        )
        .order_by(col(entry.seq))
    )
    return {by_subject[subject]: reason for subject, reason in work.all(reasons)}


def names_of(work: Work, findings: Sequence[Finding]) -> dict[UUID, str]:
    """Returns the names of the recipients of the households that reviews name."""
    households = [finding.household_id for finding in findings if finding.household_id is not None]
    if not households:
        return {}
    named = select(col(Member.household_id), col(Member.full_name)).where(
        among(col(Member.household_id), households), col(Member.is_recipient), col(Member.active)
    )
    return dict(work.all(named))
