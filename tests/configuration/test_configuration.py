"""What applies where, since when and by whom: layers, locks, dates, resets, history, secrets, previews."""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from guyub.configuration import resolution
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.value_history import history
from guyub.db.errors import refusal_of
from guyub.sdk import Config, Plugin, Text, field
from guyub.sdk.config import Secret
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from tests import config_changes as changes
from tests import places
from tests.config_changes import host_with, preview
from tests.stored_values import set_values

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
JANUARY, MARCH, JUNE, DECEMBER = date(2025, 1, 1), date(2025, 3, 3), date(2025, 6, 1), date(2025, 12, 1)


def words(id: str) -> Text:
    return Text(id=id, en=id)


class GatewayConfig(Config):
    limit: int = field(words("Batas"), help=words("Batas harian."), unit=words("pesan"), default=10, ge=1, le=100)
    token: Secret | None = field(words("Kunci"), help=words("Kunci layanan."), default=None)


class Gateway(Plugin):
    slug = "gateway_contoh"
    title = words("Gerbang contoh")
    summary = words("Hanya untuk pengujian.")
    config = GatewayConfig


GATEWAY = Gateway()


def gateway_host(protector):
    return host_with("gateway_contoh", f"{__name__}:GATEWAY", protector)


@pytest.fixture
def web(database):
    """Pekalongan, Kebumen and the values of their region are managed through the web."""
    places.managed_by(database, "web", "rutan-pekalongan", "rutan-kebumen")


def change(values, valid_from=MARCH, *, locked=(), reason="Surat edaran", plugin="bansos", **place) -> ChangeRequest:
    return changes.request(plugin, values, valid_from, reason, locked=locked, **place)


def by_system(database, plugins, wanted):
    with database.work(database.as_service("pusat")) as work:
        return changes.apply(work, plugins, wanted)


def resolved(database, plugins, rutan, on, slug="bansos"):
    with database.work(database.as_service("tests", rutan)) as work:
        return plugins.resolve(work, slug, work.here.id, on)


def test_a_value_says_where_it_comes_from_since_when_by_whom_and_why(database, plugins, protector):
    by_system(database, plugins, change({"cool_down_months": 2}, JANUARY, region="jawa-tengah"))
    origin = resolved(database, plugins, PEKALONGAN, MARCH).origins["cool_down_months"]
    assert (origin.layer, origin.since, origin.actor, origin.reason) == ("region", JANUARY, "pusat", "Surat edaran")
    assert origin.sentence.id == "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah · sejak 1 Januari 2025"
    locked = resolved(database, plugins, PEKALONGAN, MARCH).origins["ceiling"]
    assert locked.locked
    assert "dikunci sejak" in locked.sentence.id
    assert resolved(database, plugins, PEKALONGAN, MARCH).origins["weight_income"].layer == "default"


def test_a_value_that_begins_on_a_day_arrives_without_a_write(database, plugins, protector):
    by_system(database, plugins, change({"quota": 9}, DECEMBER, facility=PEKALONGAN))
    assert resolved(database, plugins, PEKALONGAN, DECEMBER - timedelta(days=1)).config.quota == 5
    assert resolved(database, plugins, PEKALONGAN, DECEMBER).config.quota == 9


def test_a_field_that_was_reset_is_inherited_again(database, plugins, protector):
    by_system(database, plugins, change({"quota": 7}, JANUARY))
    by_system(database, plugins, change({"quota": None}, MARCH, facility=PEKALONGAN))
    assert resolved(database, plugins, PEKALONGAN, JANUARY).config.quota == 5
    after = resolved(database, plugins, PEKALONGAN, MARCH)
    assert (after.config.quota, after.origins["quota"].layer) == (7, "national")


