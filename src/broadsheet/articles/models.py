"""What editors work on: fronts, sections, articles, pages about the newsroom, authors, topics, editions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, TranslatableMixin

from . import addresses
from .agreements import TranslationGroup  # noqa: F401  (Django looks for an app's tables here)
from .blocks import RICH_TEXT, WEB, BodyBlock
from .errors import UnusableText
from .forms import NewsPageForm
from .projection import (  # noqa: F401  (Django looks for an app's tables here)
    PublishedArticle,
    PublishedAuthor,
    PublishedPart,
    PublishedSection,
    PublishedStandIn,
    PublishedTopic,
    RetiredAddress,
)
from .slugs import check_address_part, check_not_reserved, dated, is_reserved, make_slug
from .words import check_letters, clean_line, is_visible

SLOTS = [("lead", _("lead")), ("secondary", _("secondary")), ("list", _("list"))]


class NewsPage(Page):
    """What all our pages have in common: a slug by the language's own rules, a public address."""

    # What begins the slug of a page whose headline has no letters.
    slug_fallback = "story"

    base_form_class = NewsPageForm
    # Readers' pages are public or not there: Wagtail's log-in for single pages would promise what nobody keeps.
    private_page_options: list[str] = []
    # Wagtail's own widget would slugify in the browser, which empties Armenian and loses a dotless i.
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug", widget=forms.TextInput), FieldPanel("seo_title"), FieldPanel("search_description")],
            _("Search engines"),
        )
    ]

    class Meta:
        abstract = True

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def public_path(self) -> str:
        """The page's path on the readers' site, from its language on."""
        raise NotImplementedError

    def _set_core_field_defaults(self) -> None:
        """Wagtail's hook before every validation, also of a draft: here a missing slug is made in our own way."""
        title: str = self.title or ""
        if title and not self.slug:  # type: ignore[has-type]
            language = self._own_language()
            made = make_slug(title, language, fallback=dated(self.slug_fallback))
            self.slug = self.free_slug(made, self.get_parent() if self.path else None)
        super()._set_core_field_defaults()

    def _own_language(self) -> str:
        """The page's language, which a new page has from the one above it."""
        if self.locale_id:
            return self.language
        above = self.get_parent() if self.path else None
        return str(above.locale.language_code) if above else str(settings.CONFIG.default_language)

    def minimal_clean(self) -> None:
        """Wagtail's check of a draft: its headline must be one that every output can carry."""
        super().minimal_clean()
        check_headline(self.title)

    def clean(self) -> None:
        super().clean()
        check_headline(self.title)
        check_address_part(self.slug, self.language)

    def free_slug(self, made: str, parent: Page | None) -> str:
        """`made`, or the first of `made-2`, `made-3` … that nothing of the site stands or stood at."""
        number, slug = 1, made
        while self.is_slug_taken(slug, parent):
            number += 1
            slug = f"{made}-{number}"
        return slug

    def is_slug_taken(self, slug: str, parent: Page | None) -> bool:
        """Whether a page of ours would hide, or be hidden by, something else under this slug."""
        if is_reserved(slug, settings.CONFIG.languages):
            return True
        return parent is not None and not self._slug_is_available(slug, parent, self if self.pk else None)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Wagtail's hook for addresses: the readers' origin and our own path; None for a page that stands nowhere yet.

        Wagtail's own looks into a cache of each process's own, which knows nothing of fronts that others have made.
        There is one readers' site, so its number (0) is no Wagtail site's.
        """
        return (0, settings.CONFIG.site_url, self.public_path) if self.path else None

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """Always with the readers' origin: the newsroom stands on another."""
        return self.get_full_url(request)

    url = property(get_url)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("As readers will see it"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The draft as readers would see it; the renderer is named in the wiring, it stands above this package."""
        from django.http import HttpResponse
        from django.utils.module_loading import import_string

        response = HttpResponse(import_string(settings.PREVIEW_RENDERER)(self, request))
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


class HomePage(NewsPage):
    """The front of one language."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["articles.SectionPage", "articles.PolicyPage"]
    description = models.CharField(_("description"), max_length=300, blank=True)

    content_panels = [
        FieldPanel("title"),
        FieldPanel("description"),
        InlinePanel("slots", label=_("curated story"), heading=_("Curated stories")),
    ]

    class Meta:
        verbose_name = _("front")

    @property
    def public_path(self) -> str:
        return addresses.front_path(self.language)


class SectionPage(NewsPage):
    """A section, perhaps inside another one; the slug is unique in its language."""

    slug_fallback = "section"

    parent_page_types = ["articles.HomePage", "articles.SectionPage"]
    subpage_types = ["articles.SectionPage", "articles.ArticlePage"]
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("Shown above headlines; empty: the title.")
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("For example: World – the most important world news."),
    )

    content_panels = [
        FieldPanel("title"),
        FieldPanel("label"),
        FieldPanel("description"),
        InlinePanel("slots", label=_("curated story"), heading=_("Curated stories")),
    ]

    class Meta:
        verbose_name = _("section")

    @property
    def public_path(self) -> str:
        return addresses.section_path(self.language, self.slug)

    def clean(self) -> None:
        super().clean()
        check_not_reserved(self.slug, settings.CONFIG.languages)
        check_section_slug_free(self)

    def is_slug_taken(self, slug: str, parent: Page | None) -> bool:
        locale_id = self.locale_id or getattr(parent, "locale_id", None)
        return super().is_slug_taken(slug, parent) or is_section_slug_taken(self, slug, locale_id)


