"""What plugins import: complete, explained, and quick to say that something was written wrongly."""

import inspect
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

import guyub.sdk
from guyub.sdk import (
    HOOKS,
    AttentionItem,
    Blocker,
    Card,
    Config,
    Facility,
    Finding,
    HealthCheck,
    HookContext,
    Hooks,
    Line,
    NavEntry,
    Page,
    Panel,
    Percent,
    Redirect,
    Router,
    Secret,
    Text,
    TransactionGuarded,
    field,
)
from guyub.sdk.plugin import NoConfig

SAID = Text(id="Contoh", en="Specimen")
ON_FAILURE = {
    "block": "blocking finding",
    "refuse": "refuses the",
    "retry": "then parked and shown",
    "placeholder": "a placeholder",
    "failed_check": "a failed check",
}


def test_everything_exported_is_there_and_explained():
    for name in guyub.sdk.__all__:
        value = getattr(guyub.sdk, name)
        if inspect.isclass(value) and value.__module__.startswith("guyub.sdk"):
            assert value.__doc__, name


@pytest.mark.parametrize("hook", HOOKS)
def test_the_documentation_of_a_hook_says_the_failure_policy_that_the_host_follows(hook: str):
    doc = " ".join((inspect.getdoc(getattr(Hooks, hook)) or "").split())
    assert "Failure policy: " in doc
    assert ON_FAILURE[HOOKS[hook].on_failure] in doc.split("Failure policy: ")[1]


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_takes_its_context_first_and_is_called_once_per_batch(hook: str):
    assert HOOKS[hook].arguments[0] == "ctx"
    assert hook.startswith("guyub_")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Finding("fatal", SAID),  # type: ignore[arg-type]  # what the test tries
        lambda: Finding("warning", "text"),  # type: ignore[arg-type]  # what the test tries
        lambda: Card("title"),  # type: ignore[arg-type]  # what the test tries
        lambda: Card(SAID, tone="red"),  # type: ignore[arg-type]  # what the test tries
        lambda: Card(SAID, path="collections"),
        lambda: Card(SAID, figure=5),  # type: ignore[arg-type]  # what the test tries
        lambda: Card(SAID, lines=["line"]),  # type: ignore[list-item]  # what the test tries
        lambda: Line("label", "value"),  # type: ignore[arg-type]  # what the test tries
        lambda: Panel(SAID, [SAID]),  # type: ignore[list-item]  # what the test tries
        lambda: AttentionItem("text"),  # type: ignore[arg-type]  # what the test tries
        lambda: HealthCheck(SAID, 1),  # type: ignore[arg-type]  # what the test tries
        lambda: HealthCheck(SAID, False),
        lambda: Blocker(SAID, "first this"),  # type: ignore[arg-type]  # what the test tries
    ],
)
def test_what_a_plugin_answers_checks_itself(wrong: Any):
    """So that a finding of an unknown level is a crash of the plugin, never one that blocks nothing."""
    with pytest.raises(TypeError):
        wrong()


class Settings(Config):
    token: Secret = field(SAID, help=SAID)
    share: Percent = field(SAID, help=SAID, default=10, unit=Text(id="%", en="%"))


def test_a_secret_is_in_no_print_and_no_dump_of_its_model():
    settings = Settings.model_validate({"token": "rahasia-contoh"})
    assert settings.token.get_secret_value() == "rahasia-contoh"
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump(mode="json"))):
        assert "rahasia" not in shown


@pytest.mark.parametrize("share", [-1, 101, 12.5])
def test_a_percentage_is_whole_and_within_a_hundred(share: float):
    with pytest.raises(ValidationError):
        Settings.model_validate({"token": "x", "share": share})


def test_a_context_made_without_a_database_says_so():
    place = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
    ctx = HookContext(NoConfig(), place, date(2024, 11, 1))
    with pytest.raises(TransactionGuarded, match=r"made without a database, so session\.execute"):
        ctx.session.execute("SELECT 1")  # type: ignore[arg-type]  # what the test tries


def test_a_router_keeps_the_order_and_the_permission_of_its_pages():
    routes = Router()

    @routes.get("/collections", permission="infak.read")
    def collections(visit: Any) -> Page:
        return Page("collections.html", {})

    @routes.post("/collections/{number}")
    def collect(visit: Any) -> Redirect:
        return Redirect("/collections")

    assert [(route.method, route.path, route.permission) for route in routes.routes] == [
        ("GET", "/collections", "infak.read"),
        ("POST", "/collections/{number}", ""),
    ]
    assert routes.routes[0].handler is collections
    assert NavEntry(SAID, "/collections", "infak.read").icon == "package"
