"""`python -m storage.migrations.make "what changes"`: writes the next migration from the tables as they are."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import MIGRATIONS, Database, alembic_config


def make(message: str) -> None:
    """Compares the tables with a database at the newest migration, and writes what is missing."""
    number = len(list((MIGRATIONS / "versions").glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'now.sqlite'}", b"")
        database.migrate()
        with database.connect() as connection:
            command.revision(alembic_config(connection), message=message, autogenerate=True, rev_id=f"{number:04}")
        database.close()


if __name__ == "__main__":
    make(sys.argv[1])
