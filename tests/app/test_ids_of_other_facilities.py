"""Ids of another facility open and change nothing, under that facility's addresses as under one's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from guyub.app import create_app
from tests import worlds
from tests.visits import Visitor, visitors
from tests.walking import Walk

HERE, THERE = "/f/rutan-pekalongan", "/f/rutan-kebumen"
NOW = datetime(2024, 11, 25, 1, tzinfo=UTC)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

pytestmark = pytest.mark.deep


@dataclass
class Found:
    """What the people of Kebumen come to: addresses that hold an id, and the forms that stand on their pages."""

    pages: set[str]
    forms: dict[str, dict[str, str]]
    strangers: list[Visitor]
    """The people of Pekalongan, each with a page in view that has a form."""


class _Collect(Walk):
    def __init__(self, visitor: Visitor, *starts: str, within: tuple[str, ...]) -> None:
        super().__init__(visitor, *starts, within=within)
        self.pages: set[str] = set()
        self.forms: dict[str, dict[str, str]] = {}

    def opens(self, path: str) -> Any:
        answer = super().opens(path)
        if answer.status_code == 200 and ID.search(path):
            self.pages.add(path)
        for action, inside in re.findall(r'(?s)<form[^>]* action="([^"]*)"(.*?)</form>', answer.text):
            if ID.search(action) and 'method="post"' in answer.text:
                hidden = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', inside)
                self.forms[unescape(action)] = {name: unescape(value) for name, value in hidden}
        return answer


@pytest.fixture(scope="module")
def found(cluster: Any) -> Iterator[Found]:
    with worlds.a_world(cluster) as world:
        worlds.november_until(world.pekalongan, "closed")
        worlds.november_until(world.kebumen, "distributing")
        application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
        with visitors(application, world.database) as come:
            pages, forms = set[str](), dict[str, dict[str, str]]()
            for login in ("kasubsi.kebumen", "karutan.kebumen", "pengelola.kebumen", "pengamanan.kebumen"):
                walk = _Collect(come(login), f"{THERE}/", within=(THERE,))
                walk.go()
                pages |= walk.pages
                forms |= walk.forms
            strangers = [come(login) for login in ("kasubsi", "karutan", "pengelola")]
            for stranger in strangers:
                stranger.opens(f"{HERE}/purpose")
            yield Found(pages, forms, strangers)


def test_the_walk_comes_to_every_kind_of_record(found: Found):
    assert len({ID.sub("*", page) for page in found.pages}) > 15
    assert len({ID.sub("*", form) for form in found.forms}) > 15


def test_an_id_of_another_facility_opens_nothing(found: Found):
    opened = []
    for stranger in found.strangers:
        for page in sorted(found.pages):
            for path in (page, page.replace(THERE, HERE)):
                answer = stranger.client.get(path)
                if answer.status_code not in (403, 404):
                    opened.append((ID.sub("*", path), answer.status_code, answer.headers.get("location")))
    assert not opened


def test_an_id_of_another_facility_changes_nothing(found: Found):
    sent = []
    for stranger in found.strangers:
        for page, values in sorted(found.forms.items()):
            for path in (page, page.replace(THERE, HERE)):
                answer = stranger.client.post(path, data=values | {"csrf_token": stranger.token})
                if answer.status_code not in (403, 404):
                    sent.append((ID.sub("*", path), answer.status_code, answer.headers.get("location")))
    assert not sent
