"""What the homes of a facility and of its region say needs attention, as far as a word stands in it."""

from datetime import date
from uuid import UUID

from guyub.access import sign_in
from guyub.db.unit_of_work import SessionCredential
from guyub.reports import attention, region, region_attention
from tests.worlds import World


def at_the_facility(world: World, login: str, word: str, today: date) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each alert of Rutan Pekalongan with its records: name, detail and address."""
    with world.pekalongan.work_of(login) as work:
        items = attention.of_facility(work, world.plugins, [], [], {}, today)
    return [
        (item.what.id, [(record.name, record.detail.id, record.url) for record in item.records])
        for item in items
        if word in item.what.id
    ]


def at_the_office(world: World, word: str, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each alert of Jawa Tengah with its facilities: code and detail."""
    token = sign_in.session_for(world.database, "kanwil", "tests")
    with world.database.work(SessionCredential(token)) as work:
        office: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        view = region.overview(work, world.plugins, office, today, today)
        groups = region_attention.of_region(world.plugins, "jawa-tengah", view.rows, today)
    return [
        (group.what.id, [(place.code, place.detail.id) for place in group.places])
        for group in groups
        if word in group.what.id
    ]
