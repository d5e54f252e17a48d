"""The refusals of reports: months and days, reminders and the recap."""

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals
from guyub.sdk.text import Text


class ReportsRefusal(RefusalCode):
    DAY_OF_MONTH = (
        "reports.day_of_month",
        Text(id="Hari harus 1 sampai 28.", en="A day is 1 to 28."),
        Text(id="Pilih hari yang ada pada setiap bulan.", en="Choose a day that every month has."),
    )
    NO_FACILITY = (
        "reports.no_facility",
        Text(id="Tidak ada UPT “{code}” di wilayah ini.", en="There is no facility “{code}” in this region."),
        Text(id="Pilih UPT dari ringkasan wilayah.", en="Choose one from the region's overview."),
    )
    NOBODY_TO_REMIND = (
        "reports.nobody_to_remind",
        Text(
            id="Tidak ada yang dipilih, atau yang dipilih sudah tidak terlambat.",
            en="Nothing is selected, or it is late no more.",
        ),
        Text(id="Centang UPT yang hendak diingatkan.", en="Tick those to remind."),
    )
    REMINDER_MATTER = (
        "reports.reminder_matter",
        Text(id="Pengingat ini tentang hal yang tidak dikenal.", en="This reminder is about something unknown."),
        Text(id="Muat ulang halaman pengingat, lalu ulangi.", en="Load the page of reminders again, then repeat."),
    )
    NOT_NATIONAL = (
        "reports.not_national",
        Text(
            id="Ringkasan nasional hanya untuk peran tingkat nasional.",
            en="The national overview is for national roles only.",
        ),
        Text(
            id="Buka ringkasan wilayah Anda dari beranda.",
            en="Open your region's overview from your home page.",
        ),
    )
    RECAP_FORM = (
        "reports.recap_form",
        Text(
            id="Bentuk rekap tidak dikenal atau catatannya terlalu panjang.",
            en="No such form, or the note is too long.",
        ),
        Text(
            id="Pilih Excel, PDF atau teks; catatan paling panjang 300 huruf.",
            en="Excel, PDF or text; a note of at most 300 letters.",
        ),
    )

    REMINDED_TODAY = (
        "reports.reminded_today",
        Text(id="UPT ini sudah diingatkan hari ini.", en="This facility was reminded of this today."),
        Text(id="Ingatkan lagi besok.", en="Remind it again tomorrow."),
    )
    DAY_OF_ANY_MONTH = (
        "reports.day_of_any_month",
        Text(id="Tanggal itu tidak ada di setiap bulan.", en="Not every month has that day."),
        Text(id="Pilih 1 sampai 28.", en="Choose 1 to 28."),
    )
    OPEN_DAY_OF_ANY_MONTH = (
        "reports.open_day_of_any_month",
        Text(id="Tanggal pembukaan itu tidak ada di setiap bulan.", en="Not every month has that opening day."),
        Text(id="Pilih 1 sampai 28.", en="Choose 1 to 28."),
    )


DATABASE = DatabaseRefusals(
    constraints={
        "reminder_matter_check": ReportsRefusal.REMINDER_MATTER,
        "reminded_once_a_day": ReportsRefusal.REMINDED_TODAY,
        "report_day_of_any_month": ReportsRefusal.DAY_OF_ANY_MONTH,
        "open_day_of_any_month": ReportsRefusal.OPEN_DAY_OF_ANY_MONTH,
    }
)
