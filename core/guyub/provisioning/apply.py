"""Applying what the files say."""

from datetime import date

from guyub.configuration.apply import carry_out, wait_for_others
from guyub.configuration.plan import Plan
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.desired import DesiredState
from guyub.provisioning.plan import plan


def apply(
    work: Work, plugins: PluginRegistry, declared: DesiredState, digest: str | None = None, on: date | None = None
) -> Plan:
    """Makes the world what the files say and returns the plan that was carried out; without a change no row is written.

    ``digest`` is that of a plan which somebody has read: raises ``Refusal`` when the plan is another by now, and when
    an issue stands against it. Only one at a time gets to apply; a second one waits and plans on what the first left.
    """
    wait_for_others(work)
    return carry_out(work, plugins, plan(work, plugins, declared, on), digest)
