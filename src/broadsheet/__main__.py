"""`python -m broadsheet` is the command `broadsheet`."""

from broadsheet.cli import main

main()
