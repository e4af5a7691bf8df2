"""`broadsheet check languages` is silent on a sound site, and finds what was planted in database, store or sitemap."""

import dataclasses
import json
import uuid
from contextlib import closing

import pytest
from click.testing import CliRunner
from django.conf import settings
from wagtail.models import Locale, Page

from broadsheet.articles import groups as agreed
from broadsheet.articles.agreements import TranslationGroup
from broadsheet.articles.models import ArticlePage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.cli import sites
from broadsheet.cli.checks import groups, versions
from broadsheet.cli.verbs import broadsheet
from broadsheet.edge.pages import PushedPage
from broadsheet.edge.store import LmdbStore
from broadsheet.rendering import closure, store
from broadsheet.rendering.finished import FinishedPage
from tests import arrangements, factories
from tests.rendering.pages import get

LANGUAGES = ("en", "az", "hy")
MAPS = ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-articles-0.xml")


@pytest.fixture
@arrangements.once
def stories(db):
    """One story in three languages."""
    key, section = uuid.uuid4(), uuid.uuid4()
    return {
        language: factories.make_article(
            factories.make_section(factories.make_home(language), f"World {language}", translation_key=section),
            f"Comet {language}",
            translation_key=key,
        )
        for language in LANGUAGES
    }


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """The edge's store of the test."""
    with closing(LmdbStore(tmp_path / "edge", store_bytes=64 << 20, durable=False)) as found:
        monkeypatch.setattr(store, "pages", lambda: found)
        yield found


def keep(pages: LmdbStore, path: str, page: FinishedPage | None = None, **changes) -> None:
    page = page or get(path)
    body = changes.pop("body", page.body)
    pages.put(
        PushedPage(path, page.status, page.content_type, body, pages.tags.generation(), page.tags or frozenset({"x"}))
    )


class Reader:
    """Answers as the running site would, but for the pages that are given."""

    def __init__(self, **other: FinishedPage) -> None:
        self.other = other

    def ask(self, path: str) -> tuple[int, str]:
        page = self.other.get(path) or get(path)
        return page.status, page.body.decode()

    def close(self) -> None:
        pass


def look(monkeypatch, reader=None, **options):
    monkeypatch.setattr(versions, "Reader", lambda config: reader or Reader())
    monkeypatch.setattr(versions, "PATIENCE_S", 0)
    fixed = {"sample": 10, "seed": 1, "report": lambda *step: None, "offline": False}
    return versions.look(settings.CONFIG, closure.read_site(), **{**fixed, **options})


def found_in(looked) -> dict[str, list[str]]:
    return {finding.id.rpartition(".")[2]: finding.msg for finding in versions.find(looked)}


def in_database() -> set[str]:
    return {one.id.rpartition(".")[2] for one in groups.find(settings.CONFIG, closure.read_site())}


def test_sound_site_has_no_findings(stories, pages, monkeypatch):
    for path in closure.read_site().pages:
        keep(pages, path)
    looked = look(monkeypatch)
    assert found_in(looked) == {} and in_database() == set()
    assert looked.stored == len(closure.read_site().pages) == looked.in_sitemaps == 15
    assert looked.asked == 15


@pytest.fixture
def two_scripts(settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, script_variants=("az-Cyrl",))


def test_pages_of_script_variants_are_pages_like_any_other(stories, pages, two_scripts, monkeypatch):
    written = closure.read_site().pages
    assert stories["az"].public_path.replace("/az/", "/az-cyrl/") in written and len(written) == 15 + 5
    for path in written:
        keep(pages, path)
    looked = look(monkeypatch, sample=20)
    assert found_in(looked) == {} and in_database() == set()
    assert looked.stored == looked.asked == looked.in_sitemaps == 20


def test_stored_page_with_an_old_set_is_found(stories, pages, monkeypatch):
    path = stories["hy"].public_path
    keep(pages, path, body=get(path).body.replace(b"/az/world-az/comet-az/", b"/az/world-az/older/"))
    assert path in found_in(look(monkeypatch))["E040"]


def test_stored_page_of_a_story_that_is_gone_is_found(stories, pages, monkeypatch):
    path = stories["hy"].public_path
    before = get(path)
    stories["hy"].unpublish()
    keep(pages, path, before)
    assert "no such page is public" in found_in(look(monkeypatch))["E040"]


