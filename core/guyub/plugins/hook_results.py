"""Holds what a failed call means for the core: a finding that blocks, a refusal, a placeholder, a failed check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from guyub.plugins.dispatch import CallFailure
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.truncation import shortened
from guyub.sdk.errors import Refusal
from guyub.sdk.panels import AttentionItem, Blocker, Card, HealthCheck, Line, Panel
from guyub.sdk.plugin import Plugin
from guyub.sdk.reviews import Finding
from guyub.sdk.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attributed(Generic[T]):
    """An item with the plugin that it comes from; ``code`` is set when the item stands in the place of a failure."""

    slug: str
    item: T
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unreviewed(Finding):
    """A finding in the place of a review that did not come about: nothing that staff could change in the batch fixes it."""


UNREVIEWED = Text(
    id="Bukan daftar atau dananya yang keliru: pemeriksaannya yang tidak dapat dijalankan. Sampaikan pesan ini kepada "
    "administrator; setelah diperbaiki, {again}.",
    en="Neither the list nor its funds are wrong: the review itself could not be run. Give this message to your "
    "administrator; once it is fixed, {again}.",
)
"""The remedy for findings that are ``Unreviewed``; {again} is the step that they held up."""


def findings(answers: Sequence[tuple[str, Any]], case: Text) -> list[Finding]:
    """Returns all findings; a failure becomes one that blocks the batch. ``case`` says what was reviewed ("Bansos November
    2024")."""
    together: list[Finding] = []
    for slug, answer in answers:
        if isinstance(answer, CallFailure):
            together.append(Unreviewed("blocking", _held(answer, case), plugin=slug))
        else:
            together += [replace(finding, plugin=slug) for finding in answer]
    return together


def not_asked(slug: str, why: Refusal, *, blocking: bool) -> Finding:
    """Returns the finding of a plugin that is active here and cannot review: it blocks where its own programme or money is
    concerned."""
    return Unreviewed(
        "blocking" if blocking else "warning",
        Text(id="Plugin {slug} tidak dapat memeriksa: {what}", en="Plugin {slug} could not review: {what}").format(
            slug=slug, what=why.what
        ),
        plugin=slug,
    )


def require_success(answers: Sequence[tuple[str, Any]], plugin: Plugin) -> None:
    """Raises ``Refusal`` for a failure and for blockers of an activation or deactivation."""
    for _, answer in answers:
        if isinstance(answer, CallFailure):
            raise PluginsRefusal.ACTIVATION_FAILED.refusal(title=plugin.title, failure=_failure_text(answer))
        blockers: Sequence[Blocker] = answer or ()
        if blockers:
            raise PluginsRefusal.BLOCKED.refusal(
                blockers=Text.join(" ", (blocker.text for blocker in blockers)),
                remedies=Text.join(" ", (blocker.remedy for blocker in blockers)),
            )


def shown(
    answers: Sequence[tuple[str, Any]], titles: Mapping[str, Text], placeholder: Callable[[Text, CallFailure], T]
) -> list[Attributed[T]]:
    """Returns everything in the order of the plugins; a failure has its placeholder, under the plugin's title, and too
    much is cut."""
    items: list[Attributed[T]] = []
    for slug, answer in answers:
        if isinstance(answer, CallFailure):
            items.append(Attributed(slug, placeholder(titles[slug], answer), answer.code))
        else:
            items += [Attributed(slug, item) for item in shortened(answer, titles[slug])]
    return items


def shown_at(
    answers: Sequence[tuple[str, Any]], titles: Mapping[str, Text]
) -> list[tuple[UUID | None, Attributed[AttentionItem]]]:
    """Items with the facility of each; a failure, which concerns them all, with none."""
    items: list[tuple[UUID | None, Attributed[AttentionItem]]] = []
    for slug, answer in answers:
        if isinstance(answer, CallFailure):
            items.append((None, Attributed(slug, item_in_place(titles[slug], answer), answer.code)))
        else:
            items += [(item.facility_id, Attributed(slug, item.item)) for item in answer]
    return items


def card_in_place(title: Text, failure: CallFailure) -> Card:
    return Card(title, lines=(_not_shown(failure),), tone="danger")


def panel_in_place(title: Text, failure: CallFailure) -> Panel:
    return Panel(title, (_not_shown(failure),))


def item_in_place(title: Text, failure: CallFailure) -> AttentionItem:
    return AttentionItem(
        Text(id="{title} tidak dapat ditampilkan: {failure}", en="{title} cannot be shown: {failure}").format(
            title=title, failure=_failure_text(failure)
        ),
        tone="danger",
    )


def check_in_place(title: Text, failure: CallFailure) -> HealthCheck:
    return HealthCheck(
        Text(id="{title}: pemeriksaan gagal", en="{title}: the check failed").format(title=title),
        False,
        Text(
            id="Cari {code} pada catatan server ({failure}).", en="Find {code} in the server's log ({failure})."
        ).format(code=failure.code, failure=_failure_text(failure)),
    )


def out_of_service(title: Text, why: Refusal) -> AttentionItem:
    """Returns the item of a plugin that is active here and does not run."""
    return AttentionItem(
        Text(id="{title} tidak berjalan: {what} {remedy}", en="{title} does not run: {what} {remedy}").format(
            title=title, what=why.what, remedy=why.remedy
        ),
        tone="danger",
    )


def _not_shown(failure: CallFailure) -> Line:
    return Line(Text(id="Tidak dapat ditampilkan", en="Cannot be shown"), _failure_text(failure))


def _held(failure: CallFailure, case: Text) -> Text:
    return Text(
        id="Pemeriksaan {case} gagal: {failure}. Demi keamanan dana, langkah ini ditahan.",
        en="A review of {case} failed: {failure}. To keep the money safe this step is held.",
    ).format(case=case, failure=_failure_text(failure))


def _failure_text(failure: CallFailure) -> Text:
    """Returns the sentence of a failure: a refusal says what it wants; any other error only its kind, as its message may
    name a person."""
    if isinstance(failure.error, Refusal):
        return Text(id="{failure}: {what}", en="{failure}: {what}").format(
            failure=failure.text, what=failure.error.what
        )
    return failure.text
