"""A month whose people and places have names that no font of ours has: closed, its papers made, opened and read."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from pypdf import PdfReader

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests.visits import Clock, NewVisitor

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"
WITNESS = "Saksi \U0001f600 \ua997\ua9ae 漢字 #$[x] Contoh"
NOTE = '=1+1 *selesai* \\ <b> " \u200d\U0001f468\u200d\U0001f469 שלום ' + "\U0001f600" * 30


@pytest.fixture
def rare(rutan: Rutan, clock: Clock) -> None:
    rutan.witness_name = WITNESS
    clock.now = datetime(2024, 11, 16, 9, 14, 3, 271_828, tzinfo=UTC)


def test_the_documents_of_a_closed_month_are_made_whatever_its_people_are_called(
    rare: None, visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, datetime(2024, 11, 16, 2, tzinfo=UTC))
    rutan.close(approved, november.DISTRIBUTION, NOTE)
    kasubsi = visitor("kasubsi")
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/documents", {"on": "2024-11-16"}))
    links = [
        part.split('"')[0] for part in kasubsi.page.text.split('href="') if part.startswith(f"{NOVEMBER}/documents/")
    ]
    files = {link: kasubsi.client.get(link) for link in dict.fromkeys(links) if "view" not in link}
    assert {file.status_code for file in files.values()} == {200}
    pages: dict[str, str] = {}
    for file in files.values():
        name = file.headers["content-disposition"].split("''")[1].removeprefix("rutan-pekalongan-2024-11-")
        if name.endswith(".pdf"):
            pages[name] = " ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
        elif name.endswith(".xlsx"):
            assert openpyxl.load_workbook(BytesIO(file.content)).sheetnames
    assert "Saksi \u25a1 \u25a1\u25a1 \u25a1\u25a1 #$[x] Contoh" in pages["bast.pdf"]
    assert len(pages) >= 8
