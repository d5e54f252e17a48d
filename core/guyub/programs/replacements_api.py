"""The replacements of a month as JSON: places, scores and states, nothing about a person."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from guyub.http.matching import IfMatch, demand_match, etag_of
from guyub.http.problems import OF_MATCHED_WRITING
from guyub.programs import replacements
from guyub.programs.pages.common import AskedCycle
from guyub.programs.replacements import ReplacementLine

api = APIRouter(prefix="/f/{facility}")
REPLACEMENTS = "/cycles/{cycle}/replacements"
ReplacementId = Annotated[
    str,
    Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="The replacement, as the list names it."),
]


class ReplacementOut(BaseModel):
    """A household gives up the place ``number`` of the list, and a reserve takes it; ``state`` says what became of it."""

    id: UUID
    number: int
    goes: UUID
    comes: UUID
    score: float
    state: Literal["waiting", "confirmed", "declined"]
    proposed_by: str
    proposed_at: datetime
    decided_by: str


class ReplacementIn(BaseModel):
    """``number`` is a place of the list. ``comes`` is the household that was read as the next reserve, none: the one that is."""

    model_config = ConfigDict(extra="forbid")

    number: int
    reason: str
    comes: UUID | None = None


class DecisionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    confirmed: bool


@api.get(REPLACEMENTS)
def replacement_list(address: AskedCycle, response: Response) -> list[ReplacementOut]:
    """Returns the replacements of a month, those that wait first; the `ETag` is what a write names as `If-Match`."""
    shown = _shown(address)
    response.headers["etag"] = etag_of(shown)
    return shown


@api.post(REPLACEMENTS, status_code=201, responses=OF_MATCHED_WRITING)
def propose(
    address: AskedCycle, asked: ReplacementIn, response: Response, if_match: IfMatch = None
) -> list[ReplacementOut]:
    """Proposes that the next reserve takes a place; 409 where no reserve fits, or another one is next."""
    work, cycle = address.work, address.readable().cycle
    work.require("programs.propose")
    replacements.keep(work, cycle)
    demand_match(if_match, lambda: _shown(address))
    replacements.propose_at(work, cycle, asked.number, asked.reason, comes=asked.comes)
    return replacement_list(address, response)


@api.post(f"{REPLACEMENTS}/{{replacement}}", responses=OF_MATCHED_WRITING)
def decide(
    address: AskedCycle, replacement: ReplacementId, asked: DecisionIn, response: Response, if_match: IfMatch = None
) -> list[ReplacementOut]:
    """Confirms or declines a replacement; 409 where it was decided already, or what was proposed no longer holds."""
    work, cycle = address.work, address.readable().cycle
    if asked.confirmed:
        work.require("programs.approve")
    replacements.keep(work, cycle)
    demand_match(if_match, lambda: _shown(address))
    replacements.decide(work, cycle, UUID(replacement), confirmed=asked.confirmed)
    return replacement_list(address, response)


def _shown(address: AskedCycle) -> list[ReplacementOut]:
    return [_described(line) for line in replacements.of_cycle(address.work, address.readable().cycle)]


def _described(line: ReplacementLine) -> ReplacementOut:
    state: Literal["waiting", "confirmed", "declined"] = (
        "waiting" if line.confirmed is None else "confirmed" if line.confirmed else "declined"
    )
    return ReplacementOut(
        id=line.id,
        number=line.number,
        goes=line.goes_household,
        comes=line.comes_household,
        score=float(line.score),
        state=state,
        proposed_by=line.proposed_by,
        proposed_at=line.proposed_at,
        decided_by=line.decided_by,
    )