def test_what_applied_on_a_day_can_be_asked_as_it_was_known_then(database, plugins, protector):
    by_system(database, plugins, change({"quota": 6}, MARCH, facility=PEKALONGAN))
    with database.work(database.as_service("tests")) as work:
        before_the_correction = work.run("SELECT clock_timestamp()").scalar_one()
    by_system(database, plugins, change({"quota": 8}, MARCH, facility=PEKALONGAN, reason="Salah ketik"))
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        now = resolution.resolve(work, plugins.plugin("bansos"), work.here.id, MARCH)
        then = resolution.resolve(work, plugins.plugin("bansos"), work.here.id, MARCH, known_at=before_the_correction)
        entries = history(work, "bansos", facility=PEKALONGAN, field="quota")
    assert (now.config.quota, now.origins["quota"].reason) == (8, "Salah ketik")
    assert (then.config.quota, then.origins["quota"].reason) == (6, "Surat edaran")
    assert [(entry.value, entry.overruled) for entry in entries] == [(8, False), (6, True), (5, False)]
    assert (entries[2].valid_from, entries[2].holds_until) == (date(2024, 11, 1), MARCH)


# --- locks -------------------------------------------------------------------------------------------------------


def test_a_locked_field_is_refused_below_and_says_who_locked_it_and_since_when(database, plugins, protector):
    by_system(database, plugins, change({"quota": 4}, MARCH, locked=["quota"]))
    with pytest.raises(Invalid) as refused:
        by_system(database, plugins, change({"quota": 6}, JUNE, facility=PEKALONGAN))
    assert refused.value.what.id == (
        "“Kuota per bulan” tidak dapat diubah di Rutan Kelas IIA Pekalongan: dikunci oleh Nasional (pusat) sejak 3 Maret 2025."
    )
    assert refused.value.what.en == (
        "“Quota per month” cannot be changed at Rutan Kelas IIA Pekalongan: it is locked by National (pusat) since 3 March 2025."
    )
    assert refused.value.field == "quota"


def test_the_sentence_of_a_lock_comes_from_the_database_as_well(database, plugins):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        with pytest.raises(DBAPIError) as refused, work.session.begin_nested():
            set_values(work, "bansos", {"ceiling": 1}, valid_from=MARCH, reason="", facility_id=work.here.id)
        refusal = refusal_of(refused.value)
    assert isinstance(refusal, Invalid)
    assert refusal.what.id.startswith(
        "“ceiling” tidak dapat diubah di Rutan Kelas IIA Pekalongan: dikunci oleh Kantor Wilayah Direktorat Jenderal "
        "Pemasyarakatan Jawa Tengah (tests) sejak 1 November 2024."
    )


def test_taking_ones_own_value_back_is_allowed_under_a_lock(database, plugins, protector):
    by_system(database, plugins, change({"quota": 4}, MARCH, locked=["quota"]))
    by_system(database, plugins, change({"quota": None}, JUNE, facility=PEKALONGAN))
    assert resolved(database, plugins, PEKALONGAN, JUNE).config.quota == 4


def test_a_lock_needs_a_value(database, plugins, protector):
    with pytest.raises(Invalid, match="config_lock"):
        by_system(database, plugins, change({"quota": None}, locked=["quota"], region="jawa-tengah"))


# --- bad values --------------------------------------------------------------------------------------------------


def test_an_invalid_value_names_field_layer_facility_and_the_allowed_range(database, plugins, protector):
    with pytest.raises(Invalid) as refused:
        by_system(database, plugins, change({"quota": 0}, facility=PEKALONGAN))
    assert refused.value.what.id == (
        "Rutan Kelas IIA Pekalongan, Bansos sembako: “Kuota per bulan” (quota): 0 tidak diterima; "
        "isi 1 sampai 100.000 paket."
    )
    with pytest.raises(Invalid) as refused:
        by_system(database, plugins, change({"quota": 0}))
    assert refused.value.what.id.startswith("Nasional, Bansos sembako: “Kuota per bulan” (quota): 0")


def test_a_misspelt_field_is_refused_with_the_nearest_one(database, plugins, protector):
    with pytest.raises(Invalid, match="“quota”"):
        by_system(database, plugins, change({"qouta": 5}, facility=PEKALONGAN))


