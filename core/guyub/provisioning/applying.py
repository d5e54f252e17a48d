"""Applying a plan: all of it or nothing, in one statement per kind, each place with an entry in its audit trail."""

from collections.abc import Iterator
from uuid import UUID

from guyub.access import audit
from guyub.access.audit import Entry
from guyub.access.roles import save_roles, separate_duties
from guyub.db.work import Work
from guyub.facilities import service as facilities
from guyub.host import bulk
from guyub.host.bulk import ActivationAt, ValueAt
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.declared import Declared
from guyub.provisioning.planning import Plan, Writes, plan
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


def apply(work: Work, host: PluginHost, declared: Declared, digest: str | None = None) -> Plan:
    """Makes the world what the files say and returns the plan that was carried out; without a change no row is written.

    ``digest`` is that of a plan which somebody has read: raises ``Refusal`` when the plan is another by now, and when
    a finding stands against it. Only one at a time gets to apply; a second one waits and plans on what the first left.
    """
    work.run("SELECT pg_advisory_xact_lock(hashtextextended('guyub.provisioning', 0))")
    planned = plan(work, host, declared)
    if digest is not None and digest != planned.digest:
        raise _moved()
    if planned.is_blocked:
        raise _blocked(planned)
    if planned.changes:
        _write(work, host, declared, planned.writes)
        audit.record_many(work, list(_entries(work, planned)))
    return planned


def _write(work: Work, host: PluginHost, declared: Declared, writes: Writes) -> None:
    facilities.save_themes(work, writes.themes)
    save_roles(work, writes.roles)
    separate_duties(work, writes.duties)
    facilities.save_regions(work, writes.regions)
    facilities.save_facilities(work, writes.facilities)
    facilities.save_officials(work, writes.officials)
    activations = [
        ActivationAt(one.place, one.plugin, setting.value, setting.valid_from, declared.tables[one.table].reason)
        for one, setting in writes.settings
        if not one.name
    ]
    values = [
        ValueAt(
            one.layer, one.place, one.plugin, one.name, setting.value, setting.locked, setting.valid_from,
            declared.tables[one.table].reason, host.plugin(one.plugin).config_version,
        )
        for one, setting in writes.settings
        if one.name
    ]  # fmt: skip
    bulk.activate_many(work, activations)
    bulk.set_many(work, values)
    host.activated_many(work, activations)


def _entries(work: Work, planned: Plan) -> Iterator[Entry]:
    """One for each facility in its own chain, and one for all that lies above."""
    changed: dict[str, list[str]] = {}
    for change in planned.changes:
        what = f"{change.region}: {change.what}" if change.region and not change.facility else change.what
        changed.setdefault(change.facility, []).append(what)
    ids: dict[str, UUID] = dict(
        work.run("SELECT code, id FROM guyub.facility WHERE code = ANY(:codes)", codes=list(changed)).all()
    )
    for facility, whats in changed.items():
        # Names of officials are in the books already: the trail says only what was touched.
        details = {"plan": planned.digest, "changed": whats}
        yield Entry(ids.get(facility, audit.INSTALLATION), "facilities.apply", facility or "files", details)


def _moved() -> Refusal:
    return Refusal(
        "provisioning.plan_moved",
        Text(
            id="Rencana itu tidak berlaku lagi: berkas atau keadaan sudah berubah sejak dibuat.",
            en="That plan no longer holds: the files or the world have changed since.",
        ),
        Text(
            id="Jalankan guyub facilities plan sekali lagi, baca, lalu terapkan dengan digest yang baru.",
            en="Run guyub facilities plan again, read it, and apply it with its new digest.",
        ),
    )


def _blocked(planned: Plan) -> Refusal:
    against = [finding for finding in planned.findings if finding.is_blocking]
    return Refusal(
        "provisioning.blocked",
        Text(
            id="Tidak diterapkan: {count} UPT akan memiliki konfigurasi yang tidak sah. {place}: {first}",
            en="Not applied: {count} facilities would get a configuration that is not valid. {place}: {first}",
        ).format(count=len({one.place for one in against}), place=against[0].place, first=against[0].sentence),
        Text(
            id="Perbaiki nilai tersebut pada lapisan asalnya; guyub facilities plan menampilkan semuanya.",
            en="Mend these values at the layer that they come from; guyub facilities plan lists them all.",
        ),
    )
