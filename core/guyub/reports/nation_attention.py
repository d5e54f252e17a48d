"""Holds what needs attention over regions: each matter once, with the regions that it concerns, in alphabetical order."""

from collections.abc import Callable, Sequence

from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.attention_items import AttentionLevel
from guyub.reports.nation import RegionRow
from guyub.reports.region_attention import NOT_IN_TIME, NOTHING, TO_REVIEW, AffectedPlace, AttentionGroup, matter
from guyub.sdk.money import group
from guyub.sdk.text import Text


def of_nation(plugins: PluginRegistry, rows: Sequence[RegionRow], month: str) -> list[AttentionGroup]:
    """Returns what needs attention; ``month`` like "2024-11" is where the links lead. Asks nothing of the database."""
    return [
        *_not_ready(plugins),
        *_counted(
            rows,
            month,
            "warning",
            lambda row: row.late,
            NOT_IN_TIME,
            Text(
                id="Buka ringkasan wilayahnya; kantor wilayah mengingatkan UPT yang disebut di sana.",
                en="Open the region's overview; its office reminds the facilities that are named there.",
            ),
            Text(id="{count} bulan", en="{count} months", en_one="{count} month"),
        ),
        *_counted(
            rows,
            month,
            "info",
            lambda row: row.for_review,
            Text(
                id="{count} dana ditinjau kantor wilayah",
                en="{count} funds are reviewed by regional offices",
                en_one="{count} fund is reviewed by its regional office",
            ),
            TO_REVIEW,
            Text(id="{count} dana", en="{count} funds", en_one="{count} fund"),
        ),
    ]


def _counted(
    rows: Sequence[RegionRow],
    month: str,
    kind: AttentionLevel,
    count: Callable[[RegionRow], int],
    what: Text,
    remedy: Text,
    each: Text,
) -> list[AttentionGroup]:
    concerned = [row for row in rows if count(row)]
    places = [
        AffectedPlace(row.code, row.name, each.format(count=group(count(row))), f"/region/{row.code}/?month={month}")
        for row in concerned
    ]
    return matter(kind, what, remedy, places, group(sum(map(count, concerned))))


def _not_ready(plugins: PluginRegistry) -> list[AttentionGroup]:
    """Returns the plugins that are installed and do not run; the region's own overview says where they are active."""
    return [
        AttentionGroup("danger", status.reason or NOTHING, status.remedy or NOTHING)
        for status in plugins.statuses()
        if status.state != "ready"
    ]
