"""Prints the address of a PostgreSQL server for the tests, or ends with 1 where none answers.

The tests make and drop databases named `test_broadsheet…` there, and no others.
"""

import os
import sys

import psycopg

DEFAULTS = ("postgres://postgres@127.0.0.1:5432/broadsheet",)


def main() -> int:
    """The first address at which a server lets us in and lets us make databases."""
    given = os.environ.get("DATABASE_URL_TEST")
    for url in (given,) if given else DEFAULTS:
        server, _, _ = url.rpartition("/")
        try:
            with psycopg.connect(f"{server}/postgres", connect_timeout=3) as connection:
                allowed = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                )
                if allowed.fetchone() != (True,):
                    continue
        except psycopg.Error:
            continue
        sys.stdout.write(f"{server}/broadsheet\n")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
