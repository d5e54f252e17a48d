"""What a plan touches that is at work."""

from collections.abc import Mapping, Sequence
from datetime import date

from guyub.configuration import consequences as at_work
from guyub.configuration.consequences import Consequence
from guyub.db.unit_of_work import Work
from guyub.provisioning.desired import Setting, SettingKey
from guyub.provisioning.impact import SettingEffect
from guyub.sdk.text import Text


def consequences(
    work: Work,
    titles: Mapping[str, Text],
    writes: Sequence[tuple[SettingKey, Setting]],
    effects: Sequence[SettingEffect],
) -> tuple[Consequence, ...]:
    """``titles`` of the plugins by slug.

    Two queries at most, none where no plugin is switched off and no value in effect changes.
    """
    off = {(one.place, one.plugin) for one, setting in writes if not one.name and setting.value is False}
    changed: dict[tuple[str, str], date] = {}
    for effect in effects:
        if effect.kind in ("changes", "loses_its_own"):
            key = (effect.facility, effect.plugin)
            changed[key] = min(effect.counts_from, changed.get(key, effect.counts_from))
    return at_work.consequences(work, titles, off, changed)
