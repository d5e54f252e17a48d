"""The one place where the rooms answer for what the database refuses: importing it fills the register."""

from guyub.access import refusals as access
from guyub.configuration import refusals as configuration
from guyub.db import refusals as db
from guyub.db.refusal_register import REGISTER
from guyub.documents import refusals as documents
from guyub.facilities import refusals as facilities
from guyub.funds import refusals as funds
from guyub.plugins import refusals as plugins
from guyub.programs import refusals as programs
from guyub.programs.campaigns import refusals as campaigns
from guyub.registry import refusals as registry
from guyub.reports import refusals as reports

ROOMS = (
    db,
    access,
    facilities,
    documents,
    plugins,
    configuration,
    registry,
    funds,
    programs,
    campaigns,
    reports,
)

REGISTER.register(*(room.DATABASE for room in ROOMS))
