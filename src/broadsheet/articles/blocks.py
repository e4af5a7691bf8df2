"""The blocks an article's body is made of."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from broadsheet.translations.languages import own_name

from .embeds import PROVIDERS, resolve
from .errors import UnknownEmbed

RICH_TEXT = [
    "h2",
    "h3",
    "h4",
    "bold",
    "italic",
    "link",
    "ol",
    "ul",
    "hr",
    "blockquote",
    "superscript",
    "subscript",
    "strikethrough",
    "code",
]
QUOTED = [
    "en",
    "az",
    "ru",
    "hy",
    "tr",
    "fa",
    "ar",
    "he",
    "ka",
    "kk",
    "uk",
    "de",
    "fr",
    "es",
    "el",
    "it",
    "pl",
    "pt",
    "ro",
    "bg",
    "cs",
    "hu",
    "sr",
    "hr",
    "nl",
    "sv",
    "fi",
    "da",
    "nb",
    "et",
    "lv",
    "lt",
    "be",
    "ky",
    "uz",
    "tg",
    "tk",
    "ku",
    "ckb",
    "ps",
    "ur",
    "hi",
    "zh",
    "ja",
    "ko",
    "la",
]
WEB = ("http://", "https://")
SHORT_TEXT = ["bold", "italic", "link", "ol", "ul"]


class _WithAddress(blocks.StructBlock):
    """A block whose `address_field` holds a link: to the web alone, not to a file server or a script."""

    address_field = "url"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        address = cleaned.get(self.address_field) or ""
        if address and not address.lower().startswith(WEB):
            raise blocks.StructBlockValidationError(
                block_errors={
                    self.address_field: ValidationError(_("The address must begin with http:// or https://."))
                }
            )
        return cleaned


def quoted_languages() -> list[tuple[str, str]]:
    """What a quotation can be in: the site's languages first, then others that newsrooms quote, by their own names."""
    codes = dict.fromkeys((*settings.CONFIG.languages, *QUOTED))
    return [(code, own_name(code)) for code in codes]


def _language_block() -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(
        label=_("language"),
        choices=quoted_languages,
        required=False,
        help_text=_("Only where it is not the story's own: it is read out and set in this language."),
    )


class QuoteBlock(_WithAddress):
    """What somebody said: who, in which capacity, to whom."""

    address_field = "source_url"

    text = blocks.TextBlock(label=_("quote"))
    speaker = blocks.CharBlock(label=_("speaker"), required=False)
    role = blocks.CharBlock(label=_("role"), required=False)
    source = blocks.CharBlock(label=_("source"), required=False, help_text=_("The outlet or occasion."))
    source_url = blocks.URLBlock(label=_("source address"), required=False)
    language = _language_block()

    class Meta:
        icon = "openquote"
        label = _("quote")


class PullQuoteBlock(blocks.StructBlock):
    """Words lifted out of the story."""

    text = blocks.TextBlock(label=_("words"))
    attribution = blocks.CharBlock(label=_("who"), required=False)
    language = _language_block()

    class Meta:
        icon = "pick"
        label = _("pull quote")


class PictureBlock(blocks.StructBlock):
    """A picture with its own words; credit and licence come with the image."""

    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(label=_("alternative text"), required=False, max_length=300)
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=400)

    class Meta:
        icon = "image"
        label = _("image")


class GalleryBlock(blocks.StructBlock):
    """Several pictures under one title."""

    title = blocks.CharBlock(label=_("title"), required=False)
    pictures = blocks.ListBlock(PictureBlock(), label=_("pictures"), min_num=1, max_num=60)

    class Meta:
        icon = "image"
        label = _("gallery")


class EmbedBlock(blocks.StructBlock):
    """A video or post of another site, loaded only when the reader asks for it."""

    url = blocks.URLBlock(label=_("address"))
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=400)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["url"]:
            return cleaned  # A draft may be unfinished; to publish, the field is required.
        try:
            resolve(cleaned["url"])
        except UnknownEmbed as error:
            message = _("We can show posts and videos of %(providers)s.") % {"providers": ", ".join(PROVIDERS)}
            raise blocks.StructBlockValidationError(block_errors={"url": ValidationError(message)}) from error
        return cleaned

    class Meta:
        icon = "media"
        label = _("video or post")


class ListBlock(blocks.StructBlock):
    """A list of short points."""

    title = blocks.CharBlock(label=_("title"), required=False)
    style = blocks.ChoiceBlock(
        label=_("style"), choices=[("bullet", _("points")), ("numbered", _("numbers"))], default="bullet"
    )
    items = blocks.ListBlock(blocks.TextBlock(), label=_("points"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("list")


class FactBoxBlock(blocks.StructBlock):
    """Background beside the story."""

    title = blocks.CharBlock(label=_("title"))
    text = blocks.RichTextBlock(label=_("text"), features=SHORT_TEXT)

    class Meta:
        icon = "info-circle"
        label = _("fact box")


class RelatedArticlesBlock(blocks.StructBlock):
    """Links to other articles of ours in the middle of a story."""

    title = blocks.CharBlock(label=_("title"), required=False)
    articles = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="articles.ArticlePage"), label=_("articles"), min_num=1
    )

    class Meta:
        icon = "link"
        label = _("related articles")


class AttributionBlock(_WithAddress):
    """The outlet a story or a part of it comes from: shown as “per …” with the hyperlink its reuse rule asks for."""

    outlet = blocks.CharBlock(label=_("outlet"))
    url = blocks.URLBlock(label=_("address"), required=False)

    class Meta:
        icon = "site"
        label = _("attribution")


class CorrectionBlock(blocks.StructBlock):
    """What was wrong, what is right, and since when."""

    date = blocks.DateTimeBlock(label=_("corrected at"))
    text = blocks.TextBlock(label=_("correction"))

    class Meta:
        icon = "warning"
        label = _("correction")


class TableBlock(TypedTableBlock):
    """A table of text and numbers."""

    text = blocks.CharBlock(label=_("text"), required=False)
    number = blocks.DecimalBlock(label=_("number"), required=False)

    class Meta:
        icon = "table"
        label = _("table")


class BodyBlock(blocks.StreamBlock):
    """All that can stand in an article's body."""

    text = blocks.RichTextBlock(label=_("text"), icon="pilcrow", features=RICH_TEXT)
    quote = QuoteBlock()
    pull_quote = PullQuoteBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    embed = EmbedBlock()
    table = TableBlock()
    list = ListBlock()
    fact_box = FactBoxBlock()
    related = RelatedArticlesBlock()
    attribution = AttributionBlock()
    correction = CorrectionBlock()
