"""Says at home who had many encrypted values shown within a day, to those who read the audit log of a facility."""

from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access.models import AuditEntryModel
from guyub.db.unit_of_work import Work
from guyub.reports.attention_items import Attention
from guyub.sdk.text import Text

MANY = 10
"""So many reveals of one person within a day are worth a look: a desk that calls families needs fewer."""
_NEWEST = 2_000
"""Entries of the audit log among which they are counted: a day of the busiest facility has fewer."""


def many_reveals(work: Work) -> list[Attention]:
    """Returns each person with ``MANY`` reveals or more within the last 24 hours. One query."""
    if not work.may("audit.read"):
        return []
    entry = AuditEntryModel
    newest = (
        select(col(entry.actor_label).label("who"), col(entry.action).label("action"), col(entry.at).label("at"))
        .where(col(entry.chain) == work.here.id)
        .order_by(col(entry.seq).desc())
        .limit(_NEWEST)
        .subquery("newest")
    )
    counted = (
        select(newest.c.who, func.count())
        .where(newest.c.action == "registry.reveal", newest.c.at > func.now() - timedelta(hours=24))
        .group_by(newest.c.who)
        .having(func.count() >= MANY)
        .order_by(func.count().desc(), newest.c.who)
    )
    return [
        Attention(
            "warning",
            Text(
                id="{who} menampilkan data terenkripsi {count} kali dalam sehari",
                en="{who} had encrypted data shown {count} times within a day",
                en_one="{who} had encrypted data shown {count} time within a day",
            ).format(who=who, count=count),
            Text(
                id="Baca alasannya pada jejak audit, dan tanyakan bila tidak jelas.",
                en="Read the reasons in the audit log, and ask where they are not clear.",
            ),
            f"/f/{work.here.code}/audit?{urlencode({'kind': 'registry', 'who': who})}",
        )
        for who, count in work.all(counted)
    ]
