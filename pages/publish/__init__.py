"""Publishing: editions frozen, and what has changed since."""
