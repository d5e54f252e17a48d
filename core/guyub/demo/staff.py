"""The people who work in the demonstration."""

from dataclasses import dataclass
from datetime import date
from secrets import choice

from guyub.access import people
from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text

SINCE = date(2024, 11, 1)
_WORDS = (
    "angin",
    "awan",
    "batik",
    "beras",
    "bintang",
    "bulan",
    "daun",
    "embun",
    "gunung",
    "hujan",
    "jambu",
    "kapal",
    "kebun",
    "kelapa",
    "laut",
    "lontar",
    "mangga",
    "melati",
    "merpati",
    "nanas",
    "ombak",
    "padi",
    "pantai",
    "pelita",
    "sawah",
    "senja",
    "sungai",
    "teratai",
    "tikar",
    "wayang",
)


@dataclass(frozen=True, slots=True)
class StaffPost:
    """One person in one post; ``shown``: whose sign-in is printed."""

    login: str
    name: str
    role: str
    what: Text
    facility: str = ""
    region: str = ""
    shown: bool = False


PEKALONGAN = "rutan-pekalongan"
KEBUMEN = "rutan-kebumen"
REGION = "jawa-tengah"

POSTS = (
    StaffPost(
        "kasubsi.pekalongan",
        "Ratna Contoh Lestari",
        "detainee_services",
        Text(
            id="Kasubsi Pelayanan Tahanan, Rutan Pekalongan (mendata, mengusulkan, menyerahkan)",
            en="Head of detainee services, Rutan Pekalongan (registers, proposes, hands over)",
        ),
        PEKALONGAN,
        shown=True,
    ),
    StaffPost(
        "karutan.pekalongan",
        "Bagus Contoh Wicaksono",
        "head",
        Text(id="Kepala Rutan Pekalongan (menyetujui)", en="Head of Rutan Pekalongan (approves)"),
        PEKALONGAN,
        shown=True,
    ),
    StaffPost(
        "pengelolaan.pekalongan",
        "Hendra Contoh Saputra",
        "management",
        Text(
            id="Kasubsi Pengelolaan, Rutan Pekalongan (dana dan belanja)",
            en="Head of management, Rutan Pekalongan (funds and purchases)",
        ),
        PEKALONGAN,
        shown=True,
    ),
    StaffPost(
        "kpr.pekalongan",
        "Joko Contoh Prasetyo",
        "security",
        Text(id="Kepala Pengamanan, Rutan Pekalongan (saksi)", en="Head of security, Rutan Pekalongan (witness)"),
        PEKALONGAN,
    ),
    StaffPost(
        "kasubsi.kebumen",
        "Wulan Contoh Anggraini",
        "detainee_services",
        Text(id="Kasubsi Pelayanan Tahanan, Rutan Kebumen", en="Head of detainee services, Rutan Kebumen"),
        KEBUMEN,
    ),
    StaffPost(
        "karutan.kebumen",
        "Tri Contoh Handoko",
        "head",
        Text(id="Kepala Rutan Kebumen", en="Head of Rutan Kebumen"),
        KEBUMEN,
    ),
    StaffPost(
        "pengelolaan.kebumen",
        "Yuni Contoh Safitri",
        "management",
        Text(id="Kasubsi Pengelolaan, Rutan Kebumen", en="Head of management, Rutan Kebumen"),
        KEBUMEN,
    ),
    StaffPost(
        "kpr.kebumen",
        "Dwi Contoh Santoso",
        "security",
        Text(id="Kepala Pengamanan, Rutan Kebumen", en="Head of security, Rutan Kebumen"),
        KEBUMEN,
    ),
    StaffPost(
        "kanwil.jateng",
        "Dian Contoh Permatasari",
        "region_admin",
        Text(
            id="Administrator Kanwil Jawa Tengah (melihat dan mengatur seluruh UPT)",
            en="Administrator of the regional office Jawa Tengah (sees and configures all facilities)",
        ),
        region=REGION,
        shown=True,
    ),
)


def employ(work: Work, service_key: str, passwords: dict[str, str]) -> None:
    """Makes the people and gives them their roles."""
    for post in POSTS:
        people.create_person(
            work, key=service_key, login=post.login, full_name=post.name, password=passwords[post.login]
        )
        people.assign_role(
            work,
            key=service_key,
            login=post.login,
            role=post.role,
            valid_from=SINCE,
            facility=post.facility,
            region=post.region,
        )


def new_passwords() -> dict[str, str]:
    """Returns four words for each, so that they can be typed from a screen."""
    return {post.login: "-".join(choice(_WORDS) for _ in range(4)) for post in POSTS}
