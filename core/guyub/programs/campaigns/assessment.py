"""Assesses a campaign: what it would do at each facility and why it leaves some out, by five questions for any number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from guyub.configuration.resolution import resolved_from
from guyub.configuration.store import StoredAt, rows_at
from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.funds.items import Item
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.programs.labels import STATES
from guyub.programs.packages import demand_units
from guyub.sdk.config import PackageItem
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.facility import Facility
from guyub.sdk.money import format_rupiah
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import PackageLine, ProgramContext, ProgramType
from guyub.sdk.text import Text, Weekday

CampaignOutcome = Literal["open", "adopt", "ordered", "left_out"]
"""The month is opened, a planned one is taken over, it belongs to this campaign already, or nothing is done."""


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """The campaign that an office asks for. ``quotas`` by code of facility; ``ceiling`` in rupiah for one household, or None."""

    title: str
    plugin: str
    program_type: str
    distribution_on: date
    quotas: Mapping[str, int]
    ceiling: int | None = None
    theme: str | None = None

    @property
    def period(self) -> date:
        return self.distribution_on.replace(day=1)


@dataclass(frozen=True, slots=True)
class CampaignAssessment:
    """Holds what the campaign does at one facility.

    ``own_quota`` and ``value`` (of a package for one person, in rupiah) are what the facility's own configuration says;
    ``settled`` is that configuration, None where nothing is done.
    """

    place: Facility
    quota: int
    outcome: CampaignOutcome
    why: Text
    own_quota: int = 0
    value: int = 0
    cycle_id: UUID | None = None
    settled: ProgramContext[Any] | None = None

    @property
    def acts(self) -> bool:
        return self.outcome in ("open", "adopt")


def assess(
    work: Work, plugins: PluginRegistry, region_id: UUID, campaign: CampaignRequest, campaign_id: UUID | None = None
) -> list[CampaignAssessment]:
    """Returns an assessment of every facility that the campaign names, by name. ``campaign_id``: its id where it exists already.

    Raises ``Refusal`` when the plugin is not ready, ``Invalid`` for a code that is no facility of this region.
    """
    plugin = plugins.plugin(campaign.plugin)
    kind = plugins.program_type(campaign.plugin, campaign.program_type)
    rows = _places(work, region_id, campaign)
    if unknown := set(campaign.quotas) - {row.code for row in rows}:
        raise _unknown(unknown)
    stored = rows_at(work, campaign.plugin, region_id)
    catalogues = items.catalogues(work, [row.id for row in rows])
    assessments = []
    for row in rows:
        place = Facility(row.id, row.code, row.name, row.zone, row.region)
        layers = (stored.get(None, []), stored.get(row.stood, []), stored.get(row.id, []))
        at = StoredAt(row.name, {campaign.plugin: tuple(layers)})
        assessments.append(
            _judge_one(plugins, plugin, kind, campaign, place, row, at, campaign_id, catalogues.get(row.id, {}))
        )
    return assessments


def digest(judged: Sequence[CampaignAssessment]) -> str:
    """Returns a digest of what the reader saw: a campaign is not launched on what has changed since."""
    seen = "\n".join(
        f"{assessment.place.code} {assessment.quota} {assessment.outcome} {assessment.own_quota} {assessment.value}"
        for assessment in judged
    )
    return sha256(seen.encode()).hexdigest()[:16]


def priced(lines: Sequence[PackageLine]) -> int:
    """Returns what a package costs for a household of one, in rupiah at planned prices."""
    return sum(_share(line) if isinstance(line, PackageItem) else line.amount for line in lines)


def _share(line: PackageItem) -> int:
    """Returns the share as ``guyub.entitlement_quantity`` and PostgreSQL's rounding have it."""
    quantity = min(line.quantity, line.at_most) if line.per_member and line.at_most is not None else line.quantity
    return int((quantity * line.price).quantize(Decimal(1), ROUND_HALF_UP))


