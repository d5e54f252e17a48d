"""What the database refuses about an order of the regional office: what it binds, and when it comes too late."""

from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

STATE = "GU016"

_RELOAD = Text(id="Muat ulang halaman untuk melihat keadaan terkini.", en="Reload the page to see the present state.")

_SAID: dict[str, tuple[Text, Text]] = {
    "order_quota": (
        Text(
            id="Perintah kantor wilayah menetapkan kuota {detail} keluarga di UPT ini.",
            en="The regional office's order sets a quota of {detail} households here.",
        ),
        Text(
            id="Kurangi keluarga yang dipilih, atau minta kantor wilayah mengubah perintahnya.",
            en="Choose fewer households, or ask the regional office for another order.",
        ),
    ),
    "order_ceiling": (
        Text(
            id="Paket lebih mahal daripada batas perintah kantor wilayah, {detail} untuk satu keluarga.",
            en="The package is dearer than the regional office's order allows: {detail} for one household.",
        ),
        Text(
            id="Kurangi isi paket pada pengaturan program, atau minta kantor wilayah menaikkan batasnya dengan perintah baru.",
            en="Give less in the programme's settings, or ask the regional office for a new order with a higher ceiling.",
        ),
    ),
    "order_under_way": (
        Text(
            id="Sudah ada UPT yang mengusulkan penerima untuk perintah ini.",
            en="Some facility has proposed its recipients for this order already.",
        ),
        Text(
            id="Minta UPT tersebut mengembalikan usulannya ke tahap rencana terlebih dahulu.",
            en="Have that facility return its proposal to planning first.",
        ),
    ),
    "order_cancelled": (Text(id="Perintah ini sudah dibatalkan.", en="This order has been cancelled."), _RELOAD),
    "order_to_closed": (
        Text(id="UPT ini sudah ditutup pada hari penyaluran.", en="This facility is closed by the day of the distribution."),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the order."),
    ),
    "order_holds": (
        Text(id="Bulan ini terikat pada perintah kantor wilayah.", en="This month is bound by an order of the regional office."),
        Text(id="Batalkan dahulu perintah itu.", en="Cancel that order first."),
    ),
    "order_of_another_month": (
        Text(id="Perintah ini bukan untuk program dan bulan itu.", en="This order is not for that programme and month."),
        _RELOAD,
    ),
    "order_too_late": (
        Text(id="Bulan ini sudah melewati tahap rencana.", en="This month is beyond planning."),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the order."),
    ),
}  # fmt: skip


def refusal_of(message: str, detail: str) -> Refusal:
    """``message`` is the word that the trigger gave, ``detail`` the number that it names: a quota, or rupiah."""
    what, remedy = _SAID[message]
    shown = format_rupiah(int(detail)) if message == "order_ceiling" else detail
    return Refusal(f"programs.{message}", what.format(detail=shown), remedy)
