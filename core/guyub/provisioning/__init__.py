"""Many facilities at once: read the folder or take wishes, plan what would change, apply it; one engine behind every door."""

from guyub.configuration.consequences import Consequence
from guyub.provisioning.apply import apply
from guyub.provisioning.change_request import ChangeRequest
from guyub.provisioning.files import packaged_folder
from guyub.provisioning.impact import SettingEffect
from guyub.provisioning.loading import load
from guyub.provisioning.plan import plan
from guyub.provisioning.plan_findings import PlanFinding
from guyub.provisioning.plan_history import AppliedPlan, applied
from guyub.provisioning.plan_model import Plan, PlannedChange
from guyub.provisioning.revert import plan_revert, revert
from guyub.provisioning.web_plan import apply_requests, plan_requests

__all__ = [
    "AppliedPlan",
    "ChangeRequest",
    "Consequence",
    "Plan",
    "PlanFinding",
    "PlannedChange",
    "SettingEffect",
    "applied",
    "apply",
    "apply_requests",
    "load",
    "packaged_folder",
    "plan",
    "plan_requests",
    "plan_revert",
    "revert",
]
