"""What can be measured of a page in a browser: text that covers text, width that runs over, accessibility, weight."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# The widths of a small phone, a phone, a tablet and a desktop, in CSS pixels.
WIDTHS = (320, 390, 768, 1280)
TEXT_STEPS = (0.87, 1.0, 1.2, 1.45, 1.75)
SMALLEST_TARGET = 24
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Pairs of lines of text that cover one another. A line counts from somewhat below its top to somewhat above its foot:
# boxes of lines are taller than their letters and may touch. What an ancestor clips away is not seen, so not counted.
_COVERED = """
() => {
  const lines = [];
  const seen = new Map();
  const clipOf = (element) => {
    if (!element || element === document.documentElement) return null;
    if (seen.has(element)) return seen.get(element);
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    let clip = clipOf(element.parentElement);
    const cut = (from, to, low, high) => [Math.max(from, low), Math.min(to, high)];
    let [left, right, top, bottom] = clip || [-1e6, 1e6, -1e6, 1e6];
    if (style.overflowX !== 'visible') [left, right] = cut(left, right, box.left, box.right);
    if (style.overflowY !== 'visible') [top, bottom] = cut(top, bottom, box.top, box.bottom);
    clip = [left, right, top, bottom];
    seen.set(element, clip);
    return clip;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (parent.closest('script, style, svg, noscript')) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    const [left, right, top, bottom] = clipOf(parent) || [-1e6, 1e6, -1e6, 1e6];
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const middle = (box.top + box.bottom) / 2, half = Math.min(box.height, size) * 0.3;
      const line = {
        left: Math.max(box.left, left), right: Math.min(box.right, right),
        top: Math.max(middle - half, top), bottom: Math.min(middle + half, bottom), node,
      };
      if (line.right - line.left > 2 && line.bottom - line.top > 2) lines.push(line);
    }
  }
  lines.sort((a, b) => a.top - b.top);
  const covered = [];
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom; j++) {
      const [a, b] = [lines[i], lines[j]];
      if (a.node === b.node) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 2) covered.push([a.node.data.trim().slice(0, 40), b.node.data.trim().slice(0, 40)]);
    }
  }
  return covered;
}
"""

# What stands outside of the page's width, though nothing scrolls or clips it.
_RUNS_OVER = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide + 1) return [];
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > wide + 1 || box.left < -1)) found.push(element.outerHTML.slice(0, 100));
  }
  return [`${document.documentElement.scrollWidth} > ${wide}`, ...found.slice(0, 4)];
}
"""

# Controls that a finger may miss (WCAG 2.2, 2.5.8): smaller than 24 px and not a link in a line of text.
_SMALL_TARGETS = """
(least) => [...document.querySelectorAll('a[href], button, input, select, summary, [role=button]')]
  .filter((element) => {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!box.width || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (box.bottom < 0 || box.right < 0) return false;
    if (element.closest('.unseen') || (box.width <= 1 && box.height <= 1)) return false;
    const inline = style.display === 'inline' && element.closest('p, li, figcaption, td, th, h1, h2, h3, cite');
    return !inline && (box.width < least - 0.1 || box.height < least - 0.1);
  })
  .map((element) => {
    const box = element.getBoundingClientRect();
    return `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 90)}`;
  })
"""


# Browsers lay out what is far below when a reader comes near it: as such a reader sees it.
_LAY_OUT = """
() => document.querySelectorAll('*').forEach((element) => {
  if (getComputedStyle(element).contentVisibility === 'auto') element.style.contentVisibility = 'visible';
})
"""


def lay_out_everything(page: Page) -> None:
    """Have the whole page laid out, also what a reader has not come to yet."""
    page.evaluate(_LAY_OUT)


def covered_text(page: Page) -> list[list[str]]:
    """Pairs of texts that cover one another."""
    lay_out_everything(page)
    return list(page.evaluate(_COVERED))


def runs_over(page: Page) -> list[str]:
    """Why the page is wider than the window; nothing where it is not."""
    lay_out_everything(page)
    return list(page.evaluate(_RUNS_OVER))


def small_targets(page: Page) -> list[str]:
    """Controls that are too small for a finger."""
    lay_out_everything(page)
    return list(page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET))


def violations(page: Page, script: str) -> list[str]:
    """What axe-core finds: rule, weight, where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script)
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:120]} {' '.join(node['failureSummary'].split())[:200]}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


def settle(page: Page) -> None:
    """Wait until what was changed is laid out."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
