"""Holds what a plan leaves as it is, and what blocks it: each with its sentence, nothing is passed over in silence."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from guyub.configuration.issues import Issue
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import Step
from guyub.configuration.timelines import on_day
from guyub.provisioning.current import CurrentState
from guyub.provisioning.desired import DesiredState
from guyub.sdk.text import Text

Called = Callable[[str], Text]
"""What people call a thing that plans know by a dotted name."""


def web_managed_conflicts(
    declared: DesiredState, world: CurrentState, theirs: Sequence[Any], called: Called
) -> Iterator[Issue]:
    """Yields files of places that the web manages: harmless while they say what is recorded, else they block the plan.

    ``theirs`` are the changes that these files would make.
    """
    differing: defaultdict[str, list[str]] = defaultdict(list)
    for change in theirs:
        differing[change.facility or change.region].append(change.what)
    names = {code: facility.name for code, facility in world.facilities.items()}
    names |= {code: record.office_name for code, record in world.regions.items()}
    for code in sorted((world.by_web & set(declared.facilities)) | (world.regions_by_web & set(declared.regions))):
        if code in differing:
            whats = list(dict.fromkeys(differing[code]))
            sentence = _DIFFERS.format(name=names[code], count=len(whats), listed=_listed(whats, called))
        else:
            sentence = _SAME.format(name=names[code])
        yield Issue(code, sentence, "blocks" if code in differing else "notes")


def _listed(whats: Sequence[str], called: Called) -> Text:
    titles = list(dict.fromkeys(called(what) for what in whats))
    more = " …" if len(titles) > 3 else ""
    return Text(
        id=", ".join(title.id for title in titles[:3]) + more,
        en=", ".join(title.en for title in titles[:3]) + more,
    )


def not_in_files(declared: DesiredState, ours: DesiredState, world: CurrentState, called: Called) -> Iterator[Issue]:
    """Yields what is recorded and not for these files to change, or no longer said by them."""
    for code in sorted(set(world.facilities) - set(declared.facilities) - world.by_web):
        yield Issue(
            code,
            Text(
                id="{name} tercatat tetapi tidak memiliki berkas; tidak ada yang dihapus.",
                en="{name} is recorded but has no file; nothing is deleted.",
            ).format(name=world.facilities[code].name),
        )
    for code in sorted(set(world.regions) - set(declared.regions)):
        yield Issue(code, _no_longer_declared(f"wilayah “{code}”", f"region “{code}”"))
    for kind, english, known, own in (
        ("program kementerian", "programme of the ministry", set(world.themes), set(declared.themes)),
        ("peran", "role", set(world.roles), set(declared.roles)),
        ("pemisahan tugas", "separation of duties", _joined(world.duties), _joined(declared.duties)),
    ):
        for code in sorted(known - own):
            yield Issue("", _no_longer_declared(f"{kind} “{code}”", f"{english} “{code}”"))
    for (facility, role, since), official in world.officials.items():
        if (
            facility in ours.facilities
            and official.valid_until is None
            and (facility, role, since) not in ours.officials
        ):
            yield Issue(
                facility,
                Text(
                    id="Pejabat “{role}” sejak {since} masih tercatat tetapi tidak ada dalam berkas; tulis kembali dengan until.",
                    en="The official “{role}” since {since} is recorded but not in the file; write it again with until.",
                ).format(role=role, since=since.isoformat()),
            )
    yield from _without_table(ours, world, called)


def duplicate_names(ours: DesiredState) -> Iterator[Issue]:
    """Yields active facilities, and offices, that share their name with an earlier one of these files: lists tell them
    apart by it.

    Offices share no code of letters either.
    """
    open_now = sorted((code, facility.name) for code, facility in ours.facilities.items() if facility.closed_on is None)
    offices = sorted(ours.regions.items())
    for named in (
        open_now,
        [(code, office.name) for code, office in offices],
        [(code, office.letter_code) for code, office in offices],
    ):
        first: dict[str, str] = {}
        for code, name in named:
            known = first.setdefault(" ".join(name.casefold().split()), code)
            if known != code and name:
                yield Issue(code, _NAMESAKE.format(name=name, other=known))


def undeclared_settings(ours: DesiredState, world: CurrentState) -> list[tuple[Target, Setting]]:
    """Returns what holds at places of these files and stands in none of their tables."""
    return [
        (target, timeline[-1])
        for target, timeline in world.timelines.items()
        if (not target.place or target.place in ours.regions or target.place in ours.facilities)
        and target.table not in ours.tables
        and timeline[-1].value not in (None, False)
    ]


def _without_table(ours: DesiredState, world: CurrentState, called: Called) -> Iterator[Issue]:
    for target, _ in undeclared_settings(ours, world):
        yield Issue(
            target.place,
            Text(
                id="{what} tetap berlaku seperti tercatat karena berkas tidak menyebutnya; tulis [plugins.{plugin}].",
                en="{what} stays as recorded, as the file does not speak of it; write [plugins.{plugin}].",
            ).format(what=called(target.what), plugin=target.plugin),
        )


def _no_longer_declared(indonesian: str, english: str) -> Text:
    return Text(
        id="Tetap tercatat meskipun tidak ada lagi dalam berkas: {what}.",
        en="Stays recorded although no file says so: {what}.",
    ).format(what=Text(id=indonesian, en=english))


def _joined(duties: frozenset[tuple[str, str]]) -> set[str]:
    return {f"{first}/{second}" for first, second in duties}


_SAME = Text(
    id="{name} dikelola melalui web: berkasnya tidak diterapkan.",
    en="{name} is managed through the web: its file is not applied.",
)
_DIFFERS = Text(
    id="{name} dikelola melalui web, padahal berkasnya hendak mengubah {count} hal ({listed}). Serahkan pengelolaannya kepada"
    " berkas, atau tulis ulang berkasnya dengan guyub facilities export.",
    en="{name} is managed through the web, but its file would change {count} things ({listed}). Hand it over to the files, or"
    " write its file anew with guyub facilities export.",
)
_NAMESAKE = Text(
    id="“{name}” juga dipakai {other}, sehingga sulit dibedakan pada daftar dan surat.",
    en="“{name}” is used by {other} as well, so that lists and letters hardly tell them apart.",
)


def moved_starts(ours: DesiredState, world: CurrentState, steps: Sequence[Step], today: date) -> Iterator[Issue]:
    """Tables whose day a file moved forward over days that have passed, so that on it nothing begins, recorded or planned.
    History is not rewritten: the file says less than what is true."""
    timelines: defaultdict[Target, list[Sequence[Setting]]] = defaultdict(list)
    for target, timeline in world.timelines.items():
        timelines[target.table].append(timeline)
    planned = {(step.target.table, step.after.valid_from) for step in steps}
    for table, values in ours.tables.items():
        held = [known for timeline in timelines[table] if (known := on_day(timeline, values.since)) is not None]
        if values.since > today or not held or (table, values.since) in planned:
            continue
        since = max(known.valid_from for known in held)
        if since < values.since:
            sentence = _SINCE.format(plugin=table.plugin, since=since, written=values.since, day=since.isoformat())
            yield Issue(table.place, sentence, plugin=table.plugin)


_SINCE = Text(
    id="[plugins.{plugin}]: tercatat sejak {since}, padahal berkas menulis mulai {written}. Hari yang sudah lewat tidak"
    " ditulis ulang; tulis from = {day}.",
    en="[plugins.{plugin}]: recorded since {since}, the file says from {written}. Days that have passed are not rewritten;"
    " write from = {day}.",
)
