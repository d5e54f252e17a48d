"""What a plan touches that is at work."""

from collections.abc import Mapping, Sequence
from datetime import date

from guyub.db.work import Work
from guyub.host import consequences as at_work
from guyub.host.consequences import Consequence
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.effects import Effective
from guyub.sdk.text import Text


def consequences(
    work: Work, titles: Mapping[str, Text], writes: Sequence[tuple[Field, Setting]], effects: Sequence[Effective]
) -> tuple[Consequence, ...]:
    """``titles`` of the plugins by slug.

    Two queries at most, none where no plugin is switched off and no value in effect changes.
    """
    off = {(one.place, one.plugin) for one, setting in writes if not one.name and setting.value is False}
    changed: dict[tuple[str, str], date] = {}
    for one in effects:
        if one.kind in ("changes", "loses_its_own"):
            key = (one.facility, one.plugin)
            changed[key] = min(one.counts_from, changed.get(key, one.counts_from))
    return at_work.consequences(work, titles, off, changed)
