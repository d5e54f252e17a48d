"""``RuleFinding``: where a plugin breaks a rule of conformance, as its author reads it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A line of a file of the plugin."""

    path: Path
    line: int = 1


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """Describes where a plugin breaks a rule: ``sentence`` says what was found there, ``fix`` what to do about it."""

    rule: str
    sentence: str
    fix: str
    place: SourcePlace

    def line(self, base: Path) -> str:
        """Returns ``path:line: [ID] sentence — fix``, the path as seen from ``base``."""
        return f"{self.path_from(base)}:{self.place.line}: [{self.rule}] {self.sentence} — {self.fix}"

    def path_from(self, base: Path) -> str:
        path = self.place.path
        return str(path.relative_to(base) if path.is_relative_to(base) else path)
