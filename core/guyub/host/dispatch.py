"""Calling other people's code: in a savepoint, with its result checked, and never trusted to be there afterwards."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pluggy
from sqlalchemy.orm import Session

from guyub.sdk.reviews import Finding
from guyub.sdk.text import Text

log = logging.getLogger("guyub.plugins")


def implementations(manager: pluggy.PluginManager, hook: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for implementation in sorted(getattr(manager.hook, hook).get_hookimpls(), key=lambda i: i.plugin_name):
        yield implementation.plugin_name, implementation.function


def review(
    session: Session, hook: str, callers: Sequence[tuple[str, Callable[..., Any], object]], batch: object
) -> list[Finding]:
    """Runs a reviewing hook of each plugin in a savepoint of its own. A crash or a wrong answer blocks: money fails closed."""
    findings: list[Finding] = []
    for slug, function, ctx in callers:
        savepoint = session.begin_nested()
        try:
            answer = tuple(function(ctx=ctx, batch=batch))
            if not all(isinstance(one, Finding) for one in answer):
                raise TypeError(f"{hook} must return findings, not {answer!r}")
            savepoint.commit()
            findings += answer
        except Exception as error:
            savepoint.rollback()
            log.exception("plugin %s failed in %s", slug, hook)
            findings.append(
                Finding(
                    "blocking",
                    Text(
                        id="Plugin {slug} gagal memeriksa ({hook}: {error}); demi keamanan dana, langkah ini ditahan.",
                        en="Plugin {slug} failed to review ({hook}: {error}); to keep the money safe this step is held.",
                    ).format(slug=slug, hook=hook, error=type(error).__name__),
                )
            )
    return findings
