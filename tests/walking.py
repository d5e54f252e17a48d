"""Somebody who follows every link, and what is asked of the tables that stand on the way when they are taken as files."""

import csv
import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineWorkbook

from tests.visits import Visitor

MARK = chr(0xE000)
"""What a page sets around a cell that goes into a file; no file shows it."""

_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
_OTHER_FILES = re.compile(r"\.(xlsx|pdf|ics|zip)|/xlsx|/csv|view=1")
_MOST = 1200


def kind_of(path: str) -> str:
    """The address with what only tells one thing from the next of its kind left out: ids, places, days."""
    kind = re.sub(rf"{_ID}|rutan-(?!pekalongan)[a-z-]+|(?:lpp|lpka|lapas|bapas)-[a-z-]+", "*", path)
    return re.sub(r"([?&](month|since|until|on|first|second|day|field|version|(?:\w+\.)?sort)=)[^&]*", r"\1*", kind)


class Walk:
    """All pages that links lead to, each kind of address once, within some of the application.

    ``files`` are the tables: the address of each as CSV, with the page where it was found; ``papers`` are all other files.
    """

    def __init__(self, visitor: Visitor, *starts: str, within: tuple[str, ...] = ("/",)) -> None:
        self.visitor = visitor
        self.waiting = list(starts)
        self.within = within
        self.seen: set[str] = set()
        self.files: dict[str, tuple[str, str]] = {}
        self.papers: dict[str, str] = {}

    def go(self) -> None:
        while self.waiting:
            path = self.waiting.pop()
            kind = self.kind(path)
            if kind in self.seen or len(self.seen) > _MOST:
                continue
            self.seen.add(kind)
            answer = self.opens(path)
            if answer.status_code == 303:
                self.goes_on(answer.headers["location"])
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            for href in re.findall(r'href="([^"#]+)(?:#[^"]*)?"', answer.text):
                link = unescape(href)
                if "export=" in link:
                    if link.endswith("export=csv"):
                        self.files[link] = (path, answer.text)
                elif _OTHER_FILES.search(link):
                    self.papers.setdefault(self.kind(link), link)
                else:
                    self.goes_on(link)

    def goes_on(self, link: str) -> None:
        # A list in another order is the same list; tests of tables read it.
        if link.startswith(self.within) and not link.startswith("/static") and "sort=" not in link:
            self.waiting.append(link)

    def opens(self, path: str) -> Any:
        return self.visitor.opens(path)

    def kind(self, path: str) -> str:
        """As ``kind_of``, with Kebumen beside Pekalongan."""
        kind = re.sub(rf"{_ID}|rutan-(?!pekalongan|kebumen)[a-z-]+|lapas-[a-z-]+|bapas-[a-z-]+", "*", path)
        return re.sub(r"([?&](month|since|until|on|first|second|day|(?:\w+\.)?sort)=)[^&]*", r"\1*", kind)


def problems(visitor: Visitor, link: str, page: str) -> Iterator[str]:
    """What keeps the three files from being that table."""
    answers = {
        shape: visitor.client.get(link.replace("export=csv", f"export={shape}")) for shape in ("csv", "xlsx", "json")
    }
    for shape, answer in answers.items():
        if answer.status_code != 200 or "attachment" not in answer.headers.get("content-disposition", ""):
            yield f"{link} {shape}: {answer.status_code}"
            return
    if "table=pages_that_were_opened" in link or "/audit?" in link:
        return  # these grow by being read or taken
    visitor.client.cookies.set("guyub_lang", "id")
    translated = visitor.client.get(link.replace("export=csv", "export=json")).content
    visitor.client.cookies.set("guyub_lang", "en")
    text = answers["csv"].content.decode("utf-8-sig")
    if translated != answers["json"].content:
        yield f"{link}: {different(json.loads(answers['json'].content), json.loads(translated))} by language"
    yield from (
        f"{link}: {cell!r} counts in words" for row in table_rows(text) for cell in row if _COUNTED.search(cell)
    )
    yield from (f"{link}: {words!r} is a link's" for words in beside_text(page, link) if words in text)
    head, *rows = csv.reader(StringIO(text), delimiter=";")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answers["xlsx"].content)).get_sheet_by_index(0).to_python()
    objects = json.loads(answers["json"].content)
    if MARK in text or MARK in answers["json"].text or "<" in text.replace("<=", ""):
        yield f"{link}: {text[:200]}"
    if "/reports/" in link and len(rows) == len(objects) + 1:
        *rows, totals = rows  # a report of a plugin ends with its totals, where people read it
        sheet.pop()
        for place, total in enumerate(totals):
            if total.isdigit() and int(total) != sum(int(row[place] or 0) for row in rows):
                yield f"{link}: {total} is not the sum of {head[place]}"
    if not len(rows) == len(sheet) - 1 == len(objects):
        yield f"{link}: {len(rows)} rows in CSV, {len(sheet) - 1} in XLSX, {len(objects)} in JSON"
    if head != sheet[0] or any(len(item) != len(head) for item in objects):
        yield f"{link}: {head} {sheet[0]} {objects[:1]}"
    shown = table_of(page, link)
    columns = [name for name in head if not name.endswith(" (unit)")]
    if shown is not None:
        if [name for name in columns if name in shown[0]] != shown[0]:
            yield f"{link}: {head} is not {shown[0]}"
        if not _PAGER.search(page) and len(rows) != shown[1]:
            yield f"{link}: {len(rows)} rows, the page shows {shown[1]}"


_PAGER = re.compile(r' rel="(next|prev|first)"| formaction="[^"]*[?&;]page=')
_COUNTED = re.compile(r"(?<![\w.])[\d.,]+ (?:of|dari) [\d.,]+(?!\w)")


def table_rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


def different(ours: list[Any], theirs: list[Any]) -> list[Any]:
    """The first that differs, of each file: what it says in English and in Indonesian."""
    return next(
        (
            [one, row[name], other.get(name)]
            for row, other in zip(ours, theirs, strict=False)
            for one, name in enumerate(row)
            if row[name] != other.get(name)
        ),
        [],
    )


def beside_text(page: str, link: str) -> list[str]:
    """What links say that stand in a cell behind its text: they lead elsewhere."""
    found = []
    for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", drawn_table(page, link) or "", re.DOTALL):
        first, *others = re.split(r"<a\b", cell)
        before = bool(text_of_html(first))
        for other in others:
            words, _, after = other.partition(">")[2].partition("</a>")
            if before and (said := text_of_html(words)):
                found.append(said)
            before = before or bool(text_of_html(words + after))
    return found


def text_of_html(html: str) -> str:
    html = re.sub(r'<span class="visually-hidden">.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def table_of(page: str, link: str) -> tuple[list[str], int] | None:
    """Headings and number of rows of the table above this link, as the page has them; None for a list that is no table."""
    table = drawn_table(page, link)
    if table is None:
        return None
    heads = re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', table, re.DOTALL)
    kept = [text_of_html(text) for attributes, text in heads if "cell-action" not in attributes]
    body = re.search(r"<tbody>(.*)</tbody>", table, re.DOTALL)
    return kept, len(re.findall(r"<tr>", body[1])) if body else 0


def drawn_table(page: str, link: str) -> str | None:
    at = page.find(link.replace("&", "&amp;"))
    start = page.rfind("<table", 0, at)
    if (
        start < 0
        or '<ol class="list-group' in page[start:at]
        or '<table class="bars"' in page[start:at]
        or page.rfind("export=csv", 0, at) > start
    ):
        return None
    return page[start:at]
