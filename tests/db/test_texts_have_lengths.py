"""Every text that somebody types has a length: the database has one for each column, or a reason why it needs none."""

import re

import pytest

from guyub.db import limits
from guyub.db.unit_of_work import Database

COPIES = {
    "recipient_snapshot": "copied from members and households when the list is proposed",
    "reservation": "made from cycles and households",
    "rollup_families": "counted from entitlements",
    "rollup_fund": "counted from funds",
    "rollup_income": "counted from receipts",
    "rollup_month": "counted from cycles",
    "rollup_spending": "counted from purchases",
    "facility_name": "copied from facilities by a trigger",
    "name_word": "made from names of members",
    "inmate_name_word": "made from names of inmates",
    "entitlement": "area and category are copied from households",
}
NOT_TYPED = {
    "account_kind.kind",
    "applied_change.field",
    "applied_change.plugin",
    "applied_change.what",
    "applied_plan.actor",
    "audit_entry.action",
    "book_closing.closed_label",
    "campaign.ordered_label",
    "campaign.plugin",
    "campaign.program_type",
    "claim.exclusion_group",
    "config_template.actor",
    "config_value.actor",
    "config_value.field",
    "config_value.plugin",
    "cycle.exclusion_group",
    "delivery.last_error",
    "delivery.plugin",
    "document.kind",
    "document.made_by",
    "document.media_type",
    "document.sha256",
    "event.kind",
    "event.subject",
    "fund.areas",
    "fund.categories",
    "fund.plugin",
    "fund.programs",
    "fund.source",
    "fund_receipt.kind",
    "fund_receipt.plugin",
    "household.family_card_masked",
    "inmate_event.status_before",
    "installation.key_check",
    "installation.upgraded_by",
    "journal.recorded_label",
    "journal_kind.done_by",
    "money_request.asked_label",
    "money_request.decided_label",
    "money_request.holder_code",
    "measure.base",
    "journal_kind.kind",
    "member.nik_masked",
    "number_series.series",
    "official.role_code",
    "person.ended_by",
    "person.password_hash",
    "plugin_activation.actor",
    "plugin_switch.actor",
    "program.plugin",
    "program.program_type",
    "questionnaire.code",
    "recap_sent.sent_label",
    "region_reporting.set_by",
    "reminder.plugin",
    "reminder.sent_label",
    "repeatable_file.name",
    "role.code",
    "role.permissions",
    "role_assignment.granted_by",
    "schema_version.version_num",
    "separation_of_duties.first_permission",
    "separation_of_duties.second_permission",
    "session.opened_from",
    "theme.code",
    "theme.detail",
    "theme.label",
}
"""Codes, names of plugins and accounts, and what the program writes by itself."""

_BOUNDED = "|".join(
    (
        r"(?<!seen_)length\({0}",
        r"length\(btrim\({0}",
        r"array_to_string\({0}",
        r"{0} = ANY",
        r"{0} <@",
        r"{0} ~ ",
        r"is_unit\({0}",
        r"is_class_of\(\w+, {0}",
        r"FOREIGN KEY \([^)]*\b{0}",
    )
)


def _texts(database: Database) -> dict[str, str]:
    """Returns every column of texts with its checks and the tables that it refers to."""
    with database.work(database.as_service("tests")) as work:
        rows = work.run(
            """SELECT c.relname || '.' || a.attname AS name,
                      COALESCE((SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k
                                WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey) AND k.contype IN ('c', 'f')), '') AS checks
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r'
                 AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'varchar'::regtype)"""
        ).all()
    return {row.name: row.checks for row in rows}


def _is_bounded(name: str, checks: str) -> bool:
    column = rf'"?{re.escape(name.partition(".")[2])}"?\b'
    return re.search(_BOUNDED.replace("{0}", column), checks) is not None


def test_every_text_that_somebody_types_has_a_length(database: Database):
    texts = _texts(database)
    unbounded = {name for name, checks in texts.items() if not _is_bounded(name, checks)}
    assert {name for name in unbounded if name.partition(".")[0] not in COPIES} - NOT_TYPED == set()
    assert NOT_TYPED - texts.keys() == set()


@pytest.mark.parametrize(
    ("column", "most"),
    [
        ("cycle.place", limits.EVENT_PLACE),
        ("cycle.closing_note", limits.REASON),
        ("handover.witness", limits.WITNESS),
        ("handover.proxy_name", limits.WITNESS),
        ("handover.proxy_letter", limits.WITNESS),
    ],
)
def test_the_database_and_the_services_have_the_same_length(database: Database, column: str, most: int):
    assert f"length({column.partition('.')[2]}) <= {most})" in _texts(database)[column]
