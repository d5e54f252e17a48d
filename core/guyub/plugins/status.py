"""Holds what is known of an installed plugin, and in which words it is said why one does not run."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from guyub.db.unit_of_work import Work
from guyub.plugins.declaration_fault import DeclarationFault
from guyub.plugins.refusals import PluginsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

PluginState = Literal["ready", "quarantined", "missing"]


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """Holds what is known of one plugin; ``code``, ``reason`` and ``remedy`` are there when it is not ready.

    ``warnings`` keep nothing from running: a page that is not mounted because it names no permission. ``plainly`` is the
    reason as staff of a facility read it, where it is not the same.
    """

    slug: str
    distribution: str
    version: str
    state: PluginState
    reason: Text | None = None
    remedy: Text | None = None
    code: str = ""
    warnings: tuple[Text, ...] = ()
    plainly: Text | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """``plugin`` is there while it is ready; ``package`` is the folder that holds its templates, static files and
    migrations."""

    status: PluginStatus
    plugin: Plugin | None
    package: Path | None = None


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """Describes why a plugin is quarantined. ``code`` is stable and short ("host.import"); ``plainly`` as in ``PluginStatus``."""

    code: str
    reason: Text
    remedy: Text
    plainly: Text | None = None


class PluginNotReady(Refusal):
    """A plugin that does not run. The remedy is for whoever administers the installation; ``plainly`` is for all others."""

    def __init__(self, status: PluginStatus) -> None:
        assert status.reason is not None
        assert status.remedy is not None
        super().__init__(*PluginsRefusal.NOT_READY.sentences(reason=status.reason, remedy=status.remedy))
        self.plainly = status.plainly or status.reason


def as_read_by(work: Work | None, refusal: Refusal) -> Refusal:
    """Returns the status as a reader needs it.

    Staff of a facility can run no command: who may not configure hears whom to turn to, and not which account it was.
    """
    if isinstance(refusal, PluginNotReady) and not (work is not None and work.may("facilities.configure")):
        return Refusal(refusal.code, refusal.plainly, _ASK_ADMINISTRATOR)
    return refusal


_ASK_ADMINISTRATOR = Text(
    id="Hubungi administrator. Pembukuannya tetap dapat dibaca.", en="Tell your administrator. Its books stay readable."
)


def quarantined(status: PluginStatus, fault: QuarantineReason) -> PluginStatus:
    return replace(
        status, state="quarantined", code=fault.code, reason=fault.reason, remedy=fault.remedy, plainly=fault.plainly
    )


def missing(slug: str) -> PluginStatus:
    """Returns the status of a plugin that is active somewhere, or named, and not installed."""
    distribution = f"guyub-{slug.replace('_', '-')}"
    return PluginStatus(
        slug,
        distribution,
        "",
        "missing",
        Text(id="Plugin “{slug}” tidak terpasang.", en="Plugin “{slug}” is not installed.").format(slug=slug),
        Text(
            id="Pasang kembali (pip install {distribution}), lalu mulai ulang Guyub. Pembukuannya tetap dapat dibaca.",
            en="Install it again (pip install {distribution}), then restart Guyub. Its books stay readable.",
        ).format(distribution=distribution),
        "host.missing",
    )


def _repair(distribution: str) -> Text:
    return Text(
        id="Pasang ulang atau perbarui {distribution} (pip install --force-reinstall {distribution}), lalu mulai ulang Guyub.",
        en="Re-install or update {distribution} (pip install --force-reinstall {distribution}), then restart Guyub.",
    ).format(distribution=distribution)


_TELL_AUTHOR = Text(
    id="Perbarui {distribution}; bila sudah yang terbaru, sampaikan kepada pembuatnya (guyub plugin check {slug}).",
    en="Update {distribution}; where it is the newest, tell its author (guyub plugin check {slug}).",
)


_LONGEST = 300
"""Letters of an error's own words: a reason stays one line."""


def import_failed(status: PluginStatus, error: BaseException) -> QuarantineReason:
    words = " ".join(str(error).split())
    description = f"{type(error).__name__}: {words[:_LONGEST]}" if words else type(error).__name__
    return QuarantineReason(
        "host.import",
        Text(id="Gagal dimuat: {error}.", en="It failed to load: {error}.").format(error=description.rstrip(".")),
        _repair(status.distribution),
    )


def ended_the_process(status: PluginStatus, how: Text) -> QuarantineReason:
    return QuarantineReason(
        "host.exit",
        Text(
            id="Menghentikan proses saat dimuat ({how}).", en="It ended the process while it was loaded ({how})."
        ).format(how=how),
        Text(
            id="Lepas paketnya (pip uninstall {distribution}) sampai ada perbaikan, atau jalankan guyub plugin disable {slug}.",
            en="Remove its distribution (pip uninstall {distribution}) until it is fixed, or run guyub plugin disable {slug}.",
        ).format(distribution=status.distribution, slug=status.slug),
    )


