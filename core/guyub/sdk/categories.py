"""The categories of the registry, by which funds and programmes may be restricted."""

from collections.abc import Mapping
from typing import Literal

from guyub.sdk.text import Text

Category = Literal["inmate_family", "neighbour", "institution", "former_inmate", "probation_client"]

CATEGORIES: Mapping[str, Text] = {
    "inmate_family": Text(id="Keluarga warga binaan", en="Household of an inmate"),
    "neighbour": Text(id="Masyarakat sekitar", en="Neighbour"),
    "institution": Text(id="Lembaga (panti, yayasan)", en="Institution (orphanage, foundation)"),
    "former_inmate": Text(id="Mantan warga binaan", en="Former inmate"),
    "probation_client": Text(id="Klien pemasyarakatan", en="Probation client"),
}
"""What staff read for each; for ``field(choices=CATEGORIES)``."""
