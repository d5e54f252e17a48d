"""Campaigns: cycles that a regional or national office orders at many facilities."""
