"""Numbers are kept sealed, equal ones are found without opening them, and opening one leaves a trace."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.db.keys import WrongKey
from guyub.demo import families
from guyub.registry import reveal as reveal_module
from guyub.sdk.errors import Forbidden, Invalid, NotFound
from tests import worlds
from tests.worlds import SURVEYED, World

FIRST = families.PEKALONGAN[0].registration


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """The same family is registered at both facilities."""
    with worlds.a_world(cluster) as made:
        made.pekalongan.register(families.PEKALONGAN[:2], SURVEYED)
        made.kebumen.register(families.PEKALONGAN[:1], SURVEYED)
        yield made


def rows(world: World, query: str) -> list[Any]:
    with world.database.work(world.database.as_service("tests")) as work:
        return list(work.run(query))


def household(world: World) -> Any:
    with world.pekalongan.work_of("kasubsi") as work:
        return work.run(
            "SELECT household_id FROM guyub.member WHERE full_name = :name", name=FIRST.recipient.full_name
        ).scalar_one()


def test_equal_numbers_have_equal_indexes_and_different_ciphers(world: World):
    sealed = rows(world, "SELECT nik_index, nik_cipher FROM guyub.member WHERE full_name = 'Sulastri Contoh'")
    assert len(sealed) == 2
    assert len({bytes(index) for index, _ in sealed}) == 1
    assert len({bytes(cipher) for _, cipher in sealed}) == 2


def test_a_number_as_nik_and_as_family_card_has_nothing_in_common(world: World):
    protector = world.pekalongan.opened.protector
    assert protector.blind_index("nik", "3375020101809901") != protector.blind_index("family_card", "3375020101809901")


def test_a_sealed_number_opens_with_its_key_and_no_other_and_not_when_it_was_touched(world: World):
    protector = world.pekalongan.opened.protector
    (cipher,) = rows(world, "SELECT nik_cipher FROM guyub.member WHERE full_name = 'Murni Contoh'")[0]
    assert protector.decrypt(cipher) == families.PEKALONGAN[1].registration.recipient.nik
    for at in (0, 5, len(cipher) - 1):
        touched = bytearray(cipher)
        touched[at] ^= 1
        with pytest.raises(WrongKey):
            protector.decrypt(bytes(touched))


def test_revealing_needs_the_permission_a_reason_and_one_s_own_facility(world: World):
    rutan, one = world.pekalongan, household(world)
    protector = rutan.opened.protector
    with pytest.raises(Forbidden), rutan.work_of("karutan") as work:
        reveal_module.reveal(work, protector, one, "nik", "Verifikasi Dukcapil")
    with pytest.raises(Invalid), rutan.work_of("kasubsi") as work:
        reveal_module.reveal(work, protector, one, "nik", "  ")
    with pytest.raises(NotFound), world.kebumen.work_of("kasubsi.kebumen") as work:
        reveal_module.reveal(work, protector, one, "nik", "Verifikasi Dukcapil")
    assert rows(world, "SELECT 1 FROM guyub.audit_entry WHERE action = 'registry.reveal'") == []


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("nik", FIRST.recipient.nik),
        ("family_card", FIRST.family_card),
        ("phone", FIRST.phone),
        ("street", FIRST.street),
    ],
)
def test_what_is_revealed_leaves_a_trace_that_holds_the_reason_and_not_the_value(world: World, what: str, value: str):
    with world.pekalongan.work_of("kasubsi") as work:
        (shown,) = reveal_module.reveal(
            work, world.pekalongan.opened.protector, household(world), what, "Verifikasi Dukcapil"
        )
    assert shown.value == value
    (entry,) = rows(
        world,
        "SELECT actor_label, reason, details::text, subject FROM guyub.audit_entry WHERE action = 'registry.reveal'",
    )
    assert (entry.actor_label, entry.reason) == ("kasubsi", "Verifikasi Dukcapil")
    assert value not in entry.details + entry.subject
