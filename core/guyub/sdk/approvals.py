"""Fields of a programme's configuration that the core heeds: when an approval needs two people.

A programme declares them by these names; without them one approver is enough::

    second_approval_above: Rupiah = approvals.second_approval_above()
    second_approval_for_sensitive: bool = approvals.second_approval_for_sensitive()
"""

from typing import Any

from guyub.sdk.config import field
from guyub.sdk.text import Text


def second_approval_above() -> Any:
    """Returns the field that says above how many rupiah two people approve; 0, the default, asks for one at any sum."""
    return field(
        Text(id="Dua penyetuju di atas", en="Two approvers above"),
        help=Text(
            id="Persetujuan yang mencadangkan lebih dari ini memerlukan dua penyetuju; 0 berarti satu penyetuju cukup.",
            en="An approval that reserves more than this needs two approvers; with 0 one is enough.",
        ),
        unit=Text(id="rupiah", en="rupiah"),
        zero=Text(id="satu penyetuju cukup", en="one approver is enough"),
        default=0,
        widget="rupiah",
    )


def second_approval_for_sensitive() -> Any:
    """Returns the switch that asks for two approvers of whatever is paid from sensitive money; off by default."""
    return field(
        Text(id="Dua penyetuju untuk dana sensitif", en="Two approvers for sensitive money"),
        help=Text(
            id="Persetujuan yang memakai dana sensitif (selisih bama, sumbangan rekanan) memerlukan dua penyetuju.",
            en="An approval that uses sensitive money (food margin, gifts of vendors) needs two approvers.",
        ),
        default=False,
    )
