"""`manage rebuild_search`: makes the search index anew from what is published; searching goes on meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from broadsheet.articles.projection import PublishedArticle
from broadsheet.search import backends

BATCH = 200


class Command(BaseCommand):
    help = "Make the search index anew from what is published."

    def handle(self, *args: Any, **options: Any) -> None:
        found = backends.current()
        found.drop_unpublished()
        count, last = 0, 0
        while rows := list(_batch(last)):
            with transaction.atomic():
                for row in rows:
                    found.index(row)
            count, last = count + len(rows), rows[-1].pk
            if options["verbosity"] > 1:
                self.stdout.write(f"{count} articles")
        self.stdout.write(f"{count} articles are in the search index.")


def _batch(after: int) -> Any:
    """The next rows by id: short transactions, and no cursor that stays open over them."""
    rows = PublishedArticle.objects.filter(pk__gt=after).order_by("pk")
    return rows.only("language", "headline", "short_headline", "lead", "body_text")[:BATCH]
