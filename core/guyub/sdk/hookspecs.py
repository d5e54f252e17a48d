"""The hooks of API level 1: each is called once per batch, and its failure policy is part of its specification."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, Literal, TypeVar
from uuid import UUID

import pluggy

from guyub.sdk.contexts import HookContext, RegionContext
from guyub.sdk.events import Event
from guyub.sdk.panels import AttentionAt, AttentionItem, Blocker, Card, HealthCheck, Panel
from guyub.sdk.reviews import EnrolmentBatch, Finding, SpendingBatch

OnFailure = Literal["block", "refuse", "retry", "placeholder", "failed_check"]
"""What a crash, or an answer of another type, means for the operation that called the hook:

- ``block``: a blocking finding for the whole batch; money fails closed;
- ``refuse``: the activation or deactivation is refused and nothing is changed;
- ``retry``: delivered again later, at growing intervals, then parked and shown;
- ``placeholder``: a placeholder that names the plugin and an error code stands in its place, the page renders;
- ``failed_check``: a failed check of the plugin.
"""


@dataclass(frozen=True, slots=True)
class HookPolicy:
    """The policy of a hook: ``item`` is the type of what an answer holds (None: the answer is None); ``writes`` tells
    whether what it wrote is kept."""

    on_failure: OnFailure
    item: type | None
    writes: bool
    arguments: tuple[str, ...] = ()


F = TypeVar("F", bound=Callable[..., Any])
_marker = pluggy.HookspecMarker("guyub")
_POLICY = "guyub_policy"


def _hookspec(on_failure: OnFailure, item: type | None = None, *, writes: bool = False) -> Callable[[F], F]:
    def mark(function: F) -> F:
        arguments = tuple(signature(function).parameters)[1:]
        setattr(function, _POLICY, HookPolicy(on_failure, item, writes, arguments))
        return _marker(function)

    return mark


class Hooks:
    """Implement one as a method of the plugin, marked ``@hookimpl``, which names those of these arguments that it wants.

    As with pluggy, what an implementation does not name it does not get: a hook can get further arguments without breaking it.
    """

    @_hookspec("block", Finding, writes=True)
    def guyub_review_enrolment(self, ctx: HookContext[Any], batch: EnrolmentBatch) -> Sequence[Finding]:
        """Reviews the list when it is proposed, and again when it is approved, each time inside that transaction.

        Failure policy: a crash, or an answer of another type, counts as a blocking finding, which refuses the proposal or
        approval; what the batch wrote is rolled back.
        """
        raise NotImplementedError

    @_hookspec("block", Finding, writes=True)
    def guyub_review_spending(self, ctx: HookContext[Any], batch: SpendingBatch) -> Sequence[Finding]:
        """Reviews what an approval is about to spend, inside its transaction.

        Failure policy: a crash, or an answer of another type, counts as a blocking finding: money fails closed; what the
        batch wrote is rolled back.
        """
        raise NotImplementedError

    @_hookspec("refuse", writes=True)
    def guyub_facility_activated(self, ctx: HookContext[Any]) -> None:
        """Prepares a facility: called for this plugin when it is activated at a facility, inside that transaction;
        ``ctx.on`` is the first day.

        Failure policy: a crash refuses the activation.
        """
        raise NotImplementedError

    @_hookspec("refuse", Blocker, writes=True)
    def guyub_facility_deactivating(self, ctx: HookContext[Any]) -> Sequence[Blocker]:
        """Returns blockers: called for this plugin before it is deactivated at a facility, inside that transaction: any
        blocker refuses it.

        Failure policy: a crash, or an answer of another type, refuses the deactivation.
        """
        raise NotImplementedError

    @_hookspec("retry", writes=True)
    def guyub_on_event(self, ctx: HookContext[Any], event: Event) -> None:
        """Receives what happened at a facility where the plugin is active, after the commit, from the worker; see
        ``EVENTS``.

        What it writes is committed together with the note that the event was delivered. Calls to the outside may be
        repeated: keep ``event.id`` where that matters. Failure policy: repeated at growing intervals, then parked and shown.
        """
        raise NotImplementedError

    @_hookspec("placeholder", Card)
    def guyub_dashboard_cards(self, ctx: HookContext[Any]) -> Sequence[Card]:
        """Returns cards for the facility's dashboard. Failure policy: a placeholder card names the plugin and an error code."""
        raise NotImplementedError

    @_hookspec("placeholder", Panel)
    def guyub_household_panels(self, ctx: HookContext[Any], household: UUID) -> Sequence[Panel]:
        """Returns panels for the page of one household, by its id. Failure policy: a placeholder panel names the plugin and a
        code."""
        raise NotImplementedError

    @_hookspec("placeholder", AttentionItem)
    def guyub_attention_items(self, ctx: HookContext[Any]) -> Sequence[AttentionItem]:
        """Returns what somebody at the facility should do soon. Failure policy: a placeholder names the plugin and an error
        code."""
        raise NotImplementedError

    @_hookspec("placeholder", AttentionAt)
    def guyub_region_attention(self, ctx: RegionContext) -> Sequence[AttentionAt]:
        """Returns what an office over many facilities should see to, asked once for all of them: answer with a query for the set,
        never with one for each. Figures only: the office sees no household. Failure policy: a placeholder that names the plugin.
        """
        raise NotImplementedError

    @_hookspec("failed_check", HealthCheck)
    def guyub_health(self, ctx: HookContext[Any]) -> Sequence[HealthCheck]:
        """Returns the checks of what the plugin depends on. Failure policy: a failed check."""
        raise NotImplementedError


HOOKS: Mapping[str, HookPolicy] = {
    name: getattr(function, _POLICY) for name, function in vars(Hooks).items() if hasattr(function, _POLICY)
}
"""Name of each hook -> its policy."""
