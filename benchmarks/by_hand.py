"""What each step writes, as plain SQL over copies of the tables in the schema ``bare``."""

from collections.abc import Callable

from sqlalchemy import Connection, text

_TABLES = (
    "household",
    "member",
    "survey",
    "inmate",
    "inmate_link",
    "cycle",
    "package_line",
    "entitlement",
    "entitlement_line",
    "recipient_snapshot",
    "claim",
    "reservation",
    "account",
    "transfer",
    "handover",
    "handover_line",
)


def copy_tables(connection: Connection) -> None:
    """With data, defaults and indexes; without policies, triggers and foreign keys."""
    _run(connection, "DROP SCHEMA IF EXISTS bare CASCADE", "CREATE SCHEMA bare")
    for table in _TABLES:
        _run(
            connection,
            f"CREATE TABLE bare.{table} (LIKE guyub.{table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)",
            f"INSERT INTO bare.{table} OVERRIDING SYSTEM VALUE SELECT * FROM guyub.{table}",
        )
    _run(connection, *(f"ANALYZE bare.{table}" for table in _TABLES))


def open_(connection: Connection) -> None:
    _run(
        connection,
        """INSERT INTO bare.cycle (facility_id, program_id, code, period, quota, exclusion_group, settings)
           SELECT facility_id, uuidv7(), '2024-11', '2024-11-01', 5, 'sembako', '{}' FROM bare.household LIMIT 1""",
    )


def score(connection: Connection) -> None:
    _run(
        connection,
        """INSERT INTO bare.entitlement (facility_id, cycle_id, household_id, category, area, members, score, reasons, state,
                                         state_reason)
           SELECT h.facility_id, c.id, h.id, h.category, h.village_code, m.members, f.a + f.b + f.c + f.d + f.e + f.g + f.h,
                  jsonb_build_object('income', f.a, 'breadwinner_detained', f.b, 'children_under_5', f.c, 'school_age', f.d,
                                     'elderly', f.e, 'housing', f.g, 'welfare_decile', f.h), 'candidate', ''
           FROM bare.household h JOIN bare.survey s ON s.household_id = h.id AND NOT s.superseded
           CROSS JOIN LATERAL (SELECT h.children_under_5 + h.children_of_school_age + h.adults + h.elderly AS members) m
           CROSS JOIN LATERAL (SELECT
               round(least(1, greatest(0, (1000000 - (s.answers ->> 'monthly_income')::numeric / m.members) / 700000)) * 25, 3)
                   AS a,
               CASE WHEN (s.answers ->> 'breadwinner_detained')::boolean THEN 15 ELSE 0 END AS b,
               least(1, h.children_under_5 / 2.0) * 10 AS c, least(1, h.children_of_school_age / 3.0) * 5 AS d,
               least(1, h.elderly / 1.0) * 8 AS e,
               ((s.answers ->> 'earth_floor')::boolean::integer + (s.answers ->> 'bamboo_walls')::boolean::integer
                + (s.answers ->> 'no_own_toilet')::boolean::integer) / 3.0 * 10 AS g,
               greatest(0, (5 - (s.answers ->> 'welfare_decile')::integer) / 4.0) * 5 AS h) f
           CROSS JOIN bare.cycle c""",
    )


def select(connection: Connection) -> None:
    _run(
        connection,
        """UPDATE bare.entitlement e SET state = 'selected'
           FROM (SELECT id, row_number() OVER (ORDER BY score DESC, household_id) AS place FROM bare.entitlement) ranked
           WHERE e.id = ranked.id AND ranked.place <= (SELECT quota FROM bare.cycle)""",
    )


