"""The configuration of a plugin at a facility on a day, with the origin of every field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guyub.configuration.merge import ORIGIN_DEFAULT, MergedValues, ValueOrigin, merged
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import opened
from guyub.configuration.store import StoredAt, stored_at
from guyub.configuration.validation import ValueProblem, validated_for
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Resolved:
    """The validated, frozen model, and for each of its fields where the value comes from."""

    config: Config
    origins: Mapping[str, ValueOrigin]


def resolve(
    work: Work,
    plugin: Plugin,
    facility_id: UUID,
    on: date,
    *,
    protector: Protector | None = None,
    known_at: datetime | None = None,
) -> Resolved:
    """Returns what applies on a day (the facility's own date); ``known_at``: as far as it was recorded by that moment.
    One query.

    Raises ``Refusal`` when a stored value no longer validates: the plugin is then out of service at this facility alone.
    """
    return resolved_from(stored_at(work, facility_id, on, known_at), plugin, on, protector)


def resolved_from(stored: StoredAt, plugin: Plugin, on: date, protector: Protector | None) -> Resolved:
    """Returns the same from rows that were read before. No query. Raises ``Refusal`` as ``resolve``."""
    values = merged(plugin, stored.of(plugin.slug), on)
    config, problems = validated_for(plugin, opened(protector, plugin.config, values.values))
    if config is None:
        raise invalid_at(stored.facility, plugin, values, problems[0])
    return Resolved(config, {name: values.origins.get(name, ORIGIN_DEFAULT) for name in plugin.config.model_fields})


def invalid_at(facility: str, plugin: Plugin, values: MergedValues, problem: ValueProblem) -> Refusal:
    """Returns a refusal that names the facility, the field with what it allows, and who set the value at which layer
    since when."""
    origin = values.origins.get(problem.field, ORIGIN_DEFAULT)
    place = origin.place if origin.layer != "default" else Text(id="lapisan UPT", en="the facility")
    why = why_invalid(values, problem)
    return ConfigurationRefusal.CONFIG_INVALID.refusal(plugin=plugin.title, facility=facility, why=why, place=place)


def why_invalid(values: MergedValues, problem: ValueProblem) -> Text:
    """Returns the field with what it allows, and who set the value at which layer since when; of the whole only what is wrong."""
    if problem.of_the_whole and not problem.field:
        return problem.sentence
    origin = values.origins.get(problem.field, ORIGIN_DEFAULT)
    return Text(
        id="{sentence} Asal nilai: {origin}{actor}.", en="{sentence} The value comes from: {origin}{actor}."
    ).format(sentence=problem.sentence, origin=origin.sentence, actor=_by(origin))


def _by(origin: ValueOrigin) -> Text:
    if not origin.actor or origin.locked:
        return Text(id="", en="")
    return Text(id=" · oleh {actor}", en=" · by {actor}").format(actor=origin.actor)
