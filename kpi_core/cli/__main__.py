"""`python -m kpi_core.cli`."""

from kpi_core.cli import main

main()
