"""Languages with a script in their code: addresses in small letters, the code itself everywhere else."""

import json
import uuid
from dataclasses import replace

import pytest
from django.conf import settings as configured
from django.test import Client, override_settings

from broadsheet.articles import addresses, fronts
from broadsheet.articles.models import HomePage
from broadsheet.edge.answers import OwnAnswers
from broadsheet.rendering import closure, facts
from broadsheet.rendering.routes import language_of
from broadsheet.syndication.sitemaps import xml
from tests import factories
from tests.rendering.pages import get, tree

LANGUAGES = ("en", "sr", "sr-Latn", "az-Cyrl", "az-Arab", "zh-Hant")


@pytest.fixture(autouse=True)
def languages():
    with override_settings(CONFIG=replace(configured.CONFIG, languages=LANGUAGES)):
        yield


@pytest.fixture
def stories(db):
    key, section = uuid.uuid4(), uuid.uuid4()
    return {
        language: factories.make_article(
            factories.make_section(factories.make_home(language), "World", translation_key=section),
            "Comet",
            translation_key=key,
        )
        for language in LANGUAGES
    }


def structured(page):
    graph = json.loads(tree(page).xpath("string(//script[@type='application/ld+json'])"))["@graph"]
    return next(thing for thing in graph if thing["@type"] == "NewsArticle")


def test_every_version_answers_and_names_all_others(stories):
    site = closure.read_site()
    for language, story in stories.items():
        path = f"/{language.lower()}/world/comet/"
        assert story.public_path == path
        page = get(path)
        assert page.status == 200 and dict(page.headers)["Content-Language"] == language
        root = tree(page)
        assert root.get("lang") == language
        assert root.get("dir") == ("rtl" if language == "az-Arab" else "ltr")
        assert closure.wrong_with(path, closure.read_claims(page.body.decode()), site.pages[path]) == ""
        assert [code for code, _ in site.pages[path]] == [*LANGUAGES, "x-default"]


def test_machines_are_told_the_whole_code(stories):
    page = get("/sr-latn/world/comet/")
    found = structured(page)
    assert found["inLanguage"] == "sr-Latn" and found["translationOfWork"]["inLanguage"] == "en"
    others = structured(get("/en/world/comet/"))["workTranslation"]
    assert [one["inLanguage"] for one in others] == list(LANGUAGES[1:])
    assert b"<language>sr-Latn</language>" in get("/sr-latn/feed.xml").body
    assert b'xml:lang="az-Cyrl"' in get("/az-cyrl/atom.xml").body
    assert json.loads(get("/az-arab/feed.json").body)["language"] == "az-Arab"
    assert (xml.news_language("zh-Hant"), xml.news_language("sr-Latn")) == ("zh-tw", "sr")
    assert (
        b'hreflang="az-Cyrl" href="http://localhost:8000/az-cyrl/world/comet/"' in get("/sitemap-articles-0.xml").body
    )


def test_open_graph_names_each_locale_once(stories):
    root = tree(get("/sr-latn/world/comet/"))
    assert root.xpath("//meta[@property='og:locale']/@content") == ["sr_RS"]
    others = root.xpath("//meta[@property='og:locale:alternate']/@content")
    assert len(others) == len(set(others)) and "sr_RS" not in others and {"en_US", "zh_TW"} <= set(others)


@pytest.mark.parametrize(
    ("language", "locale"),
    [("az", "az_AZ"), ("az-Cyrl", "az_AZ"), ("az-Arab", "az_IR"), ("sr-Latn", "sr_RS"), ("uz-Cyrl", "uz_UZ"),
     ("zh-Hant", "zh_TW"), ("pt-BR", "pt_BR"), ("fa", "fa_IR"), ("hy", "hy_AM")],
)  # fmt: skip
def test_open_graph_has_the_territory_of_most_readers(language, locale):
    assert facts.territory_locale(language) == locale


def test_address_with_capitals_leads_to_the_one_spelling(stories):
    client = Client(HTTP_HOST="localhost:8000")
    with override_settings(ROOT_URLCONF="broadsheet.readers.urls"):
        answer = client.get("/sr-Latn/world/comet/", HTTP_HOST="localhost:8000")
    assert answer.status_code == 301 and answer["Location"].endswith("/sr-latn/world/comet/")


def test_language_of_an_address_whatever_its_case():
    assert language_of("/sr-latn/x/") == language_of("/SR-LATN/x/") == "sr-Latn"
    assert language_of("/srx/") == "en" and addresses.language_at("/sr-latnx/") is None


def test_edge_says_sorry_in_the_language_of_the_address():
    own = OwnAnswers.__new__(OwnAnswers)
    own.languages, own.default_language = frozenset(LANGUAGES), "en"
    assert own.language_of("/sr-latn/world/") == "sr-Latn" and own.language_of("/fr/") == "en"


@pytest.mark.django_db
def test_site_is_founded_with_such_a_language():
    fronts.ensure_fronts(["en", "sr-Latn"], {"en": "Lantern", "sr-Latn": "Fenjer"})
    assert HomePage.objects.live().get(locale__language_code="sr-Latn").public_path == "/sr-latn/"
