"""The log of ``serve``, ``demo`` and ``worker``: standard error, each line with the plugin that was running.

A command of a plugin has somebody before it who reads one sentence; the whole of what went wrong is kept in a file.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from guyub.cli.redacting_formatter import RedactingFormatter
from guyub.plugins.plugin_session import running

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
    handler.setFormatter(RedactingFormatter(FORMAT))
    root.addHandler(handler)
    wanted = logging.getLevelNamesMapping().get(os.environ.get("GUYUB_LOG", "").strip().upper())
    root.setLevel(wanted or logging.WARNING)


_MOST_BYTES = 1_000_000


@contextmanager
def into_file(path: Path) -> Iterator[None]:
    """Adds what is logged of plugins within the block to a file that only its owner reads; an old part makes room."""
    path.touch(mode=0o600)
    handler = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8")
    handler.addFilter(NamesPlugin())
    handler.setFormatter(RedactingFormatter(FORMAT))
    logger = logging.getLogger("guyub.plugins")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
