"""Kept documents, attacked by raw SQL."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from guyub.db.installation import Installation
from guyub.documents import storage
from guyub.documents.storage import KeptDocument
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Forbidden
from tests.documents.test_kept_documents import Acting, closed, kept, steps_of_month

__all__ = ["closed", "kept", "steps_of_month"]
"""The worlds of that module, to attack."""


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE guyub.document SET title = 'x'",
        "DELETE FROM guyub.document",
        "TRUNCATE guyub.document",
        "INSERT INTO guyub.document (facility_id, cycle_id, kind, title, file_name, media_type, content, personal, sha256) "
        "SELECT facility_id, cycle_id, 'x', 'x', 'x.pdf', 'x', 'x', false, repeat('0', 64) FROM guyub.document LIMIT 1",
    ],
)
def test_a_kept_document_cannot_be_changed_or_forged(
    acting: Acting, closed: Cycle, kept: list[KeptDocument], attack: str
):
    with pytest.raises((Forbidden, DBAPIError)), acting("kasubsi") as work:
        work.run(attack)
    with acting("kasubsi") as work:
        assert storage.newest(work, closed.id) == kept


def test_not_even_the_owner_rewrites_a_kept_document(installation: Installation, kept: list[KeptDocument]):
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute("UPDATE guyub.document SET title = 'x'")


def test_who_made_a_document_is_not_an_argument(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        work.run(
            "INSERT INTO guyub.document (facility_id, cycle_id, kind, title, file_name, media_type, content, personal, made_by, "
            "made_at) VALUES (:facility, :cycle, 'x', 'x', 'x.pdf', 'x', 'x', false, 'Karutan', '2020-01-01')",
            facility=work.here.id,
            cycle=closed.id,
        )
        forged = storage.of_cycle(work, closed.id)[0]
    assert forged.made_by == "Kasubsi Contoh Satu"
    assert forged.made_at.year > 2020