class PolicyPage(NewsPage):
    """A page about the newsroom itself: who we are, contact, corrections, privacy, reuse of materials."""

    slug_fallback = "page"

    KINDS = [
        ("about", _("about us")),
        ("contact", _("contact")),
        ("ethics", _("ethics policy")),
        ("corrections", _("corrections policy")),
        ("privacy", _("privacy")),
        ("reuse", _("reuse of materials")),
        ("other", _("other")),
    ]
    parent_page_types = ["articles.HomePage"]
    subpage_types: list[str] = []
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS, default="other")
    body = RichTextField(_("text"), features=RICH_TEXT)

    content_panels = [FieldPanel("title"), FieldPanel("kind"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page about the newsroom")

    @property
    def public_path(self) -> str:
        return addresses.page_path(self.language, self.slug)

    def clean(self) -> None:
        super().clean()
        check_not_reserved(self.slug, settings.CONFIG.languages)
        check_section_slug_free(self)

    def is_slug_taken(self, slug: str, parent: Page | None) -> bool:
        locale_id = self.locale_id or getattr(parent, "locale_id", None)
        return super().is_slug_taken(slug, parent) or is_section_slug_taken(self, slug, locale_id)


def check_headline(title: str) -> None:
    """Raises ValidationError for a headline that readers would not see or that an output could not carry."""
    try:
        check_letters(title)
    except UnusableText as error:
        message = _("This text holds %(what)s: write it again without.") % {"what": error}
        raise ValidationError({"title": message}) from error
    if not is_visible(title):
        raise ValidationError({"title": _("Write something that readers can see.")})


def is_section_slug_taken(page: NewsPage, slug: str, locale_id: int | None) -> bool:
    """Sections at any depth and pages about the newsroom share one space of names in a language."""
    return any(
        model.objects.filter(locale_id=locale_id, slug=slug).exclude(pk=page.pk).exists()
        for model in (SectionPage, PolicyPage)
    )


def check_section_slug_free(page: NewsPage) -> None:
    """Raises ValidationError when another section or page of the language has the slug."""
    if page.locale_id and is_section_slug_taken(page, page.slug, page.locale_id):
        raise ValidationError({"slug": _("Another section or page of this language has this slug.")})


class ArticlePage(NewsPage):
    """A story in one language. The page's title is its headline."""

    parent_page_types = ["articles.SectionPage"]
    subpage_types: list[str] = []
    # Articles stay out of Wagtail's own index; see the decision record on search.
    show_in_menus_default = False

    short_headline = models.CharField(
        _("short headline"), max_length=120, blank=True, help_text=_("For lists; empty: the headline.")
    )
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("Analysis, interview …; shown beside the section.")
    )
    lead = models.TextField(_("lead"), blank=True, max_length=1000)
    dateline = models.CharField(_("dateline"), max_length=120, blank=True, help_text=_("Where the story was written."))
    updated_at = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        help_text=_("Shown to readers; empty while nothing essential changed."),
    )
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_alt = models.CharField(_("alternative text"), max_length=300, blank=True)
    picture_caption = models.CharField(_("caption"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        FieldPanel("title", heading=_("Headline")),
        FieldPanel("short_headline"),
        FieldPanel("label"),
        FieldPanel("lead"),
        InlinePanel("bylines", label=_("byline"), heading=_("Bylines")),
        FieldPanel("dateline"),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_caption")],
            heading=_("Picture"),
        ),
        FieldPanel("body"),
        InlinePanel("topic_links", label=_("topic"), heading=_("Topics")),
        InlinePanel("related_links", label=_("related story"), heading=_("Related stories"), max_num=12),
    ]
    settings_panels = [FieldPanel("first_published_at"), FieldPanel("updated_at"), *Page.settings_panels]

    class Meta:
        verbose_name = _("article")

    @property
    def section(self) -> SectionPage:
        """The section that the article stands in."""
        parent = self.get_parent().specific
        assert isinstance(parent, SectionPage)
        return parent

    @property
    def public_path(self) -> str:
        return addresses.article_path(self.language, self.get_parent().slug, self.slug)

    def is_slug_taken(self, slug: str, parent: Page | None) -> bool:
        if super().is_slug_taken(slug, parent):
            return True
        if parent is None:
            return False
        path = addresses.article_path(str(parent.locale.language_code), parent.slug, slug)
        return RetiredAddress.objects.filter(path=path).exclude(page_id=self.pk or 0).exists()

    def clean(self) -> None:
        super().clean()
        check_not_reserved(self.slug, settings.CONFIG.languages)
        self._check_size()

    def minimal_clean(self) -> None:
        super().minimal_clean()
        self._check_size()

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Wagtail's door for every publish, also a scheduled one.

        Where all versions wait for one moment, the story is scheduled for it. Raises PublishRefused.
        """
        from . import groups

        groups.check_may_publish(self)
        groups.hold_back(self, revision)
        super().publish(revision, *args, **kwargs)

    def _check_size(self) -> None:
        size = len(str(self.body.get_prep_value())) if self.body else 0
        limit = settings.CONFIG.article_limit_kb
        if size > limit * 1024:
            raise ValidationError({"body": _("The text is too long: %(limit)s KiB at most.") % {"limit": limit}})


ArticlePage.search_fields = []


class ArticleByline(Orderable):
    """One of the people who wrote a story, in the order in which they are named."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey("articles.Author", verbose_name=_("author"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("author")]