def _places(work: Work, region_id: UUID, campaign: CampaignRequest) -> Sequence[Any]:
    # One long question for any number of facilities: what each is, whether its programme runs, and what its month costs.
    rows: Sequence[Any] = work.run(
        """SELECT f.id, f.code, f.name, f.zone, g.code AS region, f.closed_on, COALESCE(s.region_id, f.region_id) AS stood,
                  c.id AS cycle, c.state, c.quota, c.campaign_id, COALESCE(o.title, '') AS other_campaign,
                  COALESCE(a.active, false) AS active,
                  COALESCE((SELECT sum(round(guyub.entitlement_quantity(l.quantity, 1, l.per_member, l.at_most, 1) * l.price))
                            FROM guyub.package_line l WHERE l.cycle_id = c.id), 0)::bigint AS value
           FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
           LEFT JOIN LATERAL guyub.region_memberships(f.id) s ON s.since <= :period AND (s.until IS NULL OR :period < s.until)
           LEFT JOIN guyub.program p ON p.facility_id = f.id AND p.plugin = :plugin AND p.program_type = :type
           LEFT JOIN LATERAL (
               SELECT * FROM guyub.cycle o WHERE o.program_id = p.id AND o.period = :period
               ORDER BY o.state = 'cancelled', o.opened_at DESC LIMIT 1) c ON true
           LEFT JOIN guyub.campaign o ON o.id = c.campaign_id
           LEFT JOIN LATERAL (
               SELECT a.active FROM guyub.plugin_activation a
               WHERE a.facility_id = f.id AND a.plugin = :plugin AND a.valid_from <= :period
               ORDER BY a.valid_from DESC, a.seq DESC LIMIT 1) a ON true
           WHERE f.region_id = :region AND f.code = ANY (:codes) ORDER BY lower(f.name), f.code""",
        plugin=campaign.plugin,
        type=campaign.program_type,
        period=campaign.period,
        region=region_id,
        codes=list(campaign.quotas),
    ).all()
    return rows


def _judge_one(
    plugins: PluginRegistry,
    plugin: Plugin,
    kind: ProgramType[Any],
    campaign: CampaignRequest,
    place: Facility,
    row: Any,
    stored: StoredAt,
    campaign_id: UUID | None,
    catalogue: Mapping[str, Item],
) -> CampaignAssessment:
    quota = campaign.quotas[place.code]

    def left_out(id: str, en: str, **values: object) -> CampaignAssessment:
        return CampaignAssessment(place, quota, "left_out", Text(id=id, en=en).format(**values))

    if row.closed_on is not None and row.closed_on < campaign.distribution_on:
        return left_out("UPT ini ditutup sejak {day}.", "This facility is closed since {day}.", day=_day(row.closed_on))
    if row.campaign_id is not None:
        if row.campaign_id == campaign_id:
            return _already(place, quota, row.quota)
        return left_out(
            "Bulan ini sudah terikat pada perintah “{title}”.",
            "This month is bound by the campaign “{title}”.",
            title=row.other_campaign,
        )
    if row.state is not None and row.state != "planned":
        return left_out(
            "Bulan ini sudah pada tahap “{state}”.", "This month is “{state}” already.", state=STATES[row.state]
        )
    if not row.active:
        return left_out(
            "Program ini tidak aktif di UPT ini pada {day}.",
            "The programme is not active here on {day}.",
            day=_day(campaign.period),
        )
    try:
        config = resolved_from(stored, plugin, campaign.period, plugins.protector).config
    except Refusal as refusal:
        return CampaignAssessment(place, quota, "left_out", refusal.what)
    context = ProgramContext(config, place, campaign.period)
    if row.state is None:
        try:
            demand_units(catalogue, kind, context)
        except Invalid as refusal:
            return CampaignAssessment(place, quota, "left_out", refusal.what)
    value = int(row.value) if row.state == "planned" else priced(kind.package(context))
    if campaign.ceiling is not None and value > campaign.ceiling:
        return left_out(
            "Paket UPT ini {value}, di atas batas {ceiling}.",
            "Its package is {value}, above the ceiling of {ceiling}.",
            value=format_rupiah(value),
            ceiling=format_rupiah(campaign.ceiling),
        )
    own = kind.quota(config)
    if row.state == "planned":
        why = Text(
            id="Bulan yang sudah direncanakan diambil alih; kuota {old} menjadi {new}.",
            en="The month that is planned is taken over; its quota of {old} becomes {new}.",
        ).format(old=row.quota, new=quota)
        return CampaignAssessment(place, quota, "adopt", why, row.quota, value, row.cycle, context)
    why = Text(id="Bulan dibuka dengan kuota {new}.", en="The month is opened with a quota of {new}.").format(new=quota)
    return CampaignAssessment(place, quota, "open", why, own, value, None, context)


def _already(place: Facility, asked: int, holds: int) -> CampaignAssessment:
    if asked == holds:
        return CampaignAssessment(
            place, asked, "ordered", Text(id="Sudah termasuk perintah ini.", en="Is in this campaign already.")
        )
    return CampaignAssessment(
        place,
        asked,
        "ordered",
        Text(
            id="Sudah termasuk perintah ini dengan kuota {quota}; kuota tidak diubah.",
            en="Is in this campaign already, with a quota of {quota}; that stays.",
        ).format(quota=holds),
    )


def _unknown(codes: Collection[str]) -> Invalid:
    return CampaignsRefusal.CAMPAIGN_UNKNOWN_FACILITY.invalid("facilities", codes=", ".join(sorted(codes)))


def _day(day: date) -> Text:
    return Text.same(Weekday(day))
