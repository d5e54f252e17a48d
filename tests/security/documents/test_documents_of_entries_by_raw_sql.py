"""A kept document belongs to a cycle or to an entry of the books of its facility, and to one of them."""

from typing import Any

from tests import worlds
from tests.worlds import PEKALONGAN

KEEP = """INSERT INTO guyub.document (facility_id, cycle_id, journal_id, kind, title, file_name, media_type, content, personal)
          SELECT c.facility_id, {cycle}, {entry}, 'stock_count', 'x', 'x.pdf', 'application/pdf', 'x', false
          FROM guyub.cycle c, (SELECT min(id::text)::uuid AS id FROM guyub.journal) j"""
CHECK, REFERENCE = "23514", "23503"


def test_a_document_has_exactly_one_parent(cluster: Any):
    with (
        worlds.a_world(cluster, until="approved") as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries(KEEP.format(cycle="NULL", entry="NULL")) == CHECK
        assert attacker.tries(KEEP.format(cycle="c.id", entry="j.id")) == CHECK
        assert attacker.tries(KEEP.format(cycle="NULL", entry="c.id")) == REFERENCE
        assert attacker.tries(KEEP.format(cycle="NULL", entry="j.id")) == "1 rows"
