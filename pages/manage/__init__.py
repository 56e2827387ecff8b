"""Pages of the dashboard: each chooses, asks and shows."""
