"""What a plan leaves as it is, and what stands against it: each with its sentence, nothing is passed over in silence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guyub.host.config_checks import problems
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.declared import Declared, Field, Setting
from guyub.provisioning.recorded import Recorded
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """``place`` is the code of a facility or region, or ""; a blocking one stands against applying the plan."""

    place: str
    sentence: Text
    is_blocking: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"place": self.place, "id": self.sentence.id, "en": self.sentence.en, "blocking": self.is_blocking}


def left_alone(declared: Declared, ours: Declared, world: Recorded) -> Iterator[Finding]:
    """What is recorded and not for these files to change, or no longer said by them."""
    for code in sorted(world.by_web & set(declared.facilities)):
        yield Finding(
            code,
            Text(
                id="{name} dikelola melalui web: berkasnya tidak diterapkan.",
                en="{name} is managed through the web: its file is not applied.",
            ).format(name=world.facilities[code].name),
        )
    for code in sorted(set(world.facilities) - set(declared.facilities) - world.by_web):
        yield Finding(
            code,
            Text(
                id="{name} tercatat tetapi tidak memiliki berkas; tidak ada yang dihapus.",
                en="{name} is recorded but has no file; nothing is deleted.",
            ).format(name=world.facilities[code].name),
        )
    for code in sorted(set(world.regions) - set(declared.regions)):
        yield Finding(code, _no_longer_said(f"wilayah “{code}”", f"region “{code}”"))
    for kind, english, known, said in (
        ("program kementerian", "programme of the ministry", set(world.themes), set(declared.themes)),
        ("peran", "role", set(world.roles), set(declared.roles)),
        ("pemisahan tugas", "separation of duties", _joined(world.duties), _joined(declared.duties)),
    ):
        for code in sorted(known - said):
            yield Finding("", _no_longer_said(f"{kind} “{code}”", f"{english} “{code}”"))
    for (facility, role, since), official in world.officials.items():
        if (
            facility in ours.facilities
            and official.valid_until is None
            and (facility, role, since) not in ours.officials
        ):
            yield Finding(
                facility,
                Text(
                    id="Pejabat “{role}” sejak {since} masih tercatat tetapi tidak ada dalam berkas; tulis kembali dengan until.",
                    en="The official “{role}” since {since} is recorded but not in the file; write it again with until.",
                ).format(role=role, since=since),
            )
    yield from _without_table(ours, world)


def spoilt(
    host: PluginHost, ours: Declared, world: Recorded, writes: Sequence[tuple[Field, Setting]]
) -> Iterator[Finding]:
    """Facilities whose configuration is not valid, by what is recorded and the files do not speak of.

    The files among themselves were checked when they were read; this asks about the rest, such as facilities that are
    managed through the web below a region whose values change. What was wrong before blocks nothing.
    """
    before = {one: timeline[-1] for one, timeline in world.timelines.items()}
    # The writes of one field come in the order of their days: the last one is what holds in the end.
    after = before | dict(writes)
    unspoken = {one.plugin for one in after if one.table not in ours.tables}
    if not unspoken:
        return
    regions = {code: one.region for code, one in (*world.facilities.items(), *ours.facilities.items())}
    tables_before, tables_after = _by_table(before), _by_table(after)
    for running, setting in after.items():
        if not running.name and setting.value and running.plugin in unspoken:
            layers = (
                Field("national", "", running.plugin, ""),
                Field("region", regions[running.place], running.plugin, ""),
                running,
            )
            known = set(_faults(host, running.plugin, [tables_before.get(one, {}) for one in layers]))
            for sentence in _faults(host, running.plugin, [tables_after.get(one, {}) for one in layers]):
                yield Finding(running.place, sentence, is_blocking=sentence not in known)


def _without_table(ours: Declared, world: Recorded) -> Iterator[Finding]:
    for one, timeline in world.timelines.items():
        place_is_ours = not one.place or one.place in ours.regions or one.place in ours.facilities
        if place_is_ours and one.table not in ours.tables and timeline[-1].value not in (None, False):
            yield Finding(
                one.place,
                Text(
                    id="{what} tetap berlaku seperti tercatat karena berkas tidak menyebutnya; tulis [plugins.{plugin}].",
                    en="{what} stays as recorded, as the file does not speak of it; write [plugins.{plugin}].",
                ).format(what=f"{one.plugin}.{one.name}".rstrip("."), plugin=one.plugin),
            )


def _by_table(values: Mapping[Field, Setting]) -> dict[Field, dict[str, Setting]]:
    tables: dict[Field, dict[str, Setting]] = {}
    for one, setting in values.items():
        if one.name and setting.value is not None:
            tables.setdefault(one.table, {})[one.name] = setting
    return tables


def _faults(host: PluginHost, slug: str, layers: Sequence[Mapping[str, Setting]]) -> Iterator[Text]:
    values: dict[str, Any] = {}
    locked: set[str] = set()
    for layer in layers:
        for name in sorted(locked & set(layer)):
            yield Text(
                id="{slug}.{name} dikunci pada lapisan di atasnya, sehingga nilainya di sini tidak akan berlaku.",
                en="{slug}.{name} is locked at a layer above, so its value here would not count.",
            ).format(slug=slug, name=name)
        values |= {name: setting.value for name, setting in layer.items() if name not in locked}
        locked |= {name for name, setting in layer.items() if setting.locked}
    try:
        plugin = host.plugin(slug)
    except Refusal:
        return  # A plugin that is not there says so wherever it is used.
    for problem in problems(plugin.config, values):
        yield Text(id="{plugin}: {sentence}", en="{plugin}: {sentence}").format(
            plugin=plugin.title, sentence=problem.sentence
        )


def _no_longer_said(indonesian: str, english: str) -> Text:
    return Text(
        id="Tetap tercatat meskipun tidak ada lagi dalam berkas: {what}.",
        en="Stays recorded although no file says so: {what}.",
    ).format(what=Text(id=indonesian, en=english))


def _joined(duties: frozenset[tuple[str, str]]) -> set[str]:
    return {f"{first}/{second}" for first, second in duties}
