"""The application: mounts the routes of every room, guards each request, answers refusals with a page."""

from guyub.web.app import create_app

__all__ = ["create_app"]
