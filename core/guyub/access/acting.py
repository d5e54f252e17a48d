"""The ways to hold a post: as its holder, or for another."""

from collections.abc import Mapping
from typing import Final, Literal

from guyub.sdk.text import Text

Acting = Literal["", "Plt.", "Plh."]
"""As letters have it; "" is the holder of the post."""
PLT: Final = "Plt."
"""The post is vacant."""
PLH: Final = "Plh."
"""The holder is away and keeps the post."""

EXPLAINED: Mapping[Acting, Text] = {
    PLT: Text(id="Pelaksana tugas: jabatan kosong.", en="The post is vacant."),
    PLH: Text(
        id="Pelaksana harian: pejabatnya berhalangan dan tetap menjabat.", en="The holder is away and keeps the post."
    ),
}


def acting_of(typed: str) -> Acting | None:
    """Returns what was typed as letters have it: "plt" and "Plt." are Plt., nothing is the holder; None for anything else."""
    title = typed.strip().rstrip(".").capitalize()
    if not title:
        return ""
    return next((acting for acting in EXPLAINED if acting == f"{title}."), None)
