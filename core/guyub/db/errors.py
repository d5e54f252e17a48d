"""Holds what the database refuses, as a refusal for staff; the sentences are those of the rooms."""

from sqlalchemy.exc import DBAPIError, OperationalError

from guyub.db.refusal_register import REGISTER, Violation
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal


class SignedOut(Refusal):
    """The session is unknown, expired or closed."""

    status = 401


class Unavailable(Refusal):
    """The database does not answer, or not in time; asked again after ``retry_after`` seconds, it may."""

    status = 503
    retry_after = 5


class Busy(Unavailable):
    """The database answers and others are using it; what was asked is right, and is asked again later."""


_LATER = {
    "55P03": DbRefusal.BUSY,  # lock_timeout
    "40P01": DbRefusal.BUSY,  # two that wait for each other: one of them is asked to come again
    "40001": DbRefusal.BUSY,
    "57014": DbRefusal.TOO_LONG,  # statement_timeout
    "25P03": DbRefusal.TOO_LONG,  # idle_in_transaction_session_timeout
    "25P04": DbRefusal.TOO_LONG,  # transaction_timeout
    "53300": DbRefusal.NO_CONNECTION,  # the server takes no more connections
}
"""States of the database that pass: nothing is wrong with what was asked."""


def unavailable() -> Unavailable:
    return DbRefusal.UNAVAILABLE.of(Unavailable)


def no_connection_left() -> Busy:
    return DbRefusal.NO_CONNECTION.of(Busy)


def refusal_of(error: DBAPIError) -> Exception:
    """Returns the refusal behind a database error, or the error itself when it is none that staff can act on."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None) or ""
    diagnosis = getattr(cause, "diag", None)
    if refusal := REGISTER.of_constraint(getattr(diagnosis, "constraint_name", None)):
        return refusal
    message = getattr(diagnosis, "message_primary", None) or ""
    detail = getattr(diagnosis, "message_detail", None) or ""
    if refusal := REGISTER.of_state(Violation(state, message, detail)):
        return refusal
    if state in _LATER:
        return _LATER[state].of(Busy)
    if isinstance(error, OperationalError) and (
        error.connection_invalidated or not state or state.startswith(("08", "57P"))
    ):
        return unavailable()
    return error
