"""What needs attention in the money of a facility: requests, reviews, sensitive funds, books that wait to be closed."""

from collections.abc import Sequence
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.funds import arrivals, book_closing, money_requests, urls
from guyub.funds.queries import FundBalance
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.plugin_session import undone
from guyub.programs import proposal
from guyub.reports.active_programs import OpenMonth, month_url
from guyub.reports.attention_items import AffectedRecord, Attention
from guyub.sdk.money import format_rupiah
from guyub.sdk.reviews import Finding
from guyub.sdk.text import Amount, Period, Text

BOOKS_TO_CLOSE = Text(
    id="{count} buku kas menunggu ditutup",
    en="{count} cash books wait to be closed",
    en_one="{count} cash book waits to be closed",
)
_MONTHS_WAIT = Text(
    id="{count} bulan, sejak {month}", en="{count} months, since {month}", en_one="{count} month, since {month}"
)

_EXPECTED = Text(id="{quantity} lagi ({fund})", en="{quantity} more ({fund})")


def requests_for_money(work: Work) -> list[Attention]:
    """Returns the requests for more money that await a decision, for those who may decide."""
    asked = money_requests.waiting(work) if work.may("funds.topup") else []
    return [
        Attention(
            "warning",
            Text(
                id="{name} meminta tambahan dana {amount} untuk {item} ({code})",
                en="{name} asks for {amount} more for {item} ({code})",
            ).format(name=one.asked_by, amount=format_rupiah(one.amount), item=one.name, code=one.code),
            Text(
                id="Disetujui {name}; menunggu penyetuju kedua, orang lain.",
                en="Approved by {name}; it waits for a second approver, another person.",
            ).format(name=one.first_approver)
            if one.first_approver
            else Text(
                id="Setujui dalam satu tekan, atau tolak dengan alasan.",
                en="Approve it in one press, or decline it with a reason.",
            ),
            urls.money_request_url(work.here.code, one.code, one.id),
            decides=True,
        )
        for one in asked
    ]


def reviews(
    work: Work, plugins: PluginRegistry, months: Sequence[OpenMonth], today: date
) -> list[tuple[OpenMonth, Finding]]:
    """Returns what the plugins would say of these months. Asks for a look only: what they write while they answer is kept
    when the month is approved, not here."""
    if not months:
        return []
    with undone(work.session):
        return [(month, finding) for month in months for finding in _findings(work, plugins, month, today)]


def _findings(work: Work, plugins: PluginRegistry, month: OpenMonth, today: date) -> Sequence[Finding]:
    """Returns what the plugins would say of the money if this month were approved now: better known before than then."""
    stands = month.stands
    if stands is None or stands.coverage is None or not stands.coverage.shares:
        return ()
    amounts = {share.fund_id: share.total for share in stands.coverage.shares}
    return proposal.review(work, plugins, stands.cycle, amounts, today)


def review(work: Work, month: OpenMonth, finding: Finding) -> Attention:
    """Returns what a plugin would say of the money of a month."""
    url = month_url(work.here.code, month.line)
    if finding.level == "blocking":
        remedy = Text(id="Akan menahan persetujuan.", en="It will hold up the approval.")
        return Attention("danger", finding.text, remedy, url)
    remedy = Text(id="Diperlihatkan kepada penyetuju.", en="The approver is shown it.")
    return Attention("warning", finding.text, remedy, url)


def sensitive(work: Work, funds: Sequence[FundBalance], named: frozenset[str]) -> list[Attention]:
    """Returns funds that the regional office reviews and that still hold something, unless a review has ``named`` them."""
    held = [
        fund
        for fund in funds
        if fund.sensitive and fund.free + fund.reserved + fund.stock > 0 and fund.code not in named
    ]
    if not held:
        return []
    left = format_rupiah(sum(balance.free + balance.reserved + balance.stock for balance in held))
    return [
        Attention(
            "info",
            Text(
                id="{count} dana ditandai untuk ditinjau kantor wilayah (tersisa {left})",
                en="{count} funds are flagged for review by the regional office ({left} left)",
                en_one="{count} fund is flagged for review by the regional office ({left} left)",
            ).format(count=len(held), left=left),
            Text(
                id="Pastikan dasar tertulis dan surat kantor wilayah tersimpan.",
                en="Make sure that the written basis and the regional office's letter are on file.",
            ),
            urls.funds_url(work.here.code) if work.may("funds.read") else "",
        )
    ]


def goods_expected(work: Work) -> list[Attention]:
    """Returns one item for all goods that were promised and have not arrived, with the fund of each."""
    goods = arrivals.expected(work) if work.may("funds.receive") else []
    if not goods:
        return []
    return [
        Attention(
            "info",
            Text(
                id="{count} jenis barang yang dijanjikan belum tiba seluruhnya",
                en="{count} kinds of goods that were promised have not all arrived",
                en_one="{count} kind of goods that was promised has not all arrived",
            ).format(count=len(goods)),
            Text(
                id="Tanyakan kepada pemberinya; catat bila tiba, dengan nomor perjanjian yang sama.",
                en="Ask the donor; record them when they arrive, under the same agreement number.",
            ),
            records=tuple(
                AffectedRecord(
                    each.item,
                    _EXPECTED.format(quantity=Amount(each.expected, each.unit), fund=each.fund),
                    urls.fund_url(work.here.code, each.fund_code),
                )
                for each in goods
            ),
        )
    ]


def books_to_close(work: Work, today: date) -> list[Attention]:
    """Returns one item for all cash books whose month is over, with the page that closes each."""
    books = book_closing.waiting(work, today) if work.may("funds.read") else []
    if not books:
        return []
    page_of = urls.close_url if work.may("funds.close") else urls.fund_url
    return [
        Attention(
            "warning",
            BOOKS_TO_CLOSE.format(count=len(books)),
            Text(
                id="Bendahara menghitung uangnya dan menutup bukunya, bulan demi bulan.",
                en="The treasurer counts the money and closes the book, month by month.",
            ),
            records=tuple(
                AffectedRecord(
                    book.name,
                    _MONTHS_WAIT.format(count=book.months, month=Period(book.month)),
                    page_of(work.here.code, book.code),
                )
                for book in books
            ),
        )
    ]
