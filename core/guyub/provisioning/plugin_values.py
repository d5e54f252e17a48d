"""The values of plugins in the files: whether each layer, on top of those above it, gives a valid configuration."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from guyub.host.config_checks import Problem, problems
from guyub.host.plugin_host import PluginHost
from guyub.host.secret_values import secret_fields
from guyub.provisioning.folder import Source
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.sentences import unknown


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file says of one plugin, as far as it can be understood; ``since`` is None where the date is wrong."""

    source: Source
    slug: str
    since: date | None
    locked: frozenset[str]
    values: Mapping[str, Any]

    @property
    def locks(self) -> frozenset[str]:
        """What nobody below may set; a lock without a value is a mistake and holds nothing."""
        return self.locked & self.values.keys()


def layers_of(source: Source) -> dict[str, Layer]:
    """By slug; tolerant of mistakes of form, which are reported elsewhere."""
    tables = (source.data or {}).get("plugins")
    if not isinstance(tables, dict):
        return {}
    return {slug: _layer(source, slug, table) for slug, table in tables.items() if isinstance(table, dict)}


def _layer(source: Source, slug: str, table: Mapping[str, Any]) -> Layer:
    since, locked, values = table.get("from"), table.get("locked"), table.get("config")
    return Layer(
        source,
        slug,
        since if type(since) is date else None,
        frozenset(name for name in locked if isinstance(name, str)) if isinstance(locked, list) else frozenset(),
        values if isinstance(values, dict) else {},
    )


def check_layer(host: PluginHost, layer: Layer, above: Sequence[Layer], *, all_read: bool) -> None:
    """Notes in the layer's file what is wrong with it; ``above`` begins with the national layer.

    ``all_read`` is False where a file above could not be understood: then only what is wrong by itself counts.
    """
    plugin = _plugin(host, layer)
    if plugin is None:
        return
    _check_locks(layer, above)
    for name in sorted(secret_fields(plugin.config) & layer.values.keys()):
        layer.source.fault(
            ("plugins", layer.slug, "config", name),
            Text(
                id="“{name}” adalah rahasia dan tidak ditulis dalam berkas; isi pada halaman Plugin.",
                en="“{name}” is a secret and does not belong into a file; enter it on the Plugins page.",
            ).format(name=name),
        )
    for problem in _new_problems(plugin, layer, above):
        if problem.only_missing and layer.source.kind != "facility":
            continue
        if not all_read and (problem.of_the_whole or problem.only_missing):
            continue
        own = bool(problem.location) and problem.location[0] in layer.values
        layer.source.fault(
            ("plugins", layer.slug, "config", *(problem.location if own else ())),
            Text(id="{place}, {plugin}: {sentence}", en="{place}, {plugin}: {sentence}").format(
                place=_place(layer.source), plugin=plugin.title, sentence=problem.sentence
            ),
        )


def _plugin(host: PluginHost, layer: Layer) -> Plugin | None:
    """The plugin, or None with a mistake that says what is missing and how to get it."""
    try:
        return host.plugin(layer.slug)
    except Refusal as refusal:
        installed = [one.slug for one in host.statuses() if one.slug != layer.slug]
        misspelt = bool(get_close_matches(layer.slug, installed, 1))
        sentence = unknown(layer.slug, installed) if misspelt else in_one_line(refusal)
        layer.source.fault(("plugins", layer.slug), sentence)
        return None


def _check_locks(layer: Layer, above: Sequence[Layer]) -> None:
    for name in sorted(layer.locked - layer.values.keys()):
        layer.source.fault(
            ("plugins", layer.slug, "locked"),
            Text(
                id="“{name}” dikunci tanpa nilai; tulis nilainya pada tabel config.",
                en="“{name}” is locked without a value; write one in the table config.",
            ).format(name=name),
        )
    for upper in above:
        for name in sorted(upper.locks & layer.values.keys()):
            layer.source.fault(
                ("plugins", layer.slug, "config", name),
                Text(
                    id="{place}: “{name}” dikunci oleh {upper} ({file}) dan tidak dapat diubah di sini; hapus baris ini.",
                    en="{place}: “{name}” is locked by {upper} ({file}) and cannot be changed here; remove this line.",
                ).format(place=_place(layer.source), name=name, upper=_place(upper.source), file=upper.source.label),
            )


def _new_problems(plugin: Plugin, layer: Layer, above: Sequence[Layer]) -> Iterator[Problem]:
    """Those of every day on which a layer begins, but for what is wrong without this layer as well."""
    layers = [*above, layer]
    begin = layer.since or date.min
    for day in sorted({begin} | {one.since for one in above if one.since and one.since > begin}):
        found = problems(plugin.config, merged(layers, day))
        inherited = {one.sentence for one in problems(plugin.config, merged(above, day))} if found else set()
        yield from (one for one in found if one.only_missing or one.sentence not in inherited)


def merged(layers: Sequence[Layer], day: date) -> dict[str, Any]:
    """The values that hold on a day; a field locked above keeps its value."""
    values: dict[str, Any] = {}
    locked: set[str] = set()
    for layer in layers:
        if (layer.since or date.min) <= day:
            values |= {name: value for name, value in layer.values.items() if name not in locked}
            locked |= layer.locks
    return values


def _place(source: Source) -> Text:
    if source.kind == "national":
        return Text(id="Nasional", en="National")
    name = (source.data or {}).get("name")
    shown = name if isinstance(name, str) and name else source.code
    return Text(id=shown, en=shown)


def in_one_line(refusal: Refusal) -> Text:
    return Text(id=f"{refusal.what.id} {refusal.remedy.id}", en=f"{refusal.what.en} {refusal.remedy.en}")
