"""Checks whether values are a configuration of a plugin, and if not, what is wrong: each field by its name, with what
is allowed.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json
from starlette.datastructures import FormData

from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import MASK, secret_fields
from guyub.plugins.crash import Broke, naming, unless
from guyub.plugins.dispatch import code_of
from guyub.plugins.plugin_proxies import DECLARED
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.schedules import schedule_problem
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui import problems as form_problems
from guyub.ui.forms import FieldEntry
from guyub.ui.validation_messages import explain, outermost_left_out

log = logging.getLogger("guyub.plugins")


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """Holds what is wrong with a value: ``location`` is the path of the field, empty for the whole; ``sentence`` names
    it and what may stand there."""

    location: tuple[str | int, ...]
    sentence: Text
    only_missing: bool = False
    of_the_whole: bool = False
    """Found by comparing fields with one another, so it may come from another layer."""

    @property
    def field(self) -> str:
        return str(self.location[0]) if self.location else ""


def validated(
    model: type[Config], values: Mapping[str, Any], *, written: bool = False
) -> tuple[Config | None, list[ValueProblem]]:
    """Returns the frozen configuration, or None and what makes these values none. Secrets stand open in ``values``.

    ``written``: they come from TOML or JSON, which tell numbers, words and true or false apart. There "5" is no number; only
    a decimal may be written as text.
    """
    details = _of_another_kind(model, values) if written else []
    try:
        with unless(ValidationError, Refusal):
            config = model.model_validate(values)
        if not details:
            return config, []
    except ValidationError as error:
        known = {error["loc"] for error in details}
        details += [item for item in error.errors(include_url=False) if item["loc"] not in known]
    except Refusal as refusal:
        field = refusal.field if isinstance(refusal, Invalid) else ""
        sentence = Text(id="{what} {remedy}", en="{what} {remedy}").format(what=refusal.what, remedy=refusal.remedy)
        if not details:
            return None, [ValueProblem((field,) if field else (), sentence, of_the_whole=True)]
    except Broke as broke:
        if not details:
            return None, [ValueProblem((), _crashed(model, broke.error), of_the_whole=True)]
    secrets = secret_fields(model)
    details = outermost_left_out(details)
    for item in details:
        if item["loc"] and item["loc"][0] in secrets:
            item["input"] = MASK
    return None, [
        ValueProblem(error["loc"], explain(model, error), error["type"] == "missing", not error["loc"])
        for error in details
    ]


def validated_for(
    plugin: Plugin, values: Mapping[str, Any], *, written: bool = False
) -> tuple[Config | None, list[ValueProblem]]:
    """Returns the same as ``validated`` of the plugin's own model; a configuration whose programmes would have a schedule
    that the core does not follow is none."""
    config, known = validated(plugin.config, values, written=written)
    schedules = _schedule_problems(plugin, config) if config is not None else []
    return (None, schedules) if schedules else (config, known)


def _schedule_problems(plugin: Plugin, config: Config) -> list[ValueProblem]:
    problems = []
    for kind in plugin.program_types:
        try:
            with unless():
                rule: object = kind.schedule(config)
        except Broke:
            continue  # reported, with the plugin's name, by who asks for the schedule
        sentence = schedule_problem(rule) if isinstance(rule, str) else None
        if sentence is not None:
            problems.append(ValueProblem((), sentence, of_the_whole=True))
    return problems


def _of_another_kind(model: type[Config], values: Mapping[str, Any]) -> list[ErrorDetails]:
    """Yields the values that pydantic would turn into what the field is. Read as JSON, where a list may be a tuple and
    text a date."""
    try:
        with unless(ValidationError):
            model.model_validate_json(to_json(values), strict=True)
    except ValidationError as error:
        return [item for item in error.errors(include_url=False) if item["type"].endswith("_type")]
    except Broke:
        pass  # what the plugin's own checks say is reported with the values as they are meant
    return []


def _crashed(model: type[Config], error: BaseException) -> Text:
    """Returns a problem that names the kind of error and the code under which the log has the rest."""
    code = code_of(model.__module__, model.__qualname__, error)
    log.error("%s.%s failed to check values (%s)", model.__module__, model.__qualname__, code, exc_info=error)
    return _CRASHED.format(case=type(error).__name__, code=code)


def read_form(plugin: Plugin, model: type[BaseModel], sent: FormData, place: Text) -> FieldEntry[Any]:
    """Returns a form of the plugin's configuration as it was sent; ``model`` may be a part of it.

    Raises ``PluginCrashed`` where the plugin's own checks break.
    """
    with naming(plugin, "config", place.en, sentence=DECLARED):
        return forms.read(model, sent, said_at(place, plugin))


def said_at(place: Text, plugin: Plugin) -> Callable[[ValidationError], list[Invalid]]:
    """Returns how a form says what is wrong: in the words of the files and the API, with the place and the plugin."""

    def violations(error: ValidationError) -> list[Invalid]:
        refusals = []
        for detail, known in zip(error.errors(include_url=False), form_problems.problems_of(error), strict=True):
            is_said = "what" in detail.get("ctx", {})
            if detail["loc"] and detail["loc"][0] in secret_fields(plugin.config):
                detail["input"] = MASK
            what = AT.format(place=place, plugin=plugin.title, sentence=explain(plugin.config, detail))
            refusals.append(known if is_said else ConfigurationRefusal.CONFIG_VALUE.invalid(known.field, sentence=what))
        return refusals

    return violations


AT = Text(id="{place}, {plugin}: {sentence}", en="{place}, {plugin}: {sentence}")
_CRASHED = Text(
    id="Plugin gagal memeriksa nilainya: {case}. Kode: {code}.",
    en="The plugin failed to check its values: {case}. Code: {code}.",
)


def problems(plugin: Plugin, values: Mapping[str, Any], *, written: bool = False) -> list[ValueProblem]:
    """Returns the problems; none when the values are a configuration of the plugin; ``written`` as for ``validated``."""
    return validated_for(plugin, values, written=written)[1]
