"""Keeps what a form sent: the page of a refusal that may pass sends the same fields once more."""

import json
import re
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from guyub import http

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_IS_SECRET = re.compile(r"passw|secret|sandi|rahasia|token|\bpin\b|\botp\b", re.IGNORECASE)
"""Names of fields that are left out even when their form does not say that they are secrets."""
_NEVER = {"/sign-in"}


@dataclass(frozen=True, slots=True)
class SentForm:
    """``fields`` are names and texts in the order in which they came, ``files`` names of controls and of what was selected
    in them: a page cannot hold a file, so its reader chooses it again."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    has_secrets: bool

    def as_text(self) -> str:
        """Returns what a page carries of it through the door."""
        return json.dumps([self.action, self.fields, self.files, self.has_secrets])


def from_text(text: str) -> SentForm | None:
    """Returns what ``as_text`` wrote; None for anything else."""
    try:
        action, fields, files, has_secrets = json.loads(text)
        pairs = [tuple((str(name), str(value)) for name, value in part) for part in (fields, files)]
    except (ValueError, TypeError):
        return None
    return SentForm(http.local_path(str(action)), pairs[0], pairs[1], bool(has_secrets))


async def keep(request: Request) -> None:
    """Keeps the form of a request that has proved to come from a page of ours, for ``sent_form``."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind in _FORMS and request.url.path not in _NEVER:
        request.state.sent = await request.form()


def sent_form(request: Request) -> SentForm | None:
    """Returns the form that this request sent; None where none was sent, or none may be sent again (a sign-in)."""
    sent: FormData | None = getattr(request.state, "sent", None)
    if sent is None:
        return None
    marked = {name for name in sent.getlist(http.SECRET_FIELDS) if isinstance(name, str)}
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, str]] = []
    # A secret that an earlier page like this one left out is still missing.
    has_secrets = any(name not in sent for name in marked)
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files.append((name, value.filename or ""))
        elif name == http.SECRET_FIELDS:
            fields.append((name, value))
        elif name in marked or (name != "csrf_token" and _IS_SECRET.search(name)):
            has_secrets = has_secrets or bool(value)
        elif name != "csrf_token":
            fields.append((name, value.replace("\0", "")))
    return SentForm(http.local_path(http.address_of(request)), tuple(fields), tuple(files), has_secrets)
