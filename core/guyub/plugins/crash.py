"""A page or report of a plugin that broke: an answer that names the plugin and a code, and the whole story in the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from guyub.db.errors import refusal_of
from guyub.plugins.dispatch import code_of, is_interrupt
from guyub.plugins.refusals import PluginsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

log = logging.getLogger("guyub.plugins")


class PluginCrashed(Refusal):
    """Other people's code failed; its message could name a person, so the reader gets its kind and a code."""

    status = 500


class Broke(Exception):
    """Plugin code raised something that nobody asked it for: ``error``."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.error = error


@contextmanager
def unless(*expected: type[Exception]) -> Iterator[None]:
    """Turns what plugin code raises within the block, unless it is one of ``expected``, into ``Broke``: a word to catch
    that is not everything. A pressed Ctrl-C stays itself."""
    try:
        yield
    except expected:
        raise
    except BaseException as error:
        if is_interrupt(error):
            raise
        raise Broke(error) from error


_PAGE = Text(
    id="Halaman plugin “{title}” ({slug}) gagal: {case}. Kode: {code}.",
    en="A page of the plugin “{title}” ({slug}) failed: {case}. Code: {code}.",
)


@contextmanager
def naming(
    plugin: Plugin, what: str, facility: str, *, sentence: Text = _PAGE, remedy: Text | None = None
) -> Iterator[None]:
    """Turns what breaks within the block into ``PluginCrashed``; a refusal stays itself, also one of the database. Only
    that the plugin reached for what is not its own is a fault of its code, and none of the reader's.

    ``what`` is a page, report or method, ``facility`` a code. ``sentence`` may use {title}, {slug}, {what}, {case}
    and {code}; ``remedy`` stands where what to do is not what it is on a page.
    """
    try:
        with unless(Refusal):
            yield
    except Broke as broke:
        error = broke.error
        refusal = refusal_of(error) if isinstance(error, DBAPIError) and not _is_not_its_own(error) else error
        if isinstance(refusal, Refusal):
            raise refusal from error
        code = code_of(plugin.slug, what, error)
        labels = {"plugin": plugin.slug, "hook": what, "facility": facility, "code": code}
        log.error("plugin %s failed in %s at %s (%s)", plugin.slug, what, facility, code, exc_info=error, extra=labels)
        raise PluginsRefusal.CRASHED.of(
            PluginCrashed,
            what=sentence.format(title=plugin.title, slug=plugin.slug, what=what, case=type(error).__name__, code=code),
            remedy=remedy or _NOTHING_KEPT,
        ) from error


def _is_not_its_own(error: DBAPIError) -> bool:
    """Returns whether PostgreSQL refused a right on a table or row: the core's tables are closed to plugins."""
    return getattr(error.orig, "sqlstate", None) == "42501"


_NOTHING_KEPT = Text(
    id="Tidak ada yang disimpan. Sampaikan kode itu kepada administrator; ia menemukannya pada catatan server.",
    en="Nothing was saved. Give the code to your administrator, who finds it in the server's log.",
)
