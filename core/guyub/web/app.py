"""Puts the application together: state, rooms, guards, static files."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
