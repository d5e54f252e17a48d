"""Reads the campaign that is asked for, from a form, an address or a query: all that is wrong at once, each at its field."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.assessment import CampaignRequest
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.ui.problems import CollectedRefusals
from guyub.ui.typed_values import day_at, rupiah_at

Fields = ImmutableMultiDict[str, Any]
"""What a form or an address sends: ``title``, ``kind``, ``on``, ``quota``, ``ceiling``, ``theme``; ``facilities`` by code,
several of them or in one field with commas, and ``quota.CODE`` for another quota of one."""


def campaign_asked(fields: Fields, names: Mapping[str, str]) -> CampaignRequest:
    """Returns the campaign; ``names`` are those of facilities by code. Raises ``Invalid`` with all that is wrong."""
    refusals = CollectedRefusals()
    with refusals.collected():
        title = campaigns.check_title(_word(fields, "title"))
    with refusals.collected():
        plugin, kind = _kind(_word(fields, "kind"))
    with refusals.collected():
        on = _day(_word(fields, "on"))
    with refusals.collected():
        quotas = _quotas(fields, names)
        campaigns.check_facilities(quotas)
    with refusals.collected():
        ceiling = _ceiling(_word(fields, "ceiling"))
    refusals.demand_none()
    return CampaignRequest(title, plugin, kind, on, quotas, ceiling, _word(fields, "theme") or None)


def facilities_asked(fields: Fields) -> list[str]:
    """Returns the codes of the facilities, in the order in which they were sent."""
    sent: Iterable[Any] = fields.getlist("facilities")
    codes = [code.strip() for value in sent if isinstance(value, str) for code in value.split(",")]
    return [code for code in dict.fromkeys(codes) if code]


def as_fields(asked: CampaignRequest) -> dict[str, str]:
    """Returns the fields of a campaign, from which ``campaign_asked`` reads the same one."""
    return {
        "title": asked.title,
        "kind": f"{asked.plugin}/{asked.program_type}",
        "on": asked.distribution_on.isoformat(),
        "ceiling": "" if asked.ceiling is None else str(asked.ceiling),
        "theme": asked.theme or "",
        "facilities": ",".join(asked.quotas),
        **{f"quota.{code}": str(quota) for code, quota in asked.quotas.items()},
    }


def _word(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _kind(option: str) -> tuple[str, str]:
    """Returns plugin and type of a programme."""
    plugin, _, kind = option.partition("/")
    if not kind:
        raise CampaignsRefusal.CAMPAIGN_KIND.invalid("kind")
    return plugin, kind


def _quotas(fields: Fields, names: Mapping[str, str]) -> dict[str, int]:
    general = _word(fields, "quota")
    return {
        code: _quota(_word(fields, f"quota.{code}") or general, names.get(code, code))
        for code in facilities_asked(fields)
    }


def _quota(text: str, name: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    raise CampaignsRefusal.CAMPAIGN_QUOTA.invalid("quota", name=name)


def _day(text: str) -> date:
    if not text:
        raise CampaignsRefusal.CAMPAIGN_NO_DAY.invalid("on")
    return day_at(text, "on")


def _ceiling(text: str) -> int | None:
    return rupiah_at(text, "ceiling") if text else None
