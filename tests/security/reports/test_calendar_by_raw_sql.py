"""The number of a plan, written by raw SQL."""

import pytest

from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal


def test_the_number_of_a_plan_is_not_the_applications_to_set(rutan: Rutan, proposed: Cycle):
    with pytest.raises(Refusal), rutan.work_of("kasubsi") as work:
        work.run("UPDATE guyub.cycle SET revision = 9 WHERE id = :id", id=proposed.id)