class ArticleTopic(Orderable):
    """A topic that a story is about."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="topic_links")
    topic = models.ForeignKey("articles.Topic", verbose_name=_("topic"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("topic")]


class RelatedStory(Orderable):
    """A related story chosen by hand."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_links")
    story = models.ForeignKey(ArticlePage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "articles.ArticlePage")]


class Slot(Orderable):
    """A story that an editor put into a place of a front or section front."""

    slot = models.CharField(_("place"), max_length=12, choices=SLOTS, default="list")
    article = models.ForeignKey(ArticlePage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("slot"), PageChooserPanel("article", "articles.ArticlePage")]

    class Meta(Orderable.Meta):
        abstract = True


class HomeSlot(Slot):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="slots")


class SectionSlot(Slot):
    page = ParentalKey(SectionPage, on_delete=models.CASCADE, related_name="slots")


class NamedInLanguage(TranslatableMixin, ClusterableModel):
    """What authors and topics share: a name and a slug in one language, linked to the same in others."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(
        _("slug"), max_length=100, blank=True, allow_unicode=True, help_text=_("Empty: made from the name.")
    )

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    def clean(self) -> None:
        super().clean()
        self._clean_name()
        if not self.slug and self.name and self.locale_id:
            self.slug = make_slug(self.name, self.language, fallback=dated("name"))
        if self.slug and self.locale_id:
            check_address_part(self.slug, self.language)
        taken = type(self)._default_manager.filter(locale_id=self.locale_id, slug=self.slug).exclude(pk=self.pk)
        if taken.exists():
            raise ValidationError({"slug": _("Somebody or something else of this language has this slug.")})

    def _clean_name(self) -> None:
        try:
            self.name = clean_line(self.name)
        except UnusableText as error:
            message = _("This text holds %(what)s: write it again without.") % {"what": error}
            raise ValidationError({"name": message}) from error
        if not is_visible(self.name):
            raise ValidationError({"name": _("Write something that readers can see.")})


class Author(NamedInLanguage):
    """A person who writes: staff, or a guest. Each has a page of their own in every language they are named in."""

    KINDS = [("staff", _("staff")), ("guest", _("guest"))]
    kind = models.CharField(_("kind"), max_length=8, choices=KINDS, default="staff")
    role = models.CharField(_("role"), max_length=160, blank=True)
    biography = models.TextField(_("biography"), blank=True)
    portrait = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    public_email = models.EmailField(_("public e-mail"), blank=True)
    profile_url = models.URLField(_("profile elsewhere"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="authors",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug", widget=forms.TextInput),
        FieldPanel("kind"),
        FieldPanel("role"),
        FieldPanel("biography"),
        FieldPanel("portrait"),
        FieldPanel("public_email"),
        FieldPanel("profile_url"),
        FieldPanel("user"),
    ]

    class Meta(NamedInLanguage.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    @property
    def public_path(self) -> str:
        return addresses.author_path(self.language, self.slug)


class Topic(NamedInLanguage):
    """What stories are about, across sections."""

    description = models.CharField(_("description"), max_length=300, blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug", widget=forms.TextInput), FieldPanel("description")]

    class Meta(NamedInLanguage.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    @property
    def public_path(self) -> str:
        return addresses.topic_path(self.language, self.slug)


class MenuBlock(blocks.StreamBlock):
    """Links of a menu: to a page of ours or to any address."""

    page = blocks.PageChooserBlock(label=_("our page"))
    link = blocks.StructBlock(
        [("label", blocks.CharBlock(label=_("text"))), ("url", blocks.URLBlock(label=_("address")))],
        label=_("address"),
        icon="link",
    )


class Edition(models.Model):
    """What an editor can change of a whole language: name, logo, social addresses, menus, footer, reuse rule."""

    locale = models.OneToOneField("wagtailcore.Locale", verbose_name=_("language"), on_delete=models.CASCADE)
    publication_name = models.CharField(_("publication name"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    logo_light = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, verbose_name=_("logo, light theme"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    logo_dark = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, verbose_name=_("logo, night theme"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    x_url = models.URLField("X (Twitter)", blank=True)
    youtube_url = models.URLField("YouTube", blank=True)
    instagram_url = models.URLField("Instagram", blank=True)
    facebook_url = models.URLField("Facebook", blank=True)
    telegram_url = models.URLField("Telegram", blank=True)
    app_store_url = models.URLField("App Store", blank=True)
    google_play_url = models.URLField("Google Play", blank=True)
    header_menu = StreamField(
        MenuBlock(required=False),
        verbose_name=_("header menu"),
        blank=True,
        help_text=_("Empty: the sections."),
    )
    footer_menu = StreamField(
        MenuBlock(required=False),
        verbose_name=_("footer menu"),
        blank=True,
        help_text=_("Empty: all pages about us."),
    )
    footer_text = models.TextField(_("footer text"), blank=True)
    reuse_rule = models.CharField(
        _("reuse rule"),
        max_length=300,
        blank=True,
        help_text=_("{site} becomes a link to the site. Empty: the standing rule in the edition's language."),
    )
    copyright_holder = models.CharField(_("copyright holder"), max_length=160, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    shows_stand_ins = models.BooleanField(
        _("show stories that lack this language"),
        default=False,
        db_default=False,
        help_text=_("In the lists of this language, in another language of theirs, and marked with it."),
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_text = models.TextField(_("contact"), blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return f"{self.publication_name} ({self.locale})"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        for field in self._meta.get_fields():
            if (
                isinstance(field, models.URLField)
                and (getattr(self, field.name) or WEB[0]).lower().startswith(WEB) is False
            ):
                errors[field.name] = _("The address must begin with http:// or https://.")
        if self.reuse_rule and "{site}" not in self.reuse_rule:
            errors["reuse_rule"] = _("The rule must contain {site}, which becomes the hyperlink.")
        for name in ("header_menu", "footer_menu"):
            addresses_ = [item.value["url"] for item in getattr(self, name) if item.block_type == "link"]
            if not all(address.lower().startswith(WEB) for address in addresses_):
                errors[name] = _("Addresses must begin with http:// or https://.")
        if errors:
            raise ValidationError(errors)

    @property
    def language(self) -> str:
        return str(self.locale.language_code)
