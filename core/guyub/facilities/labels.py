"""The names of types and variants of facilities on pages."""

from collections.abc import Mapping

from guyub.sdk.text import Text

TYPES: Mapping[str, Text] = {
    "rutan": Text(id="Rutan", en="Detention centre"),
    "cabang_rutan": Text(id="Cabang Rutan", en="Branch of a detention centre"),
    "lapas": Text(id="Lapas", en="Prison"),
    "lpp": Text(id="Lapas Perempuan", en="Women's prison"),
    "lpka": Text(id="LPKA", en="Juvenile institution"),
    "lpas": Text(id="LPAS", en="Temporary placement of children"),
    "bapas": Text(id="Bapas", en="Probation office"),
    "rupbasan": Text(id="Rupbasan", en="Storage of seized objects"),
}

VARIANTS: Mapping[str, Text] = {
    "narkotika": Text(id="narkotika", en="narcotics"),
    "khusus": Text(id="khusus", en="special"),
    "terbuka": Text(id="terbuka", en="open"),
    "pemuda": Text(id="pemuda", en="young adults"),
}

ZONES: Mapping[str, str] = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def kind_of(facility_type: str, variant: str) -> Text:
    """Returns the type in words: "Lapas (narkotika)"."""
    if not variant:
        return TYPES[facility_type]
    return Text(id="{kind} ({variant})", en="{kind} ({variant})").format(
        kind=TYPES[facility_type], variant=VARIANTS[variant]
    )
