"""Models of refusals as JSON (RFC 9457), and the security schemes, for the description of the API."""

from typing import Any

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import BaseModel, Field

from guyub.http.cookies import SESSION_COOKIE

PROBLEM_MEDIA_TYPE = "application/problem+json"


class FurtherFault(BaseModel):
    """One more value of the same request that is at fault."""

    code: str
    field: str
    title: str
    detail: str


class Problem(BaseModel):
    """Describes why a request was refused, in the reader's language, and what to do about it.

    ``code`` stays the same in any language.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    field: str | None = Field(None, description="The field of the request that is at fault, where it is one.")
    others: list[FurtherFault] | None = Field(None, description="What else of the request is at fault.")


_REASONS = {
    401: "Nobody is signed in, or the token is unknown, revoked or no longer valid.",
    403: "The reader may not do this; a token does what it was made for and nothing else.",
    404: "There is no such place, plugin or record within the reader's reach.",
    405: "Nothing at this address answers this method.",
    409: "What is recorded stands against it, or has changed since it was read.",
    412: "What `If-Match` names is not what stands; `ETag` of a GET names that.",
    413: "The body is larger than this address takes.",
    422: "A value cannot be read or is not allowed; `field` names it.",
    500: "Something went wrong in the application or in a plugin; `title` holds the code that the log has.",
    503: "The database does not answer, or not in time; `Retry-After` says when to ask again.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns what ``responses=`` of a route or router takes."""
    return {status: {"model": Problem, "description": _REASONS[status]} for status in statuses}


OF_EVERY_ROUTE = problems(401, 403, 404, 422, 500, 503)
OF_WRITING = problems(409, 413)
OF_MATCHED_WRITING = problems(409, 412, 413)
"""Of what writes upon something that a GET answers with its ``ETag``."""

SECURITY = [
    Depends(
        APIKeyCookie(
            name=SESSION_COOKIE,
            scheme_name="session",
            description="The session of a signed-in reader. What writes also sends the token of a page as `X-CSRF-Token`.",
            auto_error=False,
        )
    ),
    Depends(
        HTTPBearer(
            scheme_name="token",
            description="A token that a reader made under *Account*, for the purpose that it was made for.",
            auto_error=False,
        )
    ),
]
"""Named in the description alone: the work of a request asks who is there, and refuses in words."""


def as_problem_documents(description: dict[str, Any]) -> dict[str, Any]:
    """Gives the refusals in a description of the JSON their own media type; returns the same description."""
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    content[PROBLEM_MEDIA_TYPE] = content.pop("application/json")
    return description