def test_a_stored_value_that_no_longer_validates_stops_the_plugin_at_that_facility_alone(database, plugins):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_values(work, "bansos", {"quota": 0}, valid_from=MARCH, reason="percobaan", facility_id=work.here.id)
    with pytest.raises(Refusal) as refused:
        resolved(database, plugins, PEKALONGAN, MARCH)
    assert refused.value.code == "host.config_invalid"
    assert refused.value.what.id == (
        "Konfigurasi Bansos sembako di Rutan Kelas IIA Pekalongan tidak sah. “Kuota per bulan” (quota): 0 tidak diterima; "
        "isi 1 sampai 100.000 paket. Asal nilai: Rutan Kelas IIA Pekalongan · sejak 3 Maret 2025 · oleh tests."
    )
    with pytest.raises(Refusal):
        resolved(database, plugins, PEKALONGAN, MARCH)
    assert resolved(database, plugins, KEBUMEN, MARCH).config.quota == 3
    assert resolved(database, plugins, PEKALONGAN, JANUARY).config.quota == 5


def test_a_change_above_that_would_spoil_a_facility_on_a_later_day_is_refused(database, plugins, protector):
    dearer = [{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "5", "price": 45_000}]
    by_system(database, plugins, change({"package": dearer}, DECEMBER, facility=PEKALONGAN))
    with pytest.raises(Invalid) as refused:
        by_system(database, plugins, change({"ceiling": 200_000}, JUNE, region="jawa-tengah"))
    assert "Rutan Kelas IIA Pekalongan" in refused.value.what.id
    assert "Rp225.000 melebihi batas Rp200.000" in refused.value.what.id
    with database.work(database.as_service("tests")) as work:
        plan = preview(work, plugins, change({"ceiling": 200_000}, JUNE, region="jawa-tengah"))
    assert [(issue.place, issue.is_blocking) for issue in plan.issues if issue.code == "host.config_value"] == [
        (PEKALONGAN, True)
    ]


# --- who may -----------------------------------------------------------------------------------------------------


def test_a_regional_administrator_sets_values_of_the_region_and_its_facilities(
    acting, plugins, protector, database, web
):
    with acting("kanwil") as work:
        changes.apply(work, plugins, change({"cool_down_months": 3}, region="jawa-tengah"))
    with acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 6}, facility=PEKALONGAN))
    found = resolved(database, plugins, PEKALONGAN, MARCH)
    assert (found.config.cool_down_months, found.config.quota) == (3, 6)
    assert found.origins["quota"].actor == "kanwil"
    with database.work(database.as_service("tests", KEBUMEN)) as work:
        trail = work.run(
            "SELECT action, details FROM guyub.audit_entry WHERE chain = :here ORDER BY seq DESC LIMIT 1",
            here=work.here.id,
        ).one()
    assert (trail.action, trail.details["fields"]) == ("host.configure", ["cool_down_months"])


def test_nobody_sets_values_beyond_their_reach(acting, plugins, protector, web):
    with pytest.raises(Forbidden), acting("karutan") as work:
        changes.apply(work, plugins, change({"quota": 6}, facility=PEKALONGAN))
    with pytest.raises(Forbidden), acting("kanwil") as work:
        changes.apply(work, plugins, change({"quota": 6}))
    with pytest.raises(NotFound), acting("kanwil", KEBUMEN) as work:
        changes.apply(work, plugins, change({"quota": 6}, facility=PEKALONGAN))
    with acting("kasubsi") as work:
        other = work.run("SELECT id FROM guyub.facility WHERE code = 'rutan-kebumen'").scalar_one()
        with pytest.raises(NotFound):
            plugins.resolve(work, "bansos", other, MARCH)


def test_a_facility_that_files_manage_is_read_only_here_and_says_so(acting, plugins, protector):
    with pytest.raises(Refusal, match="managed through files") as refused, acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 6}, facility=PEKALONGAN))
    assert refused.value.code == "facilities.managed_by_files"


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.fixture
def with_secret(database, protector):
    wanted = change({"token": SecretStr("sangat-rahasia"), "limit": 20}, plugin="gateway_contoh", facility=PEKALONGAN)
    by_system(database, gateway_host(protector), wanted)


