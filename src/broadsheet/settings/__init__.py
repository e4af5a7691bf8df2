"""Django's settings for each process, and the wiring of events to handlers and of addresses to renderers."""
