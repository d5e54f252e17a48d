"""Declarative files: read the folder, plan what would change, apply it; one engine behind every door."""

from guyub.provisioning.applying import apply
from guyub.provisioning.findings import Finding
from guyub.provisioning.folder import packaged_folder
from guyub.provisioning.loading import load
from guyub.provisioning.planning import Change, Plan, plan

__all__ = ["Change", "Finding", "Plan", "apply", "load", "packaged_folder", "plan"]
