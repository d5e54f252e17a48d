"""A plan that was applied stands as it is: nothing is changed, taken out or added."""

from datetime import date

import psycopg
import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.sdk.errors import Refusal
from tests import places
from tests.provisioning.test_wishes import done

JANUARY = date(2027, 1, 1)
KUDUS = "rutan-kudus"


@pytest.fixture(autouse=True)
def through_the_web(database):
    places.managed_by(database, "web", KUDUS)


@pytest.mark.parametrize(
    "statement", ["UPDATE guyub.applied_plan SET actor = 'lain'", "DELETE FROM guyub.applied_change"]
)
def test_an_applied_plan_is_never_changed(acting, plugins, app_role: psycopg.Connection, statement):
    done(acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9}))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_role.execute(statement)


def test_nothing_is_added_to_a_plan_that_was_applied(acting, plugins, database):
    plan = done(acting, plugins, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9}))
    add = "INSERT INTO guyub.applied_change (plan_id, layer, what) VALUES (CAST(:id AS uuid), 'national', 'role.x')"
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(add, id=plan.id)
    assert refused.value.code == "books.append_only"
