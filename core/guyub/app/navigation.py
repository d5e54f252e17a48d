"""The menu of the place in view: what each room offers there to this reader."""

from collections.abc import Sequence
from datetime import date

from guyub import http
from guyub.app.rooms import Room
from guyub.db.unit_of_work import CodeName, Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.ui.render import NavItem


def all_of(rooms: Sequence[Room], plugins: PluginRegistry) -> http.Navigation:
    """Rooms answer from what the work and the plugins already know; nothing is asked of the database for each item."""

    def collect(work: Work, today: date, region: CodeName | None, /) -> list[NavItem]:
        plugins.notice(work)
        if work.facility is not None:
            return [item for room in rooms if room.navigation for item in room.navigation(work, plugins, today)]
        if region is not None:
            return [
                item for room in rooms if room.region_navigation for item in room.region_navigation(work, region, today)
            ]
        return []

    return collect
