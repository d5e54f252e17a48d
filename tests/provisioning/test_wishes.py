"""Changes of many facilities through the web: the same plan, by people, whole or not at all, and taken back."""

from datetime import date

import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.plan_history import applied
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.configuration.revert import plan_revert, revert
from guyub.facilities.service import set_region_managed_by
from guyub.sdk.errors import Forbidden, NotFound, Refusal
from tests import places
from tests.stored_values import set_values

JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
DEAR = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "20", "price": 20_000}
KUDUS, KEBUMEN, PEKALONGAN = "rutan-kudus", "rutan-kebumen", "rutan-pekalongan"


@pytest.fixture(autouse=True)
def through_the_web(database):
    """Jawa Tengah and three of its facilities are managed through the web."""
    places.managed_by(database, "web", KUDUS, KEBUMEN, PEKALONGAN)


def quota(acting, plugins, facility, on=JANUARY):
    with acting("kanwil", facility) as work:
        resolved = plugins.resolve(work, "bansos", work.here.id, on)
    return resolved.config.quota, resolved.origins["quota"].layer


def done(acting, plugins, *wishes, login="kanwil"):
    with acting(login) as work:
        planned = plan_requests(work, plugins, wishes)
    with acting(login) as work:
        return apply_requests(work, plugins, wishes, planned.digest)


def counts(database):
    with database.work(database.as_service("tests")) as work:
        return work.run(
            "SELECT (SELECT count(*) FROM guyub.config_value), (SELECT count(*) FROM guyub.plugin_activation),"
            " (SELECT count(*) FROM guyub.applied_plan), (SELECT count(*) FROM guyub.audit_entry)"
        ).one()


def test_the_regional_office_changes_many_facilities_in_one_go(acting, database, plugins):
    wish = ChangeRequest("bansos", JANUARY, (KUDUS, KEBUMEN), values={"quota": 9}, reason="Kuota tahun 2027")
    plan = done(acting, plugins, wish)
    assert [(change.facility, change.old, change.new, change.valid_from) for change in plan.changes] == [
        (KUDUS, 8, 9, JANUARY),
        (KEBUMEN, 3, 9, JANUARY),
    ]
    assert [(effect.facility, effect.before.value, effect.after.value, effect.kind) for effect in plan.effects] == [
        (KEBUMEN, 3, 9, "changes"),
        (KUDUS, 8, 9, "changes"),
    ]
    assert quota(acting, plugins, KUDUS) == (9, "facility")
    with database.work(database.as_service("tests", KUDUS)) as work:
        entry = work.run(
            "SELECT actor_label, action, details FROM guyub.audit_entry WHERE chain = :here ORDER BY seq DESC LIMIT 1",
            here=work.here.id,
        ).one()
    assert (entry.actor_label, entry.action, entry.details["reason"]) == (
        "kanwil",
        "host.configure",
        "Kuota tahun 2027",
    )


def test_the_same_wishes_again_write_no_row_even_with_the_digest_of_before(acting, database, plugins):
    wish = ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9})
    digest = done(acting, plugins, wish).digest
    before = counts(database)
    with acting("kanwil") as work:
        assert apply_requests(work, plugins, [wish], digest).changes == ()
    assert counts(database) == before


def test_a_value_of_the_region_tells_who_follows_and_who_keeps_their_own(acting, plugins):
    with acting("kanwil") as work:
        plan = plan_requests(
            work, plugins, [ChangeRequest("bansos", JANUARY, region="jawa-tengah", values={"quota": 9})]
        )
    kinds = {effect.facility: effect.kind for effect in plan.effects if effect.active}
    assert kinds[KUDUS] == kinds[KEBUMEN] == "keeps_its_own"
    assert not plan.is_blocked


def test_a_lock_of_the_region_takes_what_lies_below(acting, plugins):
    wish = ChangeRequest("bansos", JANUARY, region="jawa-tengah", values={"quota": 9}, locked=frozenset({"quota"}))
    plan = done(acting, plugins, wish)
    assert {effect.kind for effect in plan.effects if effect.facility in (KUDUS, KEBUMEN)} == {"loses_its_own"}
    assert quota(acting, plugins, KUDUS) == (9, "region")
    with acting("kanwil") as work:
        below = plan_requests(work, plugins, [ChangeRequest("bansos", FEBRUARY, (KUDUS,), values={"quota": 5})])
    (finding,) = [finding for finding in below.issues if finding.is_blocking]
    assert (finding.place, finding.field) == (KUDUS, "quota")
    assert "dikunci oleh" in finding.sentence.id
    assert "sejak 1 Januari 2027" in finding.sentence.id


