"""A company's gift as staff fill it in: in money or in goods, with the agreement that it rests on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ConfigDict, model_validator

from guyub.sdk import CATEGORIES, Category, Config, Quantity, Receipt, Rupiah, Text, field

RUPIAH = Text(id="rupiah", en="rupiah")


class Gift(Receipt):
    """Holds what money and goods have in common."""

    model_config = ConfigDict(str_strip_whitespace=True)

    donor: str = field(
        Text(id="Pemberi", en="Donor"),
        help=Text(
            id="Nama perusahaan seperti dalam perjanjian.", en="The company's name as it stands in the agreement."
        ),
        min_length=1,
        max_length=120,
    )
    donor_identity: str = field(
        Text(id="NIB atau identitas pemberi", en="Donor's NIB or identity number"),
        help=Text(
            id="Nomor Induk Berusaha atau nomor identitas perusahaan lainnya.",
            en="The business identification number (NIB) or another number of the company.",
        ),
        default="",
        max_length=40,
    )
    agreement_number: str = field(
        Text(id="Nomor perjanjian", en="Agreement number"),
        help=Text(
            id="Pemberian dengan nomor yang sama masuk ke dana yang sama.",
            en="Gifts under one number go to one fund.",
        ),
        default="",
        max_length=80,
    )
    agreement_date: date | None = field(
        Text(id="Tanggal perjanjian", en="Date of the agreement"),
        help=Text(id="Tidak sesudah tanggal penerimaan.", en="Not after the day of receipt."),
        default=None,
    )
    received_on: date = field(
        Text(id="Tanggal diterima", en="Received on"),
        help=Text(
            id="Tanggal uang atau barang benar-benar diterima.", en="The day when the money or goods really came in."
        ),
    )
    evidence_number: str = field(
        Text(id="Nomor bukti penerimaan", en="Number of the receipt's evidence"),
        help=Text(
            id="Nomor BAST atau bukti transfer dari pemberi.", en="Number of the donor's hand-over record or transfer."
        ),
        min_length=1,
        max_length=80,
    )
    purpose: str = field(
        Text(id="Peruntukan", en="Purpose"),
        help=Text(id="Peruntukan menurut pemberi.", en="What the donor gives it for."),
        default="",
        max_length=200,
    )
    categories: tuple[Category, ...] = field(
        Text(id="Hanya untuk kategori", en="Only for categories"),
        help=Text(
            id="Kosongkan bila pemberi tidak membatasinya.", en="Leave empty where the donor sets no restriction."
        ),
        choices=CATEGORIES,
        default=(),
    )
    programs: tuple[str, ...] = field(
        Text(id="Hanya untuk program", en="Only for programmes"),
        help=Text(
            id="Kode program, misalnya bansos, dipisahkan koma; kosong berarti semua.",
            en="Codes of programmes, for example bansos, divided by commas; empty means any.",
        ),
        default=(),
    )
    usable_until: date | None = field(
        Text(id="Dapat dipakai sampai", en="Usable until"),
        help=Text(id="Batas waktu dari pemberi, bila ada.", en="The donor's deadline, if there is one."),
        default=None,
    )
    incidental_costs: Rupiah = field(
        Text(id="Biaya selain barang paling banyak", en="Costs beside goods at most"),
        help=Text(
            id="Yang boleh dipakai untuk kantong, ongkos angkut, dan sejenisnya menurut perjanjian; 0 berarti tidak boleh.",
            en="What the agreement lets be spent on bags, transport and the like; 0 allows none.",
        ),
        unit=RUPIAH,
        default=0,
        widget="rupiah",
    )
    is_vendor: bool = field(
        Text(id="Pemberi adalah rekanan", en="The donor is a vendor"),
        help=Text(
            id="Penyedia bama atau rekanan lain dari UPT ini.", en="A food supplier or other vendor of this facility."
        ),
        default=False,
    )
    declaration_number: str = field(
        Text(id="Nomor pernyataan benturan kepentingan", en="Number of the conflict-of-interest declaration"),
        help=Text(id="Diisi bila pemberi adalah rekanan.", en="Filled where the donor is a vendor."),
        default="",
        max_length=80,
    )


class CsrCash(Gift):
    key = "csr_cash"
    title = Text(id="CSR berupa uang", en="CSR in money")

    amount: Rupiah = field(
        Text(id="Jumlah uang", en="Amount"),
        help=Text(id="Jumlah yang diterima.", en="The amount received."),
        unit=RUPIAH,
        widget="rupiah",
        gt=0,
    )


class GoodsLine(Config):
    """One kind of goods of a gift; a name that comes with it is left out, for the catalogue has one."""

    @model_validator(mode="before")
    @classmethod
    def _without_name(cls, values: Any) -> Any:
        return {key: value for key, value in values.items() if key != "name"} if isinstance(values, Mapping) else values

    code: str = field(
        Text(id="Barang", en="Goods"),
        help=Text(id="Dipilih dari katalog barang.", en="Picked from the catalogue of goods."),
        widget="goods",
        min_length=1,
        max_length=40,
    )
    unit: str = field(
        Text(id="Satuan", en="Unit"),
        help=Text(
            id="Kosong berarti satuan barang itu; satuan lain dihitung menurut katalog, misalnya 1 sak = 25 kg.",
            en="Empty means the unit of the goods; others are converted by the catalogue, such as 1 sak = 25 kg.",
        ),
        widget="unit",
        default="",
        max_length=20,
    )
    quantity: Quantity = field(
        Text(id="Jumlah", en="Quantity"),
        help=Text(id="Jumlah yang tiba, misalnya 80 sak.", en="The quantity that arrived, such as 80 sak."),
    )
    promised: Quantity | None = field(
        Text(id="Dijanjikan", en="Promised"),
        help=Text(
            id="Seluruhnya menurut perjanjian, juga yang sudah tiba. Yang belum tiba ditunggu. Kosong: tidak disebut di sini.",
            en="All that the agreement promises, with what has arrived. The rest is expected. Empty: not stated here.",
        ),
        default=None,
    )
    damaged: Decimal | None = field(
        Text(id="Rusak", en="Damaged"),
        help=Text(id="Dari yang tiba, yang tidak diterima.", en="What of it is not accepted."),
        default=None,
        ge=0,
        max_digits=14,
        decimal_places=3,
    )
    reason: str = field(
        Text(id="Sebab rusak", en="Why it is damaged"),
        help=Text(id="Misalnya basah di jalan.", en="For example wet on the way."),
        default="",
        max_length=200,
    )
    value: Rupiah = field(
        Text(id="Nilai", en="Value"),
        help=Text(
            id="Nilai yang diterima menurut pemberi, tanpa yang rusak.",
            en="What the donor values the accepted goods at, without the damaged.",
        ),
        unit=RUPIAH,
        widget="rupiah",
        gt=0,
    )


class CsrGoods(Gift):
    key = "csr_goods"
    title = Text(id="CSR berupa barang", en="CSR in goods")

    lines: tuple[GoodsLine, ...] = field(
        Text(id="Barang yang diterima", en="Goods received"),
        help=Text(id="Satu baris untuk setiap jenis barang.", en="One line for each kind of goods."),
        min_length=1,
        max_length=50,
    )
