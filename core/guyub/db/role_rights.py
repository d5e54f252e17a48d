"""Checks what the three roles of an installation may do on the server beyond what its tables grant: nothing, or it is
named. Statements are text: the catalogue of PostgreSQL has no models."""

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
    UNION ALL
    SELECT 'DEFAULT PRIVILEGES ' || g.rolname
    FROM pg_default_acl d JOIN ours o ON o.oid = d.defaclrole
    CROSS JOIN LATERAL aclexplode(d.defaclacl) x JOIN ours g ON g.oid = x.grantee
    WHERE d.defaclnamespace = 0 AND g.oid <> d.defaclrole
    UNION ALL
    SELECT o.rolname || ' OWNS DATABASE'
    FROM pg_database b JOIN ours o ON o.oid = b.datdba
    WHERE b.datname = current_database() AND o.rolname = %(app)s
    UNION ALL
    SELECT o.rolname || ' CREATE ON DATABASE'
    FROM pg_database b CROSS JOIN LATERAL aclexplode(b.datacl) x JOIN ours o ON o.oid = x.grantee
    WHERE b.datname = current_database() AND x.privilege_type = 'CREATE' AND o.rolname = %(app)s
    UNION ALL
    SELECT COALESCE(o.rolname, 'PUBLIC') || ' ' || x.privilege_type || ' ON PARAMETER ' || p.parname
    FROM pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) x LEFT JOIN ours o ON o.oid = x.grantee
    WHERE x.grantee = 0 OR o.oid IS NOT NULL
    UNION ALL
    -- Functions of the server itself (files, processes, other sessions) that a server just made gives to nobody of ours.
    SELECT COALESCE(o.rolname, 'PUBLIC') || ' EXECUTE ON ' || p.oid::regprocedure
    FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) x LEFT JOIN ours o ON o.oid = x.grantee
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (x.grantee = 0 OR o.oid IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM pg_init_privs i CROSS JOIN LATERAL aclexplode(i.initprivs) made
                      WHERE i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid AND made.grantee = x.grantee)
      AND NOT (x.grantee = 0 AND NOT EXISTS (SELECT 1 FROM pg_init_privs i
                                             WHERE i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid))
    UNION ALL
    -- A session that begins as a replica runs no trigger; nobody but a superuser can set it so.
    SELECT COALESCE(o.rolname, 'DATABASE') || ' SET ' || setting
    FROM pg_db_role_setting t LEFT JOIN ours o ON o.oid = t.setrole CROSS JOIN LATERAL unnest(t.setconfig) setting
    WHERE (o.oid IS NOT NULL OR t.setrole = 0)
      AND t.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND split_part(setting, '=', 1) IN ('session_replication_role', 'row_security')
      AND setting NOT IN ('session_replication_role=origin', 'row_security=on')
    ORDER BY 1
"""


def problems(connection: psycopg.Connection, roles: str) -> list[Text]:
    """Returns one short text for each right that nothing of Guyub needs; ``roles`` is the prefix of the three roles."""
    names = {name: f"{roles}_{name}" for name in ("owner", "migrator", "app")}
    rights = dict.fromkeys(right for (right,) in connection.execute(_PROBLEMS, names))
    return [Text.same(right) for right in rights]
