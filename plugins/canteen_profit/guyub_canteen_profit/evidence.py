"""The documents of a statement as one line of the books: "BKK-17; dasar bama: BA-03/2024; Kanwil: W.13-77".

The line is what the cash book prints and what a review of spending is given; it is written and read here alone. Numbers
hold no semicolon, so what stands before a colon is always ours.
"""

from guyub_canteen_profit.receipts import MonthlyStatement

_BASIS = "dasar: "
_MARGIN_BASIS = "dasar bama: "
_ACKNOWLEDGED = "Kanwil: "


def evidence_line(statement: MonthlyStatement) -> str:
    documents = [statement.voucher_number]
    if statement.basis_number:
        documents.append((_MARGIN_BASIS if statement.food_supply_margin else _BASIS) + statement.basis_number)
    if statement.acknowledgement_number:
        documents.append(_ACKNOWLEDGED + statement.acknowledgement_number)
    return "; ".join(documents)


def lacks_acknowledgement(line: str) -> bool:
    """Returns whether the line is of a food-supply margin without a letter of the regional office."""
    labelled = line.split("; ")[1:]
    return _any(labelled, _MARGIN_BASIS) and not _any(labelled, _ACKNOWLEDGED)


def _any(documents: list[str], label: str) -> bool:
    return any(document.startswith(label) for document in documents)
