"""The API's way of binding a decision to what was read: `ETag` names what a GET answered, `If-Match` what a write was made of."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from guyub.http.refusals import HttpRefusal
from guyub.sdk.errors import Refusal

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The `ETag` of what was read; 412 where it is something else by now."),
]


class NotMatching(Refusal):
    """What was read is not what stands."""

    status = 412


def etag_of(read: BaseModel | Sequence[BaseModel]) -> str:
    """Returns the tag of what a GET answers."""
    rows = [read] if isinstance(read, BaseModel) else read
    content = json.dumps([row.model_dump(mode="json") for row in rows], sort_keys=True)
    return f'"{sha256(content.encode()).hexdigest()[:24]}"'


def demand_match(if_match: str | None, stands: Callable[[], BaseModel | Sequence[BaseModel]]) -> None:
    """Raises ``NotMatching`` where a write names what it was made of, and something else stands; ``stands`` is read only then."""
    if if_match is None:
        return
    named = [tag.strip().removeprefix("W/") for tag in if_match.split(",")]
    if etag_of(stands()) not in named and named != ["*"]:
        raise HttpRefusal.NOT_MATCHING.of(NotMatching)
