"""Tokens: a secret that reads for a person until it is revoked, within its place and its purpose, and never people's records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from guyub.access import accounts, tokens
from guyub.app import create_app
from guyub.db.errors import SignedOut
from guyub.db.keys import Protector
from guyub.db.unit_of_work import ApiToken, Database
from guyub.demo import families
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, NotFound, Refusal
from tests import damaged_rows, places, worlds
from tests.conftest import KEBUMEN, PEKALONGAN, Acting
from tests.visits import NewVisitor, text_of, visitors
from tests.worlds import SURVEYED, pekalongan, superuser

HERE = f"f/{PEKALONGAN}"


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> Any:
    return create_app(database, plugins, protector=protector, clock=lambda: datetime(2024, 11, 14, 2, tzinfo=UTC))


@pytest.fixture
def visitor(application: Any, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come


def made(acting: Acting, login: str = "kasubsi", scopes: tuple[str, ...] = ("api.read",), place: str = "") -> str:
    with acting(login) as work:
        return tokens.make(work, "ponsel", scopes, place, 90)


# --- the secret --------------------------------------------------------------------------------------------------


def test_the_database_keeps_a_digest_and_no_secret(acting: Acting, installation: Any):
    secret = made(acting)
    with superuser(installation) as root:
        kept = root.execute("SELECT token_hash, to_jsonb(t)::text FROM guyub.api_token t").fetchone()
    assert kept is not None
    assert kept[0] == sha256(secret.encode()).digest()
    assert secret not in kept[1]


def test_a_token_ends_when_it_is_revoked_when_it_expires_and_when_its_person_leaves(
    acting: Acting, database: Database, installation: Any
):
    def opens(secret: str) -> bool:
        try:
            with database.work(ApiToken(secret, "api.read")):
                return True
        except SignedOut:
            return False

    revoked, expired, left = (made(acting) for _ in range(3))
    assert opens(revoked)
    with acting("kasubsi") as work:
        newest_first = tokens.own(work)
        assert newest_first[-1].last_used_at is not None
        tokens.revoke(work, newest_first[-1].id)
        with pytest.raises(NotFound):
            tokens.revoke(work, newest_first[-1].id)
    assert not opens(revoked)
    damaged_rows.token_is_old(installation, expired)
    assert not opens(expired)
    assert opens(left)
    with database.work(database.as_service("tests")) as work:
        accounts.end(work, key=database.service_key, login="kasubsi", reason="Pindah tugas, contoh.")
    assert not opens(left)


def test_a_token_serves_its_own_purpose_only(acting: Acting, database: Database):
    with pytest.raises(SignedOut), database.work(ApiToken(made(acting, scopes=("calendar",)), "api.read")):
        pass


def test_a_token_reaches_what_its_person_reaches_today_within_its_place(
    acting: Acting, database: Database, installation: Any
):
    secret = made(acting, "kanwil", place=HERE)
    with database.work(ApiToken(secret, "api.read")) as work:
        assert work.run("SELECT cardinality(guyub.scope())").scalar_one() == 1
    with pytest.raises(NotFound), database.work(ApiToken(secret, "api.read", KEBUMEN)):
        pass
    with pytest.raises(Refusal), acting("kasubsi") as work:
        tokens.make(work, "ponsel", ["calendar"], f"f/{KEBUMEN}", 30)
    damaged_rows.roles_are_over(installation, "kanwil")
    with database.work(ApiToken(secret, "api.read")) as work:
        assert work.run("SELECT cardinality(guyub.scope())").scalar_one() == 0
        assert work.permissions == frozenset()


def test_what_makes_no_sense_is_refused_beside_its_field(acting: Acting):
    for given, field in (
        (("x", ["calendar"], "", 30), "name"),
        (("ponsel", [], "", 30), "scopes"),
        (("ponsel", ["admin"], "", 30), "scopes"),
        (("ponsel", ["calendar"], "", 9999), "days"),
        (("ponsel", ["calendar"], "f/nirgendwo", 30), "place"),
        (("ponsel", ["calendar"], "dunia/x", 30), "place"),
    ):
        with acting("kasubsi") as work, pytest.raises(Invalid) as refused:
            tokens.make(work, *given)
        assert refused.value.field == field


# --- what it opens -----------------------------------------------------------------------------------------------


def test_a_token_of_someone_who_sees_households_shows_none(
    acting: Acting, database: Database, cluster: Any, installation: Any, plugins: PluginRegistry
):
    pekalongan(cluster, installation, database, plugins).register(families.PEKALONGAN, SURVEYED)
    with acting("kasubsi") as work:
        assert work.run("SELECT count(*) FROM guyub.household").scalar_one() > 0
    with database.work(ApiToken(made(acting), "api.read", PEKALONGAN)) as work:
        assert not {"registry.read", "registry.reveal", "documents.read", "programs.open"} & work.permissions
        for table in ("household", "member", "inmate", "survey", "entitlement", "recipient_snapshot", "handover"):
            assert work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() == 0, table


@pytest.fixture
def by_web(database: Database) -> None:
    places.managed_by(database, "web")


def test_a_token_that_configures_reads_configuration_alone(acting: Acting, database: Database):
    secret = made(acting, "kanwil", ("configuration.write",))
    with database.work(ApiToken(secret, "api.read")) as work:
        assert work.permissions == {"facilities.configure"}
    with pytest.raises(SignedOut), database.work(ApiToken(made(acting, "kanwil"), "configuration.write")):
        pass


@pytest.mark.usefixtures("by_web")
def test_the_json_of_a_configuration_is_changed_with_a_token(acting: Acting, visitor: NewVisitor, database: Database):
    client = visitor("kasubsi").client
    client.cookies.clear()
    address = f"/api/v1/f/{PEKALONGAN}/plugins/bansos/configuration"
    change = {"values": {"quota": 8}, "valid_from": "2024-12-01", "reason": "Rapat"}
    bearer = {"authorization": f"Bearer {made(acting, 'kanwil', ('configuration.write',))}"}
    assert client.patch(address, headers=bearer, json=change).json()["saved"] is True
    assert client.get(address, headers=bearer).status_code == 200
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        row = work.run(
            "SELECT value, actor FROM guyub.config_value WHERE facility_id = :here AND valid_from = '2024-12-01'",
            here=work.here.id,
        ).one()
    assert tuple(row) == (8, "kanwil")


def test_the_places_that_a_token_reaches_find_it_in_their_audit_log(acting: Acting):
    made(acting)
    with acting("kasubsi") as work:
        tokens.revoke(work, tokens.own(work)[0].id)
        actions = work.run(
            "SELECT action FROM guyub.audit_entry WHERE action LIKE 'access.token%' ORDER BY seq"
        ).scalars()
        assert list(actions) == ["access.token", "access.token_revoked"]


def test_the_json_opens_with_a_token_in_the_header_and_pages_do_not(acting: Acting, visitor: NewVisitor):
    client = visitor("kasubsi").client
    client.cookies.clear()
    bearer = {"authorization": f"Bearer {made(acting)}"}
    programs = f"/api/v1/f/{PEKALONGAN}/programs"
    assert client.get(programs).status_code == 401
    assert client.get(programs, headers=bearer).status_code == 200
    assert client.get(programs, headers={"authorization": "Bearer x"}).status_code == 401
    assert client.get(f"/api/v1/f/{KEBUMEN}/programs", headers=bearer).status_code == 404
    assert client.get(f"/f/{PEKALONGAN}/", headers=bearer).status_code == 303
    configuration = f"/api/v1/f/{PEKALONGAN}/plugins/bansos/configuration"
    change = {"values": {"quota": 8}, "valid_from": "2024-12-01", "reason": "Rapat"}
    assert client.patch(configuration, headers=bearer, json=change).status_code == 401
    assert client.post("/account/tokens", headers=bearer, data={"name": "x"}).status_code == 403
    office = {"authorization": f"Bearer {made(acting, 'kanwil', place='region/jawa-tengah')}"}
    assert client.get("/api/v1/region/jawa-tengah/overview?month=2024-11", headers=office).status_code == 200


def test_a_token_for_all_of_a_national_office_reads_the_nation_and_one_for_a_region_does_not(
    acting: Acting, database: Database, visitor: NewVisitor
):
    worlds.employ(database, "pusat", "national_admin")
    client = visitor("kasubsi").client
    client.cookies.clear()
    for place, status in (("", 200), ("region/jawa-tengah", 404), (f"f/{PEKALONGAN}", 404)):
        bearer = {"authorization": f"Bearer {made(acting, 'pusat', place=place)}"}
        assert client.get("/api/v1/national/overview", headers=bearer).status_code == status, place


def test_staff_of_a_facility_make_no_token_that_claims_a_region(acting: Acting):
    with pytest.raises(Refusal), acting("kasubsi") as work:
        tokens.make(work, "ponsel", ["calendar"], "region/jawa-tengah", 30)


def test_a_person_makes_sees_once_and_revokes_on_one_page(visitor: NewVisitor):
    person = visitor("kasubsi")
    answer = person.fills(
        "/account/tokens", {"name": "ponsel Kasubsi", "scopes": ["calendar", "api.read"], "place": HERE, "days": "365"}
    )
    assert answer.status_code == 200, text_of(answer)
    assert answer.headers["cache-control"] == "no-store"
    secret = answer.text.split("/calendar/")[1].split(".ics")[0]
    assert f"Bearer {secret}" in answer.text
    page = person.opens("/account/tokens").text
    assert "ponsel Kasubsi" in page
    assert secret not in page
    assert person.client.get(f"/calendar/{secret}.ics").status_code == 200
    action = page.split('/revoke"')[0].rsplit('"', 1)[1] + "/revoke"
    assert "Dicabut" in person.follows(person.sends(action))
    assert person.client.get(f"/calendar/{secret}.ics").status_code == 404
    assert person.fills("/account/tokens", {"name": "", "days": "x"}).status_code == 422
