"""The refusals of configuration: codes, sentences, and the constraints and states of the database that they stand
for."""

import json
from datetime import date

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, Violation
from guyub.plugins.refusals import ASK_AUTHOR
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import EMPTY

FIX_ENTRY = Text(id="Perbaiki isian itu; tidak ada yang diubah.", en="Fix the entry; nothing was changed.")


class ConfigurationRefusal(RefusalCode):
    LOCKED = (
        "host.locked",
        Text(
            id="“{field}” tidak dapat diubah di {place}: dikunci oleh {locked_at} ({locked_by}) sejak {day}.",
            en="“{field}” cannot be changed at {place}: it is locked by {locked_at} ({locked_by}) since {day}.",
        ),
        Text(
            id="Minta {locked_at} membuka kunci atau mengubah nilainya.",
            en="Ask {locked_at} to unlock it or to change its value.",
        ),
    )
    NO_FACILITY_HERE = (
        "host.no_facility_here",
        Text(id="UPT ini di luar jangkauan Anda.", en="This facility is not within your reach."),
        Text(id="Buka UPT dari daftar UPT Anda.", en="Open a facility from the list of yours."),
    )
    CONFIG_INVALID = (
        "host.config_invalid",
        Text(
            id="Konfigurasi {plugin} di {facility} tidak sah. {why}",
            en="The configuration of {plugin} at {facility} is not valid. {why}",
        ),
        Text(
            id="Perbaiki nilai itu pada {place}; data tetap dapat dibaca, plugin ini berhenti hanya di UPT ini.",
            en="Fix the value at {place}; data stays readable, and the plugin is stopped at this facility alone.",
        ),
    )
    CONFIG_NEWER = (
        "host.config_newer",
        Text(
            id="Konfigurasi {plugin} ditulis untuk versi {version}; yang terpasang hanya mengenal versi {known}.",
            en="The configuration of {plugin} was written for version {version}; what is installed knows only {known}.",
        ),
        Text(
            id="Pasang versi plugin yang lebih baru, lalu mulai ulang Guyub.",
            en="Install a newer version of the plugin, then restart Guyub.",
        ),
    )
    CONFIG_MIGRATION = (
        "host.config_migration",
        Text(
            id="Konfigurasi {plugin} gagal dialihkan dari versi {step} ke {next}: {error}.",
            en="The configuration of {plugin} could not be carried from version {step} to {next}: {error}.",
        ),
        ASK_AUTHOR,
    )
    CONFIG_VALUE = ("host.config_value", Text.same("{sentence}"), FIX_ENTRY)
    CONFIG_FIELD = ("host.config_field", Text.same("{sentence}"), FIX_ENTRY)
    MASKED_SECRET = (
        "host.masked_secret",
        Text(
            id="“{field}” adalah rahasia; yang dikirim hanya samarannya, bukan nilainya.",
            en="“{field}” is a secret; what was sent is only its mask, not its value.",
        ),
        Text(
            id="Hapus isian itu dari permintaan bila tidak diganti, atau kirim nilainya yang baru.",
            en="Leave the field out of the request to keep it, or send its new value.",
        ),
    )
    SECRET_OF_MANY = (
        "host.config_secret",
        Text(
            id="“{field}” adalah rahasia, dan setiap UPT memiliki rahasianya sendiri.",
            en="“{field}” is a secret, and each facility has its own.",
        ),
        Text(id="Isi pada halaman Plugin setiap UPT.", en="Enter it on the Plugins page of each facility."),
    )
    LOCK_WITHOUT_VALUE = (
        "host.config_lock",
        Text(
            id="“{field}” hanya dapat dikunci bersama nilainya.",
            en="“{field}” can only be locked together with a value.",
        ),
        Text(id="Isi nilainya, atau lepaskan kuncinya.", en="Give it a value, or take the lock off."),
    )
    LOCK_IS_REGIONAL = (
        "host.lock_is_regional",
        Text(
            id="“{field}” hanya dapat dikunci oleh pusat atau kantor wilayah.",
            en="“{field}” can only be locked by the nation or a regional office.",
        ),
        Text(
            id="Simpan nilainya tanpa kunci, atau minta kantor wilayah menguncinya.",
            en="Save the value without a lock, or ask the regional office to lock it.",
        ),
    )
    REGIONAL_ONLY = (
        "host.regional_only",
        Text(
            id="{title} hanya dapat diaktifkan oleh kantor wilayah.",
            en="{title} is activated by a regional office only.",
        ),
        Text(id="Minta kantor wilayah mengaktifkannya.", en="Ask the regional office to activate it."),
    )
    REGION_NOT_YOURS = (
        "host.region_not_yours",
        Text(
            id="Nilai untuk seluruh UPT hanya ditetapkan oleh {office}.",
            en="Values for all facilities are set by {office} only.",
        ),
        Text(id="Minta administrator kantor wilayah menetapkannya.", en="Ask its administrator to set them."),
    )
    UNKNOWN_PLACE = (
        "host.unknown_place",
        Text(
            id="Tidak ada UPT atau wilayah “{code}” yang boleh Anda atur.",
            en="There is no facility or region “{code}” that you may configure.",
        ),
        Text(id="Periksa kodenya.", en="Check its code."),
    )
    PLACES_OR_REGION = (
        "configuration.places_or_region",
        Text(
            id="Sebutkan UPT yang dimaksud, atau satu wilayah.", en="Name the facilities that are meant, or one region."
        ),
        FIX_ENTRY,
    )
    ACTIVE_AT_FACILITIES = (
        "configuration.active_at_facilities",
        Text(
            id="Program dan sumber dana diaktifkan pada setiap UPT, bukan pada wilayah; pilih UPT-nya.",
            en="Programmes and funding sources are activated at facilities, not at a region; choose the facilities.",
        ),
        FIX_ENTRY,
    )
    UNKNOWN_PLUGIN = (
        "host.unknown_plugin",
        Text(id="Tidak ada plugin “{slug}”.", en="There is no plugin “{slug}”."),
        Text(id="Pilih dari daftar plugin.", en="Choose from the list of plugins."),
    )
    NOTHING_CHANGED = (
        "host.nothing_changed",
        Text(id="Tidak ada isian yang berubah.", en="Nothing was changed."),
        Text(id="Ubah sedikitnya satu isian, atau batalkan.", en="Change at least one field, or cancel."),
    )
    NOTHING_TO_RESET = (
        "host.nothing_to_reset",
        Text(id="Isian “{name}” tidak diatur di sini.", en="The field “{name}” is not set here."),
        Text(id="Lihat asal nilainya pada halaman plugin.", en="See on the plugin's page where its value comes from."),
    )
    NOT_DECIDED_HERE = (
        "host.not_decided_here",
        Text(
            id="Cara mengelola sebuah UPT ditentukan oleh kantor wilayahnya.",
            en="How a facility is managed is decided by its regional office.",
        ),
        Text(id="Minta kantor wilayah mengalihkannya.", en="Ask the regional office to hand it over."),
    )
    PLAN_MOVED = (
        "configuration.plan_moved",
        Text(
            id="Rencana itu tidak berlaku lagi: berkas, keadaan atau hari sudah berubah sejak dibuat. Tidak ada yang diubah.",
            en="That plan no longer holds: the files, the world or the day have changed since. Nothing was changed.",
        ),
        Text(
            id="Buat rencananya sekali lagi, baca, lalu terapkan rencana yang baru itu.",
            en="Make the plan again, read it, and apply that new one.",
        ),
    )
    BLOCKED = (
        "configuration.blocked",
        Text(
            id="Tidak diterapkan, {count} hal menghalangi. {place}: {first}",
            en="Not applied, {count} findings block it. {place}: {first}",
            en_one="Not applied, {count} finding blocks it. {place}: {first}",
        ),
        Text(
            id="Perbaiki hal tersebut; rencananya menampilkan semuanya. Tidak ada yang diubah.",
            en="Fix that; the plan lists them all. Nothing was changed.",
        ),
    )
    NO_ACTION = (
        "configuration.action",
        Text(id="Tindakannya belum dipilih.", en="No action is selected."),
        Text(id="Pilih satu tindakan dari daftar.", en="Choose one action from the list."),
    )
    NO_PLUGIN = (
        "configuration.no_plugin",
        Text(id="Program atau sumber dananya belum dipilih.", en="No programme or funding source is selected."),
        Text(id="Pilih salah satu dari daftar.", en="Choose one from the list."),
    )
    NO_FIELD = ("configuration.no_field", *EMPTY)
    NO_TEMPLATE = ("configuration.template", *EMPTY)
    NO_FACILITY_TICKED = (
        "configuration.none_chosen",
        Text(id="Belum ada UPT yang dipilih.", en="No facility is selected yet."),
        Text(
            id="Centang sedikitnya satu UPT, atau “Semua UPT yang ditampilkan”.",
            en="Tick at least one facility, or “All facilities shown”.",
        ),
    )
    NONE_BY_FILES = (
        "configuration.none_by_files",
        Text(
            id="Di antara UPT yang dipilih tidak ada yang dikelola melalui berkas.",
            en="None of the selected facilities is managed through files.",
        ),
        Text(id="Centang UPT yang dikelola melalui berkas.", en="Tick facilities that are managed through files."),
    )
    NO_SUCH_FACILITY = (
        "configuration.no_such_facility",
        Text(
            id="Tidak ada UPT dengan kode “{code}” di bawah {office}.",
            en="There is no facility “{code}” under {office}.",
        ),
        Text(
            id="Pilih UPT dari daftar; UPT yang sudah pindah ada pada wilayahnya yang sekarang.",
            en="Choose a facility from the list; one that has moved is found at its present region.",
        ),
    )
    OVERVIEW = (
        "configuration.overview",
        Text(
            id="Ringkasan konfigurasi hanya untuk pembaca laporan dan pengatur UPT.",
            en="The overview of configuration is for those who read reports or configure facilities.",
        ),
        Text(id="Minta administrator mengatur peran Anda.", en="Ask an administrator to set your roles."),
    )
    UNKNOWN_TEMPLATE = (
        "configuration.unknown_template",
        Text(id="Templat itu tidak ada lagi.", en="There is no such template any more."),
        Text(id="Pilih dari daftar templat.", en="Choose from the list of templates."),
    )
    TEMPLATE_REPLACED = (
        "configuration.template_replaced",
        Text(
            id="Templat “{name}” sudah diubah oleh {who}; isian Anda belum disimpan.",
            en="The template “{name}” was changed by {who}; what you entered is not saved.",
        ),
        Text(id="Inilah versi terbarunya; ubah di sini.", en="This is its newest version; change it here."),
    )
    TEMPLATE_NAME = ("configuration.template_name", *EMPTY)
    TEMPLATE_NOTE = ("configuration.template_note", *EMPTY)
    TEMPLATE_FIELD = ("configuration.template_field", *EMPTY)
    TEMPLATE_VALUES = (
        "configuration.template_values",
        Text(id="Templat ini tidak berisi nilai apa pun.", en="This template holds no value."),
        Text(id="Pilih sedikitnya satu isian.", en="Choose at least one field."),
    )
    NATIONAL_TEMPLATE = (
        "configuration.national_template",
        Text(id="Templat ini milik pusat.", en="This template is the nation's."),
        Text(id="Buat templat wilayah dengan nama sendiri.", en="Make one of your region with a name of its own."),
    )
    NO_SOURCE = (
        "configuration.no_source",
        Text(id="Pilih dahulu UPT yang nilainya dijadikan templat.", en="Choose the facility to make it from first."),
        Text(id="Kembali ke daftar templat.", en="Go back to the list of templates."),
    )
    UNKNOWN_PLAN = (
        "configuration.unknown_plan",
        Text(
            id="Tidak ada rencana “{id}” yang pernah diterapkan dalam jangkauan Anda.",
            en="No plan “{id}” was ever applied within your reach.",
        ),
        Text(
            id="Pilih dari daftar perubahan yang pernah diterapkan.",
            en="Choose from the list of changes that were applied.",
        ),
    )
    REASON = ("host.reason", *EMPTY)
    NO_FIRST_DAY = ("host.valid_from", *EMPTY)
    LOCKED_WITHOUT_VALUE = (
        "host.locked_without_value",
        Text(id="Yang dikunci harus memiliki nilai.", en="What is locked holds a value."),
        Text(id="Isi nilainya, atau jangan dikunci.", en="Give it a value, or leave it unlocked."),
    )
    NO_REASON = ("configuration.no_reason", *EMPTY)
    TEMPLATE_OF_THAT_NAME = (
        "configuration.template_of_that_name",
        Text(id="Templat “{name}” sudah ada.", en="There is a template “{name}” already."),
        Text(
            id="Tulis namanya persis sama untuk membuat versi baru, atau pakai nama lain.",
            en="Write its name exactly so to make a new version, or use another name.",
        ),
    )
    REVERTED_BEFORE = (
        "host.reverted_before",
        Text(id="Rencana ini sudah dikembalikan.", en="This plan has been reverted already."),
        Text(id="Lihat riwayat rencana.", en="See the history of plans."),
    )


