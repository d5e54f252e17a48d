"""What the database refuses about an order of the regional office: what it binds, and when it comes too late."""

import json

from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

STATE = "GU016"

_RELOAD = Text(id="Muat ulang halaman untuk melihat keadaan terkini.", en="Reload the page to see the present state.")

_SAID: dict[str, tuple[Text, Text]] = {
    "campaign_quota": (
        Text(
            id="Perintah kantor wilayah menetapkan kuota {detail} keluarga di UPT ini.",
            en="The regional office's order sets a quota of {detail} households here.",
        ),
        Text(
            id="Kurangi keluarga yang dipilih, atau minta kantor wilayah mengubah perintahnya.",
            en="Choose fewer households, or ask the regional office for another order.",
        ),
    ),
    "campaign_ceiling": (
        Text(
            id="Paket lebih mahal daripada batas perintah kantor wilayah, {detail} untuk satu keluarga.",
            en="The package is dearer than the regional office's order allows: {detail} for one household.",
        ),
        Text(
            id="Kurangi isi paket pada pengaturan program, atau minta kantor wilayah menaikkan batasnya dengan perintah baru.",
            en="Give less in the programme's settings, or ask the regional office for a new order with a higher ceiling.",
        ),
    ),
    "campaign_stock": (
        Text(
            id="Barang yang tersedia membuat paket {value} untuk satu keluarga, di atas batas perintah kantor wilayah {ceiling}. "
            "Penyebabnya {item}: paling tinggi {most} per {unit}.",
            en="The goods in stock make a package of {value} for one household, above the ceiling of the regional office's "
            "order, {ceiling}. The cause is {item}: at most {most} per {unit}.",
        ),
        Text(
            id="Kembalikan usulan ke tahap rencana, lalu lepaskan dana yang barangnya mahal itu atau kurangi isi paket.",
            en="Return the proposal to planning, then leave out the fund with those dear goods, or give less.",
        ),
    ),
    "campaign_spending": (
        Text(
            id="Dengan harga ini satu keluarga menerima {value}, di atas batas perintah kantor wilayah {ceiling}. "
            "Untuk {item} yang boleh dibelanjakan paling banyak {most} per {unit}.",
            en="At this price one household gets {value}, above the ceiling of the regional office's order, {ceiling}. "
            "What may be spent on {item} is at most {most} per {unit}.",
        ),
        Text(
            id="Cari penjual dengan harga itu. Bila tidak ada, sampaikan kepada kantor wilayah sebelum membeli.",
            en="Find a seller at that price. Where there is none, tell the regional office before buying.",
        ),
    ),
    "campaign_under_way": (
        Text(
            id="Sudah ada UPT yang mengusulkan penerima untuk perintah ini.",
            en="Some facility has proposed its recipients for this order already.",
        ),
        Text(
            id="Minta UPT tersebut mengembalikan usulannya ke tahap rencana terlebih dahulu.",
            en="Have that facility return its proposal to planning first.",
        ),
    ),
    "campaign_cancelled": (Text(id="Perintah ini sudah dibatalkan.", en="This order has been cancelled."), _RELOAD),
    "campaign_to_closed": (
        Text(
            id="UPT ini sudah ditutup pada hari penyaluran.",
            en="This facility is closed by the day of the distribution.",
        ),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the order."),
    ),
    "campaign_holds": (
        Text(
            id="Bulan ini terikat pada perintah kantor wilayah.",
            en="This month is bound by an order of the regional office.",
        ),
        Text(id="Batalkan dahulu perintah itu.", en="Cancel that order first."),
    ),
    "campaign_of_another_month": (
        Text(
            id="Perintah ini bukan untuk program dan bulan itu.", en="This order is not for that programme and month."
        ),
        _RELOAD,
    ),
    "campaign_too_late": (
        Text(id="Bulan ini sudah melewati tahap rencana.", en="This month is beyond planning."),
        Text(id="Lepaskan UPT itu dari perintah.", en="Leave that facility out of the order."),
    ),
}


_RUPIAH = ("ceiling", "value", "most")


def refusal_of(message: str, detail: str) -> Refusal:
    """``message`` is the word that the trigger gave, ``detail`` what it names: a quota, rupiah, or an object of such."""
    what, remedy = _SAID[message]
    if message in ("campaign_stock", "campaign_spending"):
        told = {name: format_rupiah(int(one)) if name in _RUPIAH else one for name, one in json.loads(detail).items()}
        return Refusal(f"programs.{message}", what.format(**told), remedy)
    shown = format_rupiah(int(detail)) if message == "campaign_ceiling" else detail
    return Refusal(f"programs.{message}", what.format(detail=shown), remedy)
