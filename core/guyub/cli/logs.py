"""The log of ``serve``, ``demo`` and ``worker``: standard error, each line with the plugin that was running."""

import logging
import os

from guyub.host.guard import running

FORMAT = "%(asctime)s %(levelname)s %(name)s [%(plugin)s] %(message)s"


class NamesPlugin(logging.Filter):
    """Gives every record the slug of the plugin that wrote it, or on whose behalf the core did; ``-`` for the core itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "plugin"):
            call = running.get()
            record.plugin = call.slug if call is not None else "-"
        return True


def to_standard_error() -> None:
    """Warnings and worse; ``GUYUB_LOG=info`` or ``debug`` shows more. What was configured before stays as it is."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    handler.addFilter(NamesPlugin())
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    wanted = logging.getLevelNamesMapping().get(os.environ.get("GUYUB_LOG", "").strip().upper())
    root.setLevel(wanted or logging.WARNING)
