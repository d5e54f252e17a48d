"""Holds what a change of configuration touches here: money that a source leaves behind where it is deactivated."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, cast, func, select
from sqlmodel import col

from guyub.configuration.consequences import Consequence, TouchedPlugins
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import pair_among
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
            pair_among(col(FacilityModel.code), col(Fund.plugin), touched.off),
        )
        .group_by(*of)
        .having(rupiah > 0)
        .order_by(col(FacilityModel.code), col(Fund.plugin), col(Fund.code))
    )
    for code, name, slug, fund, sensitive, held in work.all(statement):
        # Who gave in confidence is not named, and the code of a fund may name them.
        named, plugin = "" if sensitive else fund, touched.title(slug)
        of_many, amount = _ORPHANED_UNNAMED.format(plugin=plugin, amount="{amount}"), Money(held)
        text = _ORPHANED.format(fund=named, plugin=plugin, amount=amount) if named else of_many.format(amount=amount)
        yield Consequence(code, name, slug, "fund", named, held, text, of_many)


_ORPHANED = Text(
    id="Dana {fund} dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="Fund {fund} of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
_ORPHANED_UNNAMED = Text(
    id="Dana dari {plugin} masih berisi {amount}; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru.",
    en="A fund of {plugin} still holds {amount}; the money can be spent, but nothing new is received.",
)
