"""Rules of configurations and forms: fields that explain themselves, bounds, defaults, migrations."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr, ValidationError

from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.testing.calls import PluginCall
from guyub.testing.declared_fields import bare, extra_of, fields, limits, models, parts, receipts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import at_the_edges, configurations
from guyub.testing.side_effects import watched

_NAMED_AS_SECRET = re.compile(r"(^|_)(password|passwd|token|secret|api_?key|private_?key|kata_sandi)($|_)")


@rule(
    "CONF001",
    "Every field of a configuration, receipt or line has a title and a help, in Indonesian and English.",
    why="The forms are made from them; staff see nothing else.",
    fix="make it with guyub.sdk.field(Text(id=…, en=…), help=Text(id=…, en=…))",
)
def fields_explained(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        extra = extra_of(info)
        for part in ("title", "help"):
            text = extra.get(part)
            if not isinstance(text, Mapping) or not all(str(text.get(lang, "")).strip() for lang in ("id", "en")):
                yield Violation(f"{model.__name__}.{name} has no {part} in both languages", place)


@rule(
    "CONF002",
    "Every number has a unit; a line of goods may have it in a field `unit` beside it.",
    why="Thirty of what? A number without a unit is read as whatever the reader expects.",
    fix="add unit=Text(id=…, en=…) to the field",
)
def numbers_have_units(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        extra = extra_of(info)
        beside = bare(info.annotation) is Decimal and "unit" in model.model_fields
        if bare(info.annotation) in (int, Decimal) and not extra.get("unit") and not beside:
            yield Violation(f"{model.__name__}.{name} is a number without a unit", place)


@rule(
    "CONF003",
    "Every number has a lowest and a highest value.",
    why="A slip of the finger makes 5 into 500; and a refusal can only name the allowed range where there is one.",
    fix="add ge= and le=, or use Rupiah, Percent or Quantity, which have them",
)
def numbers_are_bounded(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        if bare(info.annotation) not in (int, Decimal):
            continue
        bounds = limits(info).keys()
        if not bounds & {"ge", "gt"} or not bounds & {"le", "lt", "max_digits"}:
            yield Violation(f"{model.__name__}.{name} is a number without a range", place)


@rule(
    "CONF004",
    "The default of every field passes the model's own checks, alone and together.",
    why="A facility that changes one setting would read that another setting, which it never touched, is wrong.",
    fix="choose defaults that the model accepts",
)
def defaults_are_valid(specimen: PluginUnderTest) -> Iterator[Violation]:
    model = specimen.plugin.config
    defaults = {
        name: info.get_default(call_default_factory=True, validated_data={})
        for name, info in model.model_fields.items()
        if not info.is_required()
    }
    try:
        model.model_validate(defaults)
    except ValidationError as error:
        for item in error.errors():
            if item["type"] != "missing" or len(item["loc"]) > 1:
                name = str(item["loc"][0]) if item["loc"] else ""
                yield Violation(f"the default of {name or model.__name__}: {item['msg']}", specimen.member(model, name))
    except Refusal as refusal:
        yield Violation(f"the defaults together: {refusal.what.en}", specimen.member(model))


@rule(
    "CONF005",
    'Every model is frozen and refuses unknown fields (extra="forbid").',
    why="A configuration is shared by all calls of its day; and a misspelt setting in a file would be lost in silence.",
    fix="derive from guyub.sdk.Config or Receipt and leave frozen and extra as they are",
)
def models_are_frozen(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model in models(specimen):
        if not model.model_config.get("frozen"):
            yield Violation(f"{model.__name__} is not frozen", specimen.member(model))
        if model.model_config.get("extra") != "forbid":
            yield Violation(f"{model.__name__} takes unknown fields", specimen.member(model))


@rule(
    "CONF007",
    "A migration gives new values from old ones: the same for the same, any part of them, and changes nothing else.",
    why="It runs on the few values that one layer overrides, again for every reading of an old day.",
    fix="return a new dict; take names with .get or `in`, as any may be missing",
)
def migrations_pure(specimen: PluginUnderTest) -> Iterator[Violation]:
    plugin = specimen.plugin
    stored: list[dict[str, Any]] = [
        {},
        *(configuration.model_dump(mode="json") for configuration in configurations(plugin.config)[:3]),
    ]
    known = set(plugin.config.model_fields)
    for n, migrate in sorted(plugin.config_migrations.items()):
        place = specimen.function(migrate)
        for values in stored:
            argument = deepcopy(values)
            try:
                with watched(specimen.package) as deeds:
                    first: Any = migrate(argument)
                    second: Any = migrate(deepcopy(values))
            except Exception as error:  # an author's code may raise anything
                yield Violation(f"from version {n}, {values or 'no value'}: {type(error).__name__}: {error}", place)
                break
            if not isinstance(first, dict):
                yield Violation(f"from version {n} it gives {type(first).__name__}, no dict", place)
            elif first != second:
                yield Violation(f"from version {n} it gives two answers to one question", place)
            elif argument != values:
                yield Violation(f"from version {n} it changes the values that it was given", place)
            elif n == plugin.config_version - 1 and (unknown := sorted(set(first) - known - set(values))):
                yield Violation(f"to the present version it gives {', '.join(unknown)}, which is no field", place)
            for deed in deeds:
                yield Violation(f"from version {n} it {deed.what}", deed.place)


@rule(
    "CONF008",
    "No field of a configuration, receipt or line is a float.",
    why="0.1 + 0.2 is not 0.3 for a float; books must add up to the rupiah.",
    fix="use Rupiah (whole), Quantity (three decimals) or Percent",
)
def no_float_fields(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        if float in parts(info.annotation):
            yield Violation(f"{model.__name__}.{name} is a float", place)


@rule(
    "CONF010",
    "A password, token or key is a Secret.",
    why="Another field is shown, exported to files and kept in the clear.",
    fix="make it a guyub.sdk.Secret",
)
def secrets_kept(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        if _NAMED_AS_SECRET.search(name) and str in parts(info.annotation) and SecretStr not in parts(info.annotation):
            yield Violation(f"{model.__name__}.{name} is kept and shown as it is", place)


@rule(
    "CONF011",
    "Every value of a Literal has its words in `choices`, and `choices` has no other.",
    why="Staff would read the code of the value.",
    fix="give choices={value: Text(id=…, en=…)} for every value",
)
def choices_have_words(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model, name, info, place in fields(specimen):
        values = {
            str(value) for part in parts(info.annotation) if get_origin(part) is Literal for value in get_args(part)
        }
        extra = extra_of(info)
        choices = extra.get("choices")
        named = set(choices) if isinstance(choices, Mapping) else set()
        for value in sorted(values - named):
            yield Violation(f"{model.__name__}.{name}: nothing says what “{value}” means", place)
        for value in sorted(named - values):
            yield Violation(f"{model.__name__}.{name}: “{value}” has words but is no choice", place)


@rule(
    "CONF012",
    "Every receipt has a key of its own (small letters, digits, _) and a title in both languages.",
    why="The address of its form is made from the key, and the title stands above it.",
    fix="set key and title in the class of the receipt",
)
def receipts_named(specimen: PluginUnderTest) -> Iterator[Violation]:
    keys: list[str] = []
    for receipt in receipts(specimen):
        title, key = getattr(receipt, "title", None), getattr(receipt, "key", None)
        if not isinstance(title, Text) or not title.id.strip() or not title.en.strip():
            yield Violation(f"{receipt.__name__} has no title in both languages", specimen.member(receipt))
        if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            yield Violation(f"the key of {receipt.__name__} is {key!r}", specimen.member(receipt))
        elif key in keys:
            yield Violation(f"{key} is the key of two receipts", specimen.member(receipt))
        keys.append(str(key))


@rule(
    "CONF013",
    "A validator of a configuration or receipt raises ValueError, AssertionError or a refusal for what it does not take.",
    why="Anything else is a crash: the plugin stands still at the facility that stored such a value.",
    fix="raise ValueError, or guyub.sdk.Invalid with the field and a remedy; expect every value that the field's type allows",
)
def checks_refuse(specimen: PluginUnderTest) -> Iterator[Violation]:
    for model in (specimen.plugin.config, *receipts(specimen)):
        for name, values in at_the_edges(model):
            raised = PluginCall(model, "model_validate", name, model.model_validate, (values,)).ask().raised
            if raised is not None and not isinstance(raised, ValidationError | Refusal):
                sentence = f"{model.__name__} with {name} = {values[name]!r} raises {type(raised).__name__}: {raised}"
                yield Violation(sentence, specimen.member(model, name))
                break
