"""Names changes as people call them: in lists of what was applied, and in the reason of what takes it back."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from guyub.configuration.pages.common import title_of
from guyub.configuration.plan_history import AppliedPlan
from guyub.configuration.steps import PlannedChange
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.model_fields import FormField, fields_of

_ZONE = ZoneInfo("Asia/Jakarta")
_MOST_WHAT = 120
"""Letters of what was changed in a reason, which has room for the reader's own words as well."""


def field_of(plugins: PluginRegistry, slug: str, name: str) -> FormField | None:
    plugin = plugins.ready().get(slug)
    return (
        next((field for field in fields_of(plugin.config) if field.name == name), None) if plugin is not None else None
    )


def named(change: PlannedChange, plugins: PluginRegistry) -> tuple[Text, FormField | None]:
    """Returns the thing that was changed, and its field where its value is one."""
    kind, _, rest = change.what.partition(".")
    if kind == "plugin":
        return title_of(plugins, rest), None
    if kind != "config":
        return _RECORDS.get(kind, Text(id=kind, en=kind)), None
    title, field = _of_field(rest, plugins)
    return (_LOCK.format(title=title), None) if change.what.endswith(".locked") else (title, field)


def called(what: str, plugins: PluginRegistry) -> Text:
    """Returns the same for a dotted name alone."""
    return named(PlannedChange("national", "", "", what, None, None), plugins)[0]


def changes_text(changes: Sequence[PlannedChange], plugins: PluginRegistry) -> tuple[Text, ...]:
    """Returns the first things that were changed, and how many more: of a plugin and of a lock also what became of it."""
    titles = {title.id: title for title in (_change_text(change, plugins) for change in changes)}
    first, more = tuple(titles.values())[:_MOST_NAMED], len(titles) - _MOST_NAMED
    return (*first, _MORE.format(count=more)) if more > 0 else first


def taking_back(applied: AppliedPlan, plugins: PluginRegistry, reason: str) -> str:
    """Returns what stands in the books for taking a plan back: which change, of which day, by whom, and why."""
    what = Text.join("; ", changes_text(applied.changes, plugins)).id
    what = what if len(what) <= _MOST_WHAT else f"{what[: _MOST_WHAT - 1]}…"
    day = format_date(applied.when.astimezone(_ZONE).date())
    sentence = f"Membatalkan “{what}” ({day}, oleh {applied.who})"
    return f"{sentence}: {reason}" if reason else sentence


def _change_text(change: PlannedChange, plugins: PluginRegistry) -> Text:
    title, _ = named(change, plugins)
    if change.what.startswith("plugin.") and change.valid_from is not None:
        return _SWITCHED[bool(change.new)].format(
            title=title, day_id=format_date(change.valid_from), day_en=format_date(change.valid_from, "en")
        )
    if change.what.endswith(".locked"):
        return _LOCKED[bool(change.new)].format(title=_of_field(change.what.removeprefix("config."), plugins)[0])
    return title


def _of_field(what: str, plugins: PluginRegistry) -> tuple[Text, FormField | None]:
    """Returns the same for "plugin.field", with or without its lock."""
    slug, _, name = what.removesuffix(".locked").partition(".")
    field = field_of(plugins, slug, name)
    title = field.title if field is not None else Text(id=name, en=name)
    return _TITLE.format(plugin=title_of(plugins, slug), field=title), field


_MOST_NAMED = 3
_MORE = Text(id="dan {count} lainnya", en="and {count} more")
_RECORDS = {
    "facility": Text(id="Data UPT", en="Particulars of a facility"),
    "region": Text(id="Data wilayah", en="Particulars of the region"),
    "letters": Text(id="Kop dan pola nomor surat", en="Letterhead and letter numbers"),
    "official": Text(id="Pejabat", en="Officials"),
    "theme": Text(id="Program kementerian", en="Programmes of the ministry"),
    "role": Text(id="Peran", en="Roles"),
    "separation": Text(id="Pemisahan tugas", en="Separation of duties"),
}
_TITLE = Text(id="{plugin}: {field}", en="{plugin}: {field}")
_LOCK = Text(id="{title}: kunci", en="{title}: lock")
_LOCKED = {
    True: Text(id="{title}: dikunci", en="{title}: locked"),
    False: Text(id="{title}: kunci dilepas", en="{title}: lock taken off"),
}
_SWITCHED = {
    True: Text(id="{title}: diaktifkan mulai {day_id}", en="{title}: activated from {day_en}"),
    False: Text(id="{title}: dinonaktifkan mulai {day_id}", en="{title}: deactivated from {day_en}"),
}
