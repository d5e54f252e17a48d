"""The synthetic people of the demonstration: every name says so, every NIK has a serial of 99xx."""

from dataclasses import dataclass
from typing import Any

from guyub.registry.schemas import NewInmateLink, NewMember, RegisterHousehold


@dataclass(frozen=True, slots=True)
class _Village:
    """``code`` is the Kemendagri code, empty where it is not kept; ``prefix`` what a NIK issued there begins with."""

    name: str
    district: str
    city: str
    prefix: str
    code: str = ""


def _of_pekalongan(district: str, number: str, village: str, code: str) -> _Village:
    return _Village(village, district, "Kota Pekalongan", f"3375{number}", f"33.75.{number}.{code}")


@dataclass(frozen=True, slots=True)
class DemoHousehold:
    """A household as its registration and the visit to its home describe it."""

    registration: RegisterHousehold
    answers: dict[str, Any]


def _family(
    serial: int,
    name: str,
    relationship: str,
    inmate: str,
    village: _Village,
    sizes: tuple[int, int, int, int],
    income: int,
    *,
    sex: str = "female",
    breadwinner: bool = True,
    floor: bool = False,
    walls: bool = False,
    toilet: bool = True,
    aid: bool = False,
    decile: int | None = None,
    rt_rw: tuple[str, str] = ("003", "005"),
) -> DemoHousehold:
    under_5, of_school_age, adults, elderly = sizes
    day = 3 + serial % 25 + (40 if sex == "female" else 0)
    month, year = 1 + serial % 12, 60 + serial % 35
    registration = RegisterHousehold(
        category="inmate_family" if inmate else "neighbour",
        recipient=NewMember(
            full_name=name,
            nik=f"{village.prefix}{day:02}{month:02}{year:02}99{serial:02}",
            sex=sex,
            relation="head" if sex == "male" or not inmate else "wife",
        ),
        family_card=f"{village.prefix}0{1 + serial % 9}0{month % 9 + 1}1799{serial:02}",
        phone=f"0812000099{serial:02}",
        street=f"Jalan Contoh Gang {serial}",
        rt=rt_rw[0],
        rw=rt_rw[1],
        village=village.name,
        village_code=village.code,
        district=village.district,
        city=village.city,
        children_under_5=under_5,
        children_of_school_age=of_school_age,
        adults=adults,
        elderly=elderly,
        inmate=NewInmateLink(
            full_name=inmate, relationship=relationship, status="detainee", register_number=f"A.III {serial}/2024"
        )
        if inmate
        else None,
    )
    answers: dict[str, Any] = {
        "monthly_income": income,
        "breadwinner_detained": breadwinner and bool(inmate),
        "earth_floor": floor,
        "bamboo_walls": walls,
        "no_own_toilet": not toilet,
        "other_aid": aid,
    }
    if decile is not None:
        answers["welfare_decile"] = decile
    return DemoHousehold(registration, answers)


_KLEGO = _of_pekalongan("Pekalongan Timur", "02", "Klego", "1008")
_PONCOL = _of_pekalongan("Pekalongan Timur", "02", "Poncol", "1007")
_KRAPYAK = _of_pekalongan("Pekalongan Utara", "03", "Krapyak", "1002")
_PANJANG_WETAN = _of_pekalongan("Pekalongan Utara", "03", "Panjang Wetan", "1004")
_MEDONO = _of_pekalongan("Pekalongan Barat", "01", "Medono", "1002")
_TIRTO = _of_pekalongan("Pekalongan Barat", "01", "Tirto", "1009")
_BANYURIP = _of_pekalongan("Pekalongan Selatan", "04", "Banyurip", "1002")
_JENGGOT = _of_pekalongan("Pekalongan Selatan", "04", "Jenggot", "1004")
_KEBUMEN = _Village("Kebumen", "Kebumen", "Kabupaten Kebumen", "330512")

PEKALONGAN = (
    _family(
        1, "Sulastri Contoh", "wife", "Wahyu Contoh", _KLEGO, (2, 1, 1, 0), 500_000, floor=True, toilet=False, decile=1
    ),
    _family(
        2, "Murni Contoh", "mother", "Agus Contoh", _KRAPYAK, (0, 1, 1, 1), 450_000, walls=True, toilet=False, decile=2
    ),
    _family(
        3,
        "Kasmuri Contoh",
        "father",
        "Dedi Contoh",
        _PANJANG_WETAN,
        (0, 2, 1, 2),
        700_000,
        sex="male",
        floor=True,
        decile=2,
    ),
    _family(4, "Nur Aini Contoh", "wife", "Slamet Contoh", _JENGGOT, (1, 2, 1, 0), 800_000, toilet=False, decile=1),
    _family(5, "Rohmah Contoh", "older_sibling", "Fajar Contoh", _PONCOL, (1, 1, 2, 0), 900_000, decile=3),
    _family(6, "Wartini Contoh", "wife", "Tarno Contoh", _MEDONO, (0, 1, 1, 0), 1_200_000, decile=4),
    _family(7, "Endang Contoh", "wife", "Bayu Contoh", _TIRTO, (0, 0, 1, 0), 1_500_000, aid=True),
    _family(
        8,
        "Suparman Contoh",
        "father",
        "Rizal Contoh",
        _BANYURIP,
        (0, 0, 2, 0),
        2_600_000,
        sex="male",
        breadwinner=False,
    ),
    _family(
        9,
        "Lestari Contoh",
        "younger_sibling",
        "Yusuf Contoh",
        _KLEGO,
        (1, 0, 2, 0),
        2_100_000,
        breadwinner=False,
        aid=True,
    ),
    _family(10, "Kusnadi Contoh", "", "", _PANJANG_WETAN, (0, 2, 2, 1), 1_000_000, sex="male", walls=True, decile=3),
    _family(11, "Sri Contoh", "", "", _PANJANG_WETAN, (1, 1, 1, 0), 900_000, decile=2, rt_rw=("007", "008")),
    _family(12, "Darsono Contoh", "", "", _KRAPYAK, (0, 0, 1, 1), 1_300_000, sex="male", aid=True),
)
"""Nine households of inmates and three neighbours of Rutan Pekalongan: more than there are packages."""

KEBUMEN = (
    _family(21, "Partini Contoh", "wife", "Mujiono Contoh", _KEBUMEN, (1, 2, 1, 0), 600_000, floor=True, decile=1),
    _family(
        22,
        "Sarjono Contoh",
        "father",
        "Eko Contoh",
        _KEBUMEN,
        (0, 1, 2, 1),
        900_000,
        sex="male",
        toilet=False,
        decile=2,
    ),
    _family(23, "Tukinem Contoh", "", "", _KEBUMEN, (0, 0, 1, 2), 700_000, walls=True, decile=2),
)
"""Two households and a neighbour of Rutan Kebumen."""
