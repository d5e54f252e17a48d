"""The buttons of a month: where each leads, and who may press it."""

from dataclasses import dataclass
from typing import Literal

from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Action:
    """A button: ``path`` is below the address of the month, of the programme or of the month's purchases.

    ``posts``: it acts at once. ``plans``: it needs the plugin of the programme, or only leads to a step that does.
    ``names_version``: it is about the proposal that is in view, and no later one.
    """

    label: Text
    path: str
    permission: str
    symbol: str
    posts: bool = False
    below: Literal["month", "program", "purchases"] = "month"
    plans: bool = False
    names_version: bool = False


SCORE = Action(
    Text(id="Nilai semua keluarga", en="Score all households"),
    "/score",
    "programs.open",
    "users",
    posts=True,
    plans=True,
)
CANDIDATES = Action(Text(id="Lihat calon", en="See the candidates"), "/candidates", "programs.open", "users")
FUNDS = Action(Text(id="Atur dana", en="Set the funds"), "/funds", "programs.open", "cash", plans=True)
DAY = Action(Text(id="Isi hari dan tempat", en="Enter day and place"), "/day", "programs.open", "calendar")
PROPOSE = Action(Text(id="Kirim usulan", en="Propose"), "/propose", "programs.propose", "clipboard-check", plans=True)
APPROVAL = Action(
    Text(id="Periksa dan setujui", en="Check and approve"), "/approval", "programs.approve", "shield-check"
)
WITHDRAW = Action(
    Text(id="Tarik kembali", en="Withdraw"), "/return", "programs.propose", "arrow-back", names_version=True
)
SHOP = Action(
    Text(id="Catat belanja", en="Record the purchases"), "", "funds.spend", "building-store", below="purchases"
)
START = Action(
    Text(id="Mulai penyaluran", en="Begin the distribution"), "/start", "programs.handover", "truck", posts=True
)
LIST = Action(
    Text(id="Buka daftar penyaluran", en="Open the list"), "/distribution", "programs.handover", "clipboard-list"
)
CLOSE = Action(Text(id="Tutup bulan ini", en="Close this month"), "/close", "programs.close", "lock")
DOCUMENTS = Action(Text(id="Dokumen", en="Documents"), "/documents", "documents.read", "file-text")
MAKE_DOCUMENTS = Action(Text(id="Buat dokumen", en="Make the documents"), "/documents", "documents.make", "file-text")
NEXT_MONTH = Action(
    Text(id="Buka bulan berikutnya", en="Open the next month"),
    "/open",
    "programs.open",
    "plus",
    below="program",
    plans=True,
)
