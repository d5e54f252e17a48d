"""The one place where rooms say what they know of a household: importing it fills the register of its timeline."""

from guyub.programs import household_timeline
from guyub.registry.timeline import register

register(household_timeline.entries, household_timeline.last_received)
