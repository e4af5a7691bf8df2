"""Sitemaps (sitemaps.org): an index over parts that stay stable, and the news sitemap of each language.

A part holds the articles, authors or topics of a fixed range of ids, so a story never wanders from one file to another
and a part is read with two queries however large the archive is.
"""
