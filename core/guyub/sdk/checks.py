"""One way to refuse what an author wrote wrongly."""


def require(holds: bool, otherwise: str) -> None:
    """Raises ``TypeError``: the mistake is the author's, and shown by the host as a failure of the plugin."""
    if not holds:
        raise TypeError(otherwise)
