"""Slugs are readable ASCII in the language's own transliteration, whatever the headline holds."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.articles.slugs import LONGEST, check_not_reserved, make_slug


@pytest.mark.parametrize(
    ("headline", "language", "slug"),
    [
        ("Ferries run again", "en", "ferries-run-again"),
        ("The minister’s «plan» – at last!", "en", "the-ministers-plan-at-last"),
        ("Şəhərdə ILIK axşam: İçərişəhər", "az", "seherde-ilik-axsam-icheriseher".replace("icheri", "iceri")),
        ("ışık ve IŞIK", "tr", "isik-ve-isik"),
        ("Щука и ёж съели мышь", "ru", "shchuka-i-ezh-seli-mysh"),
        ("Երևանում բացվել է ուսումնարան", "hy", "erevanum-batsvel-e-usumnaran"),
        ("کتاب‌خانه در تهران", "fa", "ktab-khanh-dr-thran"),
        ("東京", "en", "dongjing"),
        ("", "en", "story"),
        ("!!!", "en", "story"),
    ],
)
def test_headlines_become_readable_slugs(headline, language, slug):
    assert make_slug(headline, language) == slug


def test_long_headlines_are_cut_at_a_word():
    slug = make_slug("word " * 40, "en")
    assert len(slug) <= LONGEST and slug.endswith("word")


@given(st.text(max_size=300), st.sampled_from(["en", "az", "ru", "hy", "fa", "tr"]))
def test_any_headline_gives_a_slug_that_an_address_can_hold(headline, language):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", make_slug(headline, language))
    assert len(make_slug(headline, language)) <= LONGEST


@pytest.mark.parametrize("slug", ["search", "author", "feed", "en", "az", "archive"])
def test_slugs_of_the_site_itself_are_refused(slug):
    with pytest.raises(ValidationError):
        check_not_reserved(slug, ("en", "az"))
