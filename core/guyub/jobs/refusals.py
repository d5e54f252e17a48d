"""The refusals of jobs: deliveries that are not there to be tried again."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class JobsRefusal(RefusalCode):
    NOTHING_PARKED = (
        "jobs.nothing_parked",
        Text(id="{what}", en="{what}"),
        Text(
            id="Lihat yang tertahan dengan: guyub events list --parked",
            en="See what is parked with: guyub events list --parked",
        ),
    )
