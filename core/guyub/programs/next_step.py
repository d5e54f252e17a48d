"""Describes whose turn it is in a month, and what they do: the one step that comes next, and what may be done beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from guyub.programs.actions import (
    APPROVAL,
    CANDIDATES,
    CLOSE,
    DAY,
    DOCUMENTS,
    FUNDS,
    LIST,
    MAKE_DOCUMENTS,
    NEXT_MONTH,
    PROPOSE,
    SCORE,
    SHOP,
    START,
    WITHDRAW,
    Action,
)
from guyub.programs.coverage import Coverage
from guyub.programs.cycles import Cycle
from guyub.programs.second_approvals import FirstApprover
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text, Weekday


@dataclass(frozen=True, slots=True)
class CycleStatus:
    """Holds what is known of a month. ``coverage`` is there until it is approved, ``to_buy`` counts items still to be bought."""

    cycle: Cycle
    counts: Mapping[str, int]
    has_funds: bool
    coverage: Coverage | None
    to_buy: int
    documents: int
    next_is_open: bool
    places: int
    """Places of the quota that the selected households take: one for each package."""
    first: FirstApprover | None = None
    """Who approved the proposal first, where it waits for a second approver."""

    @property
    def selected(self) -> int:
        return self.counts.get("selected", 0)

    @property
    def waiting(self) -> int:
        """Households that are neither served nor marked absent."""
        return self.counts.get("approved", 0)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next step: ``ways[0]`` is it, the others may be taken beside it. ``barred`` are those who may not take it, each with
    the reason; it is ``open`` while it has to be taken."""

    title: Text
    why: Text
    ways: tuple[Action, ...]
    barred: Mapping[UUID | None, Text] = field(default_factory=dict)
    open: bool = True


def next_step(status: CycleStatus, today: date) -> NextStep:
    """Returns what comes next in this month, whoever reads it."""
    return _TURNS[status.cycle.state](status, today)


def _planned(status: CycleStatus, today: date) -> NextStep:
    cycle = status.cycle
    if not cycle.scored:
        return NextStep(
            Text(id="Nilai keluarga calon", en="Score the candidate households"),
            Text(
                id="Semua keluarga terdaftar diperiksa syaratnya dan diberi skor; alasannya dapat dibaca per keluarga.",
                en="All registered households are checked and scored; the reasons can be read for each.",
            ),
            (SCORE, FUNDS),
        )
    if not 0 < status.places <= cycle.quota:
        return _selection(status)
    return _money(status) or _readiness(status)


_FEWER = Text(
    id="Kurangi {count} keluarga dari daftar",
    en="Take {count} households off the list",
    en_one="Take {count} household off the list",
)
_FEWER_PACKAGES = Text(
    id="Kurangi {count} paket dari daftar",
    en="Take {count} packages off the list",
    en_one="Take {count} package off the list",
)
_SELECTED = Text(
    id="Terpilih {selected} keluarga; kuota bulan ini {quota}.",
    en="{selected} selected; this month's quota is {quota}.",
)
_SELECTED_PACKAGES = Text(
    id="Terpilih {selected} paket; kuota bulan ini {quota}.",
    en="{selected} packages selected; this month's quota is {quota}.",
    en_one="{selected} package selected; this month's quota is {quota}.",
)


def _selection(status: CycleStatus) -> NextStep:
    if not status.selected:
        title = Text(id="Pilih penerima", en="Choose who receives")
    else:
        less = _FEWER if status.places == status.selected else _FEWER_PACKAGES
        title = less.format(count=status.places - status.cycle.quota)
    stands = _SELECTED if status.places == status.selected else _SELECTED_PACKAGES
    why = stands.format(selected=status.places, quota=status.cycle.quota)
    return NextStep(title, why, (CANDIDATES, FUNDS))


def _money(status: CycleStatus) -> NextStep | None:
    """Returns what is missing before the selected households can be paid for."""
    if not status.has_funds:
        return NextStep(
            Text(id="Tetapkan dana", en="Choose the funds"),
            Text(
                id="Belum ada dana untuk bulan ini. Pilih dana dan urutan pemakaiannya.",
                en="No fund pays for this month yet. Choose funds and their order.",
            ),
            (FUNDS, CANDIDATES),
        )
    if status.coverage and status.coverage.missing:
        return NextStep(
            Text(id="Dana kurang {rupiah}", en="The funds are {rupiah} short").format(
                rupiah=format_rupiah(status.coverage.missing)
            ),
            Text(
                id="Tambahkan dana, catat penerimaan baru, atau kurangi penerima. Usulan boleh dikirim lebih dahulu, "
                "tetapi tidak dapat disetujui sebelum dananya cukup.",
                en="Add a fund, record a new receipt or serve fewer. It may be proposed already, but not approved "
                "before the money is there.",
            ),
            (FUNDS, CANDIDATES, PROPOSE),
        )
    return None


