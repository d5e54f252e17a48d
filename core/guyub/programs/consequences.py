"""Holds what a change of configuration touches here: open months, what is promised in them, and who could approve."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, ScalarSelect, and_, any_, cast, distinct, func, literal, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from guyub.access.models import PersonModel, Role, RoleAssignment
from guyub.configuration.consequences import Consequence, TouchedPlugins
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import among, pair_among
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Reservation
from guyub.programs.models import CycleModel, Program
from guyub.sdk.text import Money, Period, Text


def consequences(work: Work, touched: TouchedPlugins) -> Iterator[Consequence]:
    cycle, facility = CycleModel, FacilityModel
    rupiah = cast(func.coalesce(func.sum(col(AccountModel.rupiah)), 0), BigInteger)
    promised = (
        select(rupiah)
        .join(Reservation, col(AccountModel.reservation_id) == col(Reservation.id))
        .where(col(Reservation.facility_id) == col(cycle.facility_id), col(Reservation.holder_id) == col(cycle.id))
        .scalar_subquery()
    )
    statement = (
        select(
            col(facility.code), col(facility.name), col(Program.plugin), col(cycle.period), col(cycle.state), promised
        )
        .select_from(cycle)
        .join(Program, col(Program.id) == col(cycle.program_id))
        .join(facility, col(facility.id) == col(cycle.facility_id))
        .where(
            col(cycle.state).not_in(("closed", "cancelled")),
            pair_among(col(facility.code), col(Program.plugin), touched.every),
        )
        .order_by(col(facility.code), col(cycle.period), col(Program.plugin))
    )
    for code, name, slug, month, state, rupiah_promised in work.all(statement):
        reference, words = month.strftime("%Y-%m"), {"plugin": touched.title(slug), "month": Period(month)}
        text = _open_month(touched, (code, slug), state).format(**words)
        yield Consequence(code, name, slug, "open_cycle", reference, 0, text, text)
        if rupiah_promised:
            of_many = _PROMISED.format(**words, amount="{amount}")
            text = of_many.format(amount=Money(rupiah_promised))
            yield Consequence(code, name, slug, "promised", reference, rupiah_promised, text, of_many)


APPROVE = "programs.approve"
ASK_FOR_TWO = frozenset({"second_approval_above", "second_approval_for_sensitive"})
"""Fields of a programme's configuration with which two people approve (``guyub.sdk.approvals``)."""


def missing_approvers(work: Work, touched: TouchedPlugins) -> Iterator[Consequence]:
    """Yields the facilities where two people are to approve from now on, and fewer may. No query where nothing asks for two."""
    asking = [at for at, values in touched.values.items() if _asks_for_two(values)]
    if not asking:
        return
    facility, held, today = FacilityModel, RoleAssignment, func.guyub.today_at(col(FacilityModel.zone), type_=Date)
    may = and_(
        col(held.facility_id) == col(facility.id),
        col(held.valid_from) <= today,
        or_(col(held.valid_until).is_(None), col(held.valid_until) >= today),
        col(held.role_code).in_(select(col(Role.code)).where(literal(APPROVE) == any_(col(Role.permissions)))),
    )
    people = func.count(distinct(col(PersonModel.id)))
    statement = (
        select(col(facility.code), col(facility.name), people)
        .select_from(facility)
        .outerjoin(held, may)
        .outerjoin(PersonModel, and_(col(PersonModel.id) == col(held.person_id), col(PersonModel.active)))
        .where(among(col(facility.code), sorted({code for code, _ in asking})))
        .group_by(col(facility.code), col(facility.name))
        .having(people < 2)
        .order_by(col(facility.code))
    )
    for code, name, count in work.all(statement):
        for slug in sorted(slug for at, slug in asking if at == code):
            text = _ONE_APPROVER.format(plugin=touched.title(slug), count=count)
            yield Consequence(code, name, slug, "one_approver", "", 0, text, text)


def _asks_for_two(values: Mapping[str, object]) -> bool:
    return any(values.get(name) for name in ASK_FOR_TWO)


def opened_months(facility_id: Mapped[UUID]) -> ScalarSelect[Any]:
    """Returns the months that were ever opened at a facility, in whatever state, as a JSON array of slug and first day."""
    months = func.jsonb_agg(distinct(func.jsonb_build_array(col(Program.plugin), col(CycleModel.period))))
    of_program = select(months).select_from(CycleModel).join(Program, col(Program.id) == col(CycleModel.program_id))
    return (
        of_program.where(col(CycleModel.facility_id) == facility_id)
        .correlate_except(CycleModel, Program)
        .scalar_subquery()
    )


def _open_month(touched: TouchedPlugins, at: tuple[str, str], state: str) -> Text:
    """Returns what an open month follows of a change: until its approval a list can be scored again."""
    if at in touched.off:
        return _STOPPED
    can_be_scored = state in ("planned", "proposed")
    stands, counts_from = (_SCORED_AGAIN, _IN_FULL_FROM) if can_be_scored else (_APPROVED, _FROM)
    first = touched.changed[at]
    return stands if first is None else Text.join(" ", (stands, counts_from.format(first=Period(first))))


_SCORED_AGAIN = Text(
    id="{plugin} bulan {month} masih terbuka: kuota dan isi bantuannya tetap seperti saat dibuka, dan selama direncanakan dapat"
    " disamakan di halaman bulan itu; setiap penilaian membaca lagi aturan dan bobot yang berlaku pada hari pertama bulan itu.",
    en="{plugin} of {month} is still open: its quota and package stay as they were when it was opened, and while it is planned"
    " they can be brought in line on the month's page; each scoring reads again the rules and weights in effect on the first"
    " day of that month.",
)
_APPROVED = Text(
    id="{plugin} bulan {month} masih terbuka: daftar dan isi bantuannya sudah disetujui dan tidak berubah.",
    en="{plugin} of {month} is still open: its list and package are approved and do not change.",
)
_IN_FULL_FROM = Text(
    id="Perubahan berlaku sepenuhnya mulai bulan {first}.", en="The change counts in full from {first} on."
)
_FROM = Text(id="Perubahan berlaku mulai bulan {first}.", en="The change counts from {first} on.")
_STOPPED = Text(
    id="{plugin} bulan {month} masih terbuka; selesaikan atau batalkan sebelum dinonaktifkan.",
    en="{plugin} of {month} is still open; close or cancel it before the plugin is deactivated.",
)
_ONE_APPROVER = Text(
    id="{plugin} akan meminta dua penyetuju, tetapi yang boleh menyetujui di sini {count} orang: persetujuan seperti itu akan"
    " tertahan. Beri satu orang lagi peran Pejabat penyetuju kedua (guyub user role LOGIN second_approver).",
    en="{plugin} will ask for two approvers, but {count} may approve here: such an approval will wait. Give one more person the"
    " role Second approver (guyub user role LOGIN second_approver).",
)
_PROMISED = Text(
    id="{amount} sudah dicadangkan untuk {plugin} bulan {month}.",
    en="{amount} is reserved for {plugin} of {month}.",
)
