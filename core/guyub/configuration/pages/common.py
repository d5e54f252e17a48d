"""Helpers that the administrators' pages of plugins share: the reader's place, the plugin that is meant, and what forms
send."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col
from starlette.datastructures import FormData

from guyub.access import required_reason
from guyub.configuration import management
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.http import RegionInView
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.forms import FieldEntry
from guyub.ui.typed_values import day_at

PLUGINS = Text(id="Plugin", en="Plugins")

CONFIRMED, CHANGE = "_confirmed", "_change"
"""What the buttons of the last page send: do it, or go back to the form."""

FIRST_DAY, REASON = "_valid_from", "_reason"
"""Beside the fields of a plugin's configuration, whose names never begin with an underscore."""


def plugins_url(work: Work) -> str:
    return f"/f/{work.here.code}/plugins"


def plugin_url(work: Work, slug: str) -> str:
    return f"{plugins_url(work)}/{slug}/"


def title_of(plugins: PluginRegistry, slug: str) -> Text:
    """Returns what the plugin calls itself; its slug where it is not there to say."""
    plugin = plugins.ready().get(slug)
    return plugin.title if plugin is not None else Text(id=slug, en=slug)


def require_known(plugins: PluginRegistry, slug: str, ever_switched: bool) -> None:
    """Raises ``NotFound`` for a slug that is neither installed nor was ever active here."""
    if plugins.status(slug).state == "missing" and not ever_switched:
        raise ConfigurationRefusal.UNKNOWN_PLUGIN.not_found(slug=slug)


def require_changes(changed: Mapping[str, Any]) -> None:
    """Raises ``Invalid`` where no field is to be changed."""
    if not changed:
        raise ConfigurationRefusal.NOTHING_CHANGED.invalid()


def names_in(work: Work, office: RegionInView) -> dict[str, str]:
    """Returns the names of the region and its facilities, by code."""
    kind = FacilityModel
    rows = work.all(select(col(kind.code), col(kind.name)).where(col(kind.region_id) == office.id))
    return {office.code: office.office_name} | {row.code: row.name for row in rows}


class Managed:
    """Holds by which door the facility of this work is changed, whether this reader may change that, and whether they
    configure here at all: the staff of the facility read. One query."""

    def __init__(self, work: Work) -> None:
        self.by_files = facilities.facility(work).managed_by == "files"
        self.configures = work.may("facilities.configure")
        self.may_change = self.configures and not self.by_files
        self.may_hand_over = management.is_decided_by(work)


_TITLES = {
    FIRST_DAY: Text(id="Berlaku mulai", en="In effect from"),
    REASON: Text(id="Alasan", en="Reason"),
    "reason": Text(id="Alasan", en="Reason"),
    "fields": Text(id="Isian", en="Fields"),
    "template": Text(id="Templat", en="Template"),
}


def summary(problems: Mapping[str, Text], entry: FieldEntry[Any] | None = None) -> dict[str, Text]:
    """Returns what stands above a form: each problem after the title of its field, the first day and the reason included."""
    known = entry.summary if entry is not None else {}
    own = {name: Text.join(": ", (_TITLES[name], problem)) for name, problem in problems.items() if name in _TITLES}
    return {**problems, **known, **own}


# --- what forms send ---------------------------------------------------------------------------------------------


def word(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def first_day(form: FormData) -> date:
    """Raises ``Invalid`` at its field."""
    typed = word(form, FIRST_DAY)
    if not typed:
        raise ConfigurationRefusal.NO_FIRST_DAY.invalid(FIRST_DAY)
    return day_at(typed, FIRST_DAY)


def reason(form: FormData) -> str:
    """Raises ``Invalid`` at its field."""
    return required_reason.require_reason(ConfigurationRefusal.REASON, word(form, REASON), field=REASON)
