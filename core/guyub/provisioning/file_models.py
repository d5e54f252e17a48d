"""Holds what each kind of file may say; a key that does not stand here is a finding.

National: letterhead, themes, roles, separations of duties, plugin values. Region: office, letter numbers, plugin values.
Facility: identity, officials, plugins. Its code is the name of its file, that of a region the name of its folder.
Editors show the descriptions; they say what ``docs/administrators/facilities.md`` says.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from guyub.access.acting import Acting
from guyub.access.roles import RoleScope
from guyub.db.limits import LONG_NAME, NAME, PLACE, REASON
from guyub.facilities.classes import normal_class
from guyub.facilities.records import CITY_CODE, NIP, FacilityType, PaperSize, Variant, Zone

_SPEAKS = r"\S"
"""More than blanks."""

Words = Annotated[str, Field(min_length=1, max_length=LONG_NAME)]
LetterheadLine = Annotated[str, Field(pattern=_SPEAKS, max_length=LONG_NAME, examples=["KANTOR WILAYAH JAWA TENGAH"])]
ReasonText = Annotated[str, Field(max_length=REASON)]
Province = Annotated[str, Field(pattern=_SPEAKS, max_length=PLACE, examples=["Jawa Tengah"])]

_REASON = "Alasan, disimpan bersama setiap nilai tabel ini | why, kept beside each value of this table"
_CONFIG = "Nilai-nilainya; yang tidak ditulis diwarisi | its values; what is left out is inherited"
_LATER = "Yang berubah pada hari-hari sesudahnya, menurut tanggal | what changes on later days, in their order"


class FileModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class InBothLanguages(FileModel):
    id: Words = Field(description="Dalam bahasa Indonesia | in Indonesian")
    en: Words = Field(description="Dalam bahasa Inggris | in English")


class ThemeInFile(FileModel):
    code: Words = Field(
        pattern=r"^[a-z][a-z0-9-]{1,39}$",
        examples=["akselerasi-13"],
        description="Kode program kementerian, huruf kecil | code of the ministry's programme, lower case",
    )
    label: Words = Field(description="Nama program sebagaimana dikutip surat | its name, as letters quote it")
    detail: str = Field("", description="Kata-katanya tentang kesejahteraan | its words about welfare")
    from_: date = Field(alias="from", description="Hari pertama program | first day of the programme")
    until: date | None = Field(None, description="Hari terakhir program | last day of the programme")


class RoleInFile(FileModel):
    scope: RoleScope = Field(
        description="Jangkauan: satu UPT, satu wilayah, atau nasional | over a facility, a region or the nation"
    )
    permissions: list[str] = Field(description="Yang boleh dilakukan peran ini | what this role may do")
    titles: dict[str, InBothLanguages] = Field(
        min_length=1,
        description="Sebutan menurut jenis UPT; “default” untuk jenis lainnya | titles by type of facility, and “default”",
    )


class Separation(FileModel):
    first: str = Field(description="Wewenang yang tidak boleh bersama “second” | not to be held with the second")
    second: str = Field(description="Wewenang yang tidak boleh bersama “first” | not to be held with the first")


class LaterValues(FileModel):
    """Holds what changes on a later day than that of the table, and nothing else; ``inherit`` names what is inherited
    again."""

    from_: date = Field(alias="from", description="Hari mulai perubahan | the day on which it changes")
    reason: ReasonText = Field("", description=_REASON)
    inherit: list[str] = Field([], description="Nilai yang diwarisi kembali | values that are inherited again")
    locked: list[str] = Field([], description="Nilai yang dikunci sejak hari itu | values locked from that day on")
    config: dict[str, Any] = Field({}, description=_CONFIG)


class LaterAtFacility(LaterValues):
    active: bool | None = Field(None, description="Aktif atau tidak sejak hari itu | whether it runs from that day on")


class InheritedPlugin(FileModel):
    """Values of a plugin for all facilities below; ``locked`` names those that nobody below may change."""

    from_: date = Field(alias="from", description="Hari mulai berlakunya nilai | the day from which the values hold")
    reason: ReasonText = Field("", description=_REASON)
    locked: list[str] = Field(
        [], description="Nilai yang tidak boleh diubah UPT | values that facilities may not change"
    )
    config: dict[str, Any] = Field({}, description=_CONFIG)
    later: list[LaterValues] = Field([], description=_LATER)


class FacilityPlugin(FileModel):
    """A plugin at one facility; the table alone switches it on from that day.

    ``locked`` names the values that only the regional office may change, also when the web manages the facility later.
    """

    from_: date = Field(alias="from", description="Hari mulai aktif dan berlakunya nilai | the day from which it runs")
    active: bool = Field(True, description="false: berhenti sejak hari “from” | false: it stops on that day")
    reason: ReasonText = Field("", description=_REASON)
    locked: list[str] = Field(
        [], description="Nilai yang hanya boleh diubah kantor wilayah | values that only the regional office may change"
    )
    config: dict[str, Any] = Field({}, description=_CONFIG)
    later: list[LaterAtFacility] = Field([], description=_LATER)


class OfficialInFile(FileModel):
    role: Words = Field(description="Kode peran dari national.toml | a role's code of national.toml", examples=["head"])
    name: str = Field("", max_length=NAME, description="Nama pejabat dengan gelarnya | the official's name")
    nip: str = Field(
        "", pattern=NIP, examples=["198001012005011001"], description="NIP, 18 angka tanpa spasi | NIP, 18 digits"
    )
    acting: Acting = Field(
        "", description="Plt.: jabatannya kosong; Plh.: pejabatnya berhalangan | Plt.: vacant post; Plh.: absent holder"
    )
    title: str = Field(
        "", max_length=NAME, description="Sebutan sendiri, bila lain dari peran | in place of the role's own title"
    )
    from_: date = Field(alias="from", description="Hari pertama menjabat | first day in the post")
    until: date | None = Field(None, description="Hari terakhir menjabat | last day in the post")


class NationalFile(FileModel):
    letterhead: list[LetterheadLine] = Field(
        min_length=1, description="Baris teratas kepala surat | the lines on top of letters"
    )
    themes: list[ThemeInFile] = Field([], description="Program kementerian, dikutip surat | the ministry's programmes")
    roles: dict[str, RoleInFile] = Field(min_length=1, description="Peran menurut kodenya | roles by their code")
    separations: list[Separation] = Field(
        [], description="Wewenang yang tidak boleh dipegang satu peran | permissions that no role may hold together"
    )
    plugins: dict[str, InheritedPlugin] = Field({}, description="Nilai plugin di semua UPT | values at every facility")


class RegionFile(FileModel):
    name: str = Field(
        min_length=1,
        pattern=_SPEAKS,
        max_length=NAME,
        examples=["Jawa Tengah"],
        description="Nama wilayah | name of the region",
    )
    office_name: str = Field(
        min_length=1,
        pattern=_SPEAKS,
        max_length=NAME,
        examples=["Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"],
        description="Nama lengkap kantor wilayah | the office's name in full",
    )
    letter_code: str = Field(
        "",
        pattern=r"^[^{}]*$",
        max_length=PLACE,
        examples=["W.13"],
        description="Kode kantor wilayah dalam nomor surat | the office's code in letter numbers",
    )
    letter_template: str = Field(
        "",
        max_length=PLACE,
        description="Pola nomor surat: {kanwil_code}, {class}, {seq}, {seq:04}, {year} | pattern of letter numbers",
    )
    capital: str = Field("", max_length=PLACE, description="Kota kedudukan kantor wilayah | where the office is")
    provinces: list[Province] = Field(
        [],
        description="Provinsi yang dilayani; tanpa ini yang senama | provinces served; without it the one of its name",
    )
    letterhead: list[LetterheadLine] = Field(
        min_length=1,
        description="Di antara baris nasional dan nama UPT | between the national lines and the facility",
    )
    plugins: dict[str, InheritedPlugin] = Field(
        {}, description="Nilai plugin untuk semua UPT wilayah ini | values for all facilities of the region"
    )


class FacilityFile(FileModel):
    name: str = Field(
        min_length=1,
        pattern=_SPEAKS,
        max_length=NAME,
        examples=["Rutan Kelas IIB Kudus"],
        description="Nama yang dipakai petugas | as staff say it",
    )
    long_name: Words = Field(
        pattern=_SPEAKS,
        examples=["Rumah Tahanan Negara Kelas IIB Kudus"],
        description="Nama lengkap dalam surat | as letters write it",
    )
    type: FacilityType = Field(description="Jenis UPT; menentukan sebutan pejabat | decides the titles of officials")
    class_: Annotated[str, AfterValidator(normal_class)] = Field(
        "", alias="class", examples=["IIB"], description="Kelas, misalnya IIB atau “Kelas II B” | class, if it has one"
    )
    variant: Variant = Field("", description="Hanya untuk lapas | of a lapas only")
    city: str = Field(
        min_length=1,
        max_length=PLACE,
        examples=["Kabupaten Kudus"],
        description="“Kota” atau “Kabupaten” dengan namanya | Kota or Kabupaten with its name",
    )
    city_code: str = Field(
        pattern=CITY_CODE,
        examples=["33.75"],
        description="Kode Kemendagri dengan titik | Kemendagri's code with its dot",
    )
    province: str = Field(
        "", max_length=PLACE, description="Bila wilayahnya meliputi beberapa | where the region spans several"
    )
    place: str = Field(
        min_length=1,
        pattern=_SPEAKS,
        max_length=PLACE,
        examples=["Kudus"],
        description="Tempat surat dibuat | where letters are dated",
    )
    zone: Zone = Field(description="Zona waktu | time zone")
    paper: PaperSize = Field("F4", description="Ukuran kertas | size of paper")
    letterhead: list[LetterheadLine] = Field(
        [],
        description="Kepala surat seluruhnya; tanpa ini dari nasional dan wilayah | its lines in place of those from above",
    )
    letter_template: str = Field(
        "", max_length=PLACE, description="Pola nomor surat sendiri | its own pattern of letter numbers"
    )
    name_from: date | None = Field(
        None,
        description="Sejak kapan nama, kelas dan kop ini berlaku | since when this name, class and letterhead hold",
    )
    opened: date | None = Field(None, description="Hari pertama UPT | its first day")
    closed: date | None = Field(None, description="Hari terakhir UPT | its last day")
    merged_into: str = Field("", description="Kode UPT yang melanjutkan | code of the facility that goes on")
    officials: list[OfficialInFile] = Field([], description="Pejabat dan masa jabatannya | who holds which post")
    plugins: dict[str, FacilityPlugin] = Field({}, description="Yang dijalankan UPT ini | what runs here")
