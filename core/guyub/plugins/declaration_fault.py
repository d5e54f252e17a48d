"""``DeclarationFault``: why the host refuses what a plugin declares, for its quarantine and for ``guyub plugin check``."""

from dataclasses import dataclass

from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class DeclarationFault:
    """``code`` is the id of the rule of conformance that is broken ("HOOK001"), ``attribute`` the plugin's attribute that
    declares it, ``thing`` the function or class that is declared there, where it is one."""

    code: str
    text: Text
    attribute: str
    thing: object = None


def all_of(declared: object, kind: type) -> bool:
    """Returns whether it is a tuple of instances of the class."""
    return isinstance(declared, tuple) and all(isinstance(item, kind) for item in declared)


def wrong_type(name: str, code: str = "PKG011", thing: object = None) -> DeclarationFault:
    """Returns the fault of an attribute ("reports.stock.title") that is missing or of another type."""
    text = Text(
        id="Pernyataan “{name}” tidak lengkap atau salah jenis.",
        en="The declaration “{name}” is missing or of a wrong type.",
    ).format(name=name)
    return DeclarationFault(code, text, name.partition(".")[0].partition(" ")[0], thing)


def unknown_permission(
    attribute: str, name: str, permission: str, code: str = "WEB003", thing: object = None
) -> DeclarationFault:
    """Returns the fault of a permission that neither the plugin nor the core declares; ``name`` is what names it."""
    text = Text(
        id="{name} menyebut wewenang yang tidak dikenal: “{permission}”.",
        en="{name} names an unknown permission: “{permission}”.",
    ).format(name=name, permission=permission)
    return DeclarationFault(code, text, attribute, thing)
