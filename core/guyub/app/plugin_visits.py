"""Runs the page of a plugin: all that it does is in the one transaction that the core ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col
from starlette.datastructures import FormData

from guyub.access import audit
from guyub.db.unit_of_work import Work
from guyub.funds import days, items, receipts
from guyub.funds.models import Fund
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.funding import Receipt
from guyub.sdk.session import TransactionGuarded
from guyub.sdk.web import FormEntry, Visit
from guyub.ui import forms
from guyub.ui.forms import FieldEntry

M = TypeVar("M", bound=BaseModel)
LATE = "late"
"""The box of a form for a document of a month whose book is closed."""


@dataclass(frozen=True, slots=True)
class VisitServices:
    """Holds what the core does for the visit. ``writes``: the page was sent, not only opened."""

    work: Work
    plugins: PluginRegistry
    slug: str
    sent: FormData
    writes: bool


@dataclass(frozen=True, kw_only=True)
class PluginVisit(Visit[Any]):
    _desk: VisitServices = field(repr=False)

    def blank(self, model: type[M], values: Mapping[str, Any] | None = None) -> FormEntry[M]:
        return self._offering(self._of_receipt(model, forms.filled(model, values or {})))

    def read(self, model: type[M]) -> FormEntry[M]:
        return self._offering(self._of_receipt(model, forms.read(model, self._desk.sent)))

    def _of_receipt(self, model: type[M], entry: forms.FieldEntry[M]) -> forms.FieldEntry[M]:
        """Returns the form of a receipt with the box for a late document, where a book of its source is closed."""
        desk = self._desk
        for source in desk.plugins.plugin(desk.slug).funding_sources if issubclass(model, Receipt) else ():
            if model in source.receipts:
                possible = days.of_receipt(desk.work, desk.slug, source.key, self.today)
                return replace(entry, late_days=possible, is_late=self._is_late)
        return entry

    @property
    def _is_late(self) -> bool:
        return bool(self._desk.sent.get(LATE))

    def _offering(self, entry: FieldEntry[M]) -> FieldEntry[M]:
        """Returns the form with the facility's goods where it asks for some."""
        kinds = {column.kind for form_field in entry.fields for column in (form_field, *form_field.columns)}
        if not kinds & {"goods", "unit"}:
            return entry
        return entry.offering(items.pick_list(items.catalogue(self._desk.work)))

    def audit(
        self, action: str, subject: str, *, reason: str = "", details: Mapping[str, object] | None = None
    ) -> None:
        self._demand_writing("audit")
        prefix = f"{self._desk.slug}."
        name = action if action.startswith(prefix) else prefix + action
        audit.record(self._desk.work, name, subject, reason=reason, details=details)

    def receive(self, source: str, receipt: Receipt, *, again: bool = False) -> str:
        self._demand_writing("receive")
        desk = self._desk
        # A plugin may show the form again with the refusal, and then nothing of the attempt may stay.
        with desk.work.session.begin_nested():
            fund = receipts.receive(
                desk.work,
                desk.plugins,
                desk.slug,
                source,
                receipt.key,
                receipt,
                self.today,
                late=self._is_late,
                again=again,
            )
            (code,) = desk.work.scalars(select(col(Fund.code)).where(col(Fund.id) == fund))
        return code

    def _demand_writing(self, what: str) -> None:
        if not self._desk.writes:
            raise TransactionGuarded(f"a page that is only opened writes nothing: {what} belongs into a POST")
