"""Each refusal has its code and its sentences once, in the room whose rule it is; the database's own refusals too."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import NO_PERMISSION, NO_PURPOSE, REGISTER, DatabaseRefusals, RefusalRegister, saying
from guyub.db.refusals import DbRefusal
from guyub.operations import database_refusals
from guyub.sdk.errors import Refusal

CORE = Path(__file__).parents[2] / "core" / "guyub"
MIGRATIONS = CORE / "db" / "migrations"
OF_POSTGRESQL = {"42501"}
BEFORE_THE_DATABASE = {NO_PERMISSION, NO_PURPOSE}


def _modules() -> dict[str, Path]:
    """The ``refusals`` modules by their room, or part of a room: "programs", "programs.campaigns"."""
    paths = [path for path in CORE.rglob("refusals.py") if "template" not in path.parts]
    return {".".join(path.relative_to(CORE).parent.parts): path for path in sorted(paths)}


MODULES = _modules()


def codes_of(room: str) -> type[RefusalCode]:
    """The one enumeration of a room."""
    module = import_module(f"guyub.{room}.refusals")
    (codes,) = (
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, RefusalCode) and kind.__module__ == module.__name__
    )
    return codes


def named_members(source: str) -> set[str]:
    """Every ``Kind.MEMBER`` that a text uses."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def spelled_out(source: str, kinds: frozenset[str]) -> Iterator[int]:
    """The lines on which a refusal is made with a code or a sentence of its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in kinds and node.args:
            first, *others = node.args
            said = any("Text(" in ast.unparse(argument) for argument in others)
            if (
                said
                or isinstance(first, ast.JoinedStr)
                or (isinstance(first, ast.Constant) and "." in str(first.value))
            ):
                yield node.lineno


def refusal_kinds() -> frozenset[str]:
    """The names of ``Refusal`` and of all that derive from it."""

    def derived(kind: type[Refusal]) -> Iterator[str]:
        yield kind.__name__
        for child in kind.__subclasses__():
            yield from derived(child)

    return frozenset(derived(Refusal))


def test_every_code_is_said_in_one_place():
    counted = Counter(str(code) for room in MODULES for code in codes_of(room).__members__.values())
    assert len(counted) > 250
    assert [code for code, times in counted.items() if times > 1] == []


def test_every_code_is_used():
    used: set[str] = set()
    for path in CORE.rglob("*.py"):
        if "template" not in path.parts:
            used |= named_members(path.read_text(encoding="utf-8"))
    unused = [
        f"{room}: {kind.__name__}.{code.name}"
        for room in MODULES
        for kind in [codes_of(room)]
        for code in kind
        if f"{kind.__name__}.{code.name}" not in used
    ]
    assert unused == []


def test_a_code_that_nobody_uses_is_found():
    assert named_members("raise FundsRefusal.UNKNOWN.not_found()") == {"FundsRefusal.UNKNOWN"}


def test_no_refusal_is_spelled_out_where_it_is_raised():
    kinds = refusal_kinds()
    assert {"Refusal", "Invalid", "SignedOut"} <= kinds
    for path in CORE.rglob("*.py"):
        room = path.relative_to(CORE).parts[0]
        # What pydantic found has the code that pydantic gives it.
        if room == "sdk" or "template" in path.parts or path == CORE / "ui" / "problems.py":
            continue
        assert list(spelled_out(path.read_text(encoding="utf-8"), kinds)) == [], path


@pytest.mark.parametrize(
    "specimen",
    ['Refusal("funds.unknown", what, remedy)', 'Invalid(f"x.{y}", w, r)', 'NotFound(code, Text(id="a", en="b"), r)'],
)
def test_a_refusal_that_is_spelled_out_is_found(specimen: str):
    assert list(spelled_out(specimen, frozenset({"Refusal", "Invalid", "NotFound"})))
    assert not list(spelled_out("Invalid(refusal.code, refusal.what, refusal.remedy, field)", frozenset({"Invalid"})))


def raised_in_sql() -> set[tuple[str, str]]:
    """The states that functions and triggers raise, each with its word; "" where the word is made at run time."""
    raised = set()
    for path in MIGRATIONS.rglob("*.sql"):
        source = path.read_text(encoding="utf-8")
        for state, word in re.findall(r"guyub\.refuse\('(GU\d{3})',\s*(?:'((?:[^']|'')*)'(?=[,)]))?", source):
            raised.add((state, word))
        for word in re.findall(r"guyub\.refuse_day\(\s*'(\w+)'", source):
            raised.add(("GU021", word))
    return raised


def test_every_state_that_the_database_raises_is_answered_by_one_room():
    raised = raised_in_sql()
    assert len({state for state, _ in raised}) > 18
    states = REGISTER.states
    assert [pair for pair in sorted(raised) if pair not in states and pair[0] not in states and pair[1]] == []
    answered = {state if isinstance(state, str) else state[0] for state in states}
    assert {state for state, _ in raised} <= answered
    assert answered - OF_POSTGRESQL - BEFORE_THE_DATABASE == {state for state, _ in raised}


def test_no_word_is_answered_that_the_database_does_not_say():
    everything = "".join(path.read_text(encoding="utf-8") for path in MIGRATIONS.rglob("*.sql"))
    assert [state for state in REGISTER.states if isinstance(state, tuple) and f"'{state[1]}'" not in everything] == []


def named_in_sql() -> dict[str, set[str]]:
    """The tables of each constraint and unique index that has a name of its own."""
    named: dict[str, set[str]] = {}
    for path in MIGRATIONS.rglob("*.sql"):
        source = path.read_text(encoding="utf-8")
        for table, body in re.findall(r"(?:CREATE|ALTER) TABLE guyub\.(\w+)(.*?);\n", source, re.DOTALL):
            for name in re.findall(r"CONSTRAINT (\w+)", body):
                named.setdefault(name, set()).add(table)
        for name, table in re.findall(r"CREATE UNIQUE INDEX (\w+) ON guyub\.(\w+)", source):
            named.setdefault(name, set()).add(table)
    return named


WRITTEN_ABOVE = {"facility": "facilities", "region": "facilities"}
"""Places are declared in the room of the database, since a scope is made of them; who writes them answers for their rules."""


def room_of(table: str) -> str:
    if table in WRITTEN_ABOVE:
        return WRITTEN_ABOVE[table]
    for models in CORE.rglob("models.py"):
        if f'__tablename__ = "{table}"' in models.read_text(encoding="utf-8"):
            return models.relative_to(CORE).parts[0]
    raise LookupError(table)


def test_every_named_constraint_is_answered_in_the_room_of_its_table():
    named = named_in_sql()
    assert len(named) > 55
    assert set(named) - set(REGISTER.constraints) == set()
    # facility_code_key is the name that PostgreSQL gives.
    assert set(REGISTER.constraints) - set(named) == {"facility_code_key"}
    for module in database_refusals.ROOMS:
        room = module.__name__.split(".")[1]
        for name in module.DATABASE.constraints:
            rooms = {room_of(table) for table in named.get(name, ())}
            assert room in rooms or room == "db" or name == "facility_code_key", (room, name, rooms)


def test_two_rooms_cannot_answer_for_the_same():
    register = RefusalRegister()
    register.register(DatabaseRefusals(constraints={"once": DbRefusal.BUSY}, states={"GU001": saying(DbRefusal.BUSY)}))
    with pytest.raises(ValueError, match="once"):
        register.register(DatabaseRefusals(constraints={"once": DbRefusal.TOO_LONG}))
    with pytest.raises(ValueError, match="GU001"):
        register.register(DatabaseRefusals(states={"GU001": saying(DbRefusal.TOO_LONG)}))


def names_in(sentence: str) -> set[str]:
    """The names that ``format`` fills; a brace that is meant as one is written twice."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_sentences_of_a_code_can_be_filled_with_the_same_values():
    for room in MODULES:
        for code in codes_of(room):
            for text in (code.what, code.remedy):
                assert names_in(text.id) == names_in(text.en) >= names_in(text.en_one), code
                assert all(name.isidentifier() for name in names_in(text.id)), code


