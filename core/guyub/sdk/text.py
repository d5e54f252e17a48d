"""Sentences in the two languages of every page, form, refusal and document."""

from dataclasses import dataclass

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Indonesian and English; Indonesian is what staff see first."""

    id: str
    en: str

    def __init_subclass__(cls) -> None:
        # Pages render texts long after the call of a plugin has ended: none of them may run its code then.
        raise TypeError("Text cannot be derived from: make one with Text(id=..., en=...)")

    def __post_init__(self) -> None:
        # A page makes hundreds: what is said of a wrong one is put together only where there is one.
        if type(self.id) is not str or type(self.en) is not str:
            raise TypeError(f"a Text is two str, not {self.id!r} and {self.en!r}")

    def in_(self, lang: str) -> str:
        return self.en if lang == "en" else self.id

    def format(self, **values: object) -> "Text":
        """The same sentence with its ``{placeholders}`` filled; a ``Text`` value follows the language."""
        return Text(
            id=self.id.format(**{k: v.id if isinstance(v, Text) else v for k, v in values.items()}),
            en=self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def __str__(self) -> str:
        return self.id
