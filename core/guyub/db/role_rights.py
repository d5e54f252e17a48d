"""Checks what the three roles of an installation may do on the server beyond what its tables grant: nothing, or it is
named."""

import psycopg

from guyub.sdk.text import Text

_PROBLEMS = """
    WITH ours AS (SELECT oid, rolname, rolname = %(migrator)s AS migrates FROM pg_roles
                  WHERE rolname IN (%(owner)s, %(migrator)s, %(app)s))
    SELECT o.rolname || ' ' || a.attribute
    FROM ours o JOIN pg_roles r ON r.oid = o.oid
    CROSS JOIN LATERAL (VALUES ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
                               ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication)) a (attribute, has)
    WHERE a.has
    UNION ALL
    SELECT o.rolname || ' IN ROLE ' || g.rolname
    FROM ours o JOIN pg_auth_members m ON m.member = o.oid JOIN pg_roles g ON g.oid = m.roleid
    WHERE NOT (o.migrates AND g.rolname = %(owner)s)
    UNION ALL
    SELECT 'PUBLIC CREATE ON SCHEMA public'
    FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) x
    WHERE n.nspname = 'public' AND x.grantee = 0 AND x.privilege_type = 'CREATE'
    UNION ALL
    SELECT 'DEFAULT PRIVILEGES IN SCHEMA guyub ' || COALESCE(r.rolname, 'PUBLIC')
    FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace AND n.nspname = 'guyub'
    CROSS JOIN LATERAL aclexplode(d.defaclacl) x LEFT JOIN pg_roles r ON r.oid = x.grantee
    ORDER BY 1
"""


def problems(connection: psycopg.Connection, roles: str) -> list[Text]:
    """Returns one short text for each right that nothing of Guyub needs; ``roles`` is the prefix of the three roles."""
    names = {name: f"{roles}_{name}" for name in ("owner", "migrator", "app")}
    found = dict.fromkeys(right for (right,) in connection.execute(_PROBLEMS, names))
    return [Text.same(right) for right in found]
