"""A whole council worked out once more from its CSV files, slowly and plainly.

Nothing here shares code with the core: files are read with csv and tomllib, figures are decimals,
and every rule is a loop over one indicator at a time. `tests/test_oracle.py` holds the core against
it, for every period that a report can show.
"""
