"""Feeds of a language, a section, a topic or an author as RSS 2.0, Atom and JSON Feed."""
