"""Campaigns: cycles that a regional or national office launches at many facilities."""
