"""Every statement and the schema are taken by PostgreSQL too: a throw-away cluster loads the tables and prepares them all."""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile

import pytest

import project

SCHEMA = project.TOP / "daemon/store/schema"
LIST = project.TOP / "build/asan/tests/unit/store/list_statements"
TYPES = {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea"}


def binary(name):
    """The newest PostgreSQL's own program; without one this check has not run, which is a failure."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    assert found, "PostgreSQL is not installed"
    return str(found[-1])


class Cluster:
    """One server on a unix socket in a folder of its own, run as the user postgres when the checks run as root."""

    def __init__(self, folder):
        self.folder = folder
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres")
        self.run(binary("initdb"), "-D", f"{folder}/data", "-A", "trust", "-U", "entretiend", "-E", "UTF8", "--locale=C.UTF-8",
                 "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        self.run(binary("pg_ctl"), "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")

    def run(self, *command, text=None):
        done = subprocess.run([*self.user, *command], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=self.folder, check=False, timeout=120)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def sql(self, text):
        return self.run(binary("psql"), "-h", self.folder, "-U", "entretiend", "-d", "postgres", "-X", "-q", "-A", "-t", "-v",
                        "ON_ERROR_STOP=1", "-f", "-", text=text)

    def stop(self):
        self.run(binary("pg_ctl"), "-D", f"{self.folder}/data", "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def cluster():
    folder = tempfile.mkdtemp(prefix="entretiend-postgresql-")
    os.chmod(folder, 0o755)
    server = Cluster(folder)
    try:
        server.sql((SCHEMA / "postgresql.sql").read_text(encoding="utf-8"))
        server.sql("CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def statements():
    assert LIST.is_file(), f"{LIST} is not built"
    listed = json.loads(subprocess.run([LIST], check=True, capture_output=True, text=True).stdout)
    assert len(listed) > 50
    return listed


def test_postgresql_prepares_every_statement(cluster):
    refused = []
    for number, statement in enumerate(statements()):
        try:
            cluster_sql = f"PREPARE s{number} AS {statement['sql']};"
            cluster.sql(cluster_sql)
        except AssertionError as error:
            refused.append(f"{statement['name']}: {error}")
    project.report(refused)


def sqlite_columns():
    """{table: [(column, type, not null)]} of the SQLite schema."""
    database = sqlite3.connect(":memory:")
    database.executescript((SCHEMA / "sqlite.sql").read_text(encoding="utf-8"))
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    assert len(tables) > 30
    return {table: [(row[1], TYPES[row[2]], bool(row[3])) for row in database.execute(f"PRAGMA table_info({table})")]
            for table in tables}


def test_both_schemas_have_the_same_columns(cluster):
    rows = cluster.sql("SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns "
                       "WHERE table_schema = 'public' AND table_name <> 'schema_version' ORDER BY table_name, ordinal_position;")
    found = {}
    for row in rows.splitlines():
        table, column, kind, nullable, collation = row.split("|")
        found.setdefault(table, []).append((column, kind, nullable == "NO"))
        assert kind != "text" or collation == "C", f"{table}.{column} sorts by {collation}"
    assert found == sqlite_columns()


def test_both_schemas_have_the_same_indexes():
    pattern = re.compile(r"^(CREATE INDEX .*|    (?:PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK).*)$", re.MULTILINE)
    sqlite, postgresql = (pattern.findall((SCHEMA / f"{name}.sql").read_text(encoding="utf-8"))
                          for name in ("sqlite", "postgresql"))
    assert len(sqlite) > 50
    assert sqlite == postgresql
