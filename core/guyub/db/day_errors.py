"""What the database refuses about the day of an act: money before it came, goods before they were there, a step too early."""

import json
from datetime import datetime

from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, format_time

STATE = "GU021"

_CHECK_DAY = Text(id="Periksa tanggalnya.", en="Check the day.")

# Forms that have a field for the day, by the kind of what was to be booked.
_FIELDS = {"purchase": "on", "hand_over": "on", "receipt": "received_on"}


def refusal_of(message: str, detail: str) -> Refusal:
    """``message`` is the word that the trigger gave; ``detail`` its object: kind, zone, the earliest moment and what is named."""
    values = json.loads(detail)
    kind, named = values["kind"], values["named"]
    earliest = datetime.fromisoformat(values["earliest"]) if values["earliest"] else None
    code, what, remedy = _words(message, kind, named, _moment(earliest, values["zone"]))
    if kind not in _FIELDS:
        return Refusal(code, what, remedy)
    return Invalid(code, what, remedy, "at" if kind == "hand_over" and values["same_day"] else _FIELDS[kind])


def _moment(earliest: datetime | None, zone: str) -> Text | None:
    """The day, with its hour where it does not begin with the day."""
    if earliest is None:
        return None
    day = Text(id=format_date(earliest.date()), en=format_date(earliest.date(), "en"))
    if (earliest.hour, earliest.minute) == (0, 0):
        return day
    hour = format_time(earliest.time(), zone)
    return Text(id=f"{day.id} pukul {hour}", en=f"{day.en} at {hour}")


def month_not_begun(first: Text) -> tuple[str, Text, Text]:
    """Code, sentence and remedy for a distribution that is opened before the ``first`` day of its month."""
    return (
        "programs.month_not_begun",
        Text(
            id="Penyaluran belum dapat dimulai karena bulannya belum mulai: paling awal {day}.",
            en="The distribution cannot begin before its month has begun: the earliest day is {day}.",
        ).format(day=first),
        Text(
            id="Mulai pada hari penyalurannya; daftar untuk ditandatangani sudah dapat dicetak.",
            en="Begin on the day of the distribution; the list to sign can be printed already.",
        ),
    )


_ON_THE_DAY = {
    "before_the_month": Text(
        id="Penyerahan tidak dapat terjadi sebelum bulannya mulai", en="No hand-over comes before its month begins"
    ),
    "before_approval": Text(
        id="Penyerahan tidak dapat terjadi sebelum daftarnya disetujui",
        en="No hand-over comes before its list is approved",
    ),
    "before_the_goods": Text(
        id="Penyerahan tidak dapat terjadi sebelum barangnya datang", en="No hand-over comes before its goods have come"
    ),
}


def _words(message: str, kind: str, named: str, earliest: Text | None) -> tuple[str, Text, Text]:
    if message == "day_to_come":
        return (
            "programs.moment" if kind == "hand_over" else "funds.not_yet",
            Text(id="Waktu ini belum tiba.", en="This moment has not come yet."),
            Text(id="Isi kapan hal ini terjadi.", en="Enter when it happened."),
        )
    if message == "before_the_money":
        what = Text(
            id="Pada hari itu, atau pada hari sesudahnya, saldo kas {fund} tidak cukup untuk pengeluaran ini.",
            en="On that day, or on a later one, the cash of {fund} does not cover this payment.",
        ).format(fund=named)
        if earliest is None:
            return (
                "funds.before_money",
                what,
                Text(id="Catat dahulu penerimaan dananya.", en="Record first what the fund received."),
            )
        return "funds.before_money", what, _EARLIEST_DAY.format(day=earliest)
    if message in ("before_free_money", "before_free_goods"):
        return (
            "funds.before_money" if message == "before_free_money" else "funds.before_goods",
            Text(
                id="Pada hari itu, atau pada hari sesudahnya, yang masih bebas dari {name} tidak cukup.",
                en="On that day, or on a later one, what is free of {name} is not enough.",
            ).format(name=named),
            _CHECK_DAY if earliest is None else _EARLIEST_DAY.format(day=earliest),
        )
    if message == "before_proposal" and earliest is not None:
        return (
            "programs.before_proposal",
            Text(
                id="Persetujuan tidak dapat mendahului usulannya.",
                en="An approval cannot come before what is proposed.",
            ),
            _EARLIEST_DAY.format(day=earliest),
        )
    if message == "before_it_came_back" and earliest is not None:
        return (
            "funds.before_original",
            Text(
                id="Pembatalan ini tidak dapat mendahului hari kembalinya penyerahan yang dibatalkan.",
                en="This cannot be taken back before the day on which an undone hand-over came back.",
            ),
            _EARLIEST_DAY.format(day=earliest),
        )
    if message in _ON_THE_DAY and kind in ("hand_over", "absence", "start") and earliest is not None:
        if kind == "start":
            return month_not_begun(earliest)
        return (
            "programs.moment",
            Text(id="{before}: paling awal {moment}.", en="{before}: the earliest moment is {moment}.").format(
                before=_ON_THE_DAY[message], moment=earliest
            ),
            Text(id="Perbaiki hari dan jamnya.", en="Mend the day and the hour."),
        )
    if message == "before_approval" and earliest is not None:
        return (
            "funds.before_approval",
            Text(
                id="Tanggal ini sebelum daftar penerimanya disetujui.",
                en="This day lies before the approval of the list.",
            ),
            _EARLIEST_DAY.format(day=earliest),
        )
    if message == "before_the_goods" and earliest is not None:
        return (
            "funds.before_goods",
            Text(id="Pada hari itu {item} belum datang.", en="On that day {item} had not come yet.").format(item=named),
            _EARLIEST_DAY.format(day=earliest),
        )
    if message == "before_what_it_undoes" and earliest is not None:
        return (
            "funds.before_original",
            Text(
                id="Pembatalan tidak dapat mendahului catatan yang dibatalkannya.",
                en="What takes an entry back cannot come before that entry.",
            ),
            _EARLIEST_DAY.format(day=earliest),
        )
    return (
        "books.another_day",
        Text(
            id="Hari pada catatan ini tidak sama dengan hari buktinya.",
            en="This record and its paper differ in their day.",
        ),
        _CHECK_DAY,
    )


_EARLIEST_DAY = Text(id="Paling awal: {day}.", en="The earliest possible day: {day}.")
