"""All that a plugin may import. What is not documented here is not part of the plugin API."""

from guyub.sdk import approvals
from guyub.sdk.categories import CATEGORIES, Category
from guyub.sdk.config import Config, PackageItem, Percent, Quantity, Rupiah, Secret, field
from guyub.sdk.contexts import HookContext, RegionContext, ReportContext
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal, refuse_together
from guyub.sdk.events import EVENTS, Event
from guyub.sdk.facility import Facility
from guyub.sdk.funding import FundingContext, FundingSource, FundTerms, GoodsReceived, Posting, Receipt
from guyub.sdk.hookspecs import HOOKS, HookPolicy, Hooks
from guyub.sdk.page_tables import Code, Column, Filter, Sentence, Table, TableQuery, TableRows
from guyub.sdk.panels import AttentionAt, AttentionItem, Blocker, Card, HealthCheck, Line, Panel
from guyub.sdk.plugin import API_LEVEL, Permission, PersonalData, Plugin, hookimpl
from guyub.sdk.program import Criterion, MoneyLine, ProgramContext, ProgramType, Rule
from guyub.sdk.queries import household, households
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.reviews import Enrolled, EnrolmentBatch, Finding, PlannedSpending, SpendingBatch
from guyub.sdk.session import PluginSession, TransactionGuarded
from guyub.sdk.text import Amount, Moment, Money, Period, Text, Weekday
from guyub.sdk.web import Answer, File, FormEntry, NavEntry, Page, Pager, Redirect, Route, Router, Visit

__all__ = [
    "API_LEVEL",
    "CATEGORIES",
    "EVENTS",
    "HOOKS",
    "Amount",
    "Answer",
    "AttentionAt",
    "AttentionItem",
    "Blocker",
    "Card",
    "Category",
    "Code",
    "Column",
    "Config",
    "Criterion",
    "Enrolled",
    "EnrolmentBatch",
    "Event",
    "Facility",
    "File",
    "Filter",
    "Finding",
    "Forbidden",
    "FormEntry",
    "FundTerms",
    "FundingContext",
    "FundingSource",
    "GoodsReceived",
    "HealthCheck",
    "HookContext",
    "HookPolicy",
    "Hooks",
    "Invalid",
    "Line",
    "Moment",
    "Money",
    "MoneyLine",
    "NavEntry",
    "NotFound",
    "PackageItem",
    "Page",
    "Pager",
    "Panel",
    "Percent",
    "Period",
    "Permission",
    "PersonalData",
    "PlannedSpending",
    "Plugin",
    "PluginSession",
    "Posting",
    "ProgramContext",
    "ProgramType",
    "Quantity",
    "Receipt",
    "Redirect",
    "Refusal",
    "RegionContext",
    "Report",
    "ReportColumn",
    "ReportContext",
    "Route",
    "Router",
    "Rule",
    "Rupiah",
    "Secret",
    "Sentence",
    "SpendingBatch",
    "Table",
    "TableQuery",
    "TableRows",
    "Text",
    "TransactionGuarded",
    "Visit",
    "Weekday",
    "approvals",
    "field",
    "hookimpl",
    "household",
    "households",
    "refuse_together",
]
