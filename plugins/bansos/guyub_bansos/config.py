"""Holds what a facility or its regional office may set: the quota, the package, who may receive and what counts how much."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Self

from pydantic import model_validator

from guyub.sdk import CATEGORIES, Category, Config, Invalid, PackageItem, Percent, Rupiah, Text, approvals, field
from guyub.sdk.money import format_rupiah

MonthNumber = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
MONTHS: Mapping[str, Text] = {
    "01": Text(id="Januari", en="January"),
    "02": Text(id="Februari", en="February"),
    "03": Text(id="Maret", en="March"),
    "04": Text(id="April", en="April"),
    "05": Text(id="Mei", en="May"),
    "06": Text(id="Juni", en="June"),
    "07": Text(id="Juli", en="July"),
    "08": Text(id="Agustus", en="August"),
    "09": Text(id="September", en="September"),
    "10": Text(id="Oktober", en="October"),
    "11": Text(id="November", en="November"),
    "12": Text(id="Desember", en="December"),
}

RUPIAH = Text(id="rupiah", en="rupiah")
POINTS = Text(id="poin", en="points", en_one="point")

# National retail prices of December 2025: Rp15.673/kg, Rp18.132/kg and Rp21.010/l, together Rp117.507.
DEFAULT_PACKAGE = (
    PackageItem(code="beras", name="Beras", unit="kg", quantity=Decimal(5), price=15_673),
    PackageItem(code="gula", name="Gula pasir", unit="kg", quantity=Decimal(1), price=18_132),
    PackageItem(code="minyak", name="Minyak goreng", unit="liter", quantity=Decimal(1), price=21_010),
)


def package_value(package: Sequence[PackageItem]) -> int:
    """Returns the rupiah of one package; a line that follows the household's size counts at its cap. Each line rounds half up."""
    return sum(int((line.price * _most(line)).quantize(Decimal(1), ROUND_HALF_UP)) for line in package)


def _most(line: PackageItem) -> Decimal:
    return line.at_most if line.per_member and line.at_most is not None else line.quantity


def _weight(default: int, id: str, en: str) -> Any:
    return field(
        Text(id=f"Bobot: {id}", en=f"Weight: {en}"),
        help=Text(
            id="Poin bila kriteria terpenuhi seluruhnya; 0 berarti kriteria tidak dipakai.",
            en="Points when the criterion is met in full; 0 leaves the criterion out.",
        ),
        unit=POINTS,
        default=default,
        ge=0,
        le=100,
    )


