"""Pictures, galleries, players and files: as blocks where we can show them, as a readable line where we cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from django.utils.translation import gettext as _
from lxml.html import HtmlElement

from broadsheet.articles.embeds import resolve
from broadsheet.articles.errors import UnknownEmbed

from .body import Body, Surroundings
from .inline import classes, resolve_address, text_of
from .letters import one_line
from .pictures import Attachment, file_name

LONGEST_ALT = 300
LONGEST_CAPTION = 400
_SOURCES = ("data-orig-file", "data-lazy-src", "data-src", "src")
# Addresses of players that the providers' own pages do not have.
_OLD_PLAYERS = (
    (re.compile(r"(dailymotion\.com)/(?:embed|swf)/(?:video/)?(\w+).*"), r"\1/video/\2"),
    (re.compile(r"vimeo\.com/moogaloop\.swf\?(?:.*&)?clip_id=(\d+).*"), r"vimeo.com/\1"),
)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)$", re.I)


class Figures:
    """Shows what is not text. `add` takes a block, `add_html` a piece of rich text."""

    def __init__(
        self, body: Body, around: Surroundings, add: Callable[[str, Any], None], add_html: Callable[[str], None]
    ) -> None:
        self._body = body
        self._around = around
        self._add = add
        self._add_html = add_html

    def read_picture(self, image: HtmlElement, link: str = "", caption: str = "", id_: str = "") -> Attachment:
        """What is known of a picture: from its tag, and from the attachment that it shows."""
        found = (resolve_address(image.get(name) or "", self._around.base) for name in _SOURCES)
        number = re.search(r"\bwp-image-(\d{1,18})", image.get("class") or "")
        key = number[1] if number else image.get("data-id") or id_
        known = self._around.attachments.get(key, Attachment(id="", url=""))
        return Attachment(
            id=known.id,
            url=next(filter(None, found), "") or known.url,
            title=one_line(image.get("title") or known.title),
            caption=caption,
            alt=one_line(image.get("alt") or known.alt),
            credit=known.credit,
        )

    def show(self, picture: Attachment, link: str = "") -> None:
        """The picture itself where there is a file; else a line that says what it shows, with its address."""
        if not _is_on_the_web(picture.url):
            return
        self._body.pictures.append(picture)
        value = self._value(picture)
        if value is None:
            self._add_html(_line(picture, link))
            return
        self._add("image", value)
        if len(picture.caption) > LONGEST_CAPTION:
            self._add_html(f"<p>{escape(picture.caption, quote=False)}</p>")

    def show_all(self, figure: HtmlElement, caption: str) -> None:
        """A figure's pictures; the caption belongs to the last."""
        images = list(figure.iter("img"))
        for image in images:
            link = next(image.iterancestors("a"), None)
            address = resolve_address(link.get("href") or "", self._around.base) if link is not None else ""
            words = caption if image is images[-1] else ""
            self.show(self.read_picture(image, address, words, figure.get("data-id") or ""), address)

    def show_gallery(self, pictures: list[Attachment]) -> None:
        """A gallery of the pictures whose files are there; the others as lines."""
        shown = []
        for picture in pictures:
            if not _is_on_the_web(picture.url):
                continue
            self._body.pictures.append(picture)
            value = self._value(picture)
            if value is None:
                self._add_html(_line(picture, ""))
            else:
                shown.append({"type": "item", "value": value})
        if shown:
            self._add("gallery", {"title": "", "pictures": shown})

    def show_placeholder(self, element: HtmlElement) -> None:
        """What a shortcode or an empty block left: a gallery, a file or an address to embed."""
        names, address = classes(element), unescape(element.get("data-url") or "")
        caption = one_line(element.get("data-caption") or "")
        if "wxr-gallery" in names:
            self._show_numbered(element.get("data-ids") or "")
        elif "wxr-file" in names:
            self.show_file(resolve_address(address, self._around.base), element.get("data-kind") or "", caption)
        else:
            self.embed(address, caption)

    def _show_numbered(self, ids: str) -> None:
        numbers = re.findall(r"\d{1,18}", ids)
        attachments = self._around.attachments
        found = [attachments[number] for number in numbers if number in attachments]
        pictures = found if numbers else list(self._around.children)
        self.show_gallery([picture for picture in pictures if _PICTURE_NAME.search(picture.url.split("?", 1)[0])])
        if not pictures:
            self._body.changes.append("a gallery was left out: its pictures are not in the file")

    def show_player(self, element: HtmlElement) -> None:
        """An iframe or a plug-in's object: the player of a provider that we know, else a link."""
        candidates = [element.get(name) for name in ("src", "data-src", "data")]
        candidates += [one.get("value") for one in element.iter("param") if one.get("name") in {"movie", "src"}]
        candidates += [one.get("src") for one in element.iter("embed")]
        base = self._around.base or "https:"
        addresses = [address for one in candidates if one and _is_on_the_web(address := resolve_address(one, base))]
        if addresses and not any(self.try_embed(one, "") for one in addresses):
            self._add_html(_link_line(addresses[0], (element.get("title") or "").strip()))
            self._body.changes.append("a player of an unknown provider became a link")

    def show_recording(self, element: HtmlElement, caption: str) -> None:
        """A video or audio element."""
        inner = next(iter(element.iter("source")), None)
        source = element.get("src") or (inner.get("src") if inner is not None else "") or ""
        self.show_file(resolve_address(source, self._around.base), str(element.tag), caption)

    def show_file(self, address: str, kind: str, caption: str) -> None:
        """A recording that lies somewhere: a line with its address."""
        if not _is_on_the_web(address) or self.try_embed(address, caption):
            return
        words = caption or file_name(address) or address
        pattern = _("Video: {words}") if kind == "video" else _("Audio: {words}")
        self._add_html(f"<p>{_put(pattern, _link(address, words))}</p>")

    def embed(self, address: str, caption: str = "") -> None:
        """An address that stands for what is shown there: a player, else a link."""
        if not self.try_embed(address, caption) and _is_on_the_web(address):
            self._add_html(_link_line(address, caption))

    def try_embed(self, address: str, caption: str) -> bool:
        """Add the embed at the address; False: it belongs to no provider that we know."""
        for form, usual in _OLD_PLAYERS:
            address = form.sub(usual, address)
        try:
            known = resolve(address)
        except (UnknownEmbed, ValueError):
            return False
        self._add("embed", {"url": known.url, "caption": caption[:LONGEST_CAPTION]})
        return True

    def _value(self, picture: Attachment) -> dict[str, Any] | None:
        file = self._around.find_file(picture.url)
        if file is None:
            return None
        return {"image": str(file), "alt": picture.alt[:LONGEST_ALT], "caption": picture.caption[:LONGEST_CAPTION]}


def caption_of(figure: HtmlElement) -> str:
    """The figure's own caption."""
    captions = [one for one in figure.iter("figcaption") if next(one.iterancestors("figure"), None) is figure]
    return text_of(captions[0]) if captions else ""


def _is_on_the_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _line(picture: Attachment, link: str) -> str:
    """The picture in words: what it shows, with the address of its file or of what it led to."""
    words = picture.caption or picture.alt or picture.title or file_name(picture.url) or picture.url
    leads_on = link and not _PICTURE_NAME.search(link.split("?", 1)[0])
    line = _put(_("Image: {words}"), _link(link if leads_on else picture.url, words))
    return f"<p>{line}</p>"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words, quote=False)}</a>'


def _link_line(address: str, words: str) -> str:
    return f"<p>{_link(address, words or address)}</p>"


def _put(pattern: str, html: str) -> str:
    return escape(pattern, quote=False).replace("{words}", html, 1)