def propose(connection: Connection) -> None:
    _run(
        connection,
        """INSERT INTO bare.entitlement_line (facility_id, entitlement_id, line, item_id, quantity, price)
           SELECT e.facility_id, e.id, p.line, p.item_id, p.quantity, p.price
           FROM bare.entitlement e JOIN bare.package_line p ON p.cycle_id = e.cycle_id WHERE e.state = 'selected'""",
        """INSERT INTO bare.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, address,
                                                relationship, inmate_name)
           SELECT e.id, e.facility_id, row_number() OVER (ORDER BY e.score DESC, e.household_id), m.full_name, m.nik_masked,
                  concat_ws(', ', h.rt, h.rw, h.village, h.district), l.relationship, i.full_name
           FROM bare.entitlement e JOIN bare.household h ON h.id = e.household_id
           JOIN bare.member m ON m.household_id = h.id AND m.is_recipient AND m.active
           JOIN bare.inmate_link l ON l.household_id = h.id JOIN bare.inmate i ON i.id = l.inmate_id
           WHERE e.state = 'selected'""",
        "UPDATE bare.cycle SET state = 'proposed'",
    )


def approve(connection: Connection) -> None:
    _run(
        connection,
        """SELECT l.item_id, sum(l.quantity), count(*) FROM bare.entitlement e
           JOIN bare.entitlement_line l ON l.entitlement_id = e.id WHERE e.state = 'selected' GROUP BY 1""",
        """INSERT INTO bare.claim (identity, exclusion_group, period, facility_id, entitlement_id)
           SELECT m.nik_index, 'sembako', date '2024-11-01', e.facility_id, e.id
           FROM bare.entitlement e JOIN bare.member m ON m.household_id = e.household_id WHERE e.state = 'selected'
           UNION ALL
           SELECT h.family_card_index, 'sembako', date '2024-11-01', e.facility_id, e.id
           FROM bare.entitlement e JOIN bare.household h ON h.id = e.household_id WHERE e.state = 'selected'""",
        "UPDATE bare.entitlement SET state = 'approved' WHERE state = 'selected'",
        "UPDATE bare.cycle SET state = 'approved'",
    )


def hand_over(connection: Connection) -> None:
    _run(
        connection,
        """INSERT INTO bare.handover (facility_id, entitlement_id, number, handed_at, given_by, witness, proof)
           SELECT e.facility_id, e.id, s.number, now(), c.approved_by, 'Saksi', 'signature'
           FROM bare.entitlement e JOIN bare.recipient_snapshot s ON s.entitlement_id = e.id
           JOIN bare.cycle c ON c.id = e.cycle_id WHERE e.state = 'approved'""",
        """INSERT INTO bare.handover_line (facility_id, handover_id, transfer_id, item_id, quantity, rupiah)
           SELECT h.facility_id, h.id, t.id, l.item_id, l.quantity, round(l.quantity * l.price)
           FROM bare.handover h JOIN bare.entitlement_line l ON l.entitlement_id = h.entitlement_id
           JOIN (SELECT item_id, uuidv7() AS id FROM bare.package_line) t ON t.item_id = l.item_id""",
        "UPDATE bare.entitlement SET state = 'received' WHERE state = 'approved'",
    )


def close(connection: Connection) -> None:
    _run(
        connection,
        "SELECT count(*) FROM bare.entitlement WHERE state = 'approved'",
        """SELECT count(*) FROM bare.entitlement e JOIN bare.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
           JOIN bare.entitlement_line l ON l.entitlement_id = e.id
           LEFT JOIN (SELECT handover_id, item_id, sum(quantity) AS quantity FROM bare.handover_line GROUP BY 1, 2) got
             ON got.handover_id = h.id AND got.item_id = l.item_id
           WHERE got.quantity IS DISTINCT FROM l.quantity""",
        "UPDATE bare.cycle SET state = 'closed'",
    )


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(text(statement))


STEPS: dict[str, Callable[[Connection], None]] = {
    "open": open_,
    "score": score,
    "select": select,
    "propose": propose,
    "approve": approve,
    "hand over": hand_over,
    "close": close,
}
"""In the order in which a month takes them."""
