"""The words for codes of the books."""

from collections.abc import Mapping

from guyub.sdk.text import Text

REASONS: Mapping[str, Text] = {
    "spoiled": Text(id="rusak", en="spoiled"),
    "expired": Text(id="kedaluwarsa", en="expired"),
    "lost": Text(id="hilang", en="lost"),
    "returned": Text(id="dikembalikan kepada pemberi", en="returned to the donor"),
    "found": Text(id="ditemukan (lebih)", en="found (more)"),
}
"""Why goods left the stock without reaching a household, or came into it without a paper."""
