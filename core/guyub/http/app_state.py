"""``AppState``: what the application gives to its handlers. What this room asks of a room above it is a callable here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from fastapi import Request

from guyub.db.keys import Protector
from guyub.db.unit_of_work import CodeName, Database, Purpose, Work
from guyub.http.lazy_work import RegionInView
from guyub.sdk.text import Text
from guyub.ui.render import NavItem, Pages, PurposeNotice


class PluginPermissions(Protocol):
    """Answers what this room asks of the plugins; a room above them asks ``guyub.plugins.dependencies.Plugins`` for all
    of it."""

    def permissions(self, work: Work, on: date, /) -> frozenset[str]:
        """Returns the reader's permissions here on that day, with those of the plugins that are active."""
        ...


class Navigation(Protocol):
    def __call__(self, work: Work, today: date, region: CodeName | None, /) -> Sequence[NavItem]:
        """Returns the menu of the place in view. It is called inside each request's transaction, so it asks nothing per
        item."""
        ...


class RecordView(Protocol):
    def __call__(self, work: Work, page: str, households: Sequence[UUID] | None, /) -> None:
        """Adds to the audit log that a page was opened for a purpose; ``page`` is its address with no id of a person in it."""
        ...


class RecordExport(Protocol):
    def __call__(self, work: Work, page: str, /, *, table: str, caption: Text, shape: str, rows: int) -> None:
        """Adds to the audit log that a table of a page was taken as a file."""
        ...


class NoticeOf(Protocol):
    def __call__(self, purpose: Purpose, /) -> PurposeNotice:
        """Returns what the pages say above themselves while a purpose holds."""
        ...


class FindRegion(Protocol):
    def __call__(self, work: Work, code: str, /) -> RegionInView:
        """Returns the region of that code, one of those that the reader reaches."""
        ...


@dataclass(frozen=True, slots=True)
class AppState:
    """``clock`` returns an aware moment; ``plugins`` is the plugin registry. ``banner`` stands above every page, of a
    demonstration for example."""

    database: Database
    plugins: PluginPermissions
    protector: Protector
    pages: Pages
    clock: Callable[[], datetime]
    navigation: Navigation
    record_view: RecordView
    record_export: RecordExport
    notice_of: NoticeOf
    region_in_view: FindRegion
    banner: Text | None = None

    @property
    def service_key(self) -> str:
        return self.database.service_key


def state(request: Request) -> AppState:
    app_state: AppState = request.app.state.guyub
    return app_state
