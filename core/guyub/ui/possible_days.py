"""The days that can be typed into a field: its bounds, and the sentence below it."""

from dataclasses import dataclass
from datetime import date

from guyub.db.limits import FIRST_DAY, LAST_DAY
from guyub.sdk.text import Text

_FROM_TO = Text(id="Paling awal {first}, paling akhir {last}.", en="From {first} to {last}.")
_UNTIL = Text(id="Paling akhir {last}.", en="Not after {last}.")
_CLOSED = Text(
    id="Buku kas sudah ditutup sampai {closed}.",
    en="The cash book is closed until {closed}.",
)


@dataclass(frozen=True, slots=True)
class PossibleDays:
    """The earliest and the latest day of an act; ``closed_until`` is the last day of a book that it would enter, if closed."""

    first: date | None
    last: date
    closed_until: date | None = None

    def holds(self, day: date) -> bool:
        """Returns whether a day is one of these."""
        return (self.first is None or self.first <= day) and day <= self.last

    @property
    def may_be_late(self) -> bool:
        """Returns whether some of these days lie in a book that is closed, so that an act of such a day is booked late."""
        return self.closed_until is not None and (self.first is None or self.first <= self.closed_until)

    @property
    def sentence(self) -> Text:
        days = (
            _UNTIL.format(last=self.last) if self.first is None else _FROM_TO.format(first=self.first, last=self.last)
        )
        if not self.may_be_late:
            return days
        return Text.join(" ", (days, _CLOSED.format(closed=self.closed_until)))


ANY_DAY = PossibleDays(FIRST_DAY, LAST_DAY)
"""The bounds of a field that has no narrower ones: what every door reads as a day, and no more."""


def possible_days(first: date | None = None, last: date | None = None) -> PossibleDays:
    """Returns the days from ``first`` to ``last``; without either those of any day on that side."""
    if first is None and last is None:
        return ANY_DAY
    return PossibleDays(first, last or LAST_DAY)
