"""Whether values are a configuration of a plugin, and if not, what is wrong: each field by its name, with what is allowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from guyub.host.secret_values import MASK, secret_fields
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui import problems as form_problems
from guyub.ui.sentences import explain, outermost_left_out


@dataclass(frozen=True, slots=True)
class Problem:
    """``location`` is the path of the field, empty for the whole; ``sentence`` names it and what may stand there."""

    location: tuple[str | int, ...]
    sentence: Text
    only_missing: bool = False
    of_the_whole: bool = False
    """Found by comparing fields with one another, so it may come from another layer."""

    @property
    def field(self) -> str:
        return str(self.location[0]) if self.location else ""


def validated(model: type[Config], values: Mapping[str, Any]) -> tuple[Config | None, list[Problem]]:
    """The frozen configuration, or None and what makes these values none. Secrets stand open in ``values``."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        secrets = secret_fields(model)
        found = outermost_left_out(error.errors(include_url=False))
        for one in found:
            if one["loc"] and one["loc"][0] in secrets:
                one["input"] = MASK
        return None, [
            Problem(one["loc"], explain(model, one), one["type"] == "missing", not one["loc"]) for one in found
        ]
    except Refusal as refusal:
        field = refusal.field if isinstance(refusal, Invalid) else ""
        sentence = Text(id="{what} {remedy}", en="{what} {remedy}").format(what=refusal.what, remedy=refusal.remedy)
        return None, [Problem((field,) if field else (), sentence, of_the_whole=True)]


def said_at(place: Text, plugin: Plugin) -> Callable[[ValidationError], list[Invalid]]:
    """How a form says what is wrong: in the words of the files and the API, with the place and the plugin."""

    def mistakes(error: ValidationError) -> list[Invalid]:
        found = []
        for one, known in zip(
            error.errors(include_url=False), form_problems.problems_of(error), strict=True
        ):  # fmt: skip
            is_said = "what" in one.get("ctx", {}) or one["type"] == "missing"
            if one["loc"] and one["loc"][0] in secret_fields(plugin.config):
                one["input"] = MASK
            what = AT.format(place=place, plugin=plugin.title, sentence=explain(plugin.config, one))
            found.append(known if is_said else Invalid("host.config_value", what, MEND, known.field))
        return found

    return mistakes


AT = Text(id="{place}, {plugin}: {sentence}", en="{place}, {plugin}: {sentence}")
MEND = Text(id="Perbaiki isian itu; tidak ada yang diubah.", en="Mend the entry; nothing was changed.")


def problems(model: type[Config], values: Mapping[str, Any]) -> list[Problem]:
    """Empty when the values are a configuration."""
    return validated(model, values)[1]
