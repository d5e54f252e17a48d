"""What was changed by another door since the files were last applied: what, by whom and when. The plan would change it back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from guyub.configuration.issues import Issue
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import PlannedChange, Step
from guyub.db.unit_of_work import Work
from guyub.provisioning.plan_findings import Called
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment

_ZONE = "Asia/Jakarta"


def drift(
    work: Work,
    records: Sequence[PlannedChange],
    steps: Sequence[Step],
    called: Called,
    unspoken: Sequence[tuple[Target, Setting]] = (),
) -> Iterator[Issue]:
    """``unspoken`` is recorded and in no file.

    Three queries at most, none where nothing would change and nothing is unspoken.
    """
    known = [(step.target, step.before) for step in steps if step.before is not None]
    recorded = [pair for pair in (*known, *unspoken) if pair[1].recorded_at is not None]
    if recorded:
        by_files = _said_by_files(work, recorded)
        reported: set[Target] = set()
        for target, held in recorded:
            assert held.recorded_at is not None
            last = by_files.get((target.layer, target.place, target.plugin, target.field))
            if target not in reported and (last is None or held.recorded_at > last):
                reported.add(target)
                yield _finding(
                    target.place, called(target.what), held.actor, held.recorded_at, target.plugin, target.field
                )
    dateless = [change for change in records if change.valid_from is None and change.facility and "." in change.what]
    if dateless:
        yield from _of_records(work, dateless, called)


def _said_by_files(work: Work, recorded: Sequence[tuple[Target, Setting]]) -> dict[tuple[str, ...], datetime]:
    rows = work.run(
        """SELECT c.layer, COALESCE(g.code, f.code, '') AS place, c.plugin, c.field, max(p.applied_at)
           FROM guyub.applied_change c JOIN guyub.applied_plan p ON p.id = c.plan_id
           LEFT JOIN guyub.region g ON g.id = c.region_id LEFT JOIN guyub.facility f ON f.id = c.facility_id
           WHERE p.managed_by = 'files' AND c.plugin = ANY (:plugins) AND c.field = ANY (:fields)
           GROUP BY 1, 2, 3, 4""",
        plugins=sorted({target.plugin for target, _ in recorded}),
        fields=sorted({target.field for target, _ in recorded}),
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _of_records(work: Work, records: Sequence[PlannedChange], called: Called) -> Iterator[Issue]:
    """A record keeps no author of its own: what the files last said of it tells whether another door was here, and the
    facility's audit log who it was."""
    codes = sorted({change.facility for change in records})
    by_files: dict[tuple[str, str], Any] = {}
    for row in work.run(
        """SELECT f.code, c.what, c.new FROM guyub.applied_change c JOIN guyub.applied_plan p ON p.id = c.plan_id
           JOIN guyub.facility f ON f.id = c.facility_id
           WHERE p.managed_by = 'files' AND c.plugin = '' AND c.valid_from IS NULL AND f.code = ANY (:codes) ORDER BY p.seq""",
        codes=codes,
    ):
        whole = row.new if row.what == "facility" else {row.what.partition(".")[2]: row.new}
        by_files |= {(row.code, f"facility.{name}"): value for name, value in (whole or {}).items()}
    authors = {
        row.code: row
        for row in work.run(
            """SELECT DISTINCT ON (f.code) f.code, e.actor_label, e.at
               FROM guyub.audit_entry e JOIN guyub.facility f ON f.id = e.facility_id
               WHERE f.code = ANY (:codes) AND e.action LIKE 'facilities.%' AND e.action <> 'facilities.apply'
               ORDER BY f.code, e.seq DESC""",
            codes=codes,
        )
    }
    for change in records:
        key = (change.facility, change.what)
        author = authors.get(change.facility)
        if author is not None and key in by_files and by_files[key] != change.as_json()["old"]:
            yield _finding(change.facility, called(change.what), author.actor_label, author.at)


def _finding(place: str, what: Text, actor: str, at: datetime, plugin: str = "", field: str = "") -> Issue:
    sentence = _DRIFTED.format(
        what=what, actor=actor, at_id=format_moment(at, _ZONE), at_en=format_moment(at, _ZONE, "en")
    )
    return Issue(place, sentence, plugin=plugin, field=field)


_DRIFTED = Text(
    id="{what} diubah di luar berkas oleh {actor} pada {at_id}; berkas mengatakan lain. Perbarui berkasnya"
    " (guyub facilities export) bila perubahan itu tetap berlaku.",
    en="{what} was changed outside the files by {actor} on {at_en}; the files say otherwise. Bring them up to date"
    " (guyub facilities export) if that change stands.",
)
