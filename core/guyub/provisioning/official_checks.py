"""Officials and successors, as files together with what is recorded have them: what the database will refuse, and the titles
of officials where a facility changes its type (a post has the title of the type on its first day)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from guyub.configuration.issues import Issue
from guyub.facilities.record_set import FacilityTypeHeld, type_on
from guyub.facilities.records import FacilityRecord, OfficialRecord
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.provisioning.current import CurrentState
from guyub.provisioning.desired import DesiredState
from guyub.sdk.text import Text


def official_conflicts(ours: DesiredState, world: CurrentState) -> Iterator[Issue]:
    """Yields the conflicts, each of which blocks the plan. No query."""
    yield from _two_holders(ours, world)
    yield from _circles(ours, world)


def _two_holders(ours: DesiredState, world: CurrentState) -> Iterator[Issue]:
    """Officials of whom the file does not speak stay as recorded: beside them nobody else holds the post. The checks of the
    file itself know of the others."""
    posts: defaultdict[tuple[str, str, bool], list[OfficialRecord]] = defaultdict(list)
    recorded = {key: official for key, official in world.officials.items() if official.facility in ours.facilities}
    for record in {**recorded, **ours.officials}.values():
        posts[record.facility, record.role_code, record.acting == "Plh."].append(record)
    for (code, *_), holders in posts.items():
        for first, second in pairwise(sorted(holders, key=lambda item: item.valid_from)):
            if second.valid_from <= (first.valid_until or date.max):
                kept, second_holder = (first, second) if _key(second) in ours.officials else (second, first)
                if _key(kept) not in ours.officials:
                    yield Issue(code, _same_post(ours, code, kept, second_holder), "blocks")


def _key(official: OfficialRecord) -> tuple[str, str, date]:
    return official.facility, official.role_code, official.valid_from


def _same_post(ours: DesiredState, code: str, kept: OfficialRecord, second_holder: OfficialRecord) -> Text:
    place = ours.facilities[code]
    return _TWO_HOLDERS.format(
        place=place.name,
        title=second_holder.title,
        kept=kept.name or "–",
        kept_since=kept.valid_from,
        second=second_holder.name or "–",
        second_since=second_holder.valid_from,
        file=f"{place.region}/{code}.toml",
        since=kept.valid_from.isoformat(),
    )


def _circles(ours: DesiredState, world: CurrentState) -> Iterator[Issue]:
    places = {**world.facilities, **ours.facilities}
    merged_into = {code: place.merged_into for code, place in places.items()}
    for code, facility in ours.facilities.items():
        way = _successors(merged_into, facility.merged_into)
        if code in way:
            listed = " → ".join(places[known].name for known in (code, *way[: way.index(code) + 1]))
            circle = FacilitiesRefusal.MERGED_IN_A_CIRCLE.what.format(name=facility.name)
            sentence = _IN_A_CIRCLE.format(circle=circle, way=listed, file=f"{facility.region}/{code}.toml")
            yield Issue(code, sentence, "blocks")


def _successors(merged_into: dict[str, str], first: str) -> Sequence[str]:
    way: list[str] = []
    while first and first not in way:
        way.append(first)
        first = merged_into.get(first, "")
    return way


def with_titles_of_their_day(declared: DesiredState, world: CurrentState, today: date) -> DesiredState:
    """Returns the same, but for the usual titles of officials who began before their facility was what it is."""
    officials = {
        key: _titled(official, declared, _types(declared.facilities[official.facility], world, today))
        for key, official in declared.officials.items()
    }
    return replace(declared, officials=officials)


def _titled(official: OfficialRecord, declared: DesiredState, types: Sequence[FacilityTypeHeld]) -> OfficialRecord:
    titles = declared.roles[official.role_code].titles

    def usual(facility_type: str) -> str:
        return titles.get(facility_type, titles["default"])["id"]

    now = declared.facilities[official.facility].facility_type
    then = type_on(types, official.valid_from)
    return replace(official, title=usual(then)) if then != now and official.title == usual(now) else official


def _types(place: FacilityRecord, world: CurrentState, today: date) -> Sequence[FacilityTypeHeld]:
    """Returns the types of facilities as the plan leaves them."""
    known, types = world.facilities.get(place.code), world.types.get(place.code, ())
    if known is None or known.facility_type == place.facility_type:
        return types or (FacilityTypeHeld(date.min, place.facility_type),)
    name_from = place.name_from if place.name_from != known.name_from else None
    since = name_from or today
    return (*(type_ for type_ in types if type_.since < since), FacilityTypeHeld(since, place.facility_type))


_TWO_HOLDERS = Text(
    id="{place}: jabatan {title} sudah dipegang {kept} sejak {kept_since} menurut catatan, sehingga {second} tidak dapat"
    " memegangnya sejak {second_since}. Pejabat yang tercatat tidak dihapus dan hari mulainya tidak berubah: tulis ia dalam"
    " {file} dengan from = {since}, dan until bila masa jabatannya berakhir.",
    en="{place}: the post {title} is held by {kept} since {kept_since} as recorded, so that {second} cannot hold it since"
    " {second_since}. Who is recorded is not deleted, nor does the first day change: write that official into {file} with"
    " from = {since}, and until where the time has ended.",
)
_IN_A_CIRCLE = Text(
    id="{circle} ({way}) Perbaiki merged_into dalam {file}.", en="{circle} ({way}) Fix merged_into in {file}."
)
