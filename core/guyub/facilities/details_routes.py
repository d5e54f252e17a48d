"""The pages on which a facility's name, class, place and paper are changed: a form, a preview, and the change."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities import details as facility_details
from guyub.facilities import forms
from guyub.facilities.details import DetailChange, SavedAlready
from guyub.facilities.editable import require_web
from guyub.facilities.forms import text_of
from guyub.facilities.tables import CHANGES
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import SEEN, Moved, Seen, demand_shown, in_words, seen_in, typed_anew

router = APIRouter()

FIELDS = (*facility_details.LABELS, "reason")


@router.get("/f/{facility}/profile/identity")
def ask(request: Request, work: FacilityWork) -> Response:
    return _form(request, work, None, [])


@router.post("/f/{facility}/profile/identity")
@http.answers_repeats_itself
def change(request: Request, work: FacilityWork, clock: Clock, form: FormInput) -> Response:
    """Shows what would change, or makes the change (``confirm``), or shows the form again (``again``)."""
    if text_of(form, "again"):
        return _form(request, work, form, [])
    keep, seen = text_of(form, "confirm") == "yes", ""
    problems = CollectedRefusals()
    changes: list[DetailChange] = []
    twins: list[Text] = []
    try:
        with work.attempt():
            here = require_web(work)
            held = facility_details.present(work)
            if not keep:  # a preview is bound by its digest
                demand_shown(seen_in(form), forms.typed(held))
            seen = facility_details.digest(held)
            details = forms.identity_of(form, here.region, held.province, problems)
            provinces = here.region.provinces if len(here.region.provinces) > 1 else ()
            problems.add(*facility_details.problems_of(details, provinces))
            if not problems:
                changes = facility_details.change(
                    work, text_of(form, "seen"), details, text_of(form, "reason"), clock.today(work), keep=keep
                )
                twins = facility_details.namesakes(work, here.code, (details.name, details.long_name))
    except Moved:
        return _form(request, work, form, [], older=seen_in(form))
    except SavedAlready as refusal:
        return http.redirect(request, f"/f/{work.here.code}/profile", refusal.what)
    except Refusal as refusal:
        problems.add(forms.at_field(refusal, "name_from"))
    if problems:
        return _form(request, work, form, problems.refusals)
    if keep:
        return http.redirect(request, f"/f/{work.here.code}/profile", _DONE)
    return http.render(
        request,
        work,
        "facilities/preview.html",
        what=_TITLE,
        changes=CHANGES.of(changes),
        reason=text_of(form, "reason"),
        kept=[*forms.kept(form, (*FIELDS, SEEN)), ("seen", seen)],
        button=_SAVE,
        notes=[*twins, *_notes(changes)],
        back=f"/f/{work.here.code}/profile",
    )


def _notes(changes: Sequence[DetailChange]) -> list[Text]:
    labels = {change.label for change in changes}
    changed = {name for name, label in facility_details.LABELS.items() if label in labels}
    forgets = "long_name" in changed and "letterhead" not in changed
    return [*([_FORMER] if "name_from" in changed else []), *([_SAME_LETTERHEAD] if forgets else [])]


def _form(
    request: Request,
    work: Work,
    typed: Mapping[str, Any] | None,
    problems: Sequence[Invalid],
    *,
    older: Seen | None = None,
) -> Response:
    """``older`` is what a form had shown that does not hold any more: what its reader left alone shows what holds now."""
    here = require_web(work)
    held = facility_details.present(work)
    now = Seen(0, forms.typed(held))
    if typed is not None and older is not None:
        typed = {**typed, **typed_anew(older, typed, now.shown)}
    return http.render(
        request,
        work,
        "facilities/identity.html",
        status=409 if older is not None else 422 if problems else 200,
        here=here,
        new=False,
        seen=now if typed is None or older is not None else typed.get(SEEN, ""),
        moved=None if older is None else in_words(older, now.shown, facility_details.LABELS),
        name_since=None if held.name_from is None else held.name_from + timedelta(days=1),
        typed=typed if typed is not None else forms.typed(held),
        options=forms.options(here.region),
        problems=by_field(problems),
        back=f"/f/{work.here.code}/profile",
    )


_TITLE = Text(id="Ubah identitas", en="Change the identity")
_SAVE = Text(id="Simpan perubahan", en="Save the change")
_DONE = Text(id="Identitas UPT diubah.", en="The facility's identity is changed.")
_FORMER = Text(
    id="Surat bertanggal sebelum hari berlakunya tetap memakai nama dan kepala surat yang lama.",
    en="Documents dated before the day since which it holds keep the former name and letterhead.",
)
_SAME_LETTERHEAD = Text(
    id="Kepala surat tidak ikut berubah. Bila memuat nama lama, pilih Ubah lagi dan perbaiki barisnya.",
    en="The letterhead does not change with it. If it has the former name, choose Change again and fix the line.",
)
