"""Slugs are readable in the language's own transliteration, or its own script, whatever the headline holds."""

import dataclasses
import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from broadsheet.articles.slugs import (
    LONGEST,
    check_address_part,
    check_not_reserved,
    dated,
    is_made,
    is_one_spelling,
    make_slug,
)
from broadsheet.edge.addresses import canonical, encode
from broadsheet.translations.romanization import ROMANIZATIONS


@pytest.mark.parametrize(
    ("headline", "language", "slug"),
    [
        ("Ferries run again", "en", "ferries-run-again"),
        ("The minister’s «plan» – at last!", "en", "the-ministers-plan-at-last"),
        ("Şəhərdə ILIK axşam: İçərişəhər", "az", "seherde-ilik-axsam-icheriseher".replace("icheri", "iceri")),
        ("ışık ve IŞIK", "tr", "isik-ve-isik"),
        ("Щука и ёж съели мышь", "ru", "shchuka-i-ezh-seli-mysh"),
        ("Երևանում բացվել է ուսումնարան", "hy", "yerevanum-batsvel-e-usumnaran"),
        ("کتاب‌خانه در تهران", "fa", "ktab-khane-dr-thran"),
        ("東京", "en", "dongjing"),
        ("Սիրիան պատրաստ է փախստականների վերադարձին", "hy", "sirian-patrast-e-pakhstakanneri-veradardzin"),
        ("Երևանում և Ոստանում", "hy", "yerevanum-yev-vostanum"),
        ("Xarici İşlər naziri: XX əsr", "az", "xarici-isler-naziri-xx-esr"),
        ("Әзәрбајҹан дөвләти", "az-Cyrl", "ezerbaycan-dovleti"),
        ("Їжак і Єва згадали про Київ", "uk", "yizhak-i-yeva-zghadaly-pro-kyiv"),
        ("Сыртқы істер министрі Өскеменде", "kk", "syrtqy-ister-ministri-oskemende"),
        ("Ђорђе и љубав", "sr", "djordje-i-ljubav"),
        ("Щастие в Търново", "bg", "shtastie-v-tarnovo"),
        ("სირია მზადაა ლტოლვილების მისაღებად", "ka", "siria-mzadaa-ltolvilebis-misaghebad"),
        (
            "Η Συρία είναι έτοιμη, αυτό ευχαριστεί την Μπαρτσελόνα",
            "el",
            "i-syria-einai-etoimi-avto-evcharistei-tin-bartselona",
        ),
        ("سوريا مستعدة لعودة القدس", "ar", "surya-mstada-lawda-al-qds"),
        ("سوریه آماده بازگشت", "fa", "sorie-amade-bazgsht"),
        ("סוריה מוכנה לחזרת הפליטים", "he", "sorih-moknh-lhzrt-hplitim"),
        ("Oʻzbekiston vaziri so'rab", "uz", "ozbekiston-vaziri-sorab"),
        ("Straße für Übermut", "de", "strasse-fuer-uebermut"),
        ("Fire 🔥 in\u202e Баку\u202c هنا", "en", "fire-in-baku-hn"),
        ("\u202etxet desrever", "en", "txet-desrever"),
        ("Za" + "\u0301" * 500 + "lgo", "en", "zalgo"),
        ("🔥🔥 👩‍👩‍👧", "en", "story"),
        ("", "en", "story"),
        ("!!!", "en", "story"),
    ],
)
def test_headlines_become_readable_slugs(headline, language, slug):
    assert make_slug(headline, language) == slug


def test_long_headlines_are_cut_at_a_word():
    slug = make_slug("word " * 40, "en")
    assert len(slug) <= LONGEST and slug.endswith("word")


LANGUAGES = [*ROMANIZATIONS, "en", "hi", "ja"]


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_headline_gives_a_slug_that_an_address_can_hold(headline, language):
    slug = make_slug(headline, language)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST
    assert make_slug(slug, language) == slug


@pytest.fixture
def own_scripts(settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, own_script_slugs=(*LANGUAGES,))


@pytest.mark.parametrize(
    ("headline", "language", "slug"),
    [
        ("کتاب‌خانه در تهران", "fa", "کتاب-خانه-در-تهران"),
        ("სირია 'მზადაა'!", "ka", "სირია-მზადაა"),
        ("प्रधानमंत्री ने कहा", "hi", "प्रधानमंत्री-ने-कहा"),
        ("IŞIQ İlə", "az", "ışıq-ilə"),
        ("ёж\u202e И E\u0301", "ru", "ёж-и-é"),
        ("مُحَمَّد", "ar", "محمد"),
        ("🔥", "ka", "story"),
    ],
)
def test_slugs_in_the_languages_own_script(own_scripts, headline, language, slug):
    assert make_slug(headline, language) == slug
    check_address_part(slug, language)


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
@settings_of_hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_own_slugs_have_one_spelling_at_the_edge(own_scripts, headline, language):
    slug = make_slug(headline, language)
    assert slug and is_one_spelling(slug) and len(slug) <= LONGEST
    assert make_slug(slug, language) == slug
    path = f"/xx/section/{slug}/"
    assert canonical(encode(path)) == path


@pytest.mark.parametrize("slug", ["Ёж", "e\u0301", "a b", "а/б", "-а", "ёж\u202e", ""])
def test_other_spellings_are_refused(own_scripts, slug):
    with pytest.raises(ValidationError):
        check_address_part(slug, "ru")


def test_only_editions_that_are_named_have_other_letters_than_latin_ones():
    with pytest.raises(ValidationError):
        check_address_part("ёж", "ru")


def test_a_newsroom_may_write_a_letter_its_own_way(settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, slug_letters=(("az", "x", "kh"),))
    assert make_slug("Xəbər: Bakı", "az") == "kheber-baki"
    assert make_slug("kheber-baki", "az") == "kheber-baki"


def test_a_slug_that_was_made_is_known_again():
    assert is_made("yeni-xeber-3", "Yeni xəbər", "az") and is_made("story-2026-11-29-2", "🔥", "en")
    assert not is_made("another", "Yeni xəbər", "az") and not is_made("another", "🔥", "en")
    assert re.fullmatch(r"story-\d{4}-\d\d-\d\d", dated("story"))


@pytest.mark.parametrize("slug", ["search", "author", "feed", "en", "az", "archive"])
def test_slugs_of_the_site_itself_are_refused(slug):
    with pytest.raises(ValidationError):
        check_not_reserved(slug, ("en", "az"))