def test_a_secret_is_sealed_at_rest_and_opened_only_for_the_model(
    with_secret, database, protector, cluster, installation
):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        found = resolution.resolve(work, GATEWAY, work.here.id, MARCH, protector=protector)
        everything = (
            work.run(
                "SELECT string_agg(v::text, '') FROM guyub.config_value v WHERE v.plugin = 'gateway_contoh'"
            ).scalar_one()
            + work.run("SELECT string_agg(e::text, '') FROM guyub.audit_entry e").scalar_one()
        )
    assert found.config.token.get_secret_value() == "sangat-rahasia"
    assert "sangat-rahasia" not in everything
    assert "sangat-rahasia" not in repr(found)


def test_a_secret_is_masked_in_history_and_preview(with_secret, database, protector):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        shown = [item.value for item in history(work, "gateway_contoh", facility=PEKALONGAN, field="token")]
        wanted = change({"token": "lain"}, JUNE, plugin="gateway_contoh", facility=PEKALONGAN)
        (effect,) = preview(work, gateway_host(protector), wanted).effects
    assert shown == ["••••••"]
    assert (effect.before.value, effect.after.value) == ("••••••", "••••••")


def test_a_secret_that_is_not_valid_is_not_repeated_in_the_refusal(database, protector):
    with pytest.raises(Invalid) as refused:
        by_system(
            database,
            gateway_host(protector),
            change({"token": "x" * 1001}, plugin="gateway_contoh", facility=PEKALONGAN),
        )
    assert "xxx" not in str(refused.value)


# --- previews ----------------------------------------------------------------------------------------------------


def test_a_preview_tells_of_every_facility_what_becomes_of_it_and_writes_nothing(database, plugins, protector):
    with database.work(database.as_service("tests")) as work:
        before = work.run("SELECT count(*) FROM guyub.config_value").scalar_one()
        wanted = change({"quota": 8}, region="jawa-tengah")
        effects = {item.facility: item for item in preview(work, plugins, wanted).effects}
        assert work.run("SELECT count(*) FROM guyub.config_value").scalar_one() == before
    own = effects[PEKALONGAN]
    assert (own.kind, own.before.value, own.after.value) == ("keeps_its_own", 5, 5)
    assert own.after.origin.sentence.id == "Rutan Kelas IIA Pekalongan · sejak 1 November 2024"


def test_a_preview_of_a_lock_names_who_loses_a_value_of_their_own(database, plugins, protector):
    with database.work(database.as_service("tests")) as work:
        wanted = change({"quota": 8}, region="jawa-tengah", locked=["quota"])
        effects = {item.facility: item for item in preview(work, plugins, wanted).effects}
    own = effects[PEKALONGAN]
    assert (own.kind, own.before.value, own.after.value, own.after.origin.locked) == ("loses_its_own", 5, 8, True)


def test_a_preview_costs_six_queries_however_many_facilities(database, plugins, protector):
    statements: list[str] = []
    with database.work(database.as_service("tests")) as work:

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        preview(work, plugins, change({"quota": 8}))
        event.remove(database.engine, "before_cursor_execute", note)
    assert len(statements) == 6


# --- the cache ---------------------------------------------------------------------------------------------------


def test_all_plugins_of_a_facility_cost_one_query_and_then_none(database, plugins):
    statements: list[str] = []
    with database.work(database.as_service("tests", PEKALONGAN)) as work:

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        for slug in ("bansos", "csr_funding", "canteen_profit", "bansos"):
            plugins.resolve(work, slug, work.here.id, MARCH)
        event.remove(database.engine, "before_cursor_execute", note)
    assert len(statements) == 1


