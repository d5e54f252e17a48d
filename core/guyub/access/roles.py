"""Roles and what they may do: data of the installation, written as whole sets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from guyub.db.unit_of_work import Work

PERMISSIONS = (
    "access.manage",
    "access.purpose",
    "audit.read",
    "documents.make",
    "documents.read",
    "facilities.configure",
    "funds.read",
    "funds.receive",
    "funds.spend",
    "funds.topup",
    "programs.approve",
    "programs.close",
    "programs.handover",
    "programs.open",
    "programs.campaign",
    "programs.propose",
    "programs.read",
    "registry.read",
    "registry.reveal",
    "registry.survey",
    "registry.write",
    "reports.read",
)
"""All that a role can be allowed to do in the core."""

RoleScope = Literal["facility", "region", "national"]


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """A role as data: ``titles`` are what it is called by type of facility, or "default", in ``id`` and ``en``."""

    code: str
    scope: RoleScope
    titles: Mapping[str, Mapping[str, str]]
    permissions: tuple[str, ...]


def save_roles(work: Work, roles: Sequence[RoleRecord]) -> None:
    """Inserts new roles and brings the others up to date; the caller records it in the audit log."""
    work.require("access.manage")
    if roles:
        work.run(
            """INSERT INTO guyub.role (code, scope, titles, permissions)
               SELECT r.code, r.scope, r.titles, r.permissions
               FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (code text, scope text, titles jsonb, permissions text[])
               ON CONFLICT (code) DO UPDATE SET scope = excluded.scope, titles = excluded.titles,
                   permissions = excluded.permissions""",
            rows=json.dumps([asdict(role) for role in roles]),
        )


def separate_duties(work: Work, pairs: Sequence[tuple[str, str]]) -> None:
    """Declares pairs of permissions that one person must not use on the same matter; the caller audits it."""
    work.require("access.manage")
    if pairs:
        work.run(
            """INSERT INTO guyub.separation_of_duties (first_permission, second_permission)
               SELECT * FROM unnest(CAST(:first AS text[]), CAST(:second AS text[])) ON CONFLICT DO NOTHING""",
            first=[first for first, _ in pairs],
            second=[second for _, second in pairs],
        )
