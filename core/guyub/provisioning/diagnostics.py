"""Findings in files: each one with its place and a sentence, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from guyub.provisioning.refusals import ProvisioningRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Holds a finding in a file: ``path`` is relative to the folder's parent, ``line`` counts from 1; ``sentence`` says
    what and how to fix it."""

    path: str
    line: int
    sentence: Text

    def in_(self, lang: str) -> str:
        """Returns ``facilities/jawa-tengah/rutan-kudus.toml:12: sentence``."""
        return f"{self.path}:{self.line}: {self.sentence.in_(lang)}"

    def as_json(self) -> dict[str, str | int]:
        return {"path": self.path, "line": self.line, "id": self.sentence.id, "en": self.sentence.en}


class FilesRefused(Refusal):
    """The files have findings; nothing was read from any of them. ``findings`` are in the order of path and line."""

    status = 422

    def __init__(self, findings: Sequence[FileProblem]) -> None:
        self.findings = tuple(sorted(findings, key=lambda item: (item.path, item.line, item.sentence.id)))
        first = self.findings[0]
        sentence = Text(id=first.in_("id"), en=first.in_("en"))
        super().__init__(*ProvisioningRefusal.FILES_REFUSED.sentences(count=len(self.findings), first=sentence))