def test_a_brace_that_is_no_name_is_found():
    assert names_in("write exempt = { DOC001 = 1 } in {file}") == {" DOC001 = 1 ", "file"}
    assert names_in("write exempt = {{ DOC001 = 1 }} in {file}") == {"file"}


_MAKERS = {"refusal", "invalid", "not_found", "forbidden", "of", "sentences"}


def left_out(source: str, codes: dict[str, RefusalCode]) -> Iterator[tuple[str, set[str]]]:
    """Each code that a text raises without all values of its sentences, and the names that are left out."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in _MAKERS:
            continue
        code = codes.get(ast.unparse(node.func.value))
        if code is None or any(keyword.arg is None for keyword in node.keywords):
            continue
        wanted = names_in(code.what.id) | names_in(code.remedy.id)
        if missing := wanted - {str(keyword.arg) for keyword in node.keywords}:
            yield str(code), missing


def test_every_code_is_raised_with_all_that_its_sentences_name():
    codes = {f"{codes_of(room).__name__}.{code.name}": code for room in MODULES for code in codes_of(room)}
    assert list(left_out("FundsRefusal.UNKNOWN.not_found()", codes)) == [("funds.unknown", {"code"})]
    for path in CORE.rglob("*.py"):
        if "template" not in path.parts:
            assert list(left_out(path.read_text(encoding="utf-8"), codes)) == [], path


def test_a_constraint_stands_for_a_code_that_names_nothing():
    for name, code in REGISTER.constraints.items():
        assert names_in(code.what.id) | names_in(code.remedy.id) == set(), name
