"""The language of the reader whose request is answered: numbers in forms are shown and read in it."""

from contextvars import ContextVar

_language: ContextVar[str] = ContextVar("guyub_language", default="id")


def readers_language() -> str:
    """Returns the language of the request; Indonesian outside one, as in files and commands."""
    return _language.get()


def speak(lang: str) -> None:
    """Sets the language for what follows in this request."""
    _language.set(lang)
