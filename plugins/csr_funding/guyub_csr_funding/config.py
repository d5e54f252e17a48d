"""Holds what a facility or its regional office demands of a gift before it enters the books."""

from guyub.sdk import CATEGORIES, Category, Config, Text, field


class CsrConfig(Config):
    """Every field has a default, so that a facility may simply switch the source on."""

    agreement_required: bool = field(
        Text(id="Wajib nomor perjanjian", en="Agreement number compulsory"),
        help=Text(
            id="Setiap pemberian menyebut nomor perjanjian atau surat pemberiannya.",
            en="Each gift names the number of its agreement or letter.",
        ),
        default=True,
    )
    donor_identity_required: bool = field(
        Text(id="Wajib identitas perusahaan", en="Company identity compulsory"),
        help=Text(
            id="Setiap pemberian menyebut NIB atau nomor identitas lain dari pemberinya.",
            en="Each gift names the donor's NIB or another identity number.",
        ),
        default=False,
    )
    vendors_allowed: bool = field(
        Text(id="Terima pemberian rekanan", en="Accept gifts of vendors"),
        help=Text(
            id="Pemberian penyedia bama atau rekanan lain dicatat apa adanya dan ditandai untuk kantor wilayah.",
            en="Gifts of food suppliers or other vendors are recorded as declared and flagged to the regional office.",
        ),
        default=True,
    )
    declaration_required: bool = field(
        Text(id="Wajib pernyataan benturan kepentingan", en="Conflict-of-interest declaration compulsory"),
        help=Text(
            id="Pemberian rekanan menyebut nomor surat pernyataan benturan kepentingannya.",
            en="A vendor's gift names the number of its conflict-of-interest declaration.",
        ),
        default=True,
    )
    default_categories: tuple[Category, ...] = field(
        Text(id="Kategori penerima bawaan", en="Default categories of recipients"),
        help=Text(
            id="Berlaku bila pemberi tidak membatasi kategori; kosong berarti semua kategori.",
            en="Applies where the donor restricts no category; empty means any.",
        ),
        choices=CATEGORIES,
        default=(),
    )
