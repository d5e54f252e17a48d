"""Issues of a plan: what blocks it, and what is worth knowing before it is applied."""

from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date
from typing import Any, Literal

from guyub.configuration.refusals import FIX_ENTRY, ConfigurationRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text

Severity = Literal["blocks", "warns", "notes"]
NO_REMEDY = Text(id="", en="")


@dataclass(frozen=True, slots=True)
class Issue:
    """``place`` is the code of a facility or region, or ""; one that ``blocks`` stops the plan.

    ``plugin`` and ``field`` say which value is meant, where it is one; ``code`` is that of the refusal that it comes to.
    ``without_name`` is the same where the place's name stands beside it, so that many places are named in one sentence.
    """

    place: str
    text: Text
    severity: Severity = "notes"
    plugin: str = ""
    field: str = ""
    without_name: Text | None = None
    remedy: Text = NO_REMEDY
    code: str = ConfigurationRefusal.BLOCKED
    raised: Refusal | None = field_of(default=None, compare=False)
    """The refusal itself, where the issue is one."""
    offered: date | None = None
    """The day that is offered in place of the one that was asked for."""

    @property
    def is_blocking(self) -> bool:
        return self.severity == "blocks"

    @property
    def sentence(self) -> Text:
        """Returns the text and what to do."""
        if not self.remedy.id:
            return self.text
        return Text(id=f"{self.text.id} {self.remedy.id}", en=f"{self.text.en} {self.remedy.en}")

    @property
    def sentence_without_name(self) -> Text:
        """Returns the sentence for where the name of the place stands beside it."""
        return self.without_name or self.sentence

    @property
    def refusal(self) -> Refusal:
        """Returns the refusal to raise where nothing else blocks a change of one plugin at one place."""
        remedy = self.remedy if self.remedy.id else FIX_ENTRY
        return self.raised or Invalid(self.code, self.text, remedy, self.field)

    @classmethod
    def of(
        cls,
        place: str,
        refusal: Refusal,
        plugin: str = "",
        field: str = "",
        severity: Severity = "blocks",
        without_name: Text | None = None,
    ) -> "Issue":
        """Returns what a refusal says, as an issue that blocks the plan."""
        return cls(
            place,
            refusal.what,
            severity,
            plugin,
            field,
            without_name,
            refusal.remedy,
            code=refusal.code,
            raised=refusal,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "id": self.sentence.id,
            "en": self.sentence.en,
            "blocking": self.is_blocking,
            "severity": self.severity,
            "plugin": self.plugin,
            "field": self.field,
            "offered": self.offered.isoformat() if self.offered else None,
        }
