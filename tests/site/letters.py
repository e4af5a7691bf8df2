"""What a browser makes of letters: characters for which no font has a form, and text that is cut off."""

from __future__ import annotations

from playwright.sync_api import Page

# Characters that are drawn as the box for a missing one. Each is drawn as its element draws it, and compared, pixel by
# pixel, with a code that no font will ever have a form for. What draws nothing (spaces, controls) cannot be missing.
_BOXES = r"""
() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 48;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const drawn = (letter, font) => {
    context.clearRect(0, 0, 48, 48);
    context.font = font;
    context.fillText(letter, 8, 34);
    return context.getImageData(0, 0, 48, 48).data.join();
  };
  const wanted = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest('script, style, noscript, template') || !parent.checkVisibility()) continue;
    const style = getComputedStyle(parent);
    const font = `${style.fontStyle} ${style.fontWeight} 24px ${style.fontFamily}`;
    if (!wanted.has(font)) wanted.set(font, new Set());
    let text = node.data;
    const spoken = parent.closest('[lang]').lang;
    if (style.textTransform === 'uppercase') text = text.toLocaleUpperCase(spoken);
    for (const letter of text) if (/[\p{L}\p{N}\p{P}\p{S}\p{Cn}\p{Co}]/u.test(letter)) wanted.get(font).add(letter);
  }
  const found = [];
  for (const [font, letters] of wanted) {
    const boxes = new Set([drawn('\u{10FFFE}', font), drawn('\u0378', font)]);
    for (const letter of letters) if (boxes.has(drawn(letter, font))) found.push(letter);
  }
  return [...new Set(found)];
}
"""

# Text that an ancestor cuts off, though not on purpose: beside it always, above and below it where no number of lines
# is asked for. What scrolls is not cut off.
_CUT = """
() => {
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (element.closest('.unseen, .skip, script, style, svg, dialog:not([open])')) continue;
    if (!element.checkVisibility() || !element.innerText?.trim()) continue;
    const cuts = (value) => value === 'hidden' || value === 'clip';
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const lines = style.webkitLineClamp !== 'none';
    for (const line of range.getClientRects()) {
      const beside = cuts(style.overflowX) && (line.left < box.left - 2 || line.right > box.right + 2);
      const size = parseFloat(style.fontSize), middle = (line.top + line.bottom) / 2;
      const outside = middle - size / 2 < box.top - 2 || middle + size / 2 > box.bottom + 2;
      const over = cuts(style.overflowY) && !lines && outside;
      if (beside || over) { found.push(element.innerText.trim().slice(0, 50)); break; }
    }
  }
  return found;
}
"""


def without_a_form(page: Page) -> list[str]:
    """The characters of the page that are shown as boxes."""
    return list(page.evaluate(_BOXES))


def cut_off(page: Page) -> list[str]:
    """The beginnings of texts that are cut off."""
    return list(page.evaluate(_CUT))
