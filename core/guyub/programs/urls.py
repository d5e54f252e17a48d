"""Addresses of the pages of a cycle: other rooms link to them by this function."""


def cycle_url(facility: str, code: str) -> str:
    """Returns the address of the page of a cycle (its code) of a facility (its code); its other pages lie below."""
    return f"/f/{facility}/cycles/{code}/"
