"""Lists follow life: how a list differs from the registry and the claims as they are now, household by household."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid, column, func, select
from sqlmodel import col

from guyub.access.models import AuditEntryModel
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
Weight = Literal["danger", "warning"]


@dataclass(frozen=True, slots=True)
class ListFinding:
    """One household and what is not as the list has it. ``text`` is a sentence without its name."""

    entitlement_id: UUID
    household_id: UUID
    name: str
    kind: str
    text: Text

    @property
    def sentence(self) -> Text:
        return Text.join(": ", (Text.same(self.name or "–"), self.text))


@dataclass(frozen=True, slots=True)
class KindOfFinding:
    """All findings of one kind. ``first`` are those that a page shows."""

    kind: str
    title: Text
    weight: Weight
    findings: Sequence[ListFinding]

    @property
    def first(self) -> Sequence[ListFinding]:
        return self.findings[:SHOWN_OF_A_KIND]

    @property
    def further(self) -> int:
        return len(self.findings) - len(self.first)


_KINDS: Mapping[str, tuple[Weight, Text]] = {
    "gone": ("danger", Text(id="Tidak lagi dalam daftar keluarga", en="No longer among the households")),
    "nobody": ("danger", Text(id="Tidak ada yang menerima", en="Nobody receives")),
    "recipient": ("danger", Text(id="Penerima berganti", en="Another recipient")),
    "served": ("danger", Text(id="Sudah menerima di UPT lain", en="Already received at another facility")),
    "unfit": ("danger", Text(id="Tidak lagi memenuhi syarat", en="No longer eligible")),
    "category": ("warning", Text(id="Kategori berubah", en="Another category")),
    "size": ("warning", Text(id="Jumlah jiwa berubah", en="Another number of people")),
    "area": ("warning", Text(id="Wilayah berubah", en="Another area")),
    "inmate": ("warning", Text(id="Status warga binaan berubah", en="Another status of the inmate")),
    "score": ("warning", Text(id="Skor berubah", en="Another score")),
    "one_inmate": (
        "warning",
        Text(id="Beberapa penerima dari satu warga binaan", en="Several recipients of one inmate"),
    ),
    "one_address": ("warning", Text(id="Beberapa penerima pada satu alamat", en="Several recipients at one address")),
    "no_nik": ("warning", Text(id="Penerima tanpa NIK", en="Recipients without a NIK")),
}
"""In the order of pages."""
AT_THE_DESK = frozenset({"gone", "nobody", "recipient", "served"})
"""What matters on the day itself: whether this household may still receive, and who comes for it."""


def _inmate_is(name: str, status: str) -> Text:
    """``status`` is a code, with the day since when it holds where that is known."""
    code, _, since = status.partition(" ")
    now = INMATE_STATUSES.get(code, Text.same(code))
    if not since:
        return Text(id="{name}: {now}", en="{name}: {now}").format(name=name, now=now)
    day = date.fromisoformat(since)
    return Text(id="{name}: {now} sejak {day}", en="{name}: {now} since {day}").format(name=name, now=now, day=day)


_ARCHIVED = Text(id="diarsipkan", en="archived")
_ARCHIVED_FOR = Text(id="diarsipkan: {reason}", en="archived: {reason}")
_GONE_AS = {
    "died": Text(
        id="penerima meninggal dunia, belum ada penggantinya", en="the recipient has died, and nobody receives instead"
    ),
    "left": Text(id="penerima pergi, belum ada penggantinya", en="the recipient has left, and nobody receives instead"),
}
_BY_KIND: Mapping[str, Callable[[str, str], Text]] = {
    "gone": lambda before, after: _ARCHIVED_FOR.format(reason=before) if before else _ARCHIVED,
    "nobody": lambda before, after: _GONE_AS.get(before, Text(id="belum ada penerima", en="there is no recipient")),
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
    "area": lambda before, after: Text(id="sekarang di {place}", en="now at {place}").format(place=after or "–"),
    "inmate": lambda before, after: _inmate_is(before, after),
    "one_inmate": lambda before, after: Text(
        id="terkait dengan {inmate}, seperti penerima lain", en="tied to {inmate}, as another recipient is"
    ).format(inmate=before),
    "no_nik": lambda before, after: Text(id="bantuan ganda tidak dapat diperiksa", en="double aid cannot be checked"),
}


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
        )
        for row in rows
    ]


def of_list(work: Work, plugins: PluginRegistry, cycle: Cycle, *, judges: bool) -> list[KindOfFinding]:
    """Returns all differences of a list, the weightiest kinds first. ``judges``: the programme runs, so that its expressions
    can be asked."""
    if not work.may("registry.read"):
        return []
    findings = differences(work, cycle)
    if judges:
        # Who is archived is judged by nobody.
        findings += judged_otherwise(work, plugins, cycle)
    return grouped(findings)


def grouped(findings: Sequence[ListFinding]) -> list[KindOfFinding]:
    return list(_grouped(findings))


def _grouped(findings: Sequence[ListFinding]) -> Iterator[KindOfFinding]:
    for kind, (weight, title) in _KINDS.items():
        if of_kind := [finding for finding in findings if finding.kind == kind]:
            yield KindOfFinding(kind, title, weight, of_kind)


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


@dataclass(frozen=True, slots=True)
class SelectedByHand:
    """A household that was put on the list, or taken off it, against the order of the scores."""

    id: UUID
    household_id: UUID
    name: str
    score: object
    is_on: bool
    reason: str


def selected_by_hand(work: Work, cycle: Cycle) -> list[SelectedByHand]:
    """Returns those who were put on the list by hand and those who were taken off it, the highest scores first."""
    is_recipient = (col(Member.household_id) == col(Household.id)) & col(Member.is_recipient)
    return work.rows(
        SelectedByHand,
        select(
            col(Entitlement.id),
            col(Entitlement.household_id),
            func.coalesce(func.max(col(Member.full_name)), "").label("name"),
            col(Entitlement.score),
            (col(Entitlement.state) == "selected").label("is_on"),
            col(Entitlement.state_reason).label("reason"),
        )
        .select_from(Entitlement)
        .outerjoin(Household, col(Household.id) == col(Entitlement.household_id))
        .outerjoin(Member, is_recipient)
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            among(col(Entitlement.state), ("selected", "candidate")),
            col(Entitlement.state_reason) != "",
        )
        .group_by(col(Entitlement.id))
        .order_by(col(Entitlement.score).desc(), col(Entitlement.household_id)),
    )


@dataclass(frozen=True, slots=True)
class EarlierRecipient:
    """Who received in the month before this one, and whether they are on this list."""

    household_id: UUID
    name: str
    is_on: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EarlierMonth:
    """The last month in which this programme handed something over."""

    code: str
    period: object
    recipients: Sequence[EarlierRecipient]

    @property
    def again(self) -> int:
        return sum(recipient.is_on for recipient in self.recipients)

    @property
    def left_out(self) -> Sequence[EarlierRecipient]:
        return [recipient for recipient in self.recipients if not recipient.is_on]


def earlier_month(work: Work, cycle: Cycle) -> EarlierMonth | None:
    """Returns the recipients of the last month before this one; None where there was none. One statement."""
    # One question about two months at once: who received in the last one, and what this one says of them.
    rows = work.run(
        """WITH last AS MATERIALIZED (
               SELECT c.id, c.code, c.period FROM guyub.cycle c JOIN guyub.cycle this ON this.id = :cycle
               WHERE c.program_id = this.program_id AND c.period < this.period
                 AND EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = c.id AND e.state = 'received')
               ORDER BY c.period DESC LIMIT 1)
           SELECT l.code, l.period, e.household_id, COALESCE(s.full_name, '') AS name,
                  COALESCE(n.state IN ('selected', 'approved', 'received', 'absent'), false) AS is_on,
                  COALESCE(n.state_reason, '') AS reason
           FROM last l JOIN guyub.entitlement e ON e.cycle_id = l.id AND e.state = 'received'
           LEFT JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
           LEFT JOIN guyub.entitlement n ON n.cycle_id = :cycle AND n.household_id = e.household_id
           ORDER BY s.number""",
        cycle=cycle.id,
    ).all()
    if not rows:
        return None
    recipients = [EarlierRecipient(row.household_id, row.name, row.is_on, row.reason) for row in rows]
    return EarlierMonth(rows[0].code, rows[0].period, recipients)
