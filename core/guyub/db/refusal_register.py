"""Turns what the database refuses into a refusal in the words of the room whose rule it is.

Each room declares its ``DatabaseRefusals`` in ``refusals.py``; ``guyub.operations.database_refusals`` registers all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from guyub.db.refusal_codes import R, RefusalCode
from guyub.sdk.errors import Refusal

NO_PERMISSION = "no_permission"
"""Not a state of PostgreSQL: the unit of work refuses before it asks. ``message`` is the permission, ``detail`` the person."""
NO_PURPOSE = "no_purpose"
"""Likewise, where stating a purpose would lend the permission."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Holds what PostgreSQL reports: the code of the state, the word or sentence of the trigger, and what it names."""

    state: str
    message: str = ""
    detail: str = ""


Answer = Callable[[Violation], Refusal]


@dataclass(frozen=True, slots=True)
class DatabaseRefusals:
    """The refusals that one room answers for: constraints by their name, states alone or with the message that comes with
    them."""

    constraints: Mapping[str, RefusalCode] = field(default_factory=dict)
    states: Mapping[str | tuple[str, str], Answer] = field(default_factory=dict)


class RefusalRegister:
    def __init__(self) -> None:
        self.constraints: dict[str, RefusalCode] = {}
        self.states: dict[str | tuple[str, str], Answer] = {}

    def register(self, *rooms: DatabaseRefusals) -> None:
        """Adds the rooms' answers. Raises ``ValueError`` where two answer for the same."""
        for room in rooms:
            if twice := (self.constraints.keys() & room.constraints) | (self.states.keys() & room.states):
                raise ValueError(f"two rooms answer for {sorted(map(str, twice))}")
            self.constraints |= room.constraints
            self.states |= room.states

    def of_constraint(self, name: str | None) -> Refusal | None:
        code = self.constraints.get(name or "")
        return code.refusal() if code else None

    def of_state(self, violation: Violation) -> Refusal | None:
        answer = self.states.get((violation.state, violation.message)) or self.states.get(violation.state)
        return answer(violation) if answer else None

    def needed(self, violation: Violation) -> Refusal:
        """Returns the answer that some room must have registered."""
        return self.states[violation.state](violation)


REGISTER = RefusalRegister()
"""The one of this process: filled when ``guyub.operations.database_refusals`` is imported."""


def saying(code: RefusalCode, kind: type[R] | None = None) -> Answer:
    """Returns an answer that fills {message} and {detail}."""

    def answer(violation: Violation) -> Refusal:
        return code.of(kind or Refusal, message=violation.message, detail=violation.detail)

    return answer
