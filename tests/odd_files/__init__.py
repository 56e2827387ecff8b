"""Files as spreadsheets, exports and people leave them; `python -m tests.odd_files.write` makes them."""
