"""The editor of a translation: Wagtail's own, with the source on the other side of each field and block.

All of Wagtail's editing stays as it is (saving by itself, moderation, publishing, locks, comments, previews). The
source's pieces are written into the page by the server, each in its own language and direction; a script puts each
beside its field or block, by the paths that Wagtail gives to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import Button

from broadsheet.articles.body import clean_html
from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import desk, ledger, linking, pieces, places
from .pieces import Piece


@dataclass(frozen=True)
class Text:
    """A text of the source: its label where a piece has several, and its words as safe HTML."""

    label: str
    html: SafeString


@dataclass(frozen=True)
class Side:
    """A piece of the source: `path` is where Wagtail's editor shows its translation, empty where there is none yet."""

    key: str
    path: str
    label: str
    texts: tuple[Text, ...]
    plain: str
    state: str
    is_changed: bool
    is_new: bool


def sides_of(version: LanguageVersion, source: ArticlePage, target: ArticlePage) -> list[Side]:
    """The source's pieces that have words, in its order."""
    here, known = pieces.read(target), ledger.origins(version)
    return [
        _side(piece, known.get(piece.key), piece.key in version.changed, here)
        for piece in pieces.read(source).values()
        if any(leaf.text.strip() for leaf in piece.leaves) or piece.key in version.changed
    ]


def _side(piece: Piece, origin: ledger.Origin | None, is_changed: bool, here: dict[str, Piece]) -> Side:
    partner = origin.key if origin else piece.key
    several = len(piece.leaves) > 1
    return Side(
        key=piece.key,
        path=partner.removeprefix(pieces.BODY) if partner in here else "",
        label=piece.label,
        texts=tuple(Text(leaf.label if several else "", _html(leaf)) for leaf in piece.leaves if leaf.text.strip()),
        plain=piece.leaves[0].text if piece.kind == "field" else "",
        state=origin.state if origin else ledger.INITIAL,
        is_changed=is_changed,
        is_new=is_changed and origin is None and piece.key.startswith(pieces.BODY),
    )


def _html(leaf: pieces.Leaf) -> SafeString:
    if leaf.is_html:
        return mark_safe(clean_html(leaf.text))
    return mark_safe("<br>".join(escape(line) for line in leaf.text.splitlines()))


class EditArticleView(EditView):
    """Wagtail's editor; beside a translation its source stands, for who may read it."""

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()
        if names == ["wagtailadmin/pages/edit.html"] and self.page_class is ArticlePage and self._version:
            return ["newsroom/translating/edit.html"]
        return names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        version = self._version
        if version is not None:
            context["version"] = version
            context["urgent_marks"] = version.urgent
        made_from = version.source if version is not None else None
        if version is not None and made_from is not None and desk.may_read(self.request.user, made_from.pk):
            source = ledger.current(made_from.specific)
            sides = sides_of(version, source, self.page)
            context.update(
                source=desk.describe(source),
                target=desk.describe(self.page),
                sides=sides,
                open_pieces=sum(one.is_changed or one.state == ledger.INITIAL for one in sides),
                machine_made=sum(one.state == ledger.MACHINE for one in sides),
                may_translate=self.request.user.has_perm(places.RIGHT),
            )
        return context

    @property
    def _version(self) -> LanguageVersion | None:
        if not hasattr(self, "_found"):
            rows = LanguageVersion.objects.select_related("page", "source")
            self._found = rows.filter(page_id=self.page.pk).first() if self.page_class is ArticlePage else None
        found: LanguageVersion | None = self._found
        return found

    @property
    def header_more_buttons(self) -> list[Button]:
        """Wagtail's, but its own way of translating an article gives way to ours."""
        buttons: list[Button] = super().header_more_buttons
        theirs = reverse("simple_translation:submit_page_translation", args=[self.page.pk])
        if self.page_class is ArticlePage:
            buttons = [one for one in buttons if one.url != theirs]
        return buttons


def buttons_for(page: Any, user: Any) -> list[Button]:
    """The ways to an article's other languages."""
    if not user.has_perm(places.RIGHT):
        return []
    links = [(_("Translate into…"), "newsroom_translate_into", "globe", 80)]
    if linking.may_move(user, [page]):
        links.append((_("Versions of this story"), "newsroom_link", "link", 82))
    if LanguageVersion.objects.filter(page_id=page.pk, source__isnull=False).exists():
        links.append((_("Files for agencies"), "newsroom_files", "download", 84))
    return [
        Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=priority)
        for label, name, icon, priority in links
    ]
