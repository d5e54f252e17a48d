"""Holds what needs attention at a facility: what the reader decides, then the most urgent first, each with its page."""

from collections.abc import Sequence
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.funds.queries import FundBalance
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.registry.queries import RegistryCounts
from guyub.reports import attention_of_money as of_money
from guyub.reports import attention_of_months as of_months
from guyub.reports import reminders
from guyub.reports.active_programs import ActiveProgram
from guyub.reports.attention_items import TONES, Attention
from guyub.reports.attention_of_reveals import many_reveals
from guyub.sdk.text import Text

_ON_ITS_PAGE = Text(
    id="Buka halaman plugin ini; petugas UPT menindaklanjutinya di sana.",
    en="Open the plugin's page; the facility's staff see to it there.",
)
_ASK = Text(id="Petugas UPT menindaklanjutinya.", en="The facility's staff see to it.")


def of_facility(
    work: Work,
    plugins: PluginRegistry,
    programs: Sequence[ActiveProgram],
    funds: Sequence[FundBalance],
    registered: dict[str, RegistryCounts],
    today: date,
) -> list[Attention]:
    """Returns what needs attention at a facility.

    ``funds`` and ``households`` are empty for readers who may not see them: nothing is said of them then.
    """
    months = [(program, month) for program in programs for month in program.months]
    reviews = of_money.reviews(work, plugins, [month for _, month in months], today)
    items = [
        *_reminded(work, plugins),
        *of_months.ordered(work),
        *of_months.returned(work, months),
        *of_months.awaited_replacements(work),
        *of_money.requests_for_money(work),
        *(item for program in programs for item in of_months.never_opened(work, program)),
        *(item for program, month in months for item in of_months.of_month(work, program, month, today)),
        *(of_money.review(work, month, finding) for month, finding in reviews),
        *of_money.books_to_close(work, today),
        *of_months.outdated_documents(work, today),
        *of_money.goods_expected(work),
        *of_money.sensitive(work, funds, frozenset(finding.fund_code for _, finding in reviews)),
        *many_reveals(work),
        *_unsurveyed(work, registered),
        *_from_plugins(work, plugins, today),
    ]
    return sorted(items, key=lambda item: item.place)


def _reminded(work: Work, plugins: PluginRegistry) -> list[Attention]:
    """Returns what the regional office has reminded this facility of, until somebody here says that it was read."""
    reminded = reminders.unseen_here(work, plugins) if work.may("programs.read") else []
    return [
        Attention(
            "warning",
            Text(id="Pengingat dari Kanwil: {sentence}", en="Reminder of the regional office: {sentence}").format(
                sentence=reminder.sentence
            ),
            reminder.remedy,
            f"/f/{work.here.code}/reminders",
        )
        for reminder in reminded
    ]


def _unsurveyed(work: Work, registered: dict[str, RegistryCounts]) -> list[Attention]:
    open_visits = sum(count.households - count.surveyed for count in registered.values())
    if not open_visits:
        return []
    return [
        Attention(
            "warning",
            Text(
                id="{count} keluarga belum disurvei",
                en="{count} households are not surveyed yet",
                en_one="{count} household is not surveyed yet",
            ).format(count=open_visits),
            Text(
                id="Tanpa survei, kebutuhannya tidak dapat dinilai.",
                en="Without a survey their needs cannot be scored.",
            ),
            f"/f/{work.here.code}/households?surveyed=no",
        )
    ]


def _from_plugins(work: Work, plugins: PluginRegistry, today: date) -> list[Attention]:
    """Returns what plugins themselves want to be seen to, and each one that is active here and does not run."""
    return [
        Attention(
            TONES[shown.item.tone],
            shown.item.text,
            _ON_ITS_PAGE if shown.item.path else _ASK,
            f"/f/{work.here.code}/p/{shown.slug}{shown.item.path}" if shown.item.path else "",
        )
        for shown in plugins.hooks.attention_items(work, today)
    ]
