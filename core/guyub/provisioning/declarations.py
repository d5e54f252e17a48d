"""What each kind of file may say; a key that does not stand here is a mistake.

National: letterhead, themes, roles, separations of duties, plugin values. Region: office, letter numbers, plugin values.
Facility: identity, officials, plugins. Its code is the name of its file, that of a region the name of its folder.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from guyub.access.roles import Reach
from guyub.facilities.classes import normal_class
from guyub.facilities.models import CITY_CODE, NIP, Acting, FacilityType, Paper, Variant, Zone

Words = Annotated[str, Field(min_length=1)]
SLUG = r"^[a-z][a-z0-9_]{1,39}$"


class Declaration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class InBothLanguages(Declaration):
    id: Words
    en: Words


class Theme(Declaration):
    code: Words = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$", examples=["akselerasi-13"])
    label: Words
    detail: str = ""
    from_: date = Field(alias="from")
    until: date | None = None


class Role(Declaration):
    reach: Reach
    permissions: list[str]
    titles: dict[str, InBothLanguages] = Field(min_length=1)


class Separation(Declaration):
    first: str
    second: str


class LaterValues(Declaration):
    """What changes on a later day than that of the table, and nothing else; ``inherit`` names what is inherited again."""

    from_: date = Field(alias="from")
    reason: str = ""
    inherit: list[str] = []
    locked: list[str] = []
    config: dict[str, Any] = {}


class LaterAtFacility(LaterValues):
    active: bool | None = None


class InheritedPlugin(Declaration):
    """Values of a plugin for all facilities below; ``locked`` names those that nobody below may change."""

    from_: date = Field(alias="from")
    reason: str = ""
    locked: list[str] = []
    config: dict[str, Any] = {}
    later: list[LaterValues] = []


class FacilityPlugin(Declaration):
    """A plugin at one facility; the table alone switches it on from that day.

    ``locked`` names the values that only the regional office may change, also when the web manages the facility later.
    """

    from_: date = Field(alias="from")
    active: bool = True
    reason: str = ""
    locked: list[str] = []
    config: dict[str, Any] = {}
    later: list[LaterAtFacility] = []


class Official(Declaration):
    role: Words
    name: str = ""
    nip: str = Field("", pattern=NIP, examples=["198001012005011001"])
    acting: Acting = ""
    title: str = ""
    from_: date = Field(alias="from")
    until: date | None = None


class NationalFile(Declaration):
    letterhead: list[Words] = Field(min_length=1)
    themes: list[Theme] = []
    roles: dict[str, Role] = Field(min_length=1)
    separations: list[Separation] = []
    plugins: dict[str, InheritedPlugin] = {}


class RegionFile(Declaration):
    name: Words
    office_name: Words
    letter_code: str = ""
    letter_template: str = ""
    capital: str = ""
    provinces: list[Words] = []
    letterhead: list[Words] = Field(min_length=1)
    plugins: dict[str, InheritedPlugin] = {}


class FacilityFile(Declaration):
    name: Words
    long_name: Words
    type: FacilityType
    class_: Annotated[str, AfterValidator(normal_class)] = Field("", alias="class", examples=["IIB"])
    variant: Variant = ""
    city: Words
    city_code: str = Field(pattern=CITY_CODE, examples=["33.75"])
    province: str = ""
    place: Words
    zone: Zone
    paper: Paper = "F4"
    letterhead: list[Words] = []
    letter_template: str = ""
    name_from: date | None = None
    opened: date | None = None
    closed: date | None = None
    merged_into: str = ""
    officials: list[Official] = []
    plugins: dict[str, FacilityPlugin] = {}
