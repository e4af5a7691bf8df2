"""Django's PostgreSQL, but with an end to waiting: see `base`."""
