"""The `kpi` command: all that the pages do, for scripts and for people who prefer a terminal.

Heavy imports stand inside the commands, so that `kpi --help` answers at once.
"""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from kpi_core.cli import keeping, loading, papers, publishing, reading
from kpi_core.cli.parts import app
from kpi_core.errors import KpiError

#: The modules of commands: importing them makes the commands known.
__all__ = ["app", "keeping", "loading", "main", "papers", "publishing", "reading"]


def main() -> None:
    """Run the command; a user's mistake is one plain message and exit code 1."""
    try:
        code = app(standalone_mode=False)
    except KpiError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except TyperException as error:  # a command, option or argument that is not there
        typer.echo(error.format_message(), err=True)
        sys.exit(1)
    sys.exit(code)
