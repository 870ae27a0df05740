"""Whoever is erased is erased everywhere: each table that names somebody is in the list of store/erasure.c."""
import re

import project

NAMING = {"employee", "person", "interviewer", "manager", "recipient", "reader", "sender", "email", "subject"}
# What `subject` means there is no person.
OTHERS = {"audit", "operation"}


def test_every_table_that_names_somebody_is_erased():
    schema = project.read("daemon/store/schema/sqlite.sql")
    tables = {table: set(re.findall(r"^    (\w+) ", body, re.MULTILINE))
              for table, body in re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", schema, re.MULTILINE | re.DOTALL)}
    naming = {table for table, columns in tables.items() if columns & NAMING} - OTHERS
    text = re.sub(r'"\s*"', "", project.read("daemon/store/erasure.c"))
    erased = set(re.findall(r"(?:DELETE FROM|UPDATE) (\w+)", text))
    assert len(naming) > 15 and naming <= erased, naming - erased
