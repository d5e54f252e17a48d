"""Changing many facilities at once: choose what, see the plan, apply exactly that plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration.pages.common import (
    CHANGE,
    CONFIRMED,
    title_of,
)
from guyub.db.unit_of_work import Work
from guyub.http import FormInput, RegionInView
from guyub.plugins.dependencies import host_of
from guyub.provisioning.change_request import ChangeRequest
from guyub.provisioning.config_templates import ConfigTemplate, template, templates
from guyub.provisioning.matrix import MatrixFacility
from guyub.provisioning.pages import bulk_actions, managed_by, overview, plan_view
from guyub.provisioning.pages.bulk_actions import ACTIONS, WITHOUT_PLUGIN, BulkAction
from guyub.provisioning.pages.common import (
    DIGEST,
    applied_before,
    base_of,
    carried_out,
    chosen_of,
    names_in,
    why_not,
)
from guyub.provisioning.plan_history import AppliedPlan
from guyub.provisioning.plan_model import Plan
from guyub.provisioning.tables import PLANNED
from guyub.provisioning.web_plan import apply_requests, plan_requests
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.forms import FieldEntry
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration")

SEEN = "_seen"
"""What the form of an action sends: that it was filled in."""
_OWN = {"csrf_token", SEEN, DIGEST, CONFIRMED, CHANGE}


@dataclass(frozen=True, slots=True)
class BulkChangeForm:
    """What the form is about; ``left_out`` are chosen facilities that cannot be changed here, each with why."""

    asked: BulkAction
    office: RegionInView
    left_out: Sequence[tuple[MatrixFacility, Text]]
    templates: Sequence[ConfigTemplate]

    @property
    def needs_field(self) -> bool:
        return self.asked.action == "field" and not self.asked.name


@router.post("/change")
def change(request: Request, region: str, form: FormInput) -> Response:
    """Where it is not said what shall be done, and where, the matrix again, with what was ticked."""
    try:
        return managed_by.ask(request, region, form) if form.get("do") == "web" else _change(request, region, form)
    except Invalid as refusal:
        if refusal.field not in ("facility", "do", "plugin"):
            raise
        return overview.asked_again(request, region, form, [str(item) for item in form.getlist("facility")], refusal)


def _change(request: Request, region: str, form: FormData) -> Response:
    plan: Plan | None = None
    entry: FieldEntry[Any] | None = None
    problems: dict[str, Text] = {}
    moved: Refusal | None = None
    applied = ""
    with http.open_region(request, region) as (work, office):
        opened = _opened(request, work, office, form)
        asked = opened.asked
        is_filled = bool(form.get(SEEN)) and not form.get(CHANGE) and bool(asked.places)
        if asked.action == "field" and asked.name and asked.plugin is not None:
            entry = bulk_actions.entry_of(
                asked.plugin, asked.name, form if form.get(SEEN) else None, bulk_actions.place_of(asked.places)
            )
            problems = dict(entry.problems) if is_filled else {}
        ready = is_filled and not opened.needs_field and not (entry is not None and entry.model is None)
        if ready:
            try:
                wishes = bulk_actions.requests_of(work, asked, form, entry, _template(work, office, asked, form))
                plan, applied, moved = _planned(request, work, wishes, form)
            except Invalid as refusal:
                problems = by_field([refusal])
        names = names_in(work, office)
        before = applied_before(work, str(form.get(DIGEST, ""))) if form.get(CONFIRMED) and not applied else None
    if before is not None:
        return _again(request, work, opened, before)
    if plan is None:
        shown = replace(entry, problems=problems) if entry is not None else None
        return _form(request, work, opened, shown, form, problems)
    if applied:
        return http.redirect(
            request,
            f"{base_of(region)}/changes/{applied}",
            _DONE.format(
                n=len(plan.changes), places=len({change.facility for change in plan.changes if change.facility})
            ),
        )
    return _preview(request, work, opened, plan, names, form, moved)


def _planned(
    request: Request, work: Work, wishes: Sequence[ChangeRequest], form: FormData
) -> tuple[Plan, str, Refusal | None]:
    host, today = host_of(request), http.today(request, work)
    if not form.get(CONFIRMED):
        return plan_requests(work, host, wishes, today), "", None
    digest = str(form.get(DIGEST, ""))
    return carried_out(
        work,
        lambda: apply_requests(work, host, wishes, digest, today),
        lambda: plan_requests(work, host, wishes, today),
    )


def _opened(request: Request, work: Work, office: RegionInView, form: FormData) -> BulkChangeForm:
    """Raises ``Invalid`` where nothing was chosen, or an action that does not exist; ``Forbidden`` for readers."""
    work.require("facilities.configure")
    action = str(form.get("do", ""))
    if action not in ACTIONS:
        raise Invalid("provisioning.action", _NO_ACTION, _CHOOSE_ACTION, "do")
    chosen = chosen_of(request, work, office, form)
    host = host_of(request)
    slug = "" if action in WITHOUT_PLUGIN else str(form.get("plugin", ""))
    plugin = host.plugin(slug) if slug and action != "off" else host.ready().get(slug)
    if not slug and action not in WITHOUT_PLUGIN:
        raise Invalid("provisioning.no_plugin", _NO_PLUGIN, _CHOOSE_PLUGIN, "plugin")
    name = str(form.get("field", ""))
    if plugin is None or name not in {field.name for field in bulk_actions.fields_for_many(plugin)}:
        name = ""
    reasons = [(place, why_not(place)) for place in chosen]
    return BulkChangeForm(
        BulkAction(action, [place for place, why in reasons if why is None], plugin, slug, name),
        office,
        [(place, why) for place, why in reasons if why is not None],
        templates(work, office.id) if action == "template" else (),
    )


def _template(work: Work, office: RegionInView, asked: BulkAction, form: FormData) -> ConfigTemplate | None:
    given = str(form.get("template", ""))
    return template(work, office.id, given) if asked.action == "template" and given else None


def _form(
    request: Request,
    work: Work,
    opened: BulkChangeForm,
    entry: FieldEntry[Any] | None,
    form: FormData,
    problems: Mapping[str, Text],
) -> Response:
    asked = opened.asked
    return http.render(
        request,
        work,
        "provisioning/change.html",
        status=422 if problems else 200,
        opened=opened,
        asked=asked,
        title=_title(request, asked),
        entry=entry,
        given=form,
        problems=problems,
        seen=SEEN,
        chosen_fields=tuple(str(item) for item in form.getlist("fields")),
        url=base_of(opened.office.code),
        fields=bulk_actions.fields_for_many(asked.plugin) if asked.plugin is not None else (),
    )


def _preview(
    request: Request,
    work: Work,
    opened: BulkChangeForm,
    plan: Plan,
    names: Mapping[str, str],
    form: FormData,
    moved: Refusal | None,
) -> Response:
    """The page carries the plan's digest and all that made it, so that applying applies exactly this."""
    hidden = [(name, str(value)) for name, value in form.multi_items() if name not in _OWN and name != "everyone"]
    if form.get("everyone"):
        hidden += [("facility", place.code) for place in (*opened.asked.places, *(one for one, _ in opened.left_out))]
    host = host_of(request)
    groups = plan_view.groups(plan, host, names)
    return http.render(
        request,
        work,
        "provisioning/preview.html",
        status=409 if moved is not None else 200,
        plan=plan,
        opened=opened,
        groups=groups,
        planned=PLANNED.of(groups),
        sentences=plan_view.sentences(plan, names),
        moved=moved,
        title=_title(request, opened.asked),
        url=base_of(opened.office.code),
        action=request.url.path,
        hidden=[*dict.fromkeys(hidden), (SEEN, "yes"), (DIGEST, plan.digest)],
        confirmed=CONFIRMED,
        change=CHANGE,
        backdated=any(change.valid_from and change.valid_from < http.today(request, work) for change in plan.changes),
        reason=str(form.get("_reason", "")),
        nothing=_nothing(opened),
    )


