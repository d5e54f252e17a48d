"""``Names`` writes one name in each shape that a plugin needs; ``names_of`` refuses names that are taken."""

from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec

from guyub.plugins.declaration import RESERVED, SLUG
from guyub.scaffold.refusals import ScaffoldRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Names:
    """The shapes of "uang_sekolah": distribution ``guyub-uang-sekolah``, module ``guyub_uang_sekolah``, class
    ``UangSekolah``."""

    slug: str

    @property
    def distribution(self) -> str:
        return f"guyub-{self.slug.replace('_', '-')}"

    @property
    def module(self) -> str:
        return f"guyub_{self.slug}"

    @property
    def class_name(self) -> str:
        return "".join(part.capitalize() for part in self.slug.split("_"))

    @property
    def title(self) -> str:
        return self.slug.replace("_", " ").capitalize()


def names_of(name: str) -> Names:
    """Returns the names of a plugin; a hyphen counts as an underscore. Raises ``Invalid`` for what is no slug, ``Refusal``
    for a name that is taken."""
    slug = name.replace("-", "_")
    if not SLUG.fullmatch(slug) or slug.endswith("_") or "__" in slug:
        raise ScaffoldRefusal.NAME.invalid("name", name=name)
    if slug in RESERVED or slug.startswith("pg_"):
        raise _taken(name, Text(id="milik Guyub sendiri", en="Guyub's own"))
    owner = next((entry.dist.name for entry in entry_points(group="guyub") if entry.name == slug and entry.dist), None)
    if owner is not None:
        raise _taken(
            name, Text(id="milik plugin terpasang {owner}", en="of the installed plugin {owner}").format(owner=owner)
        )
    if find_spec(f"guyub_{slug}") is not None:
        raise _taken(name, Text(id="nama modul yang sudah terpasang", en="the name of an installed module"))
    return Names(slug)


def _taken(name: str, why: Text) -> Refusal:
    return ScaffoldRefusal.TAKEN.refusal(name=name, why=why)
