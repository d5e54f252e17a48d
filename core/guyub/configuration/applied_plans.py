"""Writing down what was changed by whom, so that it can be read and taken back: the table of applied plans, for every door."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from guyub.db.unit_of_work import Work


def note(
    work: Work,
    digest: str,
    door: Literal["files", "web"],
    reason: str,
    rows: Sequence[Mapping[str, Any]],
    reverts: str = "",
) -> str:
    """Its id. Two statements; the database stamps who and when.

    ``rows`` in the order of the plan: ``origin`` is the layer, ``region`` and ``facility`` are codes; ``what``, ``plugin``,
    ``field``, ``old``, ``new``, ``was_locked``, ``locked`` and ``valid_from`` are as ``guyub.applied_change`` has them.
    """
    plan_id: UUID = work.run(
        """INSERT INTO guyub.applied_plan (digest, managed_by, reason, changes, reverts)
           VALUES (:digest, :door, :reason, :changes, CAST(NULLIF(:reverts, '') AS uuid)) RETURNING id""",
        digest=digest,
        door=door,
        reason=reason,
        changes=len(rows),
        reverts=reverts,
    ).scalar_one()
    work.run(
        """INSERT INTO guyub.applied_change
               (plan_id, layer, region_id, facility_id, what, plugin, field, old, new, was_locked, locked, valid_from)
           SELECT :plan, r.origin, g.id, f.id, r.what, r.plugin, r.field, NULLIF(r.old, 'null'), NULLIF(r.new, 'null'),
                  r.was_locked, r.locked, r.valid_from
           FROM ROWS FROM (jsonb_to_recordset(CAST(:rows AS jsonb))
                AS (origin text, region text, facility text, what text, plugin text, field text, old jsonb, new jsonb,
                    was_locked boolean, locked boolean, valid_from date)) WITH ORDINALITY
                AS r (origin, region, facility, what, plugin, field, old, new, was_locked, locked, valid_from, number)
           LEFT JOIN guyub.region g ON r.origin = 'region' AND g.code = r.region
           LEFT JOIN guyub.facility f ON r.origin = 'facility' AND f.code = r.facility
           ORDER BY r.number""",
        plan=plan_id,
        rows=json.dumps(list(rows), default=str),
    )
    return str(plan_id)
