"""Every sealed column is sealed anew by `rekey`: what it forgets can never be opened again once the old key is gone."""
import re

import project

# Who seals, and how often: whoever adds one marks its column `-- sealed` in the schemas and gives it a row in store/rekey.c.
SEALING = {"daemon/work/training/source.c": 1, "daemon/work/training/pull_source.c": 1,
           "daemon/work/training/pull.c": 1, "daemon/work/calendar/calendar.c": 1}


def marked(dialect):
    found, table = set(), None
    for line in project.read(f"daemon/store/schema/{dialect}.sql").splitlines():
        opened = re.match(r"CREATE TABLE (\w+)", line)
        table = opened.group(1) if opened else table
        column = re.match(r"    (\w+) .*-- sealed$", line)
        if column:
            found.add((table, column.group(1)))
    return found


def test_rekey_knows_every_sealed_column():
    text = re.sub(r'"\s*"', "", project.read("daemon/store/rekey.c"))
    written = {(table, column) for table, columns in re.findall(r"UPDATE (\w+) SET (.*?) WHERE", text)
               for column in re.findall(r"(\w+) = \$\d", columns)}
    read = {(table, column.strip()) for columns, table in re.findall(r"SELECT \w+, (.*?) FROM (\w+) WHERE", text)
            for column in columns.split(",") if column.strip() != "NULL"}
    assert len(written) >= 7 and written == read == marked("sqlite") == marked("postgresql")


def test_nobody_else_seals():
    found = {}
    for path in sorted((project.TOP / "daemon").rglob("*.c")):
        name = str(path.relative_to(project.TOP))
        calls = len(re.findall(r"(?<!un)\bseal\(", project.read(name)))
        if calls and name not in ("daemon/base/seal.c", "daemon/store/rekey.c"):
            found[name] = calls
    assert found == SEALING
