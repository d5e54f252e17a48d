"""Applying a plan: all of it or nothing, in one statement per kind, each place with an entry in its audit trail."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.access.roles import save_roles, separate_duties
from guyub.configuration import bulk_write
from guyub.configuration.activation_changes import tell_plugins
from guyub.configuration.bulk_write import ActivationAt, ValueAt
from guyub.db.unit_of_work import Work
from guyub.facilities import service as facilities
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.recorded_changes import note_change
from guyub.provisioning import plan_history
from guyub.provisioning.desired import DesiredState, LetterDefault
from guyub.provisioning.plan import plan
from guyub.provisioning.plan_model import Plan, WriteSet
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


def apply(
    work: Work, host: PluginRegistry, declared: DesiredState, digest: str | None = None, on: date | None = None
) -> Plan:
    """Makes the world what the files say and returns the plan that was carried out; without a change no row is written.

    ``digest`` is that of a plan which somebody has read: raises ``Refusal`` when the plan is another by now, and when
    a finding stands against it. Only one at a time gets to apply; a second one waits and plans on what the first left.
    """
    wait_for_others(work)
    return carry_out(work, host, plan(work, host, declared, on), digest)


def wait_for_others(work: Work) -> None:
    """Until the transaction ends nobody else applies a plan, files or web, or changes configuration of many places."""
    work.take_time()
    work.run("SELECT pg_advisory_xact_lock(hashtextextended('guyub.provisioning', 0))")


def carry_out(work: Work, host: PluginRegistry, planned: Plan, digest: str | None, reason: str = "") -> Plan:
    """Writes what was planned in this transaction. Raises as ``apply``; a plan without a change is carried out already."""
    if planned.is_blocked:
        raise _blocked(planned)
    if not planned.changes:
        return planned
    if digest is not None and digest != planned.digest:
        raise _moved()
    _write(work, host, planned.writes)
    done = replace(planned, id=plan_history.note(work, planned, reason))
    audit.record_many(work, list(_entries(work, planned, reason)))
    return done


def _write(work: Work, host: PluginRegistry, writes: WriteSet) -> None:
    facilities.save_themes(work, writes.themes)
    # Who configures facilities need not be one who sets roles: they are asked where a plan changes any.
    if writes.roles:
        save_roles(work, writes.roles)
    if writes.duties:
        separate_duties(work, writes.duties)
    facilities.save_regions(work, writes.regions)
    _save_letters(work, writes.letters)
    if writes.facilities:
        note_change(work)  # one that moves inherits from another region
    facilities.save_facilities(work, writes.facilities)
    facilities.save_officials(work, writes.officials)
    activations = [
        ActivationAt(one.place, one.plugin, setting.value, setting.valid_from, setting.reason)
        for one, setting in writes.settings
        if not one.name
    ]
    values = [
        ValueAt(
            one.layer,
            one.place,
            one.plugin,
            one.name,
            setting.value,
            setting.locked,
            setting.valid_from,
            setting.reason,
            host.plugin(one.plugin).config_version,
        )
        for one, setting in writes.settings
        if one.name
    ]
    bulk_write.activate_many(work, activations)
    bulk_write.set_many(work, values)
    tell_plugins(work, host, activations)


def _save_letters(work: Work, letters: list[LetterDefault]) -> None:
    if letters:
        work.run(
            """INSERT INTO guyub.letter_default (region_id, letterhead, letter_template)
               SELECT g.id, r.letterhead, r.letter_template
               FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (place text, letterhead text[], letter_template text)
               LEFT JOIN guyub.region g ON g.code = r.place
               ON CONFLICT ON CONSTRAINT letter_default_once
               DO UPDATE SET letterhead = excluded.letterhead, letter_template = excluded.letter_template""",
            rows=json.dumps([asdict(letter) for letter in letters]),
        )


def _entries(work: Work, planned: Plan, reason: str) -> Iterator[AuditEntry]:
    """One for each facility in its own chain, and one for all that lies above: in the installation's chain, or, where a
    person did it, in that of every facility below."""
    changed: dict[str, list[str]] = {}
    for change in planned.changes:
        what = f"{change.region}: {change.what}" if change.region and not change.facility else change.what
        below = [""]
        if not change.facility and not work.is_system:
            below = sorted({effect.facility for effect in planned.effects if effect.region == change.region})
        for code in [change.facility] if change.facility else below:
            changed.setdefault(code, []).append(what)
    ids: dict[str, UUID] = dict(
        work.run("SELECT code, id FROM guyub.facility WHERE code = ANY(:codes)", codes=list(changed)).all()
    )
    action = "facilities.revert" if planned.reverts else "facilities.apply"
    for facility, whats in changed.items():
        # Names of officials are in the books already: the trail says only what was touched.
        details = {"plan": planned.digest, "changed": whats, "door": planned.door}
        details |= {"reason": reason} if reason else {}
        details |= {"reverts": planned.reverts} if planned.reverts else {}
        yield AuditEntry(ids.get(facility, audit.INSTALLATION), action, facility or planned.door, details)


def _moved() -> Refusal:
    return Refusal(
        "provisioning.plan_moved",
        Text(
            id="Rencana itu tidak berlaku lagi: berkas, keadaan atau hari sudah berubah sejak dibuat. Tidak ada yang diubah.",
            en="That plan no longer holds: the files, the world or the day have changed since. Nothing was changed.",
        ),
        Text(
            id="Buat rencananya sekali lagi, baca, lalu terapkan rencana yang baru itu.",
            en="Make the plan again, read it, and apply that new one.",
        ),
    )


def _blocked(planned: Plan) -> Refusal:
    against = [finding for finding in planned.findings if finding.is_blocking]
    return Refusal(
        "provisioning.blocked",
        Text(
            id="Tidak diterapkan, {count} hal menghalangi. {place}: {first}",
            en="Not applied, {count} things stand against it. {place}: {first}",
        ).format(count=len(against), place=against[0].place or "–", first=against[0].sentence),
        Text(
            id="Perbaiki hal tersebut; rencananya menampilkan semuanya. Tidak ada yang diubah.",
            en="Mend that; the plan lists them all. Nothing was changed.",
        ),
    )
