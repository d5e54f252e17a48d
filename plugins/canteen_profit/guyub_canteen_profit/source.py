"""Describes how a monthly statement enters the books: one fund per month, sensitive where food supplies had a part in it.

Profit of food supplies (bama) is legally delicate: they are state-budget food bought under contract. It is recorded as
declared, with a written basis, and flagged to the regional office; it is neither endorsed nor silently blocked.
"""

from collections.abc import Sequence

from guyub.sdk import FundingContext, FundingSource, FundTerms, Invalid, Posting, Receipt, Text, refuse_together
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period
from guyub.sdk.words import period_name
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.evidence import evidence_line
from guyub_canteen_profit.receipts import MonthlyStatement


class CanteenSource(FundingSource[CanteenConfig]):
    key = "canteen"
    title = Text(id="Keuntungan kantin dan bama", en="Canteen and food-supply profit")
    receipts: Sequence[type[Receipt]] = (MonthlyStatement,)

    def needed(self, ctx: FundingContext[CanteenConfig], receipt: type[Receipt]) -> Sequence[str]:
        """Returns the written basis, where the facility demands one of every statement."""
        return ["basis_number"] if ctx.config.basis_required else []

    def post(self, ctx: FundingContext[CanteenConfig], receipt: Receipt) -> Posting:
        """Posts the share set aside and the margin declared, as cash of the month's fund.

        Raises ``Invalid`` when the share exceeds what the profit and the configuration allow, when the total is nothing
        or above the ceiling, when the money came before its month and when a required document is missing.
        """
        if not isinstance(receipt, MonthlyStatement):
            raise TypeError(f"{self.key} understands no {type(receipt).__name__}")
        refuse_together(
            lambda: _check_share(ctx.config, receipt),
            lambda: _check_total(ctx.config, receipt),
            lambda: _check_day(receipt),
            lambda: _check_basis(ctx.config, receipt),
            lambda: _check_acknowledgement(ctx.config, receipt),
        )
        name = f"Keuntungan kantin dan bama {period_name(receipt.month, 'id')}"
        return Posting(
            fund=FundTerms(
                code=f"KANTIN-{receipt.month:%Y-%m}",
                name=name,
                sensitive=receipt.food_supply_margin > 0,
                incidental_costs=receipt.total * ctx.config.incidental_percent // 100,
            ),
            received_on=receipt.received_on,
            memo=f"{name}: kantin {format_rupiah(receipt.canteen_share)}, "
            f"bama {format_rupiah(receipt.food_supply_margin)}",
            evidence=evidence_line(receipt),
            money=receipt.total,
            occasion=f"{receipt.month:%Y-%m}",
        )


def _check_share(config: CanteenConfig, receipt: MonthlyStatement) -> None:
    allowed = max(0, receipt.canteen_profit) * config.share_percent // 100
    if receipt.canteen_share <= allowed:
        return
    if receipt.canteen_profit < 0:
        what = Text(
            id="Kantin merugi {loss} pada bulan itu; tidak ada bagian yang dapat disisihkan, tetapi tertulis {share}.",
            en="The canteen lost {loss} that month; there is nothing to set aside, yet {share} is stated.",
        ).format(loss=format_rupiah(-receipt.canteen_profit), share=format_rupiah(receipt.canteen_share))
    else:
        what = Text(
            id="Bagian kantin {share} melebihi {allowed}, yaitu {percent}% dari keuntungan {profit}.",
            en="The canteen's share {share} is above {allowed}, which is {percent}% of its profit {profit}.",
        ).format(
            share=format_rupiah(receipt.canteen_share),
            allowed=format_rupiah(allowed),
            percent=config.share_percent,
            profit=format_rupiah(receipt.canteen_profit),
        )
    raise Invalid(
        "canteen_profit.share",
        what,
        Text(
            id="Periksa penjualan, biaya, dan bagian yang disisihkan.", en="Check sales, costs and the share set aside."
        ),
        "canteen_share",
    )


def _check_total(config: CanteenConfig, receipt: MonthlyStatement) -> None:
    if receipt.total == 0:
        raise Invalid(
            "canteen_profit.nothing",
            Text(
                id="Laporan {month} tidak menyisihkan apa pun.", en="The statement of {month} sets nothing aside."
            ).format(month=_named(receipt)),
            Text(
                id="Isi bagian kantin atau keuntungan bama; bulan tanpa dana tidak perlu dicatat.",
                en="Fill in the canteen's share or the food-supply margin; a month without money needs no record.",
            ),
            "canteen_share",
        )
    if config.ceiling is not None and receipt.total > config.ceiling:
        raise Invalid(
            "canteen_profit.ceiling",
            Text(
                id="Dana {month} sebesar {total} melebihi batas {ceiling} per bulan.",
                en="The money of {month}, {total}, is above the ceiling of {ceiling} per month.",
            ).format(month=_named(receipt), total=format_rupiah(receipt.total), ceiling=format_rupiah(config.ceiling)),
            Text(
                id="Periksa jumlahnya, atau minta kantor wilayah meninjau batasnya.",
                en="Check the amounts, or ask the regional office to review the ceiling.",
            ),
            "canteen_share",
        )


def _check_day(receipt: MonthlyStatement) -> None:
    if receipt.received_on < receipt.month:
        raise Invalid(
            "canteen_profit.too_early",
            Text(
                id="Uang diterima {received:%d-%m-%Y}, sebelum bulan laporan {month} dimulai.",
                en="The money came in on {received:%Y-%m-%d}, before {month} began.",
            ).format(received=receipt.received_on, month=_named(receipt)),
            Text(id="Periksa bulan dan tanggal diterima.", en="Check the month and the day of receipt."),
            "received_on",
        )


def _check_basis(config: CanteenConfig, receipt: MonthlyStatement) -> None:
    margin = receipt.food_supply_margin
    if (config.basis_required or margin) and not receipt.basis_number:
        raise Invalid(
            "canteen_profit.no_basis",
            Text(
                id="Keuntungan bama {margin} dicatat apa adanya, tetapi harus memiliki dasar tertulis.",
                en="The food-supply margin of {margin} is recorded as declared, but it needs a written basis.",
            ).format(margin=format_rupiah(margin))
            if margin
            else Text(
                id="Bagian kantin belum menyebut dasar tertulisnya.", en="The canteen's share names no written basis."
            ),
            Text(
                id="Isi nomor keputusan rapat koperasi atau surat yang menjadi dasar.",
                en="Fill in the number of the cooperative's decision or of the letter that it rests on.",
            ),
            "basis_number",
        )


def _check_acknowledgement(config: CanteenConfig, receipt: MonthlyStatement) -> None:
    margin = receipt.food_supply_margin
    if config.acknowledgement_required and margin and not receipt.acknowledgement_number:
        raise Invalid(
            "canteen_profit.no_acknowledgement",
            Text(
                id="Keuntungan bama {margin} belum memiliki pengakuan kantor wilayah.",
                en="The food-supply margin of {margin} has no acknowledgement of the regional office.",
            ).format(margin=format_rupiah(margin)),
            Text(
                id="Isi nomor surat kantor wilayah, atau minta surat itu lebih dahulu.",
                en="Fill in the number of the regional office's letter, or ask for it first.",
            ),
            "acknowledgement_number",
        )


def _named(receipt: MonthlyStatement) -> Text:
    return Text.same(Period(receipt.month))
