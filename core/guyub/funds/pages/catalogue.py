"""The catalogue of goods of a facility and of a regional office: what is in it, goods that are added, units that are declared."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration.config_templates import decides_nation
from guyub.db.unit_of_work import Work
from guyub.funds import catalogue, urls
from guyub.funds.catalogue import Keeper
from guyub.funds.items import Item
from guyub.funds.pages.common import typed, word
from guyub.funds.refusals import FundsRefusal
from guyub.funds.tables import CATALOGUE
from guyub.http import FacilityWork, FormInput, RegionWork
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Amount, Text
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Difference, Moved, Seen, demand_shown, in_words, seen_in

router = APIRouter()

NATION = "nation"
"""The box by which a national office says that it means all regions."""
_HERE = Keeper()


@router.get("/f/{facility}/funds/goods")
def of_facility(request: Request, work: FacilityWork) -> Response:
    work.require("funds.read")
    return _page(request, work, _HERE)


@router.post("/f/{facility}/funds/goods")
@http.answers_repeats_itself
def change_of_facility(request: Request, work: FacilityWork, form: FormInput) -> Response:
    return _change(request, work, _HERE, form)


@router.get("/region/{region}/goods")
def of_region(request: Request, work: RegionWork) -> Response:
    work.require("facilities.configure")
    return _page(request, work, Keeper(office=True, region_id=work.office.id))


@router.post("/region/{region}/goods")
@http.answers_repeats_itself
def change_of_region(request: Request, work: RegionWork, form: FormInput) -> Response:
    return _change(request, work, _office(work, form), form)


def _office(work: RegionWork, form: FormData) -> Keeper:
    return Keeper(office=True, region_id=None if word(form, NATION) and decides_nation(work) else work.office.id)


def _change(request: Request, work: Work, keeper: Keeper, form: FormData) -> Response:
    """Adds goods, or declares a unit: the page has a form for each."""
    return (_declare if "other" in form else _add)(request, work, keeper, form)


def _add(request: Request, work: Work, keeper: Keeper, form: FormData) -> Response:
    try:
        with work.attempt():
            item = catalogue.add_goods(work, keeper, word(form, "name"), word(form, "unit"))
    except Invalid as refusal:
        return _page(request, work, keeper, typed(form), by_field([refusal]))
    message = Text(id="{goods} masuk katalog, satuan {unit}.", en="{goods} is in the catalogue, in {unit}.")
    return http.redirect(request, _address(request), message.format(goods=item.name, unit=item.unit))


def _declare(request: Request, work: Work, keeper: Keeper, form: FormData) -> Response:
    taken_back = bool(word(form, "take_back"))
    catalogue.hold(work, keeper)
    moved = _moved(work, keeper, form)
    if moved is not None:
        return _page(request, work, keeper, typed(form), moved=moved)
    refusals = CollectedRefusals()
    factor = None
    try:
        with work.attempt():
            if not taken_back:
                with refusals.collected():
                    factor = catalogue.read_factor(work, keeper, word(form, "code"), word(form, "holds"))
            with refusals.collected():
                if not word(form, "other"):
                    raise FundsRefusal.NO_UNIT.invalid("other")
            refusals.demand_none()
            item = catalogue.declare_unit(work, keeper, word(form, "code"), word(form, "other"), factor)
    except Invalid as refusal:
        at = {"unit": "other", "factor": "holds"}
        problems = {at.get(name, name): text for name, text in by_field([refusal]).items()}
        return _page(request, work, keeper, typed(form), problems)
    if factor is None:
        message = Text(id="{unit} tidak dipakai lagi untuk {goods}.", en="{unit} is no longer used for {goods}.")
        return http.redirect(request, _address(request), message.format(unit=word(form, "other"), goods=item.name))
    message = Text(id="1 {unit} {goods} = {held}.", en="1 {unit} of {goods} = {held}.")
    held = Amount(factor, item.unit)
    return http.redirect(
        request, _address(request), message.format(unit=word(form, "other"), goods=item.name, held=held)
    )


def _moved(work: Work, keeper: Keeper, form: FormData) -> Sequence[Difference] | None:
    """Returns what the units of the goods are now, where the form showed others; None where they are as they were read."""
    code, seen, goods = word(form, "code"), seen_in(form), catalogue.kept_by(work, keeper)
    if code not in goods:
        return None  # refused for what it is
    shown = {code: seen.shown.get(code, "")}
    now = {code: _units(goods)[code]}
    try:
        demand_shown(Seen(seen.version, shown), now)
    except Moved:
        return in_words(Seen(seen.version, shown), now, {code: Text.same(goods[code].name)})
    return None


def _units(goods: Mapping[str, Item]) -> dict[str, str]:
    """Returns the other units of each of the goods, as a form shows them."""
    return {
        code: "; ".join(f"{unit.name} = {unit.factor.normalize():f}" for unit in item.units)
        for code, item in goods.items()
    }


def _address(request: Request) -> str:
    return request.url.path


def _page(
    request: Request,
    work: Work,
    keeper: Keeper,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Text] | None = None,
    moved: Sequence[Difference] | None = None,
) -> Response:
    goods = catalogue.kept_by(work, keeper)
    return http.render(
        request,
        work,
        "funds/catalogue.html",
        status=409 if moved is not None else 422 if problems else 200,
        moved=moved,
        seen=Seen(0, _units(goods)),
        goods=CATALOGUE.of(list(goods.values())),
        picks=[(item.code, f"{item.name} ({item.unit})") for item in goods.values()],
        typed=typed or {},
        problems=problems or {},
        base=_address(request),
        for_office=keeper.office,
        for_nation=keeper.office and decides_nation(work),
        may_add=keeper.office or work.may("funds.receive"),
        at=urls,
    )
