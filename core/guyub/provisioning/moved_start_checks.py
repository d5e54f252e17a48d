"""Tables whose day a file moved forward over days that have passed: what is recorded since an earlier day stays so."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from guyub.configuration.issues import Issue
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import Step
from guyub.configuration.timelines import on_day
from guyub.provisioning.current import CurrentState
from guyub.provisioning.desired import DesiredState
from guyub.sdk.text import Text
from guyub.sdk.words import format_date


def moved_starts(ours: DesiredState, world: CurrentState, steps: Sequence[Step], today: date) -> Iterator[Issue]:
    """Of tables for a day that has come, on which nothing begins: neither recorded nor planned. History is not rewritten, so
    that the file says less than what is true."""
    timelines: defaultdict[Target, list[Sequence[Setting]]] = defaultdict(list)
    for target, timeline in world.timelines.items():
        timelines[target.table].append(timeline)
    planned = {(step.target.table, step.after.valid_from) for step in steps}
    for table, said in ours.tables.items():
        held = [known for timeline in timelines[table] if (known := on_day(timeline, said.since)) is not None]
        if said.since > today or not held or (table, said.since) in planned:
            continue
        since = max(known.valid_from for known in held)
        if since < said.since:
            sentence = _SINCE.format(
                plugin=table.plugin,
                day=since.isoformat(),
                since_id=format_date(since),
                since_en=format_date(since, "en"),
                said_id=format_date(said.since),
                said_en=format_date(said.since, "en"),
            )
            yield Issue(table.place, sentence, plugin=table.plugin)


_SINCE = Text(
    id="[plugins.{plugin}]: tercatat sejak {since_id}, padahal berkas menulis mulai {said_id}. Hari yang sudah lewat tidak"
    " ditulis ulang; tulis from = {day}.",
    en="[plugins.{plugin}]: recorded since {since_en}, the file says from {said_en}. Days that have passed are not rewritten;"
    " write from = {day}.",
)