def _again(request: Request, work: Work, opened: BulkChangeForm, before: AppliedPlan) -> Response:
    """The form of a plan that was applied already, sent once more."""
    return http.render(
        request,
        work,
        "provisioning/applied_before.html",
        applied=before,
        title=_title(request, opened.asked),
        url=base_of(opened.office.code),
    )


def _nothing(opened: BulkChangeForm) -> Text:
    """Why a plan without a change has none."""
    if opened.asked.action == "unlock":
        return _NOT_LOCKED
    return _OTHERS_ARE_SO if opened.left_out else _ALL_ARE_SO


def _title(request: Request, asked: BulkAction) -> Text:
    title = ACTIONS[asked.action]
    if not asked.slug:
        return title
    return Text(id="{action}: {plugin}", en="{action}: {plugin}").format(
        action=title, plugin=title_of(host_of(request), asked.slug)
    )


_NO_ACTION = Text(id="Tindakannya belum dipilih.", en="No action is chosen.")
_CHOOSE_ACTION = Text(id="Pilih satu tindakan dari daftar.", en="Choose one action from the list.")
_NO_PLUGIN = Text(id="Program atau sumber dananya belum dipilih.", en="No programme or funding source is chosen.")
_CHOOSE_PLUGIN = Text(id="Pilih salah satu dari daftar.", en="Choose one from the list.")
_ALL_ARE_SO = Text(id="Semua UPT yang dipilih sudah demikian.", en="All the chosen facilities are like this already.")
_OTHERS_ARE_SO = Text(
    id="UPT yang dapat diubah di sini sudah demikian; yang lain tidak ikut, lihat di atas.",
    en="Those that can be changed here are like this already; the others are left out, see above.",
)
_NOT_LOCKED = Text(
    id="Tidak satu pun isian itu dikunci di UPT yang dipilih. Kunci wilayah atau pusat dibuka pada nilai wilayah atau pusat.",
    en="None of these fields is locked at the chosen facilities. A lock of the region or of the nation is taken off there.",
)
_DONE = Text(id="Diterapkan: {n} perubahan pada {places} UPT.", en="Applied: {n} changes at {places} facilities.")
