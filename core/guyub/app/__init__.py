"""The application: mounts the routes of every room, guards each request, answers refusals with a page."""

from guyub.app.application import create_app

__all__ = ["create_app"]
