"""Tables: as a table block where they are simple, as readable lines where they are not."""

from __future__ import annotations

from typing import Any

from lxml.html import HtmlElement

from .inline import text_of

LONGEST_CELL = 2000
MOST_COLUMNS = 12
MOST_ROWS = 500


def rows_of(table: HtmlElement) -> list[list[HtmlElement]]:
    """The table's own rows, those of tables inside it left out."""
    rows = [row for row in table.iter("tr") if _table_of(row) is table]
    return [cells for row in rows if (cells := [cell for cell in row if cell.tag in {"td", "th"}])]


def _table_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("table"), None)


def is_layout(rows: list[list[HtmlElement]]) -> bool:
    """The table only shapes the page: one column, or another table inside a cell."""
    return all(len(cells) == 1 for cells in rows) or any(cell.find(".//table") is not None for r in rows for cell in r)


def is_simple(rows: list[list[HtmlElement]]) -> bool:
    """Every row has the same cells, and they hold words alone."""
    width = len(rows[0])
    if not 2 <= width <= MOST_COLUMNS or not 2 <= len(rows) <= MOST_ROWS:
        return False
    return all(len(cells) == width and all(_is_plain(cell) for cell in cells) for cells in rows)


def _is_plain(cell: HtmlElement) -> bool:
    spans = {cell.get("colspan") or "1", cell.get("rowspan") or "1"}
    has_blocks = any(cell.find(f".//{tag}") is not None for tag in ("img", "ul", "ol", "pre", "blockquote", "iframe"))
    return spans <= {"1", "0"} and not has_blocks and len(cell.text_content()) <= LONGEST_CELL


def table_value(rows: list[list[HtmlElement]], caption: str) -> dict[str, Any]:
    """The table block's raw value; the first row holds the headings."""
    head, *body = [[text_of(cell) for cell in cells] for cells in rows]
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": values} for values in body],
        "caption": caption,
    }


def headings(rows: list[list[HtmlElement]]) -> list[str]:
    """The words of the first row where it holds headings."""
    first = rows[0]
    return [text_of(cell) for cell in first] if first and all(cell.tag == "th" for cell in first) else []
