"""The pages of translation in the newsroom: what they show and do, and to whom they refuse it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from broadsheet.articles.models import ArticlePage
from broadsheet.newsroom.translating import ledger
from broadsheet.translations import exchange as files
from broadsheet.translations import machine
from tests import factories
from tests.newsroom import people

from .stories import block, changed, correct, fresh, revise, translate, version

ADDRESSES = ("newsroom_changes", "newsroom_files")
ACTS = (
    "newsroom_approve",
    "newsroom_take_over",
    "newsroom_settle_urgent",
    "newsroom_machine_draft",
    "newsroom_changes",
)


@pytest.fixture
def pair(story, мир, polyglot):
    (page,) = translate(story, polyglot, "ru")
    return story, page


@pytest.fixture
def client(polyglot):
    return people.sign_in(polyglot)


def text_of(reply):
    return reply.content.decode()


class TestTranslateInto:
    def address(self, page):
        return reverse("newsroom_translate_into", args=[page.pk])

    def test_one_language_leads_to_its_editor(self, client, story, мир):
        reply = client.post(self.address(story), {"language": ["ru"]})
        made = ArticlePage.objects.get(locale=мир.locale)
        assert reply.url == f"/pages/{made.pk}/edit/"

    def test_all_languages_at_once(self, client, story, мир, աշխարհ):
        reply = client.post(self.address(story), {"all": "on"}, follow=True)
        assert ArticlePage.objects.filter(translation_key=story.translation_key).count() == 3
        assert "Русский: a draft was made." in text_of(reply) and "Հայերեն: a draft was made." in text_of(reply)

    def test_what_is_in_the_way_is_said(self, client, story, мир, armenian, polyglot):
        translate(story, polyglot, "ru")
        page = text_of(client.get(self.address(story)))
        assert "There is a version already:" in page and "The section does not exist in this language yet." in page
        reply = client.post(self.address(story), {"language": ["ru", "hy"]}, follow=True)
        assert "there is a version already; it stays as it is." in text_of(reply)
        assert "Հայերեն: the section does not exist in this language yet." in text_of(reply)

    def test_nothing_chosen_is_told(self, client, story, мир):
        assert "Choose at least one language." in text_of(client.post(self.address(story), {}))

    def test_wagtails_own_way_leads_here(self, client, story):
        reply = client.get(reverse("simple_translation:submit_page_translation", args=[story.pk]))
        assert reply.url == self.address(story)

    @pytest.mark.parametrize("who", ["reporter", "outsider"])
    def test_who_may_not_translate_is_refused(self, request, who, story, мир):
        person = people.sign_in(request.getfixturevalue(who))
        for reply in (person.get(self.address(story)), person.post(self.address(story), {"all": "on"})):
            assert reply.status_code == 302 and "/pages/" not in reply.url
        assert not ArticlePage.objects.filter(locale=мир.locale).exists()

    def test_hidden_draft_is_no_source(self, client, section, мир):
        hidden = factories.make_article(section, "Hidden", publish=False)
        client.post(self.address(hidden), {"language": ["ru"]})
        assert not ArticlePage.objects.filter(locale=мир.locale).exists()

    def test_several_stories_by_bulk_action(self, client, story, section, мир):
        other = factories.make_article(section, "Other")
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "translate_into"])
        query = f"?id={story.pk}&id={other.pk}&next=/pages/{section.pk}/"
        assert "Drafts of these stories will be made:" in text_of(client.get(address + query))
        client.post(address + query, {"languages": ["ru", "en"]})
        assert ArticlePage.objects.filter(locale=мир.locale).count() == 2

    def test_bulk_action_refuses_what_one_may_not_translate(self, reporter, story, мир):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "translate_into"])
        people.sign_in(reporter).post(f"{address}?id={story.pk}&next=/", {"languages": ["ru"]})
        assert not ArticlePage.objects.filter(locale=мир.locale).exists()


class TestRights:
    """Who may change the translation, and read its source, and nobody else (CVE-2026-44200 and its kin)."""

    @pytest.mark.parametrize("who", ["reporter", "chief", "translator", "outsider"])
    @pytest.mark.parametrize("name", [*ADDRESSES, *ACTS])
    def test_people_of_other_languages_are_refused(self, request, who, name, pair):
        story, page = pair
        revise(story, lead="Changed.")
        person = people.sign_in(request.getfixturevalue(who))
        reply = person.post(reverse(name, args=[page.pk]), {"all": "on"})
        assert reply.status_code == 302 and f"/{page.pk}/" not in reply.url
        assert changed(page) == {"lead"} and version(page).untranslated == 6

    def test_source_that_one_may_not_read_is_not_shown(self, client, pair):
        story, page = pair
        fresh(story).unpublish()
        for name in ADDRESSES:
            assert client.get(reverse(name, args=[page.pk])).status_code == 302
        text = text_of(client.get(f"/pages/{page.pk}/edit/"))
        assert "beside-source" not in text

    def test_nothing_changes_by_get(self, client, pair):
        story, page = pair
        revise(story, lead="Changed.")
        for name in ACTS:
            client.get(reverse(name, args=[page.pk]), {"all": "on"})
        assert changed(page) == {"lead"} and version(page).untranslated == 6


class TestChanges:
    def test_changed_paragraphs_are_shown_with_their_words(self, client, pair):
        story, page = pair
        revise(story, lead="After two years.")
        text = text_of(client.get(reverse("newsroom_changes", args=[page.pk])))
        assert "After <del>a year.</del>" in text and "After <ins>two years.</ins>" in text
        assert "Ferries run every hour." not in text, "what did not change is not shown"

    def test_one_click_settles_one_or_all(self, client, pair):
        story, page = pair
        revise(story, lead="Changed.", title="Changed", body=lambda raw: raw.pop())
        address = reverse("newsroom_changes", args=[page.pk])
        client.post(address, {"piece": "lead"})
        assert "lead" not in changed(page) and len(changed(page)) == 2
        client.post(address, {"all": "on"})
        assert not changed(page)
        assert "nothing is out of date" in text_of(client.get(address))

    def test_new_block_is_taken_over_in_its_place(self, client, pair):
        story, page = pair
        new = {"type": "text", "value": "<p>New.</p>", "id": "11111111-1111-4111-8111-111111111111"}
        revise(story, body=lambda raw: raw.insert(1, new))
        client.post(reverse("newsroom_take_over", args=[page.pk]), {"piece": f"body.{new['id']}"})
        draft = fresh(page).get_latest_revision_as_object()
        assert [one.block_type for one in draft.body] == ["text", "text", "quote", "list", "table"]
        assert not changed(page) and version(page).pieces[f"body.{new['id']}"][2] == ledger.INITIAL

    def test_after_an_act_only_our_own_pages_are_returned_to(self, client, pair):
        story, page = pair
        revise(story, lead="Changed.")
        for following in ("//evil.test", "https://evil.test/", "/\\evil.test"):
            reply = client.post(reverse("newsroom_changes", args=[page.pk]), {"all": "on", "next": following})
            assert reply.url == reverse("newsroom_changes", args=[page.pk])


class TestSideBySide:
    def test_source_stands_in_the_editor_in_its_own_language(self, client, pair):
        story, page = pair
        text = text_of(client.get(f"/pages/{page.pk}/edit/"))
        assert 'data-path="title"' in text and f'data-path="{block(story, "quote").removeprefix("body.")}"' in text
        assert '<div class="beside-text" lang="en" dir="ltr">' in text and "not translated yet" in text
        assert 'name="action-submit"' in text and "w-autosave" in text, "everything of Wagtail's editor is there"

    def test_article_that_was_made_from_nothing_has_no_source(self, client, pair, chief):
        story, _page = pair
        text = text_of(people.sign_in(chief).get(f"/pages/{story.pk}/edit/"))
        assert "beside-source" not in text

    def test_urgent_correction_stands_above_the_editor(self, client, pair):
        story, page = pair
        revise(story, body=correct)
        assert "not three." in text_of(client.get(f"/pages/{page.pk}/edit/"))
        client.post(reverse("newsroom_settle_urgent", args=[page.pk]))
        assert not version(page).urgent

    def test_approval_by_script_answers_with_a_number(self, client, pair):
        _story, page = pair
        reply = client.post(
            reverse("newsroom_approve", args=[page.pk]), {"piece": "title"}, headers={"Accept": "application/json"}
        )
        assert reply.json() == {"done": 1} and version(page).pieces["title"][2] == ledger.REVIEWED


class TestFiles:
    @pytest.mark.parametrize("kind", sorted(files.FORMATS))
    def test_file_goes_out_and_comes_back(self, client, pair, kind):
        _story, page = pair
        reply = client.get(reverse("newsroom_download", args=[page.pk, kind]))
        assert "attachment" in reply["Content-Disposition"]
        job = files.read(reply.content)
        back = job.with_units({one.key: _translated(one, "Паромы") for one in job.units if one.key == "title"})
        upload = SimpleUploadedFile("back", files.write(back, kind))
        report = client.post(reverse("newsroom_files", args=[page.pk]), {"file": upload})
        assert "1 text taken" in text_of(report)
        assert fresh(page).get_latest_revision_as_object().title == "Паромы"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"nonsense",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xliff>&b;</xliff>',
            b"\xff\xfe\x00",
        ],
    )
    def test_what_is_no_translation_is_refused_and_nothing_changes(self, client, pair, content):
        _story, page = pair
        upload = SimpleUploadedFile("back.xlf", content)
        reply = client.post(reverse("newsroom_files", args=[page.pk]), {"file": upload})
        assert reply.status_code == 400 and "Nothing of the file was taken." in text_of(reply)
        assert version(page).untranslated == 6

    def test_file_of_another_story_is_refused(self, client, pair, section, polyglot, мир):
        (other,) = translate(factories.make_article(section, "Other"), polyglot, "ru")
        content = client.get(reverse("newsroom_download", args=[other.pk, "xliff"])).content
        reply = client.post(
            reverse("newsroom_files", args=[pair[1].pk]), {"file": SimpleUploadedFile("x.xlf", content)}
        )
        assert reply.status_code == 400

    def test_no_file_is_told(self, client, pair):
        assert client.post(reverse("newsroom_files", args=[pair[1].pk])).status_code == 400

    def test_machine_is_offered_only_where_there_is_one(self, client, pair, monkeypatch):
        _story, page = pair
        assert "By machine" not in text_of(client.get(reverse("newsroom_files", args=[page.pk])))
        assert client.post(reverse("newsroom_machine_draft", args=[page.pk])).status_code == 404
        monkeypatch.setattr(machine, "configured", lambda config: object())
        monkeypatch.setattr(machine, "draft", _drafted)
        assert "By machine" in text_of(client.get(reverse("newsroom_files", args=[page.pk])))
        client.post(reverse("newsroom_machine_draft", args=[page.pk]))
        assert version(page).machine_made == 6 and version(page).untranslated == 0
        editor = text_of(client.get(f"/pages/{page.pk}/edit/"))
        assert "made by a machine" in editor
        client.post(reverse("newsroom_approve", args=[page.pk]), {"all": "on"})
        assert version(page).machine_made == 0


class TestLinking:
    def test_two_articles_are_joined_and_parted(self, story, мир, chief, russian):
        page = factories.make_article(мир, "Паромы")
        both = people.make_person("both", ("chief_editor", russian))
        both.groups.add(*chief.groups.all())
        client, address = people.sign_in(both), reverse("newsroom_link", args=[page.pk])
        assert client.get(address).status_code == 200
        client.post(address, {"source": str(story.pk)})
        assert fresh(page).translation_key == story.translation_key
        assert "Ferries run again" in text_of(client.get(address))
        client.post(address, {"part": "on"})
        assert fresh(page).translation_key != story.translation_key

    @pytest.mark.parametrize("source", ["", "x", "9" * 30, "0"])
    def test_nonsense_is_refused(self, client, pair, source):
        reply = client.post(reverse("newsroom_link", args=[pair[1].pk]), {"source": source}, follow=True)
        assert "Choose the article that this one is a translation of." in text_of(reply)

    def test_who_may_not_publish_changes_nothing_that_readers_see(self, client, story, pair):
        page = revise(pair[1])
        address = reverse("newsroom_link", args=[page.pk])
        assert client.get(address).status_code == 302
        client.post(address, {"part": "on"})
        assert fresh(page).translation_key == story.translation_key

    def test_article_of_others_is_not_linked(self, client, story):
        assert client.post(reverse("newsroom_link", args=[story.pk]), {"part": "on"}).status_code == 302
        assert fresh(story).translation_key == story.translation_key


def _translated(unit, text):
    from dataclasses import replace

    return replace(unit, target=text, state="translated")


def _drafted(job, translator):
    from dataclasses import replace

    units = tuple(replace(one, target=one.source, state="machine") for one in job.units)
    return replace(job, units=units)
