"""What provisioning refuses for the database; its other sentences stand where they are said."""

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, Violation
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import EMPTY


class ProvisioningRefusal(RefusalCode):
    NO_REASON = ("provisioning.no_reason", *EMPTY)
    TEMPLATE_OF_THAT_NAME = (
        "provisioning.template_of_that_name",
        Text(id="Templat “{name}” sudah ada.", en="There is a template “{name}” already."),
        Text(
            id="Tulis namanya persis sama untuk membuat versi baru, atau pakai nama lain.",
            en="Write its name exactly so to make a new version, or use another name.",
        ),
    )


def _template_of_that_name(violation: Violation) -> Refusal:
    return ProvisioningRefusal.TEMPLATE_OF_THAT_NAME.refusal(name=violation.detail)


DATABASE = DatabaseRefusals(states={("GU017", "template_of_that_name"): _template_of_that_name})
