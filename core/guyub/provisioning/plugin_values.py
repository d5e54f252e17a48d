"""The values of plugins in the files: whether each layer, on top of those above it, gives a valid configuration."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from guyub.configuration.secret_values import secret_fields
from guyub.configuration.validation import AT, ValueProblem, problems
from guyub.plugins.declaration import SLUG
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.files import SourceFile
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.validation_messages import unknown


@dataclass(frozen=True, slots=True)
class FileStep:
    """Holds what a table of one plugin says from a day on: the table itself, or one of its later ones. ``path`` is its
    key.

    ``since`` is None where the date is wrong.
    """

    path: tuple[str | int, ...]
    since: date | None
    locked: frozenset[str]
    values: Mapping[str, Any]
    inherited: frozenset[str] = frozenset()

    @property
    def locks(self) -> frozenset[str]:
        """Returns what nobody below may set; a lock without a value is a finding and locks nothing."""
        return self.locked & self.values.keys()


@dataclass(frozen=True, slots=True)
class FileLayer:
    """Holds what one file says of one plugin, as far as it can be understood; ``steps`` begin with the table itself."""

    source: SourceFile
    slug: str
    steps: tuple[FileStep, ...]

    def days(self) -> set[date]:
        return {step.since or date.min for step in self.steps}

    def on(self, day: date) -> dict[str, tuple[Any, FileStep]]:
        """Returns the values that it gives on a day, each with the table that says so."""
        held: dict[str, tuple[Any, FileStep]] = {}
        for step in self.steps:
            if (step.since or date.min) <= day:
                held |= {name: (value, step) for name, value in step.values.items()}
                held = {name: value for name, value in held.items() if name not in step.inherited}
        return held

    def locks(self, day: date) -> frozenset[str]:
        return frozenset(name for name, (_, step) in self.on(day).items() if name in step.locks)


def layers_of(source: SourceFile) -> dict[str, FileLayer]:
    """Returns the layers by slug; tolerant of faults of form, which are reported elsewhere."""
    tables = (source.data or {}).get("plugins")
    if not isinstance(tables, dict):
        return {}
    return {slug: _layer(source, slug, table) for slug, table in tables.items() if isinstance(table, dict)}


def _layer(source: SourceFile, slug: str, table: Mapping[str, Any]) -> FileLayer:
    path: tuple[str | int, ...] = ("plugins", slug)
    later = table.get("later")
    rows = enumerate(later if isinstance(later, list) else [])
    more = [_step((*path, "later", number), table) for number, table in rows if isinstance(table, dict)]
    return FileLayer(source, slug, (_step(path, table), *more))


def _step(path: tuple[str | int, ...], table: Mapping[str, Any]) -> FileStep:
    since, values = table.get("from"), table.get("config")
    return FileStep(
        path,
        since if type(since) is date else None,
        _names(table.get("locked")),
        values if isinstance(values, dict) else {},
        _names(table.get("inherit")) if len(path) > 2 else frozenset(),
    )


def _names(listed: object) -> frozenset[str]:
    return frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else frozenset()


def check_layer(plugins: PluginRegistry, layer: FileLayer, above: Sequence[FileLayer], *, all_read: bool) -> None:
    """Notes in the layer's file what is wrong with it; ``above`` begins with the national layer.

    ``all_read`` is False where a file above could not be understood: then only what is wrong by itself counts.
    """
    plugin = _plugin(plugins, layer)
    if plugin is None:
        return
    _check_steps(plugin, layer)
    _check_locks(plugin, layer, above)
    secrets = secret_fields(plugin.config)
    for step, name in [(part, name) for part in layer.steps for name in sorted(secrets & part.values.keys())]:
        layer.source.fault(
            (*step.path, "config", name),
            Text(
                id="“{name}” adalah rahasia dan tidak ditulis dalam berkas; isi pada halaman Plugin.",
                en="“{name}” is a secret and does not belong into a file; enter it on the Plugins page.",
            ).format(name=name),
        )
    for problem, own in _new_problems(plugin, layer, above):
        if problem.only_missing and layer.source.kind != "facility":
            continue
        if not all_read and (problem.of_the_whole or problem.only_missing):
            continue
        teller = own.get(problem.field)
        layer.source.fault(
            (*teller.path, "config", *problem.location) if teller is not None else (*layer.steps[0].path, "config"),
            AT.format(place=_place(layer.source), plugin=plugin.title, sentence=problem.sentence),
        )


def _plugin(plugins: PluginRegistry, layer: FileLayer) -> Plugin | None:
    """Returns the plugin, or None with a finding that says what is missing and how to get it."""
    try:
        return plugins.plugin(layer.slug)
    except Refusal as refusal:
        installed = [status.slug for status in plugins.statuses() if status.slug != layer.slug]
        misspelt = bool(get_close_matches(layer.slug, installed, 1)) or not SLUG.fullmatch(layer.slug)
        sentence = unknown(layer.slug, installed) if misspelt else in_one_line(refusal)
        layer.source.fault(("plugins", layer.slug), sentence)
        return None


def _check_steps(plugin: Plugin, layer: FileLayer) -> None:
    """Checks that the days of later tables follow one another, and that what they inherit again is a field."""
    for before, step in pairwise(layer.steps):
        if before.since and step.since and step.since <= before.since:
            layer.source.fault(
                (*step.path, "from"),
                Text(
                    id="{day} tidak sesudah {earlier}; urutkan tabel “later” menurut tanggalnya.",
                    en="{day} is not after {earlier}; put the tables “later” in the order of their days.",
                ).format(day=str(step.since), earlier=str(before.since)),
            )
        for name in sorted(step.inherited - plugin.config.model_fields.keys()):
            layer.source.fault((*step.path, "inherit"), unknown(name, plugin.config.model_fields))
        for name in sorted(step.inherited & step.values.keys()):
            layer.source.fault(
                (*step.path, "inherit"),
                Text(
                    id="“{name}” diwarisi sekaligus diberi nilai; pilih salah satu.",
                    en="“{name}” is inherited and given a value; choose one of the two.",
                ).format(name=name),
            )


def _check_locks(plugin: Plugin, layer: FileLayer, above: Sequence[FileLayer]) -> None:
    for step, name in [(part, name) for part in layer.steps for name in sorted(part.locked - part.values.keys())]:
        if name not in plugin.config.model_fields:
            layer.source.fault((*step.path, "locked"), unknown(name, plugin.config.model_fields))
            continue
        layer.source.fault(
            (*step.path, "locked"),
            Text(
                id="“{name}” dikunci tanpa nilai; tulis nilainya pada tabel config.",
                en="“{name}” is locked without a value; write one in the table config.",
            ).format(name=name),
        )
    # What began before the lock is dormant from the lock on, and its history stays as it is written.
    for upper in above:
        for step in layer.steps:
            day = step.since or date.min
            held = upper.on(day)
            for name in sorted(step.values.keys() & upper.locks(day)):
                sentence = _is_locked(plugin, layer, upper, name, held[name][1].since)
                layer.source.fault((*step.path, "config", name), sentence)


def _is_locked(plugin: Plugin, layer: FileLayer, upper: FileLayer, name: str, since: date | None) -> Text:
    """Reports who locked it and since when, as the form and the API say it, with the file where that stands."""
    day = Text(
        id=f" sejak {format_date(since)}" if since else "", en=f" since {format_date(since, 'en')}" if since else ""
    )
    return Text(
        id="{place}, {plugin}: “{name}” dikunci oleh {upper}{day} ({file}) dan tidak dapat diubah di sini. Hapus baris ini;"
        " nilai dari sebelum hari itu tetap pada tabel dengan from-nya sendiri, lalu [[plugins.{slug}.later]] dengan"
        ' inherit = ["{name}"].',
        en="{place}, {plugin}: “{name}” is locked by {upper}{day} ({file}) and cannot be changed here. Remove this line;"
        " a value from before that day stays in a table with a from of its own, then [[plugins.{slug}.later]] with"
        ' inherit = ["{name}"].',
    ).format(
        slug=layer.slug,
        place=_place(layer.source),
        plugin=plugin.title,
        name=name,
        upper=_place(upper.source),
        day=day,
        file=upper.source.label,
    )


def _new_problems(
    plugin: Plugin, layer: FileLayer, above: Sequence[FileLayer]
) -> Iterator[tuple[ValueProblem, Mapping[str, FileStep]]]:
    """Yields those of every day on which a layer begins or changes, but for what is wrong without this layer as well;
    each with the tables that give the layer's own values on that day."""
    layers = [*above, layer]
    begin = layer.steps[0].since or date.min
    days = layer.days() | {day for file_layer in above for day in file_layer.days() if day > begin}
    for day in sorted(days):
        value_problems = problems(plugin, merged(layers, day), written=True)
        before = problems(plugin, merged(above, day), written=True) if value_problems else ()
        inherited = {problem.sentence for problem in before}
        own = {name: step for name, (_, step) in layer.on(day).items()}
        yield from (
            (problem, own) for problem in value_problems if problem.only_missing or problem.sentence not in inherited
        )


def merged(layers: Sequence[FileLayer], day: date) -> dict[str, Any]:
    """Returns the values that hold on a day; a field locked above keeps its value."""
    values: dict[str, Any] = {}
    locked: set[str] = set()
    for layer in layers:
        values |= {name: value for name, (value, _) in layer.on(day).items() if name not in locked}
        locked |= layer.locks(day)
    return values


def _place(source: SourceFile) -> Text:
    if source.kind == "national":
        return Text(id="Nasional", en="National")
    name = (source.data or {}).get("name")
    shown = name if isinstance(name, str) and name else source.code
    return Text(id=shown, en=shown)


def in_one_line(refusal: Refusal) -> Text:
    return Text(id=f"{refusal.what.id} {refusal.remedy.id}", en=f"{refusal.what.en} {refusal.remedy.en}")
