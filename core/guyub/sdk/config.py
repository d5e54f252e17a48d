"""``Config`` and ``field``: pydantic models whose every field explains itself, for configurations and forms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from guyub.sdk.bounds import OfField, Within
from guyub.sdk.text import Text


class Config(BaseModel):
    """The configuration of a plugin: frozen, and strict about unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def field(
    title: Text,
    *,
    help: Text,
    default: Any = ...,
    unit: Text | None = None,
    zero: Text | None = None,
    widget: str = "",
    choices: Mapping[str, Text] | None = None,
    **limits: Any,
) -> Any:
    """Declares a field of a configuration or form.

    ``title`` and ``help`` are what staff read, ``unit`` stands behind the number (a ``Text`` such as "kg" or "rupiah", with
    ``en_one`` where English says one of it otherwise: "household"), ``zero`` is what 0 says in the place of "0 days",
    ``limits`` are pydantic's own (``ge``, ``le``, ``max_length`` ...), ``widget`` asks for another control
    ("textarea", "rupiah", "month"; "goods" and "unit" are picked from the catalogue of goods; beside such a
    unit a quantity is also read as "80 sak"), ``choices`` says what staff read for each value of a ``Literal``. Without
    ``default`` the field must be filled. Limits narrow those that ``Rupiah``, ``Percent`` and ``Quantity`` have; they never
    widen them.
    """
    extra: dict[str, Any] = {"title": {"id": title.id, "en": title.en}, "help": {"id": help.id, "en": help.en}}
    if unit is not None:
        extra["unit"] = {"id": unit.id, "en": unit.en} | ({"en_one": unit.en_one} if unit.en_one else {})
    if zero is not None:
        extra["zero"] = {"id": zero.id, "en": zero.en}
    if widget:
        extra["widget"] = widget
    if choices is not None:
        extra["choices"] = {value: {"id": label.id, "en": label.en} for value, label in choices.items()}
    made: Any = Field(default, title=title.id, description=help.id, json_schema_extra=extra, **limits)
    made.metadata.append(OfField())
    return made


Rupiah = Annotated[int, Within(ge=0, le=9_000_000_000_000_000)]
"""Whole rupiah; fits PostgreSQL's BIGINT and every JSON reader."""

Quantity = Annotated[Decimal, Within(gt=0, max_digits=14, decimal_places=3)]
"""A quantity of goods, up to three decimals, in the unit that stands beside it."""


Percent = Annotated[int, Within(ge=0, le=100)]
"""Whole per cent, 0 to 100; say ``unit=Text(id="%", en="%")`` or per cent of what."""

Secret = Annotated[SecretStr, Field(min_length=1, max_length=1000)]
"""A password or key: kept encrypted, shown masked, never in files, exports, snapshots or logs.

``ctx.config.token.get_secret_value()`` gives it; printing, logging or dumping the model does not.
"""


class PackageItem(BaseModel):
    """One line of a package: goods for one household.

    ``quantity`` is per household, or per member of it where ``per_member`` is set (then never above ``at_most``);
    ``price`` is the expected price of one unit in rupiah.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = field(
        Text(id="Kode", en="Code"),
        help=Text(id="Huruf kecil, misalnya beras.", en="Lower case, for example beras."),
        widget="goods",
        pattern=r"^[a-z][a-z0-9_-]{0,39}$",
    )
    name: str = field(
        Text(id="Barang", en="Item"),
        help=Text(id="Nama yang tercetak pada dokumen.", en="The name printed on documents."),
        min_length=1,
        max_length=80,
    )
    unit: str = field(
        Text(id="Satuan", en="Unit"),
        help=Text(id="kg, liter, papan, …", en="kg, litre, tray, …"),
        widget="unit",
        min_length=1,
        max_length=20,
    )
    quantity: Quantity = field(
        Text(id="Jumlah", en="Quantity"), help=Text(id="Untuk satu keluarga.", en="For one household.")
    )
    price: Rupiah = field(
        Text(id="Harga satuan", en="Unit price"),
        help=Text(id="Perkiraan harga satu satuan.", en="The expected price of one unit."),
        unit=Text(id="rupiah", en="rupiah"),
    )
    per_member: bool = field(
        Text(id="Dikali jumlah jiwa", en="Times household size"),
        help=Text(id="Jumlah dikalikan anggota keluarga.", en="The quantity is multiplied by the household's size."),
        default=False,
    )
    at_most: Quantity | None = field(
        Text(id="Paling banyak", en="At most"),
        help=Text(
            id="Batas atas bila dikali jumlah jiwa.", en="The cap where the quantity follows the household's size."
        ),
        default=None,
    )
