"""Checks whether a work itself changed what is kept in memory of plugins: until it commits, what it reads is not for others."""

from guyub.db.unit_of_work import Work

_CHANGED = "configuration_changed"


def note_change(work: Work) -> None:
    """Says that this work recorded configuration, an activation or a switch."""
    work.session.info[_CHANGED] = True


def has_changed(work: Work) -> bool:
    return _CHANGED in work.session.info
