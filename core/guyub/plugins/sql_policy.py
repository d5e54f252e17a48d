"""Holds what a plugin's SQL may be: one statement that reads or writes rows, and nothing that outlasts its call.

Read as PostgreSQL reads it, so that no comment, quotation or dollar hides a word; what cannot be read so is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

ALLOWED = frozenset({"select", "insert", "update", "delete", "merge", "with", "values", "table"})
"""How a statement may begin. All others end transactions, change settings or roles, or leave something behind."""

_LASTING = re.compile(
    r"set_config|pg_(?:try_)?advisory_(?:lock|unlock)\w*|pg_notify|pg_(?:terminate|cancel)_backend|pg_reload_conf"
    r"|dblink\w*|lo_\w+|lo(?:read|write)"
    # These run SQL that they are given as text.
    r"|query_to_xml\w*|cursor_to_xml\w*|ts_stat|ts_rewrite"
    # These read whole schemas, whosever they are.
    r"|(?:table|schema|database)_to_xml\w*"
)
"""Functions whose effect does not end with the call. Locks of the transaction (``pg_advisory_xact_lock``) do."""

_OURS = re.compile(r"(?:ROLLBACK TO |RELEASE )?SAVEPOINT sa_savepoint_[0-9]+")
"""SQLAlchemy's own savepoints."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n\r\f\v]+|--[^\n\r]*)
      | (?P<comment>/\*)
      | (?P<unicode>[uU]&")
      | (?P<escaped>[eE]'(?:[^'\\]|\\.|'')*')
      | (?P<open_escaped>[eE]')
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<parameter>%\(\w+\)s|\$[0-9]+)
      | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
      | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?\$)
      | (?P<open>['"])
      | (?P<number>[0-9][0-9A-Za-z_.]*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*|\*/")


_NAME_IN_STRING = re.compile(r"""\s*(?:"([^"]+)"|([A-Za-z_]\w*))\.(?:"[^"]+"|[A-Za-z_]\w*)\s*""")
"""A string that is a name of something in a schema, as ``nextval`` and ``::regclass`` take it."""


@dataclass(frozen=True, slots=True)
class AllowedStatement:
    """``refused`` names what a plugin may not run, "" when it may; ``only_reads`` when it surely changes no row.

    ``before_dots`` has all that stands before a dot, as PostgreSQL spells it: every schema that is named is among them.
    """

    refused: str
    only_reads: bool
    before_dots: frozenset[str] = frozenset()


class _Unreadable(Exception):
    pass


@lru_cache(maxsize=2048)
def reading_of(statement: str) -> AllowedStatement:
    """Reads SQL with psycopg's parameters, ``%(name)s``."""
    if _OURS.fullmatch(statement):
        return AllowedStatement("", False)
    try:
        tokens = list(_tokens(statement))
    except _Unreadable as fault:
        return AllowedStatement(str(fault), False)
    while tokens and tokens[-1] == ("other", ";"):
        tokens.pop()
    first = next((text for kind, text in tokens if (kind, text) != ("other", "(")), "")
    refused = _refused(first, tokens)
    return AllowedStatement(
        refused, not refused and first in ("select", "values", "table"), frozenset(_before_dots(tokens))
    )


def _before_dots(tokens: list[tuple[str, str]]) -> Iterator[str]:
    for number, (kind, text) in enumerate(tokens):
        if kind in ("word", "quoted") and tokens[number + 1 : number + 2] == [("other", ".")]:
            yield text
        elif kind in ("string", "escaped") and (named := _NAME_IN_STRING.fullmatch(text.strip("eE")[1:-1])):
            yield named[1] or named[2].lower()


def _refused(first: str, tokens: list[tuple[str, str]]) -> str:
    if first not in ALLOWED:
        return " ".join(text.upper() for _, text in tokens[:2]) if tokens else "an empty statement"
    for number, (kind, text) in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ("", "")
        if (kind, text) == ("other", ";"):
            return f"a second statement ({following[1].upper()})"
        if kind in ("word", "quoted") and following == ("other", "(") and _LASTING.fullmatch(text):
            return text
        # "into" is a reserved word: it stands nowhere else.
        if (kind, text) == ("word", "into") and (number == 0 or tokens[number - 1][1] not in ("insert", "merge")):
            return f"SELECT {text.upper()}"
        if kind == "escaped" and following[0] in ("string", "escaped"):
            return "a string in two parts"
    return ""


def _tokens(statement: str) -> Iterator[tuple[str, str]]:
    """Returns the words of a statement in lower case, quoted names without their quotes; spaces and comments left out."""
    place = 0
    while place < len(statement):
        token = _TOKEN.match(statement, place)
        assert token is not None
        kind, text, place = str(token.lastgroup), token[0], token.end()
        if kind == "comment":
            place = _after_comment(statement, place)
        elif kind == "dollar":
            end = statement.find(text, place)
            if end < 0:
                raise _Unreadable("a string without an end")
            yield "string", f"'{statement[place:end]}'"
            place = end + len(text)
        elif kind in ("open", "open_escaped"):
            raise _Unreadable("a string without an end")
        elif kind == "unicode":
            raise _Unreadable('a name in U&"…"')
        elif kind == "word":
            yield kind, text.lower()
        elif kind == "quoted":
            yield kind, text[1:-1].replace('""', '"')
        elif kind != "space":
            yield kind, text


def _after_comment(statement: str, place: int) -> int:
    """Comments nest."""
    depth = 1
    while depth:
        comment = _COMMENT.search(statement, place)
        if comment is None:
            raise _Unreadable("a comment without an end")
        depth += 1 if comment[0] == "/*" else -1
        place = comment.end()
    return place
