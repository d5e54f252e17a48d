"""Holds what one file alone cannot tell: roles, duties, dates and numbers, checked against one another."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from guyub.access.roles import PERMISSIONS, RoleScope
from guyub.facilities.letter_numbers import TOKENS, letter_number
from guyub.facilities.records import FacilityType
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.files import SourceFile
from guyub.provisioning.plugin_values import in_one_line
from guyub.sdk.text import Text
from guyub.ui.validation_messages import unknown

# The checks read what is there and pass over what has the wrong form: that is a finding of its own already, and
# a file with one finding still has all its others.


def check_codes(facilities: Sequence[SourceFile]) -> None:
    """Checks that a facility has one file in the whole country: its code is in its address."""
    first: dict[str, SourceFile] = {}
    for source in facilities:
        known = first.setdefault(source.code, source)
        if known is not source:
            source.fault_at(
                1,
                Text(
                    id="Kode “{code}” sudah dipakai oleh {other}; ganti nama salah satu berkas.",
                    en="The code “{code}” is taken by {other}; rename one of the files.",
                ).format(code=source.code, other=known.label),
            )


def check_national(source: SourceFile, plugins: PluginRegistry) -> None:
    roles = _tables(source.data, "roles")
    for code, role in roles.items():
        permissions = list(_words(role.get("permissions"), ("roles", code, "permissions")))
        for n, (place, permission) in enumerate(permissions):
            if (fault := fault_of(permission, plugins)) is not None:
                source.fault(place, fault)
            elif permission in [earlier for _, earlier in permissions[:n]]:
                source.fault(place, twice(permission))
        titles = role.get("titles")
        if isinstance(titles, dict):
            _check_titles(source, code, titles)
    for index, pair in _rows(source.data, "separations"):
        _check_separation(source, ("separations", index), pair, roles)
    _check_unique(source, "themes", ("code",))
    _check_days(source, "themes")


def _check_titles(source: SourceFile, code: str, titles: Mapping[str, Any]) -> None:
    known = ("default", *get_args(FacilityType))
    for name in titles:
        if name not in known:
            source.fault(("roles", code, "titles", name), unknown(name, known))
    if "default" not in titles:
        source.fault(
            ("roles", code, "titles"),
            Text(
                id="Peran “{code}” memerlukan sebutan “default” untuk jenis UPT yang tidak disebut.",
                en="Role “{code}” needs a title “default” for types of facility that are not named.",
            ).format(code=code),
        )


def _check_separation(
    source: SourceFile, place: tuple[str | int, ...], pair: Mapping[str, Any], roles: Mapping[str, Mapping[str, Any]]
) -> None:
    named = {key: pair[key] for key in ("first", "second") if isinstance(pair.get(key), str)}
    for key, permission in named.items():
        if permission not in PERMISSIONS:
            source.fault((*place, key), unknown(permission, PERMISSIONS))
    if len(named) == 2:
        for code, role in roles.items():
            if set(named.values()) <= {permission for _, permission in _words(role.get("permissions"), ())}:
                source.fault(
                    ("roles", code, "permissions"),
                    Text(
                        id="Peran “{code}” memegang {first} dan {second}, padahal keduanya dipisahkan.",
                        en="Role “{code}” holds {first} and {second}, which are separated duties.",
                    ).format(code=code, **named),
                )


def check_facility(source: SourceFile, roles: Collection[str] | None) -> None:
    for index, official in _rows(source.data, "officials"):
        role = official.get("role")
        if roles is not None and isinstance(role, str) and role not in roles:
            source.fault(("officials", index, "role"), unknown(role, roles))
    _check_unique(source, "officials", ("role", "from"))
    _check_days(source, "officials")


def facility_roles(national: SourceFile) -> list[str] | None:
    """Returns the roles that officials of a facility can have; None where the file does not tell.

    One whose scope is misspelt may be one of them: that is one finding, not one of every facility that has it.
    """
    roles = (national.data or {}).get("roles")
    if not isinstance(roles, dict) or not roles:
        return None
    others = set(get_args(RoleScope)) - {"facility"}
    return [code for code, role in roles.items() if not (isinstance(role, dict) and _reach(role) in others)]


def _reach(role: Mapping[str, Any]) -> str:
    scope = role.get("scope")
    return scope if isinstance(scope, str) else ""


def check_letter_template(source: SourceFile) -> None:
    template = (source.data or {}).get("letter_template")
    if not isinstance(template, str):
        return
    try:
        letter_number(with_office_code(template, "W.00"), classification="UM.01.01", sequence=1, year=2024)
    except ValueError:
        source.fault(
            ("letter_template",),
            Text(
                id="Pola nomor surat “{template}” tidak dapat dipakai; tandanya hanya {tokens}.",
                en="The template of letter numbers “{template}” cannot be used; its tokens are {tokens}.",
            ).format(template=template, tokens=", ".join(f"{{{token}}}" for token in ("kanwil_code", *TOKENS))),
        )


def with_office_code(template: str, letter_code: str) -> str:
    """Returns the regional office's own code, which is known when the files are read; the other tokens wait for a
    letter."""
    return template.replace("{kanwil_code}", letter_code)


def _check_unique(source: SourceFile, table: str, keys: tuple[str, ...]) -> None:
    seen: set[tuple[object, ...]] = set()
    for index, row in _rows(source.data, table):
        values = tuple(row.get(key) for key in keys)
        if None in values or not all(isinstance(value, str | date) for value in values):
            continue
        if values in seen:
            source.fault((table, index), twice(", ".join(map(str, values))))
        seen.add(values)


def _check_days(source: SourceFile, table: str) -> None:
    for index, row in _rows(source.data, table):
        begin, end = row.get("from"), row.get("until")
        if type(begin) is date and type(end) is date and end < begin:
            source.fault(
                (table, index, "until"),
                Text(
                    id="Berakhir ({end}) sebelum mulai ({begin}); perbaiki salah satu tanggalnya.",
                    en="It ends ({end}) before it begins ({begin}); fix one of the two dates.",
                ).format(begin=str(begin), end=str(end)),
            )


def twice(what: str) -> Text:
    return Text(
        id="“{what}” tercantum dua kali; hapus salah satunya.", en="“{what}” stands there twice; remove one of them."
    ).format(what=what)


def _tables(data: Mapping[str, Any] | None, name: str) -> dict[str, Mapping[str, Any]]:
    table = (data or {}).get(name)
    return {key: table for key, table in table.items() if isinstance(table, dict)} if isinstance(table, dict) else {}


def _rows(data: Mapping[str, Any] | None, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = (data or {}).get(name)
    return ((n, row) for n, row in enumerate(rows if isinstance(rows, list) else []) if isinstance(row, dict))


def _words(words: object, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, word in enumerate(words if isinstance(words, list) else []):
        if isinstance(word, str):
            yield (*place, index), word


_ROOMS = {permission.partition(".")[0] for permission in PERMISSIONS}


def known_permissions(plugins: PluginRegistry) -> list[str]:
    return [*PERMISSIONS, *(permission.key for plugin in plugins.ready().values() for permission in plugin.permissions)]


def fault_of(permission: str, plugins: PluginRegistry) -> Text | None:
    """Returns None where the permission is known; else the plugin that is missing, or the nearest one that is known."""
    known = known_permissions(plugins)
    if permission in known:
        return None
    slug, point, _ = permission.partition(".")
    is_of_a_plugin = point and slug not in _ROOMS and slug not in plugins.ready()
    if is_of_a_plugin and not get_close_matches(slug, _ROOMS | plugins.ready().keys(), 1):
        return Text(id="“{permission}”: {why}", en="“{permission}”: {why}").format(
            permission=permission, why=in_one_line(plugins.not_ready(slug))
        )
    return unknown(permission, known)
