"""All that a plugin may import. What is not documented here is not part of the plugin API."""

from guyub.sdk.categories import CATEGORIES, Category
from guyub.sdk.config import Config, PackageItem, Quantity, Rupiah, field
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.funding import FundingContext, FundingSource, FundTerms, GoodsReceived, Posting, Receipt
from guyub.sdk.hookspecs import Finding, HookContext, PlannedSpending, SpendingBatch
from guyub.sdk.plugin import API_LEVEL, PersonalData, Plugin, hookimpl
from guyub.sdk.program import Criterion, MoneyLine, ProgramContext, ProgramType, Rule
from guyub.sdk.queries import household
from guyub.sdk.text import Text

__all__ = [
    "API_LEVEL", "CATEGORIES", "Category", "Config", "Criterion", "Finding", "Forbidden", "FundTerms", "FundingContext",
    "FundingSource", "GoodsReceived", "HookContext", "Invalid", "MoneyLine", "NotFound", "PackageItem", "PersonalData",
    "PlannedSpending", "Plugin", "Posting", "ProgramContext", "ProgramType", "Quantity", "Receipt", "Refusal", "Rule",
    "Rupiah", "SpendingBatch", "Text", "field", "hookimpl", "household",
]  # fmt: skip
