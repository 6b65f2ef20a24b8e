"""The triggers that keep the audit append-only, in SQLite and in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Connection, text

from seawall.casebook import tables

_REFUSE = " BEGIN RAISE EXCEPTION 'the audit is append-only'; END "
_SERVER_GUARDS = {
    "audit_no_update": "BEFORE UPDATE ON audit FOR EACH ROW",
    "audit_no_delete": "BEFORE DELETE ON audit FOR EACH ROW",
    "audit_no_truncate": "BEFORE TRUNCATE ON audit FOR EACH STATEMENT",
}
"""Name of each PostgreSQL trigger -> when it refuses."""


def put(connection: Connection) -> None:
    """Set the guards that are not there."""
    if connection.dialect.name == "sqlite":
        for name, body in tables.AUDIT_GUARDS.items():
            connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        return
    gone = missing(connection)
    if gone:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION seawall_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$guard${_REFUSE}$guard$"
        )
    for name in gone:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {name} {_SERVER_GUARDS[name]} EXECUTE FUNCTION seawall_append_only()"
        )
        connection.exec_driver_sql(f"ALTER TABLE audit ENABLE TRIGGER {name}")


def missing(connection: Connection) -> list[str]:
    """The names of the guards that are gone, switched off, or do something else."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        return sorted(set(tables.AUDIT_GUARDS) - set(found))
    rows = connection.execute(
        text(
            "SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = to_regclass('audit') AND t.tgenabled IN ('O', 'A') AND p.prosrc = :body"
        ),
        {"body": _REFUSE},
    )
    return sorted(set(_SERVER_GUARDS) - set(rows.scalars()))
