"""Holds what handlers of every room use: the reader's unit of work, forms, pages, redirects, files."""

from guyub.http.addresses import address_of, asked_again_as, keep_in_address, local_path, way_back
from guyub.http.app_state import AppState, Navigation, PluginPermissions, state
from guyub.http.clock import Clock, RequestClock, now, today
from guyub.http.cookies import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    THEME_COOKIE,
    THEMES,
    VISIT_COOKIE,
    language,
    session_token,
    set_cookie,
    theme,
)
from guyub.http.csrf import begin_session, csrf_token, end_session, is_csrf_token, is_token_of_ended_session
from guyub.http.dependencies import (
    CycleCode,
    FacilityCode,
    FacilityWork,
    ReaderWork,
    RegionCode,
    RegionWork,
    SearchWork,
)
from guyub.http.downloads import download, exports, stream
from guyub.http.flash import FLASH_COOKIE
from guyub.http.forms import BODY, LARGER_BODY, SECRET_FIELDS, FormInput, form_data, takes_up_to
from guyub.http.lazy_work import OfficeWork, RegionInView
from guyub.http.redirects import redirect, to_sign_in
from guyub.http.rendering import render
from guyub.http.sent_once import SentBefore, answers_repeats_itself
from guyub.http.work import (
    has_committed,
    last_work,
    record_households_shown,
)

__all__ = [
    "BODY",
    "FLASH_COOKIE",
    "LANGUAGE_COOKIE",
    "LARGER_BODY",
    "SECRET_FIELDS",
    "SESSION_COOKIE",
    "THEMES",
    "THEME_COOKIE",
    "VISIT_COOKIE",
    "AppState",
    "Clock",
    "CycleCode",
    "FacilityCode",
    "FacilityWork",
    "FormInput",
    "Navigation",
    "OfficeWork",
    "PluginPermissions",
    "ReaderWork",
    "RegionCode",
    "RegionInView",
    "RegionWork",
    "RequestClock",
    "SearchWork",
    "SentBefore",
    "address_of",
    "answers_repeats_itself",
    "asked_again_as",
    "begin_session",
    "csrf_token",
    "download",
    "end_session",
    "exports",
    "form_data",
    "has_committed",
    "is_csrf_token",
    "is_token_of_ended_session",
    "keep_in_address",
    "language",
    "last_work",
    "local_path",
    "now",
    "record_households_shown",
    "redirect",
    "render",
    "session_token",
    "set_cookie",
    "state",
    "stream",
    "takes_up_to",
    "theme",
    "to_sign_in",
    "today",
    "way_back",
]
