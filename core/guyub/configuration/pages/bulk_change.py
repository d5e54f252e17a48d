"""Changing many facilities at once: choose what, see the plan, apply exactly that plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration.activations import RegionFacility
from guyub.configuration.config_templates import ConfigTemplate, template, templates
from guyub.configuration.pages import bulk_actions, common, overview
from guyub.configuration.pages import region_managed_by as managed_by
from guyub.configuration.pages.bulk_actions import ACTIONS, WITHOUT_PLUGIN, BulkAction
from guyub.configuration.pages.common import CHANGE, CONFIRMED, names_in, title_of
from guyub.configuration.pages.planned import DIGEST, Outcome, planned, preview
from guyub.configuration.pages.region_common import (
    CONFIGURATION,
    applied_before,
    base_of,
    selected_facilities,
    why_not,
)
from guyub.configuration.plan import Plan
from guyub.configuration.plan_history import AppliedPlan
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FormInput, OfficeWork, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.forms import FieldEntry
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration")

SEEN = "_seen"
"""What the form of an action sends: that it was filled in."""


@dataclass(frozen=True, slots=True)
class BulkChangeForm:
    """Holds what the form is about; ``left_out`` are selected facilities that cannot be changed here, each with why."""

    asked: BulkAction
    office: RegionInView
    left_out: Sequence[tuple[RegionFacility, Text]]
    templates: Sequence[ConfigTemplate]

    @property
    def needs_field(self) -> bool:
        return self.asked.action == "field" and not self.asked.name


@router.post("/change")
@http.answers_repeats_itself
def change(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    """Shows the form of an action; where the action or the facilities are missing, the matrix again, with what was
    ticked."""
    try:
        with work.attempt():
            return (
                managed_by.ask(request, work, plugins, clock, form)
                if form.get("do") == "web"
                else _change(request, work, plugins, clock, form)
            )
    except Invalid as refusal:
        if refusal.field not in ("facility", "do", "plugin"):
            raise
        return overview.asked_again(
            request, work, plugins, clock, form, [str(item) for item in form.getlist("facility")], refusal
        )


def _change(request: Request, work: OfficeWork, plugins: PluginRegistry, clock: Clock, form: FormData) -> Response:
    entry: FieldEntry[Any] | None = None
    problems: dict[str, Text] = {}
    outcome: Outcome | None = None
    office = work.office
    opened = _opened(request, work, plugins, clock, office, form)
    asked = opened.asked
    is_filled = bool(form.get(SEEN)) and not form.get(CHANGE) and bool(asked.places)
    if asked.action == "field" and asked.name and asked.plugin is not None:
        entry = bulk_actions.entry_of(work, plugins, asked, form if form.get(SEEN) else None, clock.today(work))
        problems = dict(entry.problems) if is_filled else {}
    ready = is_filled and not opened.needs_field and not (entry is not None and entry.model is None)
    if ready:
        try:
            requests = bulk_actions.requests_of(work, plugins, asked, form, entry, _template(work, office, asked, form))
            outcome = planned(work, plugins, clock, requests, form)
        except Invalid as refusal:
            problems = by_field([refusal])
    names = names_in(work, office)
    is_applied = outcome is not None and outcome.is_applied
    before = applied_before(work, str(form.get(DIGEST, ""))) if form.get(CONFIRMED) and not is_applied else None
    if before is not None:
        return _again(request, work, plugins, opened, before)
    if outcome is None:
        shown = replace(entry, problems=problems) if entry is not None else None
        return _form(request, work, plugins, opened, shown, form, problems)
    if outcome.is_applied:
        places = {change.facility for change in outcome.plan.changes if change.facility}
        message = _DONE.format(n=len(outcome.plan.changes), places=len(places))
        return http.redirect(request, f"{base_of(work.office.code)}/changes/{outcome.plan.id}", message)
    sent = [(name, str(value)) for name, value in form.multi_items() if name != "everyone"]
    if form.get("everyone"):
        sent += [("facility", place.code) for place in (*asked.places, *(unit for unit, _ in opened.left_out))]
    return preview(
        request,
        work,
        plugins,
        outcome,
        title=_title(plugins, asked),
        crumbs=[(CONFIGURATION, base_of(work.office.code))],
        names=names,
        sent=[*sent, (SEEN, "yes")],
        form=form,
        nothing=_nothing(opened),
        left_out=[*opened.left_out, *_settled(asked, outcome.plan)],
    )


def _settled(asked: BulkAction, plan: Plan) -> list[tuple[RegionFacility, Text]]:
    """Returns the facilities where the plugin is active, or not, already, while others change."""
    changed = {change.facility for change in plan.changes}
    if not changed or asked.action not in _SETTLED:
        return []
    return [(place, _SETTLED[asked.action]) for place in asked.places if place.code not in changed]


def _opened(
    request: Request, work: Work, plugins: PluginRegistry, clock: Clock, office: RegionInView, form: FormData
) -> BulkChangeForm:
    """Raises ``Invalid`` where nothing was selected, or an action that does not exist; ``Forbidden`` for readers."""
    work.require("facilities.configure")
    action = str(form.get("do", ""))
    if action not in ACTIONS:
        raise ConfigurationRefusal.NO_ACTION.invalid("do")
    selected = selected_facilities(request, work, plugins, clock, office, form)
    slug = "" if action in WITHOUT_PLUGIN else str(form.get("plugin", ""))
    plugin = plugins.plugin(slug) if slug and action != "off" else plugins.ready().get(slug)
    if not slug and action not in WITHOUT_PLUGIN:
        raise ConfigurationRefusal.NO_PLUGIN.invalid("plugin")
    name = str(form.get("field", ""))
    if plugin is None or name not in {field.name for field in bulk_actions.fields_for_many(plugin)}:
        name = ""
    reasons = [(place, why_not(place)) for place in selected]
    return BulkChangeForm(
        BulkAction(action, [place for place, why in reasons if why is None], plugin, slug, name),
        office,
        [(place, why) for place, why in reasons if why is not None],
        templates(work, office.id) if action == "template" else (),
    )


def _template(work: Work, office: RegionInView, asked: BulkAction, form: FormData) -> ConfigTemplate | None:
    template_id = str(form.get("template", ""))
    return template(work, office.id, template_id) if asked.action == "template" and template_id else None


def _form(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    opened: BulkChangeForm,
    entry: FieldEntry[Any] | None,
    form: FormData,
    problems: Mapping[str, Text],
) -> Response:
    asked = opened.asked
    return http.render(
        request,
        work,
        "configuration/change.html",
        status=422 if problems else 200,
        opened=opened,
        asked=asked,
        title=_title(plugins, asked),
        entry=entry,
        typed=form,
        problems=problems,
        summary=common.summary(problems, entry),
        seen=SEEN,
        selected_fields=tuple(str(item) for item in form.getlist("fields")),
        url=base_of(opened.office.code),
        fields=bulk_actions.fields_for_many(asked.plugin) if asked.plugin is not None else (),
    )


def _again(
    request: Request, work: Work, plugins: PluginRegistry, opened: BulkChangeForm, before: AppliedPlan
) -> Response:
    """Answers the form of a plan that was applied already and is sent once more."""
    return http.render(
        request,
        work,
        "configuration/applied_before.html",
        applied=before,
        title=_title(plugins, opened.asked),
        url=base_of(opened.office.code),
    )


def _nothing(opened: BulkChangeForm) -> Text:
    """Returns why a plan without a change has none."""
    if opened.asked.action == "unlock":
        return _NOT_LOCKED
    return _OTHERS_ARE_SO if opened.left_out else _ALL_ARE_SO


def _title(plugins: PluginRegistry, asked: BulkAction) -> Text:
    title = ACTIONS[asked.action]
    if not asked.slug:
        return title
    return Text(id="{action}: {plugin}", en="{action}: {plugin}").format(
        action=title, plugin=title_of(plugins, asked.slug)
    )


_SETTLED = {
    "on": Text(id="Sudah aktif pada hari itu.", en="Active on that day already."),
    "off": Text(id="Memang tidak aktif pada hari itu.", en="Not active on that day anyway."),
}
_ALL_ARE_SO = Text(id="Semua UPT yang dipilih sudah demikian.", en="All the selected facilities are like this already.")
_OTHERS_ARE_SO = Text(
    id="UPT yang dapat diubah di sini sudah demikian; yang lain tidak ikut, lihat di atas.",
    en="Those that can be changed here are like this already; the others are left out, see above.",
)
_NOT_LOCKED = Text(
    id="Tidak satu pun isian itu dikunci di UPT yang dipilih. Kunci wilayah atau pusat dibuka pada nilai wilayah atau pusat.",
    en="None of these fields is locked at the selected facilities. A lock of the region or of the nation is taken off there.",
)
_DONE = Text(id="Diterapkan: {n} perubahan pada {places} UPT.", en="Changes applied: {n}. Facilities: {places}.")
