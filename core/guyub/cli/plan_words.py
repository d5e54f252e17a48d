"""A plan as the command line prints it: one page for many facilities, Indonesian with English beside or below."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from guyub.provisioning import Change, Plan
from guyub.provisioning.effects import Effective
from guyub.provisioning.grouping import Becomes, Group, Told, becoming, groups, listed, told
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import format_date

_MOST = 4
_EVERY = 10_000
_FINDINGS = 20


def as_json(planned: Plan) -> dict[str, Any]:
    """``digest`` and ``changes`` are what other programs rely on."""
    return {
        "digest": planned.digest,
        "changes": [change.as_json() for change in planned.changes],
        "groups": [one.as_json() for one in groups(planned.changes, planned.effects)],
        "effective": [effect.as_json() for effect in planned.effects],
        "consequences": [one.as_json() for one in planned.consequences],
        "findings": [finding.as_json() for finding in planned.findings],
    }


def page(planned: Plan, *, everything: bool) -> str:
    """Facilities of one line are named up to four, or all of them."""
    most = _EVERY if everything else _MOST
    return "\n".join(_lines(planned, most))


def _lines(planned: Plan, most: int) -> Iterator[str]:
    count, places = len(planned.changes), len({one.facility for one in planned.changes if one.facility})
    if count:
        yield f"{count} perubahan di {places} UPT | {count} changes at {places} facilities"
    else:
        yield "Tidak ada perubahan. | Nothing would change."
    for one in groups(planned.changes, planned.effects):
        yield f"  {_head(one)}"
        yield from (f"      {line}" for line in _where(one, most))
    if found := becoming(planned.effects):
        yield "\nNilai yang berlaku | values in effect"
        yield from (f"  {_becomes(one, most)}" for one in found)
    if planned.consequences:
        yield "\nAkibat | consequences"
        for group_ in told(planned.consequences):
            yield from _consequence(group_, most)
    if planned.findings:
        yield "\nPerlu diperhatikan | worth attention"
        yield from _findings(planned, most)


def _head(one: Group) -> str:
    if one.facilities:
        return _line(replace(one.change, new="baru | new") if one.are_new_records else one.change)
    place = f"wilayah | region {one.change.region}" if one.change.region else "nasional | national"
    return f"{_line(one.change)} ({place})"


def _where(one: Group, most: int) -> Iterator[str]:
    if one.facilities:
        yield f"{len(one.facilities)} UPT: {listed(one.facilities, most).id}"
    if one.follow:
        yield f"berlaku di | in effect at {len(one.follow)} UPT: {listed(one.follow, most).id}"
    if one.keep:
        yield f"tetap memakai nilainya sendiri | keep their own: {len(one.keep)} UPT: {listed(one.keep, most).id}"


def _becomes(one: Becomes, most: int) -> str:
    effect = one.effect
    return (
        f"{effect.plugin}.{effect.field}: {_shown(effect.before.value)} [{_origin(effect, new=False)}] → "
        f"{_shown(effect.after.value)} [{_origin(effect, new=True)}], {len(one.facilities)} UPT: "
        f"{listed(one.facilities, most).id}"
    )


def _origin(effect: Effective, *, new: bool) -> str:
    origin = (effect.after if new else effect.before).origin
    place = "UPT" if origin.layer == "facility" else origin.place.id
    since = f" · sejak {format_date(origin.since)}" if origin.since else ""
    return f"{place}{since}{' · dikunci' if origin.locked else ''}"


def _consequence(one: Told, most: int) -> Iterator[str]:
    if len(one.facilities) == 1 and one.first.amount == one.amount:
        yield f"  • {one.first.sentence.id}\n    {one.first.sentence.en}"
        return
    amount = f", {format_rupiah(one.amount)}" if one.amount else ""
    kinds = {
        "open_cycle": f"{one.first.plugin} bulan {one.first.reference} masih terbuka | is still open",
        "fund": f"dana dari {one.first.plugin} masih berisi uang | funds still hold money",
        "promised": f"dicadangkan untuk {one.first.plugin} bulan {one.first.reference} | reserved",
    }
    yield f"  • {kinds[one.first.kind]}{amount}: {len(one.facilities)} UPT: {listed(one.facilities, most).id}"


def _findings(planned: Plan, most: int) -> Iterator[str]:
    """What stands against it comes first and whole; of the rest the first ones."""
    against = [one for one in planned.findings if one.is_blocking]
    notes = [one for one in planned.findings if not one.is_blocking]
    shown = notes if most == _EVERY else notes[:_FINDINGS]
    for finding in (*against, *shown):
        place = f"{finding.place}: " if finding.place else ""
        yield f"  {'✗' if finding.is_blocking else '•'} {place}{finding.sentence.id}\n    {finding.sentence.en}"
    if len(shown) < len(notes):
        more = len(notes) - len(shown)
        yield f"  … {more} lainnya (--all) | {more} more (--all)"


def _line(change: Change) -> str:
    new = _shown(change.new)
    values = new if change.old is None else f"{_shown(change.old)} → {new}"
    since = f", sejak {format_date(change.valid_from)}" if change.valid_from else ""
    return f"{change.what}: {values}{since}"


def _shown(value: Any) -> str:
    if value is None:
        return "warisan | inherited"
    if isinstance(value, bool):
        return "ya | yes" if value else "tidak | no"
    if isinstance(value, int):
        return group(value)
    if isinstance(value, Mapping):
        if "titles" in value:
            return f"{value['titles']['default']['id']} ({', '.join(value['permissions'])})"
        named = [str(value[key]) for key in ("title", "name", "label") if value.get(key)]
        return " ".join(named) or ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_shown(one) for one in value)
    return str(value)
