"""Holds what an approver must know before gifts are spent."""

from collections.abc import Sequence

from guyub.sdk import Finding, PlannedSpending, Text


def review(spending: Sequence[PlannedSpending]) -> list[Finding]:
    """Returns findings: a fund with a receipt that no document proves blocks; a fund with a vendor's gift warns."""
    findings = []
    for planned in spending:
        if not planned.evidence or not all(document.strip() for document in planned.evidence):
            text = Text(
                id="{fund} memiliki penerimaan tanpa bukti.", en="{fund} has a receipt without evidence."
            ).format(fund=planned.fund_name)
            findings.append(Finding("blocking", text, planned.fund_code))
        elif planned.sensitive:
            text = Text(
                id="{fund} berasal dari rekanan UPT; dicatat apa adanya dan ditandai untuk kantor wilayah.",
                en="{fund} comes from a vendor of the facility; as declared, and flagged to the regional office.",
            ).format(fund=planned.fund_name)
            findings.append(Finding("warning", text, planned.fund_code))
    return findings
