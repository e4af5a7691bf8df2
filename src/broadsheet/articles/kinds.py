"""Finds the pages of which there are few, whatever the number of stories beside them in Wagtail's table."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from .models import HomePage, PolicyPage, SectionPage

Kind = TypeVar("Kind", HomePage, SectionPage, PolicyPage)


def pages_of(kind: type[Kind]) -> QuerySet[Kind]:
    """All pages of the kind, in no order.

    The kind is named to the database; sort and choose by language afterwards. Asked for in the tree's order or by
    language it has an index for that, and goes through the pages of all kinds.
    """
    pages: QuerySet[Kind] = kind._default_manager.order_by()
    return pages.filter(content_type=ContentType.objects.get_for_model(kind))
