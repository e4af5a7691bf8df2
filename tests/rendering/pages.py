"""How the tests of this package ask for pages and look into them."""

from __future__ import annotations

from typing import Any

from lxml import html

from broadsheet.rendering.finished import FinishedPage, PageRequest
from broadsheet.rendering.render import render


def get(path: str, **query: str) -> FinishedPage:
    return render(PageRequest(path, query))


def tree(page: FinishedPage) -> Any:
    return html.document_fromstring(page.body.decode())


def stories(page: FinishedPage) -> list[int]:
    """The ids of the stories in the page's main part, in order."""
    return [int(one) for one in tree(page).xpath("//main//*[@data-article]/@data-article")]


def text(page: FinishedPage, path: str) -> list[str]:
    """The text of everything that the XPath finds, without superfluous space."""
    return [" ".join(one.text_content().split()) for one in tree(page).xpath(path)]
