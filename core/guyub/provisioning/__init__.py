"""Facilities as files: read and checked, planned and applied by the engine of ``guyub.configuration``, exported again."""

from guyub.provisioning.files import packaged_folder
from guyub.provisioning.loading import load
from guyub.provisioning.plan import apply, plan

__all__ = ["apply", "load", "packaged_folder", "plan"]