def test_what_a_transaction_recorded_and_took_back_is_never_seen_by_another(database, plugins):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_values(work, "bansos", {"quota": 77}, valid_from=JANUARY, reason="", facility_id=work.here.id)
        assert plugins.resolve(work, "bansos", work.here.id, MARCH).config.quota == 77
        work.session.rollback()
    assert resolved(database, plugins, PEKALONGAN, MARCH).config.quota == 5


def test_a_facility_that_moves_to_another_region_inherits_from_there_at_once(database, plugins):
    assert resolved(database, plugins, PEKALONGAN, MARCH).config.ceiling == 250_000
    move(database, "contoh", MARCH)
    assert resolved(database, plugins, PEKALONGAN, MARCH).config.ceiling == 400_000


def test_on_days_before_a_move_the_region_of_that_day_counts_even_where_the_day_is_recorded_later(database, plugins):
    eve, later = MARCH - timedelta(days=1), MARCH + timedelta(days=30)
    move(database, "contoh", later)
    assert resolved(database, plugins, PEKALONGAN, MARCH).config.ceiling == 250_000
    assert resolved(database, plugins, PEKALONGAN, later).config.ceiling == 400_000
    places.change_facility(database, PEKALONGAN, name_from=MARCH)
    assert resolved(database, plugins, PEKALONGAN, MARCH).config.ceiling == 400_000
    assert resolved(database, plugins, PEKALONGAN, eve).config.ceiling == 250_000


def test_a_facility_that_moved_back_inherited_from_elsewhere_in_between(database, plugins):
    away, back = MARCH, MARCH + timedelta(days=30)
    move(database, "contoh", away)
    move(database, "jawa-tengah", back)
    days = (away - timedelta(days=1), away, back - timedelta(days=1), back)
    assert [resolved(database, plugins, PEKALONGAN, day).config.ceiling for day in days] == [
        250_000,
        400_000,
        400_000,
        250_000,
    ]


def test_the_history_of_a_facility_that_moved_has_what_its_former_region_said_until_then(database):
    move(database, "contoh", MARCH)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        contoh = work.run("SELECT id FROM guyub.region WHERE code = 'contoh'").scalar_one()
        home = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        set_values(work, "bansos", {"ceiling": 300_000}, valid_from=JUNE, reason="", region_id=contoh)
        set_values(work, "bansos", {"ceiling": 200_000}, valid_from=JUNE, reason="after it left", region_id=home)
        found = [
            (item.value, item.valid_from, item.holds_until)
            for item in history(work, "bansos", facility=PEKALONGAN, field="ceiling")
            if item.layer == "region"
        ]
    assert found == [(300_000, JUNE, None), (250_000, date(2024, 11, 1), MARCH)]


def test_a_value_of_a_region_counts_from_the_day_on_which_a_facility_came_under_it(database, plugins, protector):
    move(database, "contoh", MARCH)
    with database.work(database.as_service("tests")) as work:
        (effect,) = preview(work, plugins, change({"ceiling": 300_000}, JANUARY, region="contoh")).effects
    assert (effect.on, effect.before.value, effect.after.value) == (MARCH, 400_000, 300_000)


def test_a_value_of_a_day_is_under_the_lock_of_the_region_of_that_day(database):
    move(database, "contoh", MARCH)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_values(work, "bansos", {"ceiling": 1}, valid_from=MARCH, reason="", facility_id=work.here.id)
    eve = MARCH - timedelta(days=1)
    with pytest.raises(Invalid) as refused, database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_values(work, "bansos", {"ceiling": 1}, valid_from=eve, reason="", facility_id=work.here.id)
    assert "dikunci oleh Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah" in refused.value.what.id


def move(database, region, since):
    places.move_facility(database, PEKALONGAN, region, since)


# --- versions ----------------------------------------------------------------------------------------------------


class InfakConfig(Config):
    """Version 3: ``share`` was ``percentage``; ``opens`` and ``closes`` were one ``hours``."""

    share: int = field(words("Bagian"), help=words("Bagian."), default=50, ge=0, le=100)
    opens: int = field(words("Buka"), help=words("Jam."), default=8)
    closes: int = field(words("Tutup"), help=words("Jam."), default=15)


