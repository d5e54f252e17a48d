"""A small plugin with everything that the web mounts: pages, menu, permission, report, panels, templates, static files."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.config_changes import set_active
from tests.distributions import Shelf

SLUG = "infak"

SOURCE = '''
from datetime import date
from sqlalchemy import text
from guyub.sdk import (
    AttentionItem, Blocker, Card, Config, FundingSource, FundTerms, HealthCheck, Invalid, Line, NavEntry, Panel, Permission,
    PersonalData, Plugin, Posting, Receipt, Report, ReportColumn, Router, Rupiah, Secret, Text, field, hookimpl,
)

CALLS = {}
"""What a test asks a page to do, by the name of the page."""

SAID = Text(id="Infak pegawai", en="Staff infak")
routes = Router()


class Collection(Receipt):
    key = "collection"
    title = Text(id="Pengumpulan", en="Collection")
    amount: Rupiah = field(Text(id="Jumlah", en="Amount"), help=Text(id="Seluruhnya.", en="All of it."),
                           unit=Text(id="rupiah", en="rupiah"), gt=0)
    received_on: date = field(Text(id="Tanggal", en="Date"), help=Text(id="Hari diterima.", en="The day."))
    evidence: str = field(Text(id="Bukti", en="Evidence"), help=Text(id="Nomornya.", en="Its number."), min_length=1)


class Box(FundingSource):
    key = "box"
    title = SAID
    receipts = (Collection,)

    def post(self, ctx, receipt):
        if receipt.amount > ctx.config.most:
            raise Invalid("infak.most", Text(id="Terlalu banyak.", en="Too much."), Text(id="Kurangi.", en="Less."), "amount")
        terms = FundTerms("INFAK-2024-11", "Infak November 2024")
        return Posting(terms, receipt.received_on, "Infak", receipt.evidence, receipt.amount)


class InfakConfig(Config):
    most: Rupiah = field(Text(id="Paling banyak", en="At most"), help=Text(id="Satu pengumpulan.", en="One collection."),
                         unit=Text(id="rupiah", en="rupiah"), default=5_000_000)
    share: int = field(Text(id="Bagian", en="Share"), help=Text(id="Bagian untuk sosial.", en="Part for welfare."),
                       unit=Text(id="%", en="%"), default=50, ge=0, le=100)
    token: Secret | None = field(Text(id="Token", en="Token"), help=Text(id="Dari penyedia.", en="From the provider."),
                                 default=None)


class Collected(Report):
    key = "collected"
    title = Text(id="Infak terkumpul", en="Infak collected")
    permission = "infak.read"
    columns = (
        ReportColumn("name", Text(id="Nama", en="Name")),
        ReportColumn("on", Text(id="Tanggal", en="Date"), "date"),
        ReportColumn("amount", Text(id="Jumlah", en="Amount"), "rupiah", total=True),
    )

    def rows(self, ctx):
        if "report" in CALLS:
            return CALLS["report"](ctx)
        return [
            {"name": "=Pegawai Contoh Satu", "on": ctx.since, "amount": 100_000},
            {"name": "Pegawai Contoh Dua", "on": ctx.until, "amount": 50_000},
        ]


class Hidden(Collected):
    key = "hidden"
    permission = ""


@routes.get("/collections", permission="infak.read")
def collections(visit):
    if "collections" in CALLS:
        return CALLS["collections"](visit)
    return visit.page("collections.html", most=visit.config.most, who=visit.reader, facility=visit.facility.name)


@routes.get("/collections/{number}", permission="infak.read")
def collection(visit):
    return visit.file(f"{visit.path['number']} {visit.query.get('x')}".encode(), "satu.txt", "text/plain")


@routes.get("/collect", permission="infak.collect")
def ask(visit):
    return visit.page("collect.html", entry=visit.blank(Collection))


@routes.post("/collect", permission="infak.collect")
def collect(visit):
    entry = visit.read(Collection)
    if "collect" in CALLS:
        return CALLS["collect"](visit)
    if entry.model is None:
        return visit.page("collect.html", entry=entry, status=422)
    try:
        fund = visit.receive("box", entry.model)
    except Invalid as refusal:
        return visit.page("collect.html", entry=entry.refused(refusal), status=422)
    visit.audit("collect", fund, details={"rupiah": entry.model.amount})
    return visit.redirect("/collections", Text(id="Masuk ke {fund}.", en="Into {fund}.").format(fund=fund))


@routes.get("/open-to-all")
def open_to_all(visit):
    return visit.page("collections.html")


class Infak(Plugin):
    slug = "infak"
    title = SAID
    summary = Text(id="Infak bulanan pegawai.", en="Monthly infak of the staff.")
    config = InfakConfig
    funding_sources = (Box(),)
    personal_data = (PersonalData(Text(id="Nama pegawai", en="Names of staff"), Text(id="Tanda terima", en="Receipts"), 5),)
    reports = (Collected(), Hidden())
    permissions = (
        Permission("infak.read", Text(id="Melihat infak", en="See infak"), "funds.read"),
        Permission("infak.collect", Text(id="Mengumpulkan infak", en="Collect infak"), "funds.receive"),
    )
    routes = routes
    nav = (
        NavEntry(Text(id="Infak", en="Infak"), "/collections", "infak.read", "cash"),
        NavEntry(Text(id="Catat infak", en="Collect infak"), "/collect", "infak.collect", "plus"),
    )

    @hookimpl
    def guyub_dashboard_cards(self, ctx):
        if "cards" in CALLS:
            return CALLS["cards"](ctx)
        return [Card(SAID, "Rp150.000", (Line(Text(id="Pegawai", en="Staff"), "2"),), "/collections")]

    @hookimpl
    def guyub_household_panels(self, ctx, household):
        if "panels" in CALLS:
            return CALLS["panels"](ctx)
        return [Panel(SAID, (Line(Text(id="Pernah dibantu", en="Helped before"), Text(id="tidak", en="no")),))]

    @hookimpl
    def guyub_attention_items(self, ctx):
        if "items" in CALLS:
            return CALLS["items"](ctx)
        return [AttentionItem(Text(id="Daftar infak belum lengkap", en="The list of infak is not complete"), "/collect")]

    @hookimpl
    def guyub_facility_deactivating(self, ctx):
        return [Blocker(one, one) for one in CALLS.get("blockers", ())]

    @hookimpl
    def guyub_health(self, ctx):
        if "health" in CALLS:
            return CALLS["health"](ctx)
        return [HealthCheck(Text(id="Kotak infak terkunci", en="The box is locked"), True)]


plugin = Infak()
'''

COLLECTIONS = """{% extends "ui/base.html" %}
{% block title %}{{ plugin.title }}{% endblock %}
{% block head %}<link rel="stylesheet" href="{{ plugin.static('infak.css') }}">{% endblock %}
{% block content %}{{ ui.page_header(t("Infak", "Infak"), facility) }}
<p>{{ t("Paling banyak {most}, dibaca {who}.", "At most {most}, read by {who}.", most=rupiah(most), who=who) }}</p>
{% for one in plugin.reports %}<a href="{{ one.url }}">{{ one.title }}</a>{% endfor %}
{% if may("infak.collect") %}{{ ui.button(t("Catat", "Collect"), plugin.base ~ "/collect") }}{% endif %}
{% endblock %}
"""

COLLECT = """{% extends "ui/base.html" %}
{% block title %}{{ plugin.title }}{% endblock %}
{% block content %}
{% call field.form(page.path, entry.summary) %}{{ field.model(entry) }}{{ field.submit(t("Catat", "Collect")) }}{% endcall %}
{% endblock %}
"""

FILES: Mapping[str, str] = {
    "templates/collections.html": COLLECTIONS,
    "templates/collect.html": COLLECT,
    "templates/broken.html": '{% extends "ui/base.html" %}{% block content %}{{ nobody.knows }}{% endblock %}',
    "static/infak.css": ".infak { color: red; }",
}


PEKALONGAN = "rutan-pekalongan"


def install(shelf: Shelf) -> dict[str, Any]:
    """Installs it; ``CALLS`` of its module, by which a test makes its pages do something else."""
    module = shelf.add(SLUG, SOURCE, files=FILES)
    __import__(module)
    calls: dict[str, Any] = sys.modules[module].CALLS  # type: ignore[attr-defined]  # a module that the test has written
    return calls


def receipt() -> Any:
    """The class of what its form asks for."""
    return sys.modules["guyub_infak"].Collection  # type: ignore[attr-defined]  # a module that the test has written


def switch_on(database: Database, plugins: PluginRegistry, slug: str = SLUG, facility: str = PEKALONGAN) -> None:
    with database.work(database.as_service("tests", facility)) as work:
        set_active(work, plugins, slug, work.here.id, True, date(2024, 1, 1), "uji")