class BansosConfig(Config):
    """Every field has a default, so that a facility may simply switch the programme on.

    Raises ``Invalid`` when the package costs more than ``ceiling``, names an item twice or grows without a cap, when
    the two incomes do not leave a range, and when no criterion has any weight.
    """

    quota: int = field(
        Text(id="Kuota per bulan", en="Quota per month"),
        help=Text(
            id="Banyaknya paket satu periode: satu untuk setiap keluarga, beberapa untuk lembaga.",
            en="How many packages one cycle gives: one for each household, several for an institution.",
        ),
        unit=Text(id="paket", en="packages", en_one="package"),
        default=5,
        ge=1,
        le=100_000,
    )
    months: tuple[MonthNumber, ...] = field(
        Text(id="Bulan pelaksanaan", en="Months"),
        help=Text(
            id="Bulan yang dijadwalkan setiap tahun; bulan lain dibuka dengan alasan.",
            en="The months that are due each year; any other is opened with a reason.",
        ),
        choices=MONTHS,
        default=tuple(MONTHS),
        min_length=1,
    )
    package: tuple[PackageItem, ...] = field(
        Text(id="Isi paket", en="Package"),
        help=Text(id="Barang untuk satu keluarga dan harganya.", en="The goods for one household and their prices."),
        default=DEFAULT_PACKAGE,
        min_length=1,
        max_length=30,
    )
    ceiling: Rupiah = field(
        Text(id="Batas nilai paket", en="Ceiling of a package"),
        help=Text(
            id="Nilai satu paket tidak boleh melebihi batas ini; lazimnya paket bernilai Rp100.000–Rp400.000.",
            en="One package may not be worth more; packages are usually worth Rp100.000–Rp400.000.",
        ),
        unit=RUPIAH,
        default=400_000,
        widget="rupiah",
    )
    price_tolerance: Percent = field(
        Text(id="Toleransi harga belanja", en="Tolerance of purchase prices"),
        help=Text(
            id="Satu nota boleh melebihi uang yang dicadangkan untuk barangnya sebanyak ini, diambil dari uang bebas dana yang "
            "sama; selebihnya perlu persetujuan. 0 berarti setiap kelebihan perlu persetujuan.",
            en="By how much a note may exceed what is reserved for its goods, out of the free money of the same fund; more needs "
            "an approval. With 0 any excess does.",
        ),
        unit=Text(id="%", en="%"),
        default=0,
    )
    second_approval_above: Rupiah = approvals.second_approval_above()
    second_approval_for_sensitive: bool = approvals.second_approval_for_sensitive()
    categories: tuple[Category, ...] = field(
        Text(id="Kategori penerima", en="Categories of recipients"),
        help=Text(
            id="Keluarga warga binaan, masyarakat sekitar, lembaga, mantan warga binaan.",
            en="Households of inmates, neighbours, institutions, former inmates.",
        ),
        choices=CATEGORIES,
        default=("inmate_family", "neighbour"),
        min_length=1,
    )
    survey_required: bool = field(
        Text(id="Wajib survei rumah", en="Home survey compulsory"),
        help=Text(
            id="Keluarga yang belum disurvei tidak dapat menerima.", en="A household without a survey cannot receive."
        ),
        default=True,
    )
    survey_max_age_days: int = field(
        Text(id="Umur survei paling lama", en="Oldest survey accepted"),
        help=Text(
            id="Dihitung sampai tanggal 1 bulan penyaluran; 0 berarti tidak dibatasi.",
            en="Counted to the first day of the month of distribution; 0 accepts any.",
        ),
        unit=Text(id="hari", en="days", en_one="day"),
        zero=Text(id="tidak dibatasi", en="no limit"),
        default=0,
        ge=0,
        le=3_650,
    )
    cool_down_months: int = field(
        Text(id="Jeda bergilir", en="Rotation pause"),
        help=Text(
            id="Keluarga yang menerima dalam sekian bulan sebelumnya menunggu giliran; 0 berarti tanpa jeda.",
            en="A household that received in so many preceding months waits its turn; 0 means no pause.",
        ),
        unit=Text(id="bulan", en="months", en_one="month"),
        zero=Text(id="tanpa jeda", en="no pause"),
        default=0,
        ge=0,
        le=24,
    )
    exclude_other_aid: bool = field(
        Text(id="Kecualikan penerima bantuan lain", en="Exclude households with other aid"),
        help=Text(
            id="Keluarga yang menerima PKH, BPNT, atau BLT tidak dapat menerima paket.",
            en="A household that receives PKH, BPNT or BLT cannot receive a package.",
        ),
        default=False,
    )
    income_poorest: Rupiah = field(
        Text(id="Penghasilan per jiwa: poin penuh", en="Income per member: full points"),
        help=Text(
            id="Sampai dengan penghasilan bulanan ini poin penuh.", en="Up to this monthly income the points are full."
        ),
        unit=RUPIAH,
        default=300_000,
        widget="rupiah",
    )
    income_enough: Rupiah = field(
        Text(id="Penghasilan per jiwa: tanpa poin", en="Income per member: no points"),
        help=Text(
            id="Mulai penghasilan bulanan ini tidak ada poin; di antaranya poin menurun rata.",
            en="From this monthly income on there are no points; between the two they fall evenly.",
        ),
        unit=RUPIAH,
        default=1_000_000,
        widget="rupiah",
    )
    weight_income: int = _weight(25, "penghasilan per jiwa", "income per member")
    weight_breadwinner_detained: int = _weight(15, "pencari nafkah ditahan", "breadwinner detained")
    weight_children_under_5: int = _weight(10, "balita", "children under five")
    weight_school_age: int = _weight(5, "anak usia sekolah", "children of school age")
    weight_elderly: int = _weight(8, "lanjut usia", "elderly members")
    weight_disabled: int = _weight(7, "penyandang disabilitas", "members with a disability")
    weight_housing: int = _weight(10, "kondisi rumah", "poor housing")
    weight_welfare_decile: int = _weight(5, "desil kesejahteraan", "welfare decile")
    weight_no_other_aid: int = _weight(5, "tanpa bantuan lain", "no other aid")
    weight_waiting: int = _weight(10, "lama menunggu", "months since the last package")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_package(self.package, self.ceiling)
        if self.income_poorest >= self.income_enough:
            raise Invalid(
                "bansos.income_range",
                Text(
                    id="Penghasilan untuk poin penuh ({low}) harus di bawah penghasilan tanpa poin ({high}).",
                    en="The income for full points ({low}) must be below the income for none ({high}).",
                ).format(low=format_rupiah(self.income_poorest), high=format_rupiah(self.income_enough)),
                Text(id="Ubah salah satunya.", en="Change one of the two."),
                "income_poorest",
            )
        if not any(getattr(self, name) for name in type(self).model_fields if name.startswith("weight_")):
            raise Invalid(
                "bansos.no_weights",
                Text(
                    id="Semua bobot bernilai 0, sehingga calon tidak dapat diurutkan.",
                    en="All weights are 0, so candidates cannot be put in order.",
                ),
                Text(id="Beri bobot pada sedikitnya satu kriteria.", en="Give at least one criterion a weight."),
                "weight_income",
            )
        return self


def _check_package(package: Sequence[PackageItem], ceiling: int) -> None:
    codes = [line.code for line in package]
    for line in package:
        if codes.count(line.code) > 1:
            raise Invalid(
                "bansos.item_twice",
                Text(
                    id="Barang “{code}” tercantum lebih dari sekali dalam isi paket.",
                    en="Item “{code}” stands in the package more than once.",
                ).format(code=line.code),
                Text(id="Gabungkan menjadi satu baris.", en="Make one line of it."),
                "package",
            )
        if line.per_member and line.at_most is None:
            raise Invalid(
                "bansos.no_cap",
                Text(
                    id="{name} dikali jumlah jiwa tanpa batas, sehingga nilai paket tidak dapat dipastikan.",
                    en="{name} follows the household's size without a cap, so the value of a package has no bound.",
                ).format(name=line.name),
                Text(id="Isi “Paling banyak” pada baris itu.", en="Fill “At most” on that line."),
                "package",
            )
    value = package_value(package)
    if value > ceiling:
        raise Invalid(
            "bansos.above_ceiling",
            Text(
                id="Nilai satu paket {value} melebihi batas {ceiling}.",
                en="One package is worth {value}, above the ceiling of {ceiling}.",
            ).format(value=format_rupiah(value), ceiling=format_rupiah(ceiling)),
            Text(id="Kurangi isi paket atau naikkan batasnya.", en="Make the package smaller or raise the ceiling."),
            "package",
        )
