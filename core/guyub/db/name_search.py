"""Conditions that look for a part of a name: spaces, apostrophes, accents and large letters make no difference."""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, true

from guyub.sdk.searching import folded, search_key


def contains(name: SQLColumnExpression[str], part: str) -> ColumnElement[bool]:
    """Returns the condition that every word of ``part`` stands in the name, in any order and with others between them. A word
    without letters and digits is taken as it is: ``%`` is a sign like any other."""
    return and_(true(), *(_holds(name, word) for word in part.split()))


def _holds(name: SQLColumnExpression[str], word: str) -> ColumnElement[bool]:
    place: ColumnElement[int]
    if search_key(word):
        place = func.strpos(func.guyub.search_key(name), func.guyub.search_key(word))
    else:
        place = func.strpos(func.guyub.folded(name), folded(word).strip())
    return place > 0
