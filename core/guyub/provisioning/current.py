"""Holds what the database holds of all that files can declare, read in a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace

from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import ConfigurationState, configuration_state
from guyub.db.unit_of_work import Work
from guyub.facilities.record_set import RecordSet, recorded
from guyub.plugins.plugin_registry import PluginRegistry


@dataclass(frozen=True, slots=True)
class CurrentState(RecordSet):
    """Holds what is recorded: ``by_web`` are the codes of facilities, ``regions_by_web`` of regions, that files must
    leave alone."""

    configured: ConfigurationState
    by_web: frozenset[str]
    regions_by_web: frozenset[str]

    def of_region(self, region: str, facilities: Collection[str]) -> "CurrentState":
        """Returns what is recorded of one region, of its facilities, and of ``facilities`` (codes) that may stand
        elsewhere so far.

        The rows of the layers above stay, as values are inherited from them.
        """
        units = {
            code: unit for code, unit in self.configured.units.items() if unit.region == region or code in facilities
        }
        configured = replace(
            self.configured,
            units=units,
            regions={code: record for code, record in self.configured.regions.items() if code == region},
            timelines={
                key: timeline
                for key, timeline in self.configured.timelines.items()
                if (key.place == region if key.layer == "region" else key.place in units)
            },
        )
        return replace(
            self,
            configured=configured,
            themes={},
            duties=frozenset(),
            regions={code: record for code, record in self.regions.items() if code == region},
            letters={code: default for code, default in self.letters.items() if code == region},
            facilities={code: facility for code, facility in self.facilities.items() if code in units},
            officials={key: official for key, official in self.officials.items() if official.facility in units},
            by_web=self.by_web & units.keys(),
            regions_by_web=self.regions_by_web & {region},
        )

    @property
    def timelines(self) -> Mapping[Target, tuple[Setting, ...]]:
        return self.configured.timelines


def current_state(work: Work, plugins: PluginRegistry) -> CurrentState:
    world, records = configuration_state(work, plugins), recorded(work)
    return CurrentState(
        **{each.name: getattr(records, each.name) for each in fields(RecordSet)},
        configured=world,
        by_web=frozenset(unit.code for unit in world.units.values() if unit.managed_by == "web"),
        regions_by_web=frozenset(office.code for office in world.regions.values() if office.managed_by == "web"),
    )
