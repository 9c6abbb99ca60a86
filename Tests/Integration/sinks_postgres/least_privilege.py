"""Runs the commands of Plugins/Postgres/README.md as they stand there: what people copy is what is tested."""
import re

from main_gateway import ROOT

SCHEMA = ROOT / "Plugins" / "Postgres" / "Schema"
README = (ROOT / "Plugins" / "Postgres" / "README.md").read_text()
PASSWORDS = {"sluice_writer": "secret-of-the-writer", "sluice_retention": "secret-of-retention", "sluice_auditor": "secret-of-the-auditor"}


def block(title):
    """The SQL of the README that begins with this comment."""
    return next(text for text in re.findall(r"```sql\n(.*?)```", README, re.DOTALL) if text.startswith(f"-- {title}"))


def make_roles(server):
    """Once a server: roles belong to all its databases."""
    if server.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'sluice_owner'") == "0":
        server.psql(block("1. The roles"))
        for role, password in PASSWORDS.items():
            server.psql(f"ALTER ROLE {role} PASSWORD '{password}'")


def set_up(server, database, versions=None):
    """As the README says; `versions`: only so many of the schema's files, and no rights."""
    make_roles(server)
    lines = block("2. The schema").splitlines()
    files = [line for line in lines if line.startswith("\\i ")]
    assert len(files) == len(list(SCHEMA.glob("version-*.sql"))), "the README names every file"
    server.psql("\n".join(line for line in lines if line not in files[versions or len(files):]), database)
    if versions is None:
        server.psql(block("3. The rights"), database)
