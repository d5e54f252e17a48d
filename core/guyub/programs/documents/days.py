"""The day that a document bears: it follows from the acts of its month, and another one can be stated within bounds."""

from collections.abc import Sequence
from datetime import date

from guyub.programs.documents.facts import ActDays
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.text import Text
from guyub.ui.possible_days import PossibleDays

_OF_THE_LIST = ("recipient_list", "receipts")
_AFTER_THE_HAND_OVER = ("recipient_list_filled", "handover_record", "activity_report", "chat_report", "recap")
_REPORTS = ("activity_report", "chat_report", "recap")


def usual(acts: ActDays, kind: str, today: date) -> date:
    """Returns the day of a document of this kind: a decree bears that of the approval, the list and the minutes that of the
    hand-over (the list that of the plan before it), a report that of the closing, a book that of today."""
    decided, handed = acts.decided_on or today, acts.handed_on
    if kind == "decree":
        return decided
    if kind in _OF_THE_LIST:
        return handed if handed else max(acts.planned_on or today, decided)
    if kind in _AFTER_THE_HAND_OVER and handed:
        return max(handed, acts.closed_on or handed) if kind in _REPORTS else handed
    return max(today, decided)


def possible(acts: ActDays, kinds: Sequence[str], today: date) -> PossibleDays:
    """Returns the days that all documents of these kinds can bear together: not before what they tell, not after today; the list
    to sign can be that of a day to come."""
    bounds = [_bounds(acts, kind, today) for kind in kinds]
    return PossibleDays(max(bound.first or today for bound in bounds), min(bound.last for bound in bounds))


def demand_possible(acts: ActDays, kinds: Sequence[str], on: date, today: date, called: dict[str, Text]) -> None:
    """Raises ``Invalid`` at ``on`` for the first document that cannot bear this day, with the nearest day for all of them."""
    together = possible(acts, kinds, today)
    for kind in kinds:
        bound = _bounds(acts, kind, today)
        if bound.first is not None and on < bound.first:
            raise ProgramsRefusal.DOCUMENT_DAY_EARLY.invalid(
                "on", document=called[kind], day=on, first=bound.first, nearest=together.first
            )
        if on > bound.last:
            raise ProgramsRefusal.DOCUMENT_DAY_LATE.invalid(
                "on", document=called[kind], day=on, last=bound.last, nearest=together.last
            )


def _bounds(acts: ActDays, kind: str, today: date) -> PossibleDays:
    decided, handed = acts.decided_on, acts.handed_on
    if kind in _OF_THE_LIST:
        return PossibleDays(decided, max(today, acts.planned_on or today))
    if kind in _AFTER_THE_HAND_OVER and handed:
        return PossibleDays(handed, today if today >= handed else handed)
    return PossibleDays(decided, max(today, decided or today))
