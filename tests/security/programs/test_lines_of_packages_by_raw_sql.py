"""Lines of a package that cannot be meant, written by raw SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from guyub.db.installation import Installation, as_owner


def test_money_without_a_name_is_no_line_of_a_package(installation: Installation):
    with as_owner(installation) as raw:
        for label in ("NULL", "'{}'", """'{"id": "Uang"}'""", """'{"id": "", "en": ""}'"""):
            statement = f"""INSERT INTO guyub.package_line (facility_id, cycle_id, line, quantity, price, label)
                            VALUES (uuidv7(), uuidv7(), 1, 1, 5, {label})"""
            with pytest.raises(IntegrityError, match="money_is_called"), raw.begin_nested():
                raw.execute(text(statement))
