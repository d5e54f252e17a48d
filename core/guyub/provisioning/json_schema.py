"""JSON schemas of the files, made of their declarations and of the plugins that are installed: editors complete by them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from guyub.configuration.secret_values import secret_fields
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import json_schema_rules as rules
from guyub.provisioning.file_models import FacilityFile, FileModel, NationalFile, RegionFile
from guyub.provisioning.json_schema_rules import Plain
from guyub.sdk.config import Config

FOLDER = "schema"
KINDS: Mapping[str, type[FileModel]] = {"national": NationalFile, "region": RegionFile, "facility": FacilityFile}
_DRAFT = "http://json-schema.org/draft-07/schema#"
"""What editors for TOML understand."""


_RULES: Mapping[str, Callable[[dict[str, Any], PluginRegistry], None]] = {
    "national": rules.of_roles,
    "region": lambda schema, plugins: None,
    "facility": rules.of_places,
}
"""What one file says in several places at once, or what is listed elsewhere."""


def reference_of(kind: str) -> str:
    """Returns the way from a file of that kind to its schema, as ``#:schema`` names it."""
    return f"{'./' if kind == 'national' else '../'}{FOLDER}/{kind}.json"


def schema_of(kind: str, plugins: PluginRegistry) -> dict[str, Any]:
    schema = KINDS[kind].model_json_schema(by_alias=True, schema_generator=Plain)
    definitions: dict[str, Any] = schema.setdefault("$defs", {})
    table = "FacilityPlugin" if kind == "facility" else "InheritedPlugin"
    later = "LaterAtFacility" if kind == "facility" else "LaterValues"
    by_slug: dict[str, Any] = {}
    for slug, plugin in sorted(plugins.ready().items()):
        config = _config_of(plugin.config, slug, definitions)
        definitions[f"{slug}.later"] = _with_config(definitions[later], config)
        whole = _with_config(definitions[table], config)
        whole["properties"]["later"] = {**whole["properties"]["later"], "items": {"$ref": f"#/$defs/{slug}.later"}}
        definitions[f"{slug}.table"] = whole
        by_slug[slug] = {"$ref": f"#/$defs/{slug}.table", "title": plugin.title.id, "description": plugin.summary.id}
    for unused in (table, later):
        del definitions[unused]
    schema["properties"]["plugins"] |= {"type": "object", "properties": by_slug, "additionalProperties": False}
    _RULES[kind](schema, plugins)
    return {
        "$schema": _DRAFT,
        **{name if name != "$defs" else "definitions": _as_draft(part) for name, part in schema.items()},
    }


def _config_of(model: type[Config], slug: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of values of one layer: any of them may be left out, and secrets are not written."""
    schema: dict[str, Any] = model.model_json_schema(
        by_alias=True, ref_template=f"#/$defs/{slug}.{{model}}", schema_generator=Plain
    )
    for name, part in schema.pop("$defs", {}).items():
        definitions[f"{slug}.{name}"] = part
    schema.pop("required", None)
    properties = schema.setdefault("properties", {})
    for name in secret_fields(model):
        properties.pop(name, None)
    return {**schema, "additionalProperties": False}


def _with_config(table: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string", "enum": sorted(config["properties"])}}
    properties = {**table["properties"], "config": {**table["properties"]["config"], **config}}
    for name in ("locked", "inherit"):
        if name in properties:
            properties[name] = {**properties[name], **names}
    return {**table, "properties": properties}


def _as_draft(schema: Any) -> Any:
    """Definitions by the name of that draft, and titles in Indonesian: an editor shows one language."""
    if isinstance(schema, list):
        return [_as_draft(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema.replace("#/$defs/", "#/definitions/") if isinstance(schema, str) else schema
    if set(schema) == {"id", "en"} and isinstance(schema["id"], str):
        return schema["id"]
    made = {name: _as_draft(part) for name, part in schema.items()}
    return made | {"description": made["help"]} if isinstance(made.get("help"), str) else made


def write_schemas(folder: Path, plugins: PluginRegistry) -> list[Path]:
    """Writes them into the folder of the files; gives those that changed."""
    changed = []
    for kind in KINDS:
        path = folder / FOLDER / f"{kind}.json"
        text = json.dumps(schema_of(kind, plugins), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
