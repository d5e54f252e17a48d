"""Finds who signs a document, and makes names of files that every computer can keep."""

from collections.abc import Mapping

from guyub.documents.blocks import Signature
from guyub.facilities.queries import OfficialOnDay


def holder_of(officials: Mapping[str, OfficialOnDay], role: str, title: str) -> OfficialOnDay:
    """Returns the official in that role, or an unnamed one with ``title``: the line to sign is there all the same."""
    return officials.get(role) or OfficialOnDay(role, title, "", "", "")


def signed_by(official: OfficialOnDay, *above: str) -> Signature:
    """Returns a signature; ``above`` are the lines over the official's own title."""
    return Signature((*above, f"{official.heading},"), official.name, (f"NIP {official.nip}",) if official.nip else ())