def _readiness(status: CycleStatus) -> NextStep:
    cycle = status.cycle
    if cycle.distribution_on is None or not cycle.place:
        return NextStep(
            Text(id="Tetapkan hari dan tempat", en="Set day and place"),
            Text(
                id="Penyetuju dan keluarga perlu tahu kapan dan di mana penyaluran berlangsung.",
                en="The approver and the households need to know when and where it takes place.",
            ),
            (DAY, PROPOSE),
        )
    return NextStep(
        Text(id="Kirim usulan untuk disetujui", en="Send the proposal for approval"),
        Text(
            id="{count} keluarga terpilih, dananya cukup ({rupiah}).",
            en="{count} selected, and the money is there ({rupiah}).",
        ).format(count=status.selected, rupiah=format_rupiah(status.coverage.total if status.coverage else 0)),
        (PROPOSE, CANDIDATES),
    )


def _proposed(status: CycleStatus, today: date) -> NextStep:
    proposer = {
        status.cycle.proposed_by_id: Text(
            id="Anda yang mengusulkan, jadi Anda tidak dapat menyetujuinya sendiri.",
            en="You proposed it, so you cannot approve it yourself.",
        )
    }
    if status.first is not None:
        return NextStep(
            Text(id="Persetujuan kedua", en="The second approval"),
            Text(
                id="{name} menyetujui lebih dahulu. Dana dicadangkan dan daftar dikunci setelah penyetuju kedua, orang lain, "
                "juga menyetujui.",
                en="{name} approved first. The money is reserved and the list frozen once a second approver, another person, "
                "approves as well.",
            ).format(name=status.first.name),
            (APPROVAL, WITHDRAW),
            barred={
                **proposer,
                status.first.person_id: Text(
                    id="Anda penyetuju pertama; penyetuju kedua orang lain.",
                    en="You are the first approver; the second is another person.",
                ),
            },
        )
    return NextStep(
        Text(id="Periksa dan setujui usulan", en="Check and approve the proposal"),
        Text(
            id="Diusulkan oleh {name}: {count} keluarga. Persetujuan mencadangkan dana dan mengunci daftar.",
            en="Proposed by {name}: {count} households. The approval reserves the money and freezes the list.",
            en_one="Proposed by {name}: {count} household. The approval reserves the money and freezes the list.",
        ).format(name=status.cycle.proposed_by, count=status.selected),
        (APPROVAL, WITHDRAW),
        barred=proposer,
    )


def _approved(status: CycleStatus, today: date) -> NextStep:
    cycle = status.cycle
    if status.to_buy:
        return NextStep(
            Text(id="Beli barangnya", en="Buy the goods"),
            Text(
                id="{count} barang masih harus dibeli; dananya sudah dicadangkan.",
                en="{count} items are still to be bought; the money is reserved.",
                en_one="{count} item is still to be bought; the money is reserved.",
            ).format(count=status.to_buy),
            (SHOP,) if today < cycle.period else (SHOP, START),
        )
    if cycle.distribution_on is None or not cycle.place:
        return NextStep(
            Text(id="Tetapkan hari dan tempat", en="Set day and place"),
            Text(id="Penyaluran baru dapat dimulai setelah keduanya diisi.", en="The distribution waits for both."),
            (DAY,),
        )
    day = Text.same(Weekday(cycle.distribution_on))
    if today < cycle.period:
        return NextStep(
            Text(id="Tunggu bulannya mulai", en="Wait for the month to begin"),
            Text(
                id="Dijadwalkan {day} di {place}. Penyaluran dapat dimulai paling awal {first}; daftar untuk "
                "ditandatangani dapat dicetak sekarang.",
                en="Planned for {day} at {place}. The distribution can begin on {first} at the earliest; the list to sign "
                "can be printed now.",
            ).format(
                day=day,
                place=cycle.place,
                first=cycle.period,
            ),
            (DOCUMENTS,),
            open=False,
        )
    if cycle.distribution_on > today:
        why = Text(
            id="Dijadwalkan {day} di {place}. Mulai pada harinya; daftar untuk ditandatangani dapat dicetak sekarang.",
            en="Planned for {day} at {place}. Begin on the day; the list to sign can be printed now.",
        )
    else:
        why = Text(id="Dijadwalkan {day} di {place}.", en="Planned for {day} at {place}.")
    return NextStep(
        Text(id="Mulai penyaluran", en="Begin the distribution"),
        why.format(day=day, place=cycle.place),
        (START, DOCUMENTS),
    )


