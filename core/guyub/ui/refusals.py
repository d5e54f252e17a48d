"""The refusals of days, months, hours, amounts and quantities that a form cannot read."""

from guyub.db.limits import OUTSIDE, OUTSIDE_MONTH
from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class UiRefusal(RefusalCode):
    MISSING = (
        "form.missing",
        Text(id="Belum diisi.", en="This is missing."),
        Text(id="Isi kolom ini.", en="Fill it in."),
    )
    DATE = (
        "form.date",
        Text(id="Tanggal ini tidak dikenali.", en="This date is not understood."),
        Text(id="Tulis seperti 16/11/2024.", en="Write it like 16/11/2024 (day, month, year)."),
    )
    DATE_OUTSIDE = ("form.date_outside", *OUTSIDE)
    MONTH = (
        "form.month",
        Text(id="Bulan ini tidak dikenali.", en="This month is not understood."),
        Text(id="Tulis seperti 2024-11 atau November 2024.", en="Write it like 2024-11 or November 2024."),
    )
    MONTH_OUTSIDE = ("form.month_outside", *OUTSIDE_MONTH)
    WEEKDAY = (
        "form.weekday",
        Text(id="{day} bukan hari {typed}.", en="{day} is no {typed}."),
        Text(
            id="Menurut kalender: {right}. Periksa tanggalnya, atau hapus nama harinya.",
            en="By the calendar it is {right}. Check the date, or leave the weekday out.",
        ),
    )
    HOUR = (
        "form.hour",
        Text(id="Jam ini tidak dikenali.", en="This time is not understood."),
        Text(id="Tulis seperti 09.00.", en="Write it like 09.00."),
    )
    RUPIAH = (
        "form.rupiah",
        Text(id="Jumlah rupiah ini tidak dikenali.", en="This amount of rupiah is not understood."),
        Text(id="Tulis seperti 1.500.000, tanpa sen.", en="Write it like 1.500.000, without decimals."),
    )
    QUANTITY = (
        "form.quantity",
        Text(id="Jumlah ini tidak dikenali.", en="This quantity is not understood."),
        Text(id="Tulis angka dengan koma desimal, misalnya 2,5.", en="Write a number, for example 2.5."),
    )
    QUANTITY_MOST = (
        "form.quantity_most",
        Text(id="Jumlah ini terlalu besar.", en="This quantity is too large."),
        Text(id="Paling banyak {most}. Periksa angka dan satuannya.", en="At most {most}. Check number and unit."),
    )
    QUANTITY_PLACES = (
        "form.quantity_places",
        Text(id="Angka di belakang koma terlalu banyak.", en="There are too many decimals."),
        Text(
            id="Paling banyak 3 angka di belakang koma: yang terdekat {nearest}.",
            en="3 decimals at most: the nearest is {nearest}.",
        ),
    )