def locked_field(
    *, field: str, place: Text, locked_at: Text, locked_by: str, since: date, title: Text | None = None
) -> Invalid:
    """Returns the refusal of a locked field: ``place`` is where somebody wanted to set ``field``, ``locked_at`` the
    layer whose value holds instead.

    ``title`` is what people call the field, where the plugin is at hand to say.
    """
    return ConfigurationRefusal.LOCKED.invalid(
        field,
        field=title or field,
        place=place,
        locked_at=locked_at,
        locked_by=locked_by,
        day=since,
    )


def _locked(violation: Violation) -> Invalid:
    """Returns an ``Invalid``, so that a form shows it at the field."""
    detail = json.loads(violation.detail)
    return locked_field(
        field=detail["field"],
        place=Text(id=detail["place"], en=detail["place"]),
        locked_at=Text(id=detail["locked_place"] or "Nasional", en=detail["locked_place"] or "National"),
        locked_by=detail["locked_by"],
        since=date.fromisoformat(detail["since"]),
    )


def _template_of_that_name(violation: Violation) -> Refusal:
    return ConfigurationRefusal.TEMPLATE_OF_THAT_NAME.refusal(name=violation.detail)


DATABASE = DatabaseRefusals(
    constraints={
        "reverted_once": ConfigurationRefusal.REVERTED_BEFORE,
        "lock_holds_a_value": ConfigurationRefusal.LOCKED_WITHOUT_VALUE,
    },
    states={"GU012": _locked, ("GU017", "template_of_that_name"): _template_of_that_name},
)