def _distributing(status: CycleStatus, today: date) -> NextStep:
    if status.waiting:
        return NextStep(
            Text(
                id="Serahkan kepada {count} keluarga",
                en="Hand over to {count} households",
                en_one="Hand over to {count} household",
            ).format(count=status.waiting),
            Text(
                id="Sudah menerima {received}, tidak hadir {absent}.", en="Received {received}, absent {absent}."
            ).format(received=status.counts.get("received", 0), absent=status.counts.get("absent", 0)),
            (LIST, DOCUMENTS),
        )
    return NextStep(
        Text(id="Tutup bulan ini", en="Close this month"),
        Text(
            id="Semua keluarga sudah tercatat. Sisa barang dan dana kembali ke sumbernya.",
            en="Every household is accounted for. What is left goes back to its source.",
        ),
        (CLOSE, LIST, DOCUMENTS),
    )


def _closed(status: CycleStatus, today: date) -> NextStep:
    if not status.documents:
        return NextStep(
            Text(id="Buat dokumen pertanggungjawaban", en="Make the documents of this month"),
            Text(
                id="Daftar, berita acara, laporan, buku kas dan rekap dibuat sekaligus.",
                en="List, minutes, report, cash books and recap are made at once.",
            ),
            (MAKE_DOCUMENTS,) if status.next_is_open else (MAKE_DOCUMENTS, NEXT_MONTH),
        )
    if status.next_is_open:
        return NextStep(
            Text(id="Bulan ini selesai", en="This month is done"),
            Text(id="Dokumennya tersimpan.", en="Its documents are kept."),
            (DOCUMENTS,),
            open=False,
        )
    return NextStep(
        Text(id="Buka bulan berikutnya", en="Open the next month"),
        Text(
            id="Bulan ini selesai dan dokumennya tersimpan. Tempat, jam dan dana bulan ini menjadi isian awal.",
            en="This month is done and its documents are kept. Its place, hour and funds are filled in for the next one.",
        ),
        (NEXT_MONTH, DOCUMENTS),
    )


def _cancelled(status: CycleStatus, today: date) -> NextStep:
    return NextStep(
        Text(id="Bulan ini dibatalkan", en="This month was cancelled"),
        Text(
            id="Yang dicadangkan sudah kembali. Alasannya tercatat pada riwayat. Bulan ini dapat dibuka lagi.",
            en="What was reserved has gone back. The reason stands in the history. The month can be opened again.",
        ),
        () if status.next_is_open else (NEXT_MONTH,),
        open=False,
    )


_TURNS = {
    "planned": _planned,
    "proposed": _proposed,
    "approved": _approved,
    "distributing": _distributing,
    "closed": _closed,
    "cancelled": _cancelled,
}


@dataclass(frozen=True, slots=True)
class NextStepView:
    """A turn as one reader sees it: ``main`` is theirs to press; else they wait for ``waits_for`` (names with titles)."""

    title: Text
    why: Text
    main: Action | None
    beside: tuple[Action, ...]
    barred: Text | None
    waits: bool
    open: bool


def view_for_reader(
    turn: NextStep, permissions: frozenset[str], person_id: UUID | None, *, stopped: bool = False
) -> NextStepView:
    """Returns what of a turn this person may do. ``waits``: somebody else has to act. ``stopped``: nothing can be planned now."""
    if not turn.ways:
        return NextStepView(turn.title, turn.why, None, (), None, waits=False, open=turn.open)
    main, *others = turn.ways
    possible = not (stopped and main.plans)
    permitted = main.permission in permissions
    barred = turn.barred.get(person_id) if person_id is not None else None
    beside = tuple(way for way in others if way.permission in permissions and not (stopped and way.plans))
    return NextStepView(
        turn.title,
        turn.why,
        main if possible and permitted and barred is None else None,
        beside,
        barred,
        waits=turn.open and possible and (not permitted or barred is not None),
        open=turn.open,
    )
