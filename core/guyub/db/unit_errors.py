"""Refusals of goods that are named otherwise than the facility's catalogue has them: by another unit, or another code."""

import json

from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import MOST_LETTERS_OF_UNIT
from guyub.sdk.text import Text

STATE = "GU020"


def refusal_of(detail: str) -> Invalid:
    given = json.loads(detail)
    return unit_differs(given["item"], given["given"], given["used"], given.get("field", ""))


IN_ITS_UNIT = Text(
    id="Hitung jumlah dan harganya dalam {used}, lalu isi satuannya {used}.",
    en="Work out quantity and price in {used}, then enter the unit as {used}.",
)


def unit_differs(item: str, given: str, used: str, field: str = "", remedy: Text = IN_ITS_UNIT) -> Invalid:
    """``used`` is the unit in which the facility counts the item, ``given`` the other one."""
    return Invalid(
        "funds.unit_differs",
        Text(
            id="{item} dicatat di UPT ini dalam satuan “{used}”, bukan “{given}”.",
            en="This facility counts {item} in “{used}”, not in “{given}”.",
        ).format(item=item, used=used, given=given),
        remedy.format(used=used),
        field,
    )


def named_otherwise(name: str, given: str, used: str, unit: str, field: str = "") -> Invalid:
    """``used`` is the code under which the facility has goods of this name, counted in ``unit``; ``given`` the other code."""
    return Invalid(
        "funds.item_known",
        Text(
            id="{name} sudah dicatat di UPT ini dengan kode “{used}” (satuan {unit}), bukan “{given}”.",
            en="This facility has {name} under the code “{used}” (counted in {unit}), not “{given}”.",
        ).format(name=name, used=used, unit=unit, given=given),
        Text(
            id="Isi kodenya {used}. Bila memang barang lain, beri nama yang membedakannya.",
            en="Enter the code as {used}. If these are other goods, give them a name that tells them apart.",
        ).format(used=used),
        field,
    )


UNIT_TOO_LONG = (
    Text(id="Satuan ini terlalu panjang.", en="This unit is too long."),
    Text(
        id=f"Pakai paling banyak {MOST_LETTERS_OF_UNIT} huruf, misalnya kg.",
        en=f"Use at most {MOST_LETTERS_OF_UNIT} letters, for example kg.",
    ),
)
BY_CONSTRAINT = {
    "tidy_unit": (
        "funds.unit_untidy",
        Text(
            id="Satuan barang terdiri atas 1 sampai 20 huruf yang terlihat, tanpa spasi atau titik di ujungnya.",
            en="The unit of goods has 1 to 20 letters that can be seen, no space or point at its ends.",
        ),
        Text(id="Tulis seperti kg.", en="Write it like kg."),
    ),
    "goods_are_named": (
        "funds.no_name",
        Text(id="Nama barang belum diisi.", en="The goods have no name."),
        Text(id="Isi nama yang tercetak pada dokumen.", en="Enter the name that documents print."),
    ),
    "goods_named_once": (
        "funds.item_known",
        Text(
            id="Barang dengan nama ini sudah dicatat di UPT ini dengan kode lain.",
            en="This facility has goods of this name under another code.",
        ),
        Text(
            id="Pakai kode yang sudah ada. Bila memang barang lain, beri nama yang membedakannya.",
            en="Use the code that there is. If these are other goods, give them a name that tells them apart.",
        ),
    ),
}
