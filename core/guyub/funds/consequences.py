"""What a change of configuration touches here: money that a source leaves behind where it is deactivated."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, cast, func, select
from sqlmodel import col

from guyub.configuration.consequences import Consequence, TouchedPlugins
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund
from guyub.sdk.text import Money, Text

_HELD = ("cash", "cash_reserved", "stock", "stock_reserved")


def consequences(work: Work, touched: TouchedPlugins) -> Iterator[Consequence]:
    if not touched.off:
        return
    of = (col(FacilityModel.code), col(FacilityModel.name), col(Fund.plugin), col(Fund.code), col(Fund.sensitive))
    rupiah = func.sum(col(AccountModel.rupiah))
    statement = (
        select(*of, cast(rupiah, BigInteger))
        .select_from(Fund)
        .join(FacilityModel, col(FacilityModel.id) == col(Fund.facility_id))
        .join(AccountModel, col(AccountModel.fund_id) == col(Fund.id))
        .where(
            col(AccountModel.kind).in_(_HELD),
            col(FacilityModel.code).in_({code for code, _ in touched.off}),
            col(Fund.plugin).in_({slug for _, slug in touched.off}),
        )
        .group_by(*of)
        .having(rupiah > 0)
        .order_by(col(FacilityModel.code), col(Fund.plugin), col(Fund.code))
    )
    for code, name, slug, fund, sensitive, held in work.all(statement):
        if (code, slug) not in touched.off:
            continue
        # Who gave in confidence is not named, and the code of a fund may name them.
        named, plugin = "" if sensitive else fund, touched.title(slug)
        matter = _ORPHANED_UNNAMED.format(plugin=plugin, amount="{amount}")
        said = _ORPHANED.format(fund=named, plugin=plugin, amount=Money(held)) if named else None
        yield Consequence(code, name, slug, "fund", named, held, said or matter.format(amount=Money(held)), matter)


_ORPHANED = Text(
    id="Dana {fund} dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="Fund {fund} of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
_ORPHANED_UNNAMED = Text(
    id="Dana dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="A fund of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
