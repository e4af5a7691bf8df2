"""Makes the groups, rights and approvals of every front and section that lack them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.newsroom import roles


class Command(BaseCommand):
    help = "Make the groups, rights and approvals of every front and section; what is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{roles.ensure_all()} fronts and sections have their desks")
