"""As many synthetic households as a benchmark needs: no two with the same number, none of them real."""

from guyub.demo.families import DemoHousehold
from guyub.registry.schemas import NewInmateLink, NewMember, RegisterHousehold


def families(count: int) -> list[DemoHousehold]:
    """Incomes and ages differ from one to the next, so that scores do."""
    return [_family(number) for number in range(1, count + 1)]


def _family(number: int) -> DemoHousehold:
    return DemoHousehold(
        RegisterHousehold(
            category="inmate_family",
            recipient=NewMember(full_name=f"Keluarga Contoh {number}", nik=_nik(number), sex="female"),
            family_card=f"3375{number:012}",
            phone=f"0812{number:08}",
            street=f"Jalan Contoh {number}",
            rt=str(number % 40 + 1),
            rw=str(number % 12 + 1),
            village="Panjang Wetan",
            village_code="33.75.03.1004",
            district="Pekalongan Utara",
            city="Kota Pekalongan",
            children_under_5=number % 3,
            children_of_school_age=number % 4,
            adults=1 + number % 2,
            elderly=number % 2,
            inmate=NewInmateLink(
                full_name=f"Warga Contoh {number}",
                relationship="wife",
                status="detainee",
                register_number=f"A.III {number}/2024",
            ),
        ),
        {
            "monthly_income": 300_000 + number % 977 * 2_000,
            "breadwinner_detained": number % 3 > 0,
            "earth_floor": number % 5 == 0,
            "bamboo_walls": number % 7 == 0,
            "no_own_toilet": number % 4 == 0,
            "other_aid": number % 6 == 0,
            "welfare_decile": number % 10 + 1,
        },
    )


def _nik(number: int) -> str:
    """Serial 99xx, a birth date of its own for every hundred people: two million different ones."""
    rest, serial = divmod(number, 100)
    rest, day = divmod(rest, 28)
    year, month = divmod(rest, 12)
    return f"337503{day + 41:02}{month + 1:02}{year + 40:02}99{serial:02}"
