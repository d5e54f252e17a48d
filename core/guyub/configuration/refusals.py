"""What configuration refuses for the database; its other sentences stand where they are said."""

import json
from datetime import date

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, Violation
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import EMPTY


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
    """``place`` is where somebody wanted to set ``field``, ``locked_at`` the layer whose value holds instead.

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