def test_page_that_is_gone_by_its_tags_is_not_held_against_the_store(stories, pages, monkeypatch):
    path = stories["hy"].public_path
    keep(pages, path, body=b"<p>old</p>" * 100)
    pages.tags.purge([f"group:{stories['hy'].translation_key}"], hard=True)
    assert found_in(look(monkeypatch)) == {}


def test_stored_410_for_a_public_page_is_found(stories, pages, monkeypatch):
    keep(pages, stories["en"].public_path, FinishedPage(b"gone", 410, tags=frozenset({"x"})))
    assert "410" in found_in(look(monkeypatch))["E040"]


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (lambda body: body.replace(b"comet-en", b"comet-older"), "no sitemap names it"),
        (lambda body: body.replace(b'hreflang="hy"', b'hreflang="ru"'), "names other versions"),
        (lambda body: body.replace(b"</urlset>", b"<url><loc>/x/y/</loc></url></urlset>"), "/x/y/"),
    ],
)  # fmt: skip
def test_fault_in_a_sitemap_is_found(stories, pages, monkeypatch, fault, word):
    path = "/sitemap-articles-0.xml"
    wrong = FinishedPage(fault(get(path).body))
    assert word in found_in(look(monkeypatch, Reader(**{path: wrong})))["E041"]


def test_page_of_the_running_site_that_is_wrong_is_found(stories, pages, monkeypatch):
    path = stories["az"].public_path
    for wrong in (FinishedPage(b"", 404), FinishedPage(get(path).body.replace(b'rel="canonical"', b'rel="other"'))):
        assert path in found_in(look(monkeypatch, Reader(**{path: wrong})))["E042"]


def test_site_that_does_not_run_is_an_error_unless_it_is_left_out(stories, pages, monkeypatch):
    class Silent(Reader):
        def ask(self, path):
            raise ConnectionRefusedError("refused")

    assert "E043" in found_in(look(monkeypatch, Silent()))
    assert found_in(look(monkeypatch, Silent(), offline=True)) == {}


def test_two_versions_in_one_language_are_found(stories):
    other = factories.make_article(stories["en"].section, "Twin")
    PublishedArticle.objects.filter(pk=other.pk).update(translation_key=stories["en"].translation_key)
    assert in_database() == {"E030", "E031"}


def test_projection_that_differs_from_its_page_is_found(stories):
    PublishedArticle.objects.filter(pk=stories["az"].pk).update(translation_key=uuid.uuid4())
    assert in_database() == {"E031"}


def test_set_of_several_kinds_is_found(stories):
    factories.make_section(factories.make_home("ru"), "World")
    story = factories.make_article(factories.make_section(stories["en"].section.get_parent(), "Sport"), "Alone")
    section = Page.objects.get(slug="world", locale__language_code="ru")
    Page.objects.filter(pk=section.pk).update(translation_key=story.translation_key)
    assert "E032" in in_database()


def test_ring_of_aliases_is_found(stories):
    ids = [one.pk for one in stories.values()]
    for one, other in zip(ids, [*ids[1:], ids[0]], strict=True):
        Page.objects.filter(pk=one).update(alias_of_id=other)
    assert in_database() == {"E033"}


def test_language_that_nobody_knows_and_one_that_went_are_found(stories, settings):
    Locale.objects.create(language_code="zz-what")
    from dataclasses import replace

    settings.CONFIG = replace(settings.CONFIG, languages=("en", "az"))
    assert in_database() == {"E034", "W035"}


def test_original_that_is_no_version_and_story_where_its_section_does_not_publish_are_found(stories):
    key = stories["en"].translation_key
    TranslationGroup.objects.create(translation_key=key, original="fa")
    agreed.set_languages(stories["en"].section, ["en"])
    assert in_database() == {"W036", "W037"}


def test_command_writes_json_and_its_exit_code_tells(stories, pages, monkeypatch):
    monkeypatch.setattr(sites, "open_site", lambda directory: settings.CONFIG)
    monkeypatch.setattr(versions, "Reader", lambda config: Reader())
    run = lambda: CliRunner().invoke(  # noqa: E731
        broadsheet, ["check", "languages", "--json", "--sample", "5"], standalone_mode=False
    )
    done = run()
    told = json.loads(done.output)
    assert done.return_value == 0 and told["findings"] == [] and told["with_versions"] == 9
    ArticlePage.objects.filter(pk=stories["az"].pk).update(slug="elsewhere")
    wrong = run()
    assert wrong.return_value == 1 and [one["id"] for one in json.loads(wrong.output)["findings"]] == [
        "broadsheet.E031"
    ]
