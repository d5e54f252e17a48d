"""Many facilities at once: read the folder or take wishes, plan what would change, apply it; one engine behind every door."""

from guyub.host.consequences import Consequence
from guyub.provisioning.applying import apply
from guyub.provisioning.effects import Effective
from guyub.provisioning.findings import Finding
from guyub.provisioning.folder import packaged_folder
from guyub.provisioning.ledger import Applied, applied
from guyub.provisioning.loading import load
from guyub.provisioning.planning import plan
from guyub.provisioning.plans import Change, Plan
from guyub.provisioning.reverting import plan_revert, revert
from guyub.provisioning.wanted import Wish
from guyub.provisioning.wishes import apply_wishes, plan_wishes

__all__ = [
    "Applied",
    "Change",
    "Consequence",
    "Effective",
    "Finding",
    "Plan",
    "Wish",
    "applied",
    "apply",
    "apply_wishes",
    "load",
    "packaged_folder",
    "plan",
    "plan_revert",
    "plan_wishes",
    "revert",
]
