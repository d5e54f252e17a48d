"""An older version of a proposal, decided by raw SQL."""

import pytest

from guyub.demo.month import Rutan
from guyub.programs import proposal
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.programs.pages.conftest import Books
from tests.programs.pages.test_versions_of_proposals import proposed_anew


def test_the_service_and_raw_sql_take_no_older_version(rutan: Rutan, proposed: Cycle, books: Books):
    proposed_anew(rutan, books)
    with pytest.raises(Refusal) as refused, rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, proposed, worlds.APPROVED, version=proposed.version)
    assert refused.value.code == "programs.proposal_changed"
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as thief:
        thief.enter("karutan", worlds.PEKALONGAN)
        for state in ("approved", "planned", "cancelled"):
            step = f"UPDATE guyub.cycle SET state = '{state}'"
            assert thief.tries(step) == "GU022"
            assert thief.tries(f"{step}, decided_version = {proposed.version}") == "GU022"
            assert thief.tries(f"{step}, decided_version = revision + 1") == "GU022"
        for statement in ("DELETE FROM guyub.proposal", "UPDATE guyub.proposal SET households = '{}'"):
            assert thief.tries(statement) == "42501"
        assert thief.sees("SELECT version FROM guyub.proposal ORDER BY version")[-1] == (books.cycle().version,)
        thief.enter("karutan.kebumen", worlds.KEBUMEN)
        assert thief.sees("SELECT 1 FROM guyub.proposal") == []
        thief.enter("kanwil")
        assert thief.sees("SELECT 1 FROM guyub.proposal") == [], "who is on a list is no matter of an office"