def _renamed(old: dict) -> dict:
    return {("share" if name == "percentage" else name): value for name, value in old.items()}


def _split(old: dict) -> dict:
    hours = old.pop("hours", None)
    if hours is not None:
        opens, closes = hours.split("-")
        old |= {"opens": int(opens), "closes": int(closes)}
    return old


class Infak(Plugin):
    slug = "infak_contoh"
    title = words("Infak contoh")
    summary = words("Hanya untuk pengujian.")
    config = InfakConfig
    config_version = 3
    config_migrations: ClassVar = {1: _renamed, 2: _split}


INFAK = Infak()


def infak_host(protector):
    return host_with("infak_contoh", f"{__name__}:INFAK", protector)


def infak(database, plugin=INFAK, on=MARCH):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        return resolution.resolve(work, plugin, work.here.id, on)


def stored(database, values, valid_from=JANUARY, version=1, *, national=False, **more):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        place = {} if national else {"facility_id": work.here.id}
        set_values(
            work,
            "infak_contoh",
            values,
            valid_from=valid_from,
            reason=f"v{version}",
            config_version=version,
            **place,
            **more,
        )


def test_a_renamed_and_a_split_field_keep_their_values_origins_and_locks(database):
    stored(database, {"percentage": 30}, national=True, locked=frozenset({"percentage"}))
    stored(database, {"hours": "7-14"})
    found = infak(database)
    assert found.config == InfakConfig(share=30, opens=7, closes=14)
    assert (found.origins["share"].layer, found.origins["share"].locked) == ("national", True)
    assert {found.origins[name].reason for name in ("opens", "closes")} == {"v1"}


def test_a_lock_of_an_earlier_version_still_holds_below(database, protector):
    stored(database, {"percentage": 30}, national=True, locked=frozenset({"percentage"}))
    with pytest.raises(Invalid, match=r"locked by National \(tests\) since 1 January 2025"):
        by_system(
            database,
            infak_host(protector),
            change({"share": 60}, plugin="infak_contoh", facility=PEKALONGAN),
        )


def test_values_of_two_versions_at_one_layer_follow_their_days(database):
    stored(database, {"percentage": 30})
    stored(database, {"percentage": 90}, DECEMBER)
    stored(database, {"share": 60}, MARCH, version=3)
    assert infak(database, on=JANUARY).config.share == 30
    assert infak(database, on=MARCH).config.share == 60
    assert infak(database, on=DECEMBER).config.share == 90


def test_a_reset_recorded_under_either_version_takes_back_a_renamed_field(database, protector):
    stored(database, {"percentage": 30, "hours": "7-14"})
    stored(database, {"hours": None}, MARCH)
    reset = change({"share": None}, MARCH, plugin="infak_contoh", facility=PEKALONGAN)
    by_system(database, infak_host(protector), reset)
    assert infak(database, on=JANUARY).config == InfakConfig(share=30, opens=7, closes=14)
    assert infak(database, on=MARCH).config == InfakConfig()


def test_an_old_reset_that_begins_later_takes_back_a_newer_value(database):
    stored(database, {"percentage": 30})
    stored(database, {"percentage": None}, JUNE)
    stored(database, {"share": 60}, MARCH, version=3)
    assert infak(database, on=MARCH).config.share == 60
    assert infak(database, on=JUNE).config.share == 50


def test_a_migration_that_crashes_stops_the_plugin_and_names_the_step(database):
    stored(database, {"hours": "pagi"}, version=2)
    with pytest.raises(Refusal) as refused:
        infak(database)
    assert refused.value.what.id == "Konfigurasi Infak contoh gagal dialihkan dari versi 2 ke 3: ValueError."


def test_values_of_a_later_version_than_the_installed_one_ask_for_it(database):
    stored(database, {"share": 30}, version=4)
    with pytest.raises(Refusal, match="config_newer") as refused:
        infak(database)
    assert "Pasang versi plugin yang lebih baru" in refused.value.remedy.id
