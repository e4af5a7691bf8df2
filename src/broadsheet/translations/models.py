"""What editors write down about languages: words that a script variant does not write by its rule."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from . import letters, variants
from .languages import own_name


def variant_choices() -> list[tuple[str, str]]:
    """The site's variants with their own names."""
    return [(code, own_name(code)) for code in settings.CONFIG.script_variants]


class ScriptWord(models.Model):
    """A word of an edition, and how a variant of it writes that word."""

    variant = models.CharField(_("edition"), max_length=16, choices=variant_choices)
    word = models.CharField(
        _("word"),
        max_length=80,
        help_text=_("As the edition writes it. A star at the end stands for all words that begin so: azərbaycan*"),
    )
    written = models.CharField(_("written"), max_length=120, help_text=_("As this edition writes it in its script."))

    changed_at = models.DateTimeField(auto_now=True)

    panels = [
        HelpPanel(_("Names and loan words that are not written as they sound. Everything else is written by rule.")),
        FieldPanel("variant"),
        FieldPanel("word"),
        FieldPanel("written"),
    ]

    class Meta:
        verbose_name = _("word in another script")
        verbose_name_plural = _("words in another script")
        ordering = ["variant", "word"]
        constraints = [models.UniqueConstraint(fields=["variant", "word"], name="one_way_to_write_a_word")]

    def __str__(self) -> str:
        return f"{self.word} → {self.written}"

    def clean(self) -> None:
        super().clean()
        self.word, self.written = (
            unicodedata.normalize("NFC", " ".join(one.split())) for one in (self.word, self.written)
        )
        found = next((one for one in variants.all_variants() if one.code == self.variant), None)
        if found is not None:
            self.word = letters.lower(self.word, f"{found.rule.language}-{found.rule.source}")
        if not self.word.removesuffix("*").replace("ʻ", "").replace("ʼ", "").replace("’", "").isalpha():
            raise ValidationError({"word": _("Write one word, without spaces and digits; a star may end it.")})
