"""The refusals of days and months that a form cannot read."""

from guyub.db.limits import OUTSIDE, OUTSIDE_MONTH
from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class UiRefusal(RefusalCode):
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
