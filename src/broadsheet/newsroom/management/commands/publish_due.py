"""Publishes what is due and retracts what has expired; the relay does the same by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.newsroom import schedule


class Command(BaseCommand):
    help = "Publish every story whose moment has come and retract every story that has expired."

    def handle(self, *args: Any, **options: Any) -> None:
        done = schedule.publish_due()
        self.stdout.write(f"published {len(done.published)}, retracted {len(done.retracted)}")
        if done.failed:
            raise CommandError(f"failed, to be tried again: pages {', '.join(map(str, done.failed))}; see the log")
