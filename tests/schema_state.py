"""Whether an installation's schema is that of this version, as the tests ask it."""

from guyub.db.installation import Installation
from guyub.db.keys import WrongKey
from guyub.db.schema_state import schema_state


def is_current(installation: Installation) -> bool:
    """Returns whether the database is as this version of the code and these keys expect it; ``schema_state`` says why not.

    Raises ``WrongKey`` when the database was made with other keys, ``Refusal`` when no server answers.
    """
    refusal = schema_state(installation).refusal
    if isinstance(refusal, WrongKey):
        raise refusal
    return refusal is None