def did_not_answer(status: PluginStatus, seconds: float) -> QuarantineReason:
    return QuarantineReason(
        "host.hang",
        Text(
            id="Tidak selesai dimuat dalam {seconds:g} detik.",
            en="It was not loaded within {seconds:g} seconds.",
            en_one="It was not loaded within {seconds:g} second.",
        ).format(seconds=seconds),
        Text(
            id="Lepas paketnya (pip uninstall {distribution}) sampai ada perbaikan, atau jalankan guyub plugin disable {slug}. "
            "Ia dicoba lagi bila berkasnya berubah; bila hanya lambat, jalankan guyub plugin enable {slug}.",
            en="Remove its distribution (pip uninstall {distribution}) until it is fixed, or run guyub plugin disable {slug}. "
            "It is tried again when a file of it changes; if it was only slow, run guyub plugin enable {slug}.",
        ).format(distribution=status.distribution, slug=status.slug),
    )


def lacks_distributions(names: list[str]) -> QuarantineReason:
    listed = ", ".join(names)
    return QuarantineReason(
        "host.dependency",
        Text(id="Memerlukan paket {names}.", en="It needs the distribution {names}.").format(names=listed),
        Text(id="Pasang ({command}), lalu mulai ulang Guyub.", en="Install it ({command}), then restart Guyub.").format(
            command="pip install " + " ".join(f"'{name}'" for name in names)
        ),
    )


def lacks_module(status: PluginStatus, module: str) -> QuarantineReason:
    """Returns the fault of a missing module; no distribution is named for it, since its name may differ from the module's."""
    return QuarantineReason(
        "host.dependency",
        Text(
            id="Memerlukan modul Python “{module}”, yang tidak terpasang.",
            en="It needs the Python module “{module}”, which is not installed.",
        ).format(module=module),
        Text(
            id="Pasang kembali {distribution} beserta kebutuhannya (pip install --force-reinstall {distribution}), lalu mulai "
            "ulang Guyub. Bila tetap kurang, sampaikan kepada pembuatnya: modul itu belum tercatat sebagai kebutuhannya.",
            en="Install {distribution} again with what it needs (pip install --force-reinstall {distribution}), then restart "
            "Guyub. If it is still missing, tell its author that the module is not among its requirements.",
        ).format(distribution=status.distribution),
    )


def lacks_plugins(slugs: list[str]) -> QuarantineReason:
    return QuarantineReason(
        "host.requires",
        Text(
            id="Memerlukan plugin {names}, yang tidak siap.", en="It needs the plugin {names}, which is not ready."
        ).format(names=", ".join(slugs)),
        Text(
            id="Pasang atau perbaiki plugin tersebut, lalu mulai ulang Guyub.",
            en="Install or fix that plugin, then restart Guyub.",
        ),
    )


def claimed_twice(slug: str, distributions: list[str]) -> QuarantineReason:
    return QuarantineReason(
        "host.duplicate",
        Text(
            id="Slug “{slug}” dipakai oleh {names} sekaligus; tidak satu pun dijalankan.",
            en="The slug “{slug}” is claimed by {names} at once; neither runs.",
        ).format(slug=slug, names=", ".join(distributions)),
        Text(
            id="Lepas salah satunya (pip uninstall …), lalu mulai ulang Guyub.",
            en="Remove all but one (pip uninstall …), then restart Guyub.",
        ),
    )


def refused(status: PluginStatus, fault: DeclarationFault) -> QuarantineReason:
    """Returns why a plugin is quarantined for what it declares."""
    if fault.attribute == "api":
        remedy = Text(
            id="Pasang versi {distribution} yang sesuai, atau perbarui Guyub.",
            en="Install a version of {distribution} that fits, or update Guyub.",
        ).format(distribution=status.distribution)
        return QuarantineReason("host.api", fault.text, remedy)
    if fault.code.startswith("HOOK"):
        return wrong_hook(status, fault.text)
    return wrong_declaration(status, fault.text)


def wrong_hook(status: PluginStatus, reason: Text) -> QuarantineReason:
    return QuarantineReason("host.hook", reason, _tell_author(status))


def wrong_declaration(status: PluginStatus, reason: Text) -> QuarantineReason:
    return QuarantineReason("host.declaration", reason, _tell_author(status))


def _tell_author(status: PluginStatus) -> Text:
    return _TELL_AUTHOR.format(distribution=status.distribution, slug=status.slug)
