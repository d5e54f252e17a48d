"""Small plugins that only tests install, beside the three: a source with any terms, any basket, and money for school."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib.metadata import EntryPoint, entry_points
from typing import Any
from zlib import crc32

from guyub.sdk import (
    Config,
    Criterion,
    Finding,
    FundingContext,
    FundingSource,
    FundTerms,
    GoodsReceived,
    HookContext,
    MoneyLine,
    PackageItem,
    Plugin,
    Posting,
    ProgramContext,
    ProgramType,
    Receipt,
    Rule,
    SpendingBatch,
    Text,
    field,
    hookimpl,
    household,
)


def entry(slug: str) -> EntryPoint:
    """As the metadata of a distribution would name it."""
    return EntryPoint(slug, f"tests.sample_plugins:{slug}", "guyub")


def entries(*slugs: str, without: Sequence[str] = ()) -> list[EntryPoint]:
    """What is installed, but for some, and the named ones of this module."""
    return [entry_point for entry_point in entry_points(group="guyub") if entry_point.name not in without] + [
        entry(slug) for slug in slugs
    ]


def both(words: str) -> Text:
    return Text(id=words, en=words)


def said(words: str, default: Any = ..., **limits: Any) -> Any:
    return field(both(words), help=both(words), default=default, **limits)


class GoodsIn(Config):
    code: str = said("Kode")
    quantity: Decimal = said("Jumlah", gt=0, max_digits=14, decimal_places=3)
    value: int = said("Nilai", ge=0)


class Gift(Receipt):
    key = "gift"
    title = both("Hibah")

    fund: str = said("Dana")
    received_on: date = said("Tanggal")
    money: int = said("Uang", 0, ge=0)
    goods: tuple[GoodsIn, ...] = said("Barang", ())
    programs: tuple[str, ...] = said("Program", ())
    categories: tuple[str, ...] = said("Kategori", ())
    areas: tuple[str, ...] = said("Kelurahan", ())
    usable_from: date | None = said("Sejak", None)
    usable_until: date | None = said("Sampai", None)
    incidental_costs: int = said("Biaya", 0, ge=0)


class AnyGift(FundingSource[Config]):
    key = "gifts"
    title = both("Hibah")
    receipts: Sequence[type[Receipt]] = (Gift,)

    def post(self, ctx: FundingContext[Config], receipt: Receipt) -> Posting:
        assert isinstance(receipt, Gift)
        terms = FundTerms(
            receipt.fund,
            f"Hibah {receipt.fund}",
            receipt.programs,
            receipt.categories,
            receipt.areas,
            receipt.usable_from,
            receipt.usable_until,
            incidental_costs=receipt.incidental_costs,
        )
        goods = tuple(
            GoodsReceived(line.code, line.code.title(), "kg", line.quantity, line.value) for line in receipt.goods
        )
        # Each gift has a document of its own, as its donor numbers it.
        paper = f"BAST contoh {crc32(receipt.model_dump_json().encode())}"
        return Posting(terms, receipt.received_on, f"Hibah {receipt.fund}", paper, receipt.money, goods)


class Hibah(Plugin):
    slug = "hibah"
    title = both("Hibah")
    summary = both("Sumber dana dengan pembatasan apa pun.")
    funding_sources = (AnyGift(),)


class BasketConfig(Config):
    quota: int = said("Kuota", 5, ge=1)
    group: str = said("Kelompok", "paket")
    price_tolerance: int = said("Toleransi", 0, ge=0)
    package: tuple[PackageItem, ...] = said(
        "Paket", (PackageItem(code="beras", name="Beras", unit="kg", quantity=Decimal(5), price=15_500),)
    )


class Basket(ProgramType[BasketConfig]):
    key = "paket"
    title = both("Paket")

    def quota(self, config: BasketConfig) -> int:
        return config.quota

    def exclusion_group(self, config: BasketConfig) -> str:
        return config.group

    def criteria(self, ctx: ProgramContext[BasketConfig]) -> Sequence[Criterion]:
        return (Criterion("members", both("Anggota"), 100, household.members / 10.0),)

    def package(self, ctx: ProgramContext[BasketConfig]) -> Sequence[PackageItem]:
        return ctx.config.package


class Paket(Plugin):
    slug = "paket"
    title = both("Paket")
    summary = both("Paket apa pun untuk siapa pun.")
    config = BasketConfig
    program_types = (Basket(),)


class SchoolConfig(Config):
    quota: int = said("Kuota", 2, ge=1)
    amount: int = said("Jumlah", 250_000, ge=1)


class SchoolMoney(ProgramType[SchoolConfig]):
    key = "beasiswa"
    title = both("Beasiswa anak warga binaan")
    benefit = "money"

    def quota(self, config: SchoolConfig) -> int:
        return config.quota

    def eligibility(self, ctx: ProgramContext[SchoolConfig]) -> Sequence[Rule]:
        return (Rule("pupils", both("Tidak ada anak sekolah."), household.children_of_school_age > 0),)

    def criteria(self, ctx: ProgramContext[SchoolConfig]) -> Sequence[Criterion]:
        return (Criterion("pupils", both("Anak sekolah"), 10, household.children_of_school_age / 5.0),)

    def package(self, ctx: ProgramContext[SchoolConfig]) -> Sequence[MoneyLine]:
        return (MoneyLine(both("Beasiswa"), ctx.config.amount),)


class Beasiswa(Plugin):
    slug = "beasiswa"
    title = both("Beasiswa")
    summary = both("Uang sekolah.")
    config = SchoolConfig
    program_types = (SchoolMoney(),)


class SeasonConfig(Config):
    rule: str = said("Jadwal", "FREQ=MONTHLY")


class Season(ProgramType[SeasonConfig]):
    key = "musiman"
    title = both("Bantuan musiman")

    def schedule(self, config: SeasonConfig) -> str:
        return config.rule

    def quota(self, config: SeasonConfig) -> int:
        return 5

    def package(self, ctx: ProgramContext[SeasonConfig]) -> Sequence[PackageItem]:
        return (PackageItem(code="beras", name="Beras", unit="kg", quantity=Decimal(5), price=15_500),)


class Musiman(Plugin):
    slug = "musiman"
    title = both("Bantuan musiman")
    summary = both("Paket pada bulan yang ditentukan jadwalnya.")
    config = SeasonConfig
    program_types = (Season(),)


class Crashing(Plugin):
    slug = "rusak"
    title = both("Rusak")
    summary = both("Memeriksa, dan gagal.")
    funding_sources = (AnyGift(),)

    @hookimpl
    def guyub_review_spending(self, ctx: HookContext, batch: SpendingBatch) -> Sequence[Finding]:
        raise ZeroDivisionError("contoh")


class Strict(Plugin):
    slug = "ketat"
    title = both("Ketat")
    summary = both("Memeriksa, dan menahan yang besar.")
    funding_sources = (AnyGift(),)

    @hookimpl
    def guyub_review_spending(self, ctx: HookContext, batch: SpendingBatch) -> Sequence[Finding]:
        large = [planned for planned in batch.spending if planned.amount > 500_000]
        return [Finding("blocking", both(f"Terlalu besar: {item.fund_name}."), item.fund_code) for item in large] or [
            Finding("warning", both("Periksa harga pasar."))
        ]


hibah, paket, beasiswa, rusak, ketat = Hibah(), Paket(), Beasiswa(), Crashing(), Strict()
musiman = Musiman()
