"""Calling other people's code: timed, named in the log, its answer checked, and never trusted to be there afterwards."""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from threading import current_thread, main_thread
from time import perf_counter
from typing import Any

from sqlalchemy.orm import Session

from guyub.plugins import plugin_session
from guyub.plugins.plugin_session import Call, running
from guyub.sdk.contexts import HookContext, RegionContext
from guyub.sdk.hookspecs import HookPolicy
from guyub.sdk.text import Text

log = logging.getLogger("guyub.plugins")

SLOW_SECONDS = 0.5
"""A call that took longer is logged."""

Prepared = tuple[str, Callable[..., Any], HookContext[Any] | RegionContext | None]
"""Slug, implementation, and the context that it is called with; None where there is no valid configuration."""


@dataclass(frozen=True, slots=True)
class CallFailure:
    """A call that went wrong. ``code`` finds it in the log and stays the same for the same error at the same place."""

    slug: str
    hook: str
    code: str
    error: BaseException

    @property
    def case(self) -> str:
        """Returns the kind of error, without a value that could name a person."""
        return type(self.error).__name__

    @property
    def text(self) -> Text:
        return Text(id="plugin {slug}, {hook}: {case} ({code})", en="plugin {slug}, {hook}: {case} ({code})").format(
            slug=self.slug, hook=self.hook, case=self.case, code=self.code
        )


def ask(
    hook: str,
    policy: HookPolicy,
    prepared: Sequence[Prepared],
    session: Session | None,
    facility: str,
    *arguments: object,
    installed: frozenset[str] = frozenset(),
) -> list[tuple[str, Any]]:
    """Returns the answer of each implementation, by slug in the order of ``prepared``, or a ``Failure`` in its place.

    Whatever an implementation does, the transaction holds. All write in one savepoint: when one of them fails, what the
    batch wrote is rolled back, as always where the hook only reads; each is still asked, and answers for itself.
    An interrupt is passed on in the main thread only: in others none comes from a keyboard. ``installed`` are the slugs of all
    plugins, whose schemas are closed to one another.
    """
    seconds = 0 if policy.writes else plugin_session.READING_SECONDS
    call = Call(session, hook, facility, installed=installed, seconds=seconds)
    item = policy.item
    keep = policy.writes
    answers: list[tuple[str, Any]] = []
    token = running.set(call)
    try:
        for slug, function, ctx in prepared:
            call.slug = slug
            began = perf_counter()
            try:
                answer = function(ctx, *arguments)
                if item is None:
                    if answer is not None:
                        raise _wrong_answer(hook, "None", answer)
                elif answer.__class__ is list or answer.__class__ is tuple:
                    for entry in answer:
                        if not isinstance(entry, item):
                            raise _wrong_answer(hook, item.__name__, entry)
                else:
                    raise _wrong_answer(hook, f"a list or tuple of {item.__name__}", answer)
                if call.own is not None:
                    call.settle(keep=policy.writes)
            except BaseException as error:
                if is_interrupt(error):
                    call.end(keep=False)
                    raise
                answer = _failed(call, error)
                keep = False
            answers.append((slug, answer))
            took = perf_counter() - began
            if took > SLOW_SECONDS:
                log.warning("plugin %s took %.2f s in %s at %s", slug, took, hook, facility, extra=_labels(call, took))
        call.end(keep=keep)
    finally:
        running.reset(token)
    return answers


def _failed(call: Call, error: BaseException) -> CallFailure:
    call.end(keep=False)
    failure = CallFailure(call.slug, call.hook, code_of(call.slug, call.hook, error), error)
    log.error("%s at %s", failure.text.en, call.facility, exc_info=error, extra=_labels(call) | {"code": failure.code})
    return failure


def is_interrupt(error: BaseException) -> bool:
    """Returns whether somebody may have pressed Ctrl-C: a signal arrives in the main thread only, elsewhere plugin code
    raised it."""
    return isinstance(error, KeyboardInterrupt) and current_thread() is main_thread()


def code_of(slug: str, hook: str, error: BaseException) -> str:
    """Returns ``E-1A2B3C``: the same for the same kind of error at the same line."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    mark = blake2s(f"{slug} {hook} {type(error).__name__} {place}".encode(), digest_size=3)
    return f"E-{mark.hexdigest().upper()}"


def _labels(call: Call, took: float = 0.0) -> dict[str, object]:
    return {"plugin": call.slug, "hook": call.hook, "facility": call.facility, "seconds": took}


def _wrong_answer(hook: str, wanted: str, answer: object) -> TypeError:
    return TypeError(f"{hook} must answer {wanted}, not {type(answer).__name__}")
