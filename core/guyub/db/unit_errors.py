"""What is said of goods that are named in another unit than the facility counts them in."""

import json

from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text

STATE = "GU020"


def refusal_of(detail: str) -> Invalid:
    found = json.loads(detail)
    return unit_differs(found["item"], found["given"], found["used"])


def unit_differs(item: str, given: str, used: str, field: str = "") -> Invalid:
    """``used`` is the unit in which the facility counts the item, ``given`` the other one."""
    return Invalid(
        "funds.unit_differs",
        Text(
            id="{item} dicatat di UPT ini dalam satuan “{used}”, bukan “{given}”.",
            en="This facility counts {item} in “{used}”, not in “{given}”.",
        ).format(item=item, used=used, given=given),
        Text(
            id="Hitung jumlah dan harganya dalam {used}, lalu isi satuannya {used}.",
            en="Work out quantity and price in {used}, then enter the unit as {used}.",
        ).format(used=used),
        field,
    )
