"""Every page of the application, every table as every file, and every paper, for every role, over the large rutan."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from tests import large_walks
from tests.large_walks import CountedWalk, Walked, state_a_purpose

pytestmark = [pytest.mark.deep, pytest.mark.timeout(1200)]

MOST_STATEMENTS = 60
"""Of one answer, page or file."""
MOST_BYTES_OF_A_PAGE = 600_000
MOST_BYTES_OF_A_FILE = 3_000_000
ROLES = (
    "detainee_services",
    "head",
    "second_approver",
    "management",
    "security",
    "clerk",
    "national_admin",
    "region_admin",
    "region_admin with a purpose",
)
EVERYWHERE = ("/",)


@pytest.fixture(scope="module")
def rutan(cluster: Any) -> Iterator[Walked]:
    with large_walks.walked(cluster) as walked:
        yield walked


def walk_of(rutan: Walked, role: str) -> CountedWalk:
    """Everything that links lead this role to; one walk, however many tests ask for it."""
    login = f"role.{role.removesuffix(' with a purpose')}"
    if role not in rutan.walks:
        if login != f"role.{role}":
            state_a_purpose(rutan.world, login)
        rutan.walks_as(login, role, EVERYWHERE)
    return rutan.walks[role]


def test_every_role_walks(rutan: Walked):
    assert {f"role.{role}" for role in ROLES if " " not in role} == set(rutan.roles)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_in_few_statements_and_bytes(rutan: Walked, role: str):
    walk = walk_of(rutan, role)
    assert {path: status for path, status in walk.statuses.items() if status >= 500} == {}
    assert {kind: number for kind, number in walk.statements.items() if number > MOST_STATEMENTS} == {}
    assert {path: size for path, size in walk.bytes.items() if size > MOST_BYTES_OF_A_PAGE} == {}
    assert len(walk.statuses) > 20


@pytest.mark.parametrize("role", ROLES)
def test_every_table_as_every_file_and_every_document_answers(rutan: Walked, role: str):
    """A paper that may not be taken along is refused; nothing fails, and no list is read family by family."""
    walk = walk_of(rutan, role)
    addresses = [
        link.replace("export=csv", f"export={shape}") for link in walk.files for shape in ("csv", "xlsx", "json")
    ]
    sent: list[str] = []
    remember = lambda *arguments: sent.append(arguments[2])  # noqa: E731
    event.listen(walk.engine, "before_cursor_execute", remember)
    wrong = []
    for address in (*addresses, *walk.papers.values()):
        sent.clear()
        answer = walk.visitor.client.get(address)
        if answer.status_code >= 500 or len(sent) > MOST_STATEMENTS or len(answer.content) > MOST_BYTES_OF_A_FILE:
            wrong.append((address, answer.status_code, len(sent), len(answer.content)))
    event.remove(walk.engine, "before_cursor_execute", remember)
    assert wrong == []
    assert len(addresses) > 10
