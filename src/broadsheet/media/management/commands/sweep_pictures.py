"""Deletes public picture files that nothing knows of, such as those of a publish that was killed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from broadsheet.media import publishing


class Command(BaseCommand):
    help = "Delete public picture files that no story shows and that are older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = publishing.withdraw_unused() + publishing.sweep(timezone.now() - timedelta(days=1))
        self.stdout.write(f"deleted {deleted} files")
