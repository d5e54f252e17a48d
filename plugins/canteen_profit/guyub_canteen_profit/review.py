"""Holds what an approver must know before a month's profit is spent."""

from collections.abc import Sequence

from guyub.sdk import Finding, PlannedSpending, Text
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.evidence import lacks_acknowledgement


def review(config: CanteenConfig, spending: Sequence[PlannedSpending]) -> list[Finding]:
    """Returns findings.

    Money that no document proves blocks. A food-supply margin without the regional office's letter warns, or blocks
    where the configuration makes the letter compulsory.
    """
    findings = []
    for planned in spending:
        if not planned.evidence or not all(line.strip() for line in planned.evidence):
            text = Text(
                id="{fund} memiliki penerimaan tanpa bukti.", en="{fund} has a receipt without evidence."
            ).format(fund=planned.fund_name)
            findings.append(Finding("blocking", text, planned.fund_code))
        elif any(lacks_acknowledgement(line) for line in planned.evidence):
            text = Text(
                id="{fund} memuat keuntungan bama yang belum diakui kantor wilayah.",
                en="{fund} holds a food-supply margin that the regional office has not acknowledged.",
            ).format(fund=planned.fund_name)
            findings.append(
                Finding("blocking" if config.acknowledgement_required else "warning", text, planned.fund_code)
            )
    return findings