def test_what_files_manage_is_refused_with_the_way_to_fix_it(acting, database, plugins):
    wish = ChangeRequest("bansos", JANUARY, (KUDUS, "rutan-surakarta"), values={"quota": 9})
    with acting("kanwil") as work:
        plan = plan_requests(work, plugins, [wish])
    before = counts(database)
    assert [finding.place for finding in plan.issues if finding.is_blocking] == ["rutan-surakarta"]
    assert plan.issues[0].code == "facilities.managed_by_files"
    with pytest.raises(Refusal), acting("kanwil") as work:
        apply_requests(work, plugins, [wish], plan.digest)
    assert counts(database) == before


def test_a_region_that_files_manage_is_refused_as_well(acting, database, plugins):
    with database.work(database.as_service("tests")) as work:
        set_region_managed_by(work, "jawa-tengah", "files")
    with acting("kanwil") as work:
        plan = plan_requests(
            work, plugins, [ChangeRequest("bansos", JANUARY, region="jawa-tengah", values={"quota": 9})]
        )
    assert plan.is_blocked
    assert "dikelola melalui berkas" in plan.issues[0].sentence.id


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"quota": 0}, "quota", "0 tidak diterima"),
        ({"kuota": 3}, "kuota", "quota"),
        ({"package": [DEAR]}, "", "melebihi batas Rp250.000"),
    ],
)
def test_an_invalid_value_names_field_place_and_what_is_allowed(acting, plugins, values, field, said):
    with acting("kanwil") as work:
        plan = plan_requests(work, plugins, [ChangeRequest("bansos", JANUARY, (PEKALONGAN,), values=values)])
    found = [finding for finding in plan.issues if finding.is_blocking]
    assert found
    assert all(item.place == PEKALONGAN for item in found)
    assert any(said in item.sentence.id for item in found)
    assert not field or {item.field for item in found} == {field}


def test_a_plan_is_refused_when_the_world_or_the_day_has_moved(acting, database, plugins):
    wish = ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9})
    with acting("kanwil") as work:
        yesterday = plan_requests(work, plugins, [wish], date(2026, 11, 24))
        today = plan_requests(work, plugins, [wish])
    with pytest.raises(Refusal) as refused, acting("kanwil") as work:
        apply_requests(work, plugins, [wish], yesterday.digest)
    assert refused.value.code == "configuration.plan_moved"
    for facility in (KEBUMEN, KUDUS):
        with acting("kanwil") as work:
            assert plan_requests(work, plugins, [wish]).digest == today.digest, (
                "what changes elsewhere is no matter of this plan"
            )
        with database.work(database.as_service("tests", facility)) as work:
            set_values(work, "bansos", {"quota": 4}, valid_from=JANUARY, reason="lain", facility_id=work.here.id)
    with pytest.raises(Refusal) as refused, acting("kanwil") as work:
        apply_requests(work, plugins, [wish], today.digest)
    assert refused.value.code == "configuration.plan_moved"


def test_a_plugin_is_deactivated_at_two_facilities_and_the_plan_taken_back(acting, database, plugins):
    plan = done(
        acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS, KEBUMEN), active=False, reason="Anggaran habis")
    )
    with acting("kanwil", KUDUS) as work:
        assert "bansos" not in plugins.active(work, work.here.id, JANUARY)
    with acting("kanwil") as work:
        (latest, *_) = applied(work, "jawa-tengah")
        assert (latest.id, latest.who, latest.door, latest.size) == (plan.id, "kanwil", "web", 2)
        back = plan_revert(work, plugins, latest.id)
    with acting("kanwil") as work:
        undone = revert(work, plugins, latest.id, back.digest, reason="Keliru")
    with acting("kanwil", KUDUS) as work:
        assert "bansos" in plugins.active(work, work.here.id, JANUARY)
    with acting("kanwil") as work:
        known = {item.id: item for item in applied(work, "jawa-tengah")}
        assert known[plan.id].reverted_by == undone.id
        assert plan_revert(work, plugins, plan.id).is_blocked


def test_what_was_changed_again_is_not_taken_back_by_an_older_plan(acting, plugins):
    first = done(acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9}))
    done(acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 11}))
    with acting("kanwil") as work:
        plan = plan_revert(work, plugins, first.id)
    assert plan.is_blocked
    assert "sudah diubah lagi oleh kanwil" in plan.issues[0].sentence.id


def test_a_value_that_was_inherited_before_is_inherited_again(acting, plugins):
    plan = done(acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": None}))
    assert plan.changes[0].new is None
    assert quota(acting, plugins, KUDUS)[1] == "default"


def test_the_staff_of_one_facility_reach_no_other_and_plan_nothing_without_the_permission(acting, plugins):
    with pytest.raises(Forbidden), acting("kasubsi") as work:
        plan_requests(work, plugins, [ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9})])
    with acting("kanwil") as work:
        plan = plan_requests(
            work, plugins, [ChangeRequest("bansos", JANUARY, ("rutan-tidak-ada",), values={"quota": 9})]
        )
        assert plan.is_blocked
        with pytest.raises(NotFound):
            plan_revert(work, plugins, "bukan-id")
