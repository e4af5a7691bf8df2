"""A story as it stands in a feed: plain safe HTML with absolute addresses, and the hyperlink that reuse asks for."""

from __future__ import annotations

import nh3
from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.articles import addresses, body
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture
from broadsheet.rendering import facts
from broadsheet.rendering.site import Site
from broadsheet.translations import languages

# What feed readers show: text markup, figures and tables; nothing that needs our style sheet or script.
TAGS = body.TAGS | {"figure", "figcaption", "img", "aside", "section", "div", "footer", "time"}
TAGS |= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "hreflang", "rel"},
    "img": {"src", "alt", "width", "height"},
    "blockquote": {"cite"},
    "time": {"datetime"},
    "th": {"scope"},
    "ol": {"start"},
    "abbr": {"title"},
    "*": {"lang", "dir"},
}


def write(site: Site, row: PublishedArticle, url: str, picture: Picture | None) -> str:
    """The whole story: picture, lead, body and source line. Embeds are links; lists of related stories are left out."""
    parts = [Markup(part["html"]) for part in row.body if part["kind"] == "html"]
    lead = Markup("<p><b>{}</b></p>").format(row.lead) if row.lead else Markup("")
    html = _figure(picture) + lead + Markup("").join(parts) + _source_line(site, url)
    whole = Markup('<div lang="{}" dir="{}">{}</div>').format(row.language, languages.direction(row.language), html)
    return facts.clean_text(_clean(whole, url))


def _clean(html: str, url: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=body.SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", url),
    )


def _figure(picture: Picture | None) -> Markup:
    file = picture.share.get("16:9") if picture else None
    if picture is None or file is None:
        return Markup("")
    image = Markup('<img src="{}" width="{}" height="{}" alt="{}">').format(
        addresses.absolute(file.url), file.width, file.height, picture.alt
    )
    words = " · ".join(filter(None, [picture.caption, picture.credit, picture.licence]))
    caption = Markup("<figcaption>{}</figcaption>").format(words) if words else Markup("")
    return Markup("<figure>{}{}</figure>").format(image, caption)


def _source_line(site: Site, url: str) -> Markup:
    """Where the story comes from, with the hyperlink, and the rule for those who reuse it."""
    link = Markup('<a href="{}">{}</a>').format(url, site.name)
    source = Markup(_("Source: %(site)s")) % {"site": link}
    return Markup("<p>{}. {}</p>").format(source, facts.reuse_html(site.edition))
