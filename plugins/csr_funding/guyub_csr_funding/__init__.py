"""Guyub plugin: corporate social responsibility gifts, in money or in goods, as a source of funds."""

from collections.abc import Sequence

from guyub.sdk import Finding, HookContext, Plugin, SpendingBatch, Text, hookimpl
from guyub_csr_funding.config import CsrConfig
from guyub_csr_funding.review import review
from guyub_csr_funding.source import CsrSource


class CsrFunding(Plugin):
    slug = "csr_funding"
    title = Text(id="Dana CSR", en="CSR funding")
    summary = Text(
        id="Pemberian perusahaan (CSR/TJSL), berupa uang atau barang, menurut perjanjian dan pembatasannya.",
        en="Gifts of companies (CSR/TJSL), in money or in goods, by agreement and with its restrictions.",
    )
    config = CsrConfig
    funding_sources = (CsrSource(),)

    @hookimpl
    def guyub_review_spending(self, ctx: HookContext[CsrConfig], batch: SpendingBatch) -> Sequence[Finding]:
        return review([planned for planned in batch.spending if planned.plugin == self.slug])


plugin = CsrFunding()
