"""Describes how a gift enters the books: one fund per agreement, so that each package leads back to the donor who paid for it."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from guyub.sdk import (
    FundingContext,
    FundingSource,
    FundTerms,
    GoodsReceived,
    Invalid,
    Posting,
    Receipt,
    Text,
    refuse_together,
)
from guyub_csr_funding.config import CsrConfig
from guyub_csr_funding.receipts import CsrCash, CsrGoods, Gift


class CsrSource(FundingSource[CsrConfig]):
    key = "csr"
    title = Text(id="CSR/TJSL perusahaan", en="Corporate social responsibility")
    receipts: Sequence[type[Receipt]] = (CsrCash, CsrGoods)

    def needed(self, ctx: FundingContext[CsrConfig], receipt: type[Receipt]) -> Sequence[str]:
        """Returns the agreement and the donor's identity, as far as the facility demands them of every gift."""
        demanded = {
            "agreement_number": ctx.config.agreement_required,
            "donor_identity": ctx.config.donor_identity_required,
        }
        return [name for name, is_demanded in demanded.items() if is_demanded]

    def post(self, ctx: FundingContext[CsrConfig], receipt: Receipt) -> Posting:
        """Posts cash or goods into the fund of the agreement; a vendor's gift makes the fund sensitive.

        Raises ``Invalid`` when evidence that the configuration demands is missing, when the dates contradict one
        another and when a vendor's gift is not allowed here or comes without its conflict-of-interest declaration.
        """
        if not isinstance(receipt, CsrCash | CsrGoods):
            raise TypeError(f"{self.key} understands no {type(receipt).__name__}")
        refuse_together(
            lambda: _check_agreement(ctx.config, receipt),
            lambda: _check_identity(ctx.config, receipt),
            lambda: _check_agreement_date(receipt),
            lambda: _check_deadline(receipt),
            lambda: _check_vendor(ctx.config, receipt),
        )
        return Posting(
            fund=_terms(ctx.config, receipt),
            received_on=receipt.received_on,
            memo=f"Penerimaan CSR dari {receipt.donor}" + (f": {receipt.purpose}" if receipt.purpose else ""),
            evidence=receipt.evidence_number,
            money=receipt.amount if isinstance(receipt, CsrCash) else 0,
            goods=_goods(receipt) if isinstance(receipt, CsrGoods) else (),
        )


def fund_code(receipt: Gift) -> str:
    """Returns "CSR-" and the agreement number in capitals, other signs than letters and digits as one hyphen.

    A gift without agreement, where that is allowed, belongs to its donor and month: "CSR-PT-CONTOH-2024-11".
    """
    named = _plain(receipt.agreement_number) or _plain(f"{receipt.donor} {receipt.received_on:%Y-%m}")
    return f"CSR-{named.removeprefix('CSR-')}"


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]+", "-", letters).strip("-")


def _terms(config: CsrConfig, receipt: Gift) -> FundTerms:
    agreement = f" ({receipt.agreement_number})" if receipt.agreement_number else f" ({receipt.received_on:%m-%Y})"
    return FundTerms(
        code=fund_code(receipt),
        name=f"CSR {receipt.donor}{agreement}",
        programs=receipt.programs,
        categories=receipt.categories or config.default_categories,
        usable_until=receipt.usable_until,
        sensitive=receipt.is_vendor,
        incidental_costs=receipt.incidental_costs,
    )


def _goods(receipt: CsrGoods) -> tuple[GoodsReceived, ...]:
    return tuple(
        GoodsReceived(
            line.code,
            "",
            line.unit,
            line.quantity,
            line.value,
            promised=line.promised,
            promised_on=receipt.agreement_date if line.promised is not None else None,
            damaged=line.damaged or Decimal(0),
            reason=line.reason,
        )
        for line in receipt.lines
    )


def _check_agreement(config: CsrConfig, receipt: Gift) -> None:
    if config.agreement_required and not _plain(receipt.agreement_number):
        raise Invalid(
            "csr_funding.no_agreement",
            Text(
                id="Pemberian {donor} belum menyebut nomor perjanjiannya.",
                en="The gift of {donor} names no agreement.",
            ).format(donor=receipt.donor),
            Text(
                id="Isi nomor perjanjian atau surat pemberiannya.", en="Fill in the number of its agreement or letter."
            ),
            "agreement_number",
        )


def _check_identity(config: CsrConfig, receipt: Gift) -> None:
    if config.donor_identity_required and not receipt.donor_identity:
        raise Invalid(
            "csr_funding.no_identity",
            Text(id="Identitas {donor} belum diisi.", en="The identity number of {donor} is missing.").format(
                donor=receipt.donor
            ),
            Text(id="Isi NIB atau nomor identitas perusahaan.", en="Fill in its NIB or another identity number."),
            "donor_identity",
        )


def _check_agreement_date(receipt: Gift) -> None:
    if receipt.agreement_date and receipt.agreement_date > receipt.received_on:
        raise Invalid(
            "csr_funding.agreement_later",
            Text(
                id="Perjanjian bertanggal {agreed:%d-%m-%Y}, sesudah penerimaan {received:%d-%m-%Y}.",
                en="The agreement is dated {agreed:%Y-%m-%d}, after the receipt on {received:%Y-%m-%d}.",
            ).format(agreed=receipt.agreement_date, received=receipt.received_on),
            Text(id="Periksa kedua tanggal itu.", en="Check both dates."),
            "agreement_date",
        )


def _check_deadline(receipt: Gift) -> None:
    if receipt.usable_until and receipt.usable_until < receipt.received_on:
        raise Invalid(
            "csr_funding.expired",
            Text(
                id="Dana hanya dapat dipakai sampai {until:%d-%m-%Y}, sebelum diterima pada {received:%d-%m-%Y}.",
                en="The gift is usable until {until:%Y-%m-%d}, before it came in on {received:%Y-%m-%d}.",
            ).format(until=receipt.usable_until, received=receipt.received_on),
            Text(id="Periksa batas waktu dari pemberi.", en="Check the donor's deadline."),
            "usable_until",
        )


def _check_vendor(config: CsrConfig, receipt: Gift) -> None:
    if not receipt.is_vendor:
        return
    if not config.vendors_allowed:
        raise Invalid(
            "csr_funding.vendor",
            Text(
                id="{donor} adalah rekanan; UPT ini tidak menerima pemberian rekanan.",
                en="{donor} is a vendor; this facility accepts no gifts of vendors.",
            ).format(donor=receipt.donor),
            Text(
                id="Kembalikan pemberian itu, atau minta kantor wilayah meninjau pengaturannya.",
                en="Return the gift, or ask the regional office to review the setting.",
            ),
            "is_vendor",
        )
    if config.declaration_required and not receipt.declaration_number:
        raise Invalid(
            "csr_funding.no_declaration",
            Text(
                id="{donor} adalah rekanan, tetapi pernyataan benturan kepentingannya belum disebut.",
                en="{donor} is a vendor, but its conflict-of-interest declaration is not named.",
            ).format(donor=receipt.donor),
            Text(
                id="Isi nomor surat pernyataan benturan kepentingan.",
                en="Fill in the number of the conflict-of-interest declaration.",
            ),
            "declaration_number",
        )
