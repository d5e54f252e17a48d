"""Holds what a schema says beyond the types of single keys, as far as one file can tell: the loader holds all of it, and more."""

from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from guyub.access.roles import PERMISSIONS
from guyub.facilities.classes import CLASSES
from guyub.facilities.records import FacilityType
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.file_checks import known_permissions
from guyub.provisioning.file_models import RoleInFile, Separation

_KELAS = r"([Kk]([Ee]?[Ll][Aa][Ss]|[Ll][Ss]|[Ll])[\s.\-/]+)?"
_BETWEEN = r"[\s.\-/]*"


class Plain(GenerateJsonSchema):
    """Makes schemas without what pydantic makes up: titles out of names, and docstrings, which speak to developers."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        return {name: value for name, value in made.items() if name not in ("title", "description")}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Returns the schema of a decimal, which may be written as text. How many places a number has no schema can
        tell: 0.043 is no multiple of 0.001 to a computer."""
        made = super().decimal_schema(schema)
        places = schema.get("decimal_places")
        behind = "+" if places is None else f"{{1,{places}}}0*"
        for item in made.get("anyOf", ()):
            if item.get("type") == "string":
                item["pattern"] = rf"^[0-9]+(\.[0-9]{behind})?$"
        return made


def of_places(schema: dict[str, Any], plugins: PluginRegistry) -> None:
    """Returns the rules of places: the class is one of the type, only a lapas has a variant, and what is merged is
    closed."""
    schema["allOf"] = [_of_type(kind) for kind in CLASSES] + [
        {
            "if": {"properties": {"merged_into": {"minLength": 1}}, "required": ["merged_into"]},
            "then": {"required": ["closed"]},
        }
    ]


def _of_type(kind: str) -> dict[str, Any]:
    then: dict[str, Any] = {"class": {"pattern": class_pattern(CLASSES[kind])}}
    if kind != "lapas":
        then["variant"] = {"const": ""}
    return {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": {"properties": then}}


def class_pattern(classes: tuple[str, ...]) -> str:
    """Returns a pattern for each class as people write it: IIA, "Kelas II A", 2A; or none."""
    known = "|".join(_written(class_) for class_ in classes)
    return rf"^\s*$|^\s*{_KELAS}({known})\s*$" if known else r"^\s*$"


def _written(fraction: str) -> str:
    ones = len(fraction) - len(fraction.lstrip("I"))
    number = rf"({_BETWEEN.join(['[Ii]'] * ones)}|{ones})"
    rest = "".join(f"{_BETWEEN}[{letter}{letter.lower()}]" for letter in fraction[ones:])
    return number + rest


def of_roles(schema: dict[str, Any], plugins: PluginRegistry) -> None:
    """Permissions that some code asks for, and titles for types of facility that there are."""
    role = schema["$defs"][RoleInFile.__name__]["properties"]
    role["permissions"]["items"]["enum"] = sorted(known_permissions(plugins))
    role["titles"] |= {"propertyNames": {"enum": ["default", *get_args(FacilityType)]}, "required": ["default"]}
    for side in schema["$defs"][Separation.__name__]["properties"].values():
        side["enum"] = sorted(PERMISSIONS)
