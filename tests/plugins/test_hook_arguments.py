"""A plugin's hook names the arguments that it wants, as with pluggy; a hook can get further ones without breaking it."""

from typing import Any

import pytest

from guyub.plugins.declaration import faults
from guyub.plugins.hook_arguments import by_name, function_of
from guyub.plugins.loading import new_manager
from guyub.sdk import Plugin, Text, hookimpl


class Sparing(Plugin):
    slug = "sparing"
    title = Text(id="Contoh", en="Specimen")
    summary = Text(id="Untuk uji.", en="For tests.")

    @hookimpl
    def guyub_review_enrolment(self, batch: Any, ctx: Any) -> Any:
        return ["turned round", batch, ctx]

    @hookimpl
    def guyub_review_spending(self, batch: Any) -> Any:
        return ["the batch alone", batch]

    @hookimpl
    def guyub_on_event(self, ctx: Any, event: Any) -> Any:
        return ["all of it", ctx, event]

    @hookimpl
    def guyub_health(self) -> Any:
        return ["nothing"]


@pytest.mark.parametrize(
    ("hook", "answer"),
    [
        ("guyub_review_enrolment", ["turned round", "second", "first"]),
        ("guyub_review_spending", ["the batch alone", "second"]),
        ("guyub_on_event", ["all of it", "first", "second"]),
        ("guyub_health", ["nothing"]),
    ],
)
def test_an_implementation_gets_what_it_names_by_its_name(hook: str, answer: list[str]):
    manager = new_manager()
    manager.register(Sparing())
    (implementation,) = getattr(manager.hook, hook).get_hookimpls()
    arguments = ["first", "second"] if hook != "guyub_health" else ["first"]
    assert function_of(implementation, hook)(*arguments) == answer


def test_a_plugin_that_names_fewer_arguments_has_no_fault():
    assert list(faults(Sparing(), None)) == []


def test_what_names_all_arguments_is_called_at_no_further_cost():
    def implementation(ctx: Any, batch: Any) -> None: ...

    assert by_name(implementation, ("ctx", "batch"), ("ctx", "batch")) is implementation


def test_a_hook_that_grows_breaks_no_implementation_that_is_there():
    """The arguments of today, and one that comes later, before or between them."""
    today, later = ("ctx", "batch"), ("ctx", "month", "batch", "reason")
    named: list[tuple[str, ...]] = [("ctx", "batch"), ("batch",), (), ("batch", "ctx")]
    for wanted in named:
        now = by_name(lambda *given: given, wanted, today)("a ctx", "a batch")
        then = by_name(lambda *given: given, wanted, later)("a ctx", "a month", "a batch", "a reason")
        assert now == then == tuple(f"a {name}" for name in wanted)


@pytest.mark.parametrize("arguments", ["context", "ctx, batch", "ctx=None", "*ctx", "**ctx", "*, ctx"])
def test_an_argument_that_would_never_be_filled_is_a_fault(arguments: str):
    space: dict[str, Any] = {}
    exec(f"def guyub_health(self, {arguments}): return []", space)
    plugin = type("Wrong", (Plugin,), dict(vars(Sparing)) | {"guyub_health": hookimpl(space["guyub_health"])})()
    assert [fault.code for fault in faults(plugin, None)] == ["HOOK005"]
