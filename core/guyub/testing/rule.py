"""A rule of conformance and what it finds in a plugin."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A line of a file of the plugin."""

    path: Path
    line: int = 1


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """Where a plugin breaks a rule: ``sentence`` says what was found there, ``fix`` how to mend it."""

    rule: str
    sentence: str
    fix: str
    place: SourcePlace

    def line(self, base: Path) -> str:
        """``path:line: [ID] sentence — fix``, the path as seen from ``base``."""
        return f"{self.path_from(base)}:{self.place.line}: [{self.rule}] {self.sentence} — {self.fix}"

    def path_from(self, base: Path) -> str:
        path = self.place.path
        return str(path.relative_to(base) if path.is_relative_to(base) else path)


@dataclass(frozen=True, slots=True)
class ConformanceRule:
    """``holds`` is what must be so, ``why`` what goes wrong otherwise, ``fix`` what the author does about it."""

    id: str
    holds: str
    why: str
    fix: str

    def broken(self, sentence: str, place: SourcePlace) -> RuleFinding:
        return RuleFinding(self.id, sentence, self.fix, place)
