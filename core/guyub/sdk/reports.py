"""Reports that the core shows, filters by date and exports for a plugin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from guyub.sdk.config import Config
from guyub.sdk.contexts import ReportContext
from guyub.sdk.text import Text

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report. ``key`` is that of the rows; ``kind`` says how values are shown and exported: ``rupiah`` are
    whole integers, ``quantity`` decimals, ``date`` dates. ``total``: the last line adds them up."""

    key: str
    title: Text
    kind: Literal["text", "rupiah", "quantity", "integer", "date"] = "text"
    total: bool = False


class Report(Generic[C]):
    """Derive from this, set the attributes, implement ``rows``; instances keep no state."""

    key: str
    title: Text
    permission: str
    """Without one the report is not shown, and the plugin is reported by ``guyub plugin check``."""
    columns: tuple[ReportColumn, ...]

    def rows(self, ctx: ReportContext[C]) -> Sequence[Mapping[str, object]]:
        """Returns one mapping per row, with the keys of ``columns``; in one query, whatever the number of rows."""
        raise NotImplementedError
