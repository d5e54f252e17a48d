"""Every page, table file and paper of a rutan with more of everything than a page holds, for every role, at each step."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from guyub.documents import storage
from guyub.programs import cycles, queries
from tests import large_walks
from tests.large_rutan import LARGE, NAMES, SMALL, STEPS, address
from tests.large_walks import BASE, Walked, state_a_purpose
from tests.walking import kind_of, problems

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def large(cluster: Any) -> Iterator[Walked]:
    """Walked by one person of each role, and by the office once more with a purpose."""
    with large_walks.walked(cluster) as walked:
        for login in walked.roles:
            walked.walks_as(login)
        state_a_purpose(walked.world, "role.region_admin")
        walked.walks_as("role.region_admin", "with a purpose")
        yield walked


@pytest.fixture(scope="module")
def small(cluster: Any) -> Iterator[Walked]:
    with large_walks.walked(cluster, SMALL) as walked:
        walked.walks_as("role.detainee_services")
        walked.walks_as("role.region_admin")
        yield walked


def test_no_page_fails_for_any_role(large: Walked):
    failed = [
        f"{name} {path}: {status}"
        for name, walk in large.walks.items()
        for path, status in walk.statuses.items()
        if status >= 500
    ]
    assert failed == []
    assert len(large.walks) > 7
    assert all(len(walk.statuses) > 20 for walk in large.walks.values())


def test_every_list_was_read_beyond_its_first_page(large: Walked):
    services, head = large.walks["role.detainee_services"].seen, large.walks["role.head"].seen
    office = large.walks["with a purpose"].seen
    after_closing = {f"{address(step)}/candidates?page=2" for step in STEPS if step != "closed"}
    assert after_closing <= services & head & office
    for seen in (services, head, office):
        assert any(re.search(r"/cycles/20\d\d-\d\d/candidates\?page=2", path) for path in seen - after_closing)
    approval = f"{address('proposed')}/approval?"
    assert any(re.fullmatch(re.escape(approval) + r"version=\d+&page=2", path) for path in head)
    for step, state in (("served", "absent"), ("begun", "waiting")):
        assert f"{address(step)}/distribution?state={state}&page=2" in services
    assert any(re.search(r"/distribution\?state=received&page=2", path) for path in services)
    assert f"{BASE}/households?after=*&seen=*" in services
    assert f"{BASE}/audit?after=*" in head


_NAME = rf"(?:{'|'.join(map(re.escape, NAMES))}) \d+"
LISTS = {
    f"{BASE}/households": ("detainee_services", "households", 600),
    f"{BASE}/households?surveyed=no": ("detainee_services", "households", 330),
    f"{address('scored')}/candidates": ("detainee_services", "candidates_by_score", 600),
    f"{address('scored')}/candidates?state=chosen": ("detainee_services", "candidates_by_score", 250),
    f"{address('scored')}/candidates?name=contoh+1": ("detainee_services", "candidates_by_score", 195),
    f"{address('closed')}/candidates?state=excluded": ("detainee_services", "candidates_by_score", 330),
    f"{address('proposed')}/approval": ("head", "the_proposed_list", 250),
    f"{address('closed')}/distribution": ("detainee_services", "distribution_list", 250),
    f"{address('closed')}/distribution?state=received": ("head", "distribution_list", 247),
    f"{address('closed')}/distribution?name=contoh": ("detainee_services", "distribution_list", 250),
    f"{address('served')}/distribution?state=absent": ("detainee_services", "distribution_list", 246),
    f"{address('begun')}/distribution?state=waiting": ("detainee_services", "distribution_list", 249),
}
"""Lists: who reads them, the name of their table, and how many rows they have."""


@pytest.mark.parametrize("path", LISTS)
def test_the_pages_of_a_list_together_hold_each_row_once(large: Walked, path: str):
    role, _, rows = LISTS[path]
    visitor = large.comes(f"role.{role}")
    names, link = list[str](), path
    while link:
        answer = visitor.opens(link)
        assert answer.status_code == 200
        assert f">{len(names) + 1:,}".replace(",", ".") in answer.text  # the pager's "51–100"
        names += rows_of(answer.text)
        found = re.search(r'rel="next" href="([^"]+)"', answer.text)
        link = unescape(found[1]) if found else ""
    assert len(names) == len(set(names)) == rows


def rows_of(page: str) -> list[str]:
    """The names of the households on a page."""
    return re.findall(rf">({_NAME})<", unescape(page))


@pytest.mark.parametrize("path", LISTS)
def test_the_files_of_a_list_hold_all_of_it(large: Walked, path: str):
    role, table, rows = LISTS[path]
    visitor = large.comes(f"role.{role}")
    page = visitor.opens(path).text
    links = [unescape(link) for link in re.findall(r'href="([^"]+export=csv)"', page)]
    link = next(link for link in links if f"table={table}&" in link)
    names = set(re.findall(_NAME, visitor.opens(link).text))
    assert len(names) == rows
    assert list(problems(visitor, link, page)) == []


def test_no_table_file_fails_for_any_role(large: Walked):
    failed, kinds = [], set[str]()
    for name, walk in large.walks.items():
        if name == "with a purpose":  # may read, and take nothing along
            continue
        for kind, link in {kind_of_any_month(link): link for link in walk.files}.items():
            for shape in ("csv",) if kind in kinds else ("csv", "xlsx", "json"):
                status = walk.visitor.client.get(link.replace("export=csv", f"export={shape}")).status_code
                failed += [f"{name} {link} {shape}: {status}"] if status != 200 else []
            kinds.add(kind)
    assert failed == []
    assert len(kinds) > 30


def kind_of_any_month(link: str) -> str:
    return re.sub(r"/20\d\d-\d\d|/CSR-[\w-]+", "/*", kind_of(link))


def test_no_document_fails_for_any_role(large: Walked):
    for name, walk in large.walks.items():
        for link in walk.papers.values():
            answer = walk.visitor.client.get(link)
            assert answer.status_code in (200, 403), f"{name} {link}"
            assert answer.status_code == 403 or len(answer.content) > 500, f"{name} {link}"


def test_the_documents_name_every_recipient(large: Walked):
    rutan = large.world.pekalongan
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", STEPS["closed"])
        listed = {recipient.name for recipient in queries.recipients(work, cycle)}
        served = {recipient.name for recipient in queries.recipients(work, cycle, states=("received",))}
        kept = {item.kind: storage.load(work, item.id) for item in storage.newest(work, cycle.id)}
    assert (len(listed), len(served)) == (LARGE.recipients, 247)
    for kind in ("decree", "recipient_list", "receipts", "recipient_list_filled"):
        words = " ".join(page.extract_text() for page in PdfReader(BytesIO(kept[kind][1])).pages)
        named = set(re.findall(rf"{NAMES[0]} \d+", " ".join(words.split())))
        assert named >= {name for name in (served if kind == "receipts" else listed) if name.startswith(NAMES[0])}, kind
        assert len(named) > 20, kind
    book = CalamineWorkbook.from_filelike(BytesIO(kept["recap"][1]))
    cells = {
        str(cell) for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python() for cell in row
    }
    assert listed <= cells
    assert "247" in kept["chat_report"][1].decode()


def test_no_page_costs_more_statements_for_more_rows(large: Walked, small: Walked):
    dearer = {}
    for name, walk in small.walks.items():
        for kind, statements in walk.statements.items():
            if kind.endswith(
                "/candidates/*"
            ):  # whoever is on the list is compared with the registry, the others are not
                continue
            if kind in large.walks[name].statements and large.walks[name].statements[kind] != statements:
                dearer[kind] = (statements, large.walks[name].statements[kind])
    assert dearer == {}
    assert (
        sum(kind in large.walks[name].statements for name, walk in small.walks.items() for kind in walk.statements)
        > 100
    )
    assert max(max(walk.statements.values()) for walk in large.walks.values()) < 60
