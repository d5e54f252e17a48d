"""Rules of what hooks answer: the right kind of thing in every case, also when the database fails."""

from collections.abc import Iterator, Sequence
from typing import Any

from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.panels import AttentionAt, AttentionItem, Card, Panel
from guyub.sdk.reviews import EnrolmentBatch, SpendingBatch
from guyub.sdk.reviews import Finding as Reviewed
from guyub.testing.calls import BrokenSession, CallOutcome, DatabaseGone, PluginCall, of_hooks
from guyub.testing.crawl import crawl_of
from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import configurations
from guyub.testing.side_effects import OutsideRefused


@rule(
    "BEH009",
    "A hook answers every case that happens, an empty batch and an unknown event included, with the right kind of thing.",
    why="Anything else is treated as a crash: an approval is held, an event is parked, a placeholder stands on the page.",
    fix="return a list of what the reference names (or None), and leave what does not concern the plugin alone",
)
def hook_answers(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config):
        for of_hook in of_hooks(specimen.plugin, config):
            place = specimen.member(of_hook.owner, of_hook.method)
            outcome = of_hook.ask()
            if isinstance(outcome.raised, DatabaseGone | Refusal | OutsideRefused):
                continue
            if outcome.raised is not None:
                wrong = f"it raises {type(outcome.raised).__name__}: {outcome.raised}"
            else:
                wrong = _wrong_kind(HOOKS[of_hook.method].item, outcome.answer)
            if wrong:
                yield Violation(f"{of_hook.method}, {of_hook.case}: {wrong}", place)


def _wrong_kind(item: type | None, answer: Any) -> str:
    if item is None:
        return "" if answer is None else f"it answers {answer!r}, not None"
    if (
        isinstance(answer, str)
        or not isinstance(answer, Sequence)
        or not all(isinstance(entry, item) for entry in answer)
    ):
        return f"it answers {answer!r}, no list of {item.__name__}"
    return ""


@rule(
    "BEH010",
    "A hook whose statement fails fails with it.",
    why="A review that swallows the error says that all is well: the host can only hold money when it hears of the crash.",
    fix="take away the try … except around the statement; the host knows what a crash of this hook means",
)
def failing_database(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config)[:1]:
        session = BrokenSession()
        for of_hook in of_hooks(specimen.plugin, config, session=session):
            session.was_asked = False
            if of_hook.ask().raised is None and session.was_asked:
                sentence = f"{of_hook.method}, {of_hook.case}: its statement failed, and it answered as if nothing were"
                yield Violation(sentence, specimen.member(of_hook.owner, of_hook.method))


@rule(
    "BEH014",
    "A hook answers with the right kind of thing on its own tables, empty and with rows; what it answers leads to pages, "
    "households and funds that are there.",
    why="What comes after its first statement runs for the first time at a facility otherwise.",
    fix="fix what follows the statement; it was asked on the tables that the migrations make",
)
def working_hooks(specimen: PluginUnderTest) -> Iterator[Violation]:
    violations: dict[Violation, None] = {}
    for config in configurations(specimen.plugin.config):
        for number, call in enumerate(of_hooks(specimen.plugin, config)):
            for wrong in _wrong_on_tables(specimen, config, number):
                sentence = f"{call.method}, {call.case}: {wrong}"
                violations[Violation(sentence, specimen.member(call.owner, call.method))] = None
    yield from violations


def _wrong_on_tables(specimen: PluginUnderTest, config: Config, number: int) -> Iterator[str]:
    broken = BrokenSession()
    call = list(of_hooks(specimen.plugin, config, session=broken))[number]
    without = call.ask()
    if not broken.was_asked:
        # Whatever else is wrong with it, BEH009 tells.
        if without.raised is None and not _wrong_kind(HOOKS[call.method].item, without.answer):
            yield from _leads_nowhere(specimen, call, without.answer)
    elif not specimen.sandbox.refused:
        for filled in (False, True):
            yield from _wrong_outcome(specimen, call, _asked_on_tables(specimen, config, number, filled=filled))


def _asked_on_tables(specimen: PluginUnderTest, config: Config, number: int, *, filled: bool) -> CallOutcome:
    # Its pages leave rows behind, as people would.
    crawl_of(specimen)
    specimen.sandbox.fill()
    try:
        with specimen.sandbox.calling("hook") as session:
            if not filled:
                specimen.sandbox.empty()
            trial_session: Any = session
            return list(of_hooks(specimen.plugin, config, session=trial_session))[number].ask()
    except Exception as error:  # what a hook did to its session comes out at the end
        return CallOutcome(raised=error)


def _wrong_outcome(specimen: PluginUnderTest, call: PluginCall, outcome: CallOutcome) -> Iterator[str]:
    if outcome.raised is not None:
        if not isinstance(outcome.raised, Refusal | OutsideRefused):
            message = str(outcome.raised).partition("\n")[0]
            yield f"raises {type(outcome.raised).__name__}: {message}"
    elif wrong := _wrong_kind(HOOKS[call.method].item, outcome.answer):
        yield wrong
    else:
        yield from _leads_nowhere(specimen, call, outcome.answer)


def _leads_nowhere(specimen: PluginUnderTest, call: PluginCall, answer: Any) -> Iterator[str]:
    for item in answer or ():
        inner = item.item if isinstance(item, AttentionAt) else item
        path = inner.path if isinstance(inner, AttentionItem | Card | Panel) else ""
        if path and not leads_somewhere(specimen.plugin, path):
            yield f"leads to {path}, where no page is"
        if isinstance(inner, Reviewed) and (about := _not_in(inner, call.arguments[-1])):
            yield f"is about {about}, which is not in the batch"


def _not_in(finding: Reviewed, batch: Any) -> str:
    funds = (
        {planned_spending.fund_code for planned_spending in batch.spending}
        if isinstance(batch, SpendingBatch)
        else set()
    )
    households = (
        {household.household_id for household in batch.households} if isinstance(batch, EnrolmentBatch) else set()
    )
    if finding.fund_code and finding.fund_code not in funds:
        return f"the fund {finding.fund_code}"
    return (
        f"the household {finding.household_id}"
        if finding.household_id and finding.household_id not in households
        else ""
    )
