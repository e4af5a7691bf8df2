"""What each role may do, and may not do even by direct address."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Workflow

from broadsheet.articles.models import ArticlePage, Author, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle
from broadsheet.newsroom import roles
from broadsheet.newsroom.models import Desk
from tests import factories
from tests.newsroom import people
from tests.newsroom.people import act


@pytest.fixture
def draft(section, reporter):
    """The reporter's own draft."""
    return factories.make_article(section, "A draft of the reporter", publish=False, owner=reporter)


def submit(client, page, title="A draft of the reporter"):
    return people.edit(client, page, title, **{"action-submit": "1"})


def approve(client, page):
    task = page.current_workflow_task_state
    return client.post(act("workflow_action", page.pk, "approve", task.pk), {"comment": ""})


def test_section_comes_with_its_groups_rights_and_approval(section):
    assert set(Desk.objects.filter(page=section).values_list("group__name", flat=True)) == {
        "Reporters · World (en)",
        "Section editors · World (en)",
    }
    assert section.get_workflow().name == "Approval · World (en)"
    rights = GroupPagePermission.objects.filter(group__name="Reporters · World (en)")
    assert [right.permission.codename for right in rights] == ["add_page"]


def test_front_comes_with_chief_editors_and_translators(home):
    names = set(Desk.objects.filter(page=home).values_list("group__name", flat=True))
    assert names == {"Chief editors (en)", "Translators (en)"}


def test_groups_and_approval_are_renamed_with_the_section(section):
    section.title = "The wide world"
    section.save_revision().publish()
    assert Group.objects.filter(name="Reporters · The wide world (en)").exists()
    assert not Group.objects.filter(name="Reporters · World (en)").exists()
    assert Workflow.objects.get(workflow_pages__page=section).name == "Approval · The wide world (en)"


def test_two_sections_of_one_title_have_groups_of_their_own(home, section):
    other = factories.make_section(home, "World")
    assert roles.group_of(other, "reporter") != roles.group_of(section, "reporter")


def test_deleted_section_leaves_no_groups(section):
    section.delete()
    assert not Group.objects.filter(name__contains="World").exists()
    assert not Workflow.objects.filter(name__contains="World", active=True).exists()


def test_ensuring_roles_again_changes_nothing(section):
    before = (Group.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count())
    call_command("ensure_roles", verbosity=0)
    assert (Group.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count()) == before


def test_subsection_is_approved_by_the_editors_above_it(home, section):
    inner = factories.make_section(section, "Caucasus")
    task = inner.get_workflow().tasks[0].specific
    assert set(task.groups.values_list("name", flat=True)) == {
        "Section editors · Caucasus (en)",
        "Section editors · World (en)",
        "Chief editors (en)",
    }


def test_reporter_writes_a_draft_in_the_own_section(reporter, section):
    response = people.create(people.sign_in(reporter), section)
    article = ArticlePage.objects.get()
    assert response.status_code == 302
    assert (article.live, article.owner) == (False, reporter)


def test_reporter_cannot_publish_by_asking_for_it(reporter, section):
    people.create(people.sign_in(reporter), section, **{"action-publish": "1"})
    assert not ArticlePage.objects.get().live
    assert not PublishedArticle.objects.exists()


def test_reporter_cannot_write_in_another_section_nor_make_sections(reporter, section, sport):
    client = people.sign_in(reporter)
    assert people.create(client, sport).status_code == 302
    assert not ArticlePage.objects.exists()
    client.get(act("add", "articles", "sectionpage", section.pk))
    response = client.post(act("add", "articles", "sectionpage", section.pk), {"title": "Mine"})
    assert response.status_code in {302, 403}
    assert SectionPage.objects.count() == 2


@pytest.mark.parametrize(
    "address", ["edit", "history", "view_draft", "copy", "delete", "move", "unpublish", "workflow_history"]
)
def test_colleague_cannot_touch_the_reporters_draft(colleague, draft, address):
    response = people.sign_in(colleague).get(act(address, draft.pk))
    assert (response.status_code, response.headers.get("Location")) == (302, "/")


def test_colleague_cannot_restore_compare_or_preview_a_revision(colleague, draft):
    client, revision = people.sign_in(colleague), draft.latest_revision
    for name in ("revisions_revert", "revisions_view"):
        assert client.get(act(name, draft.pk, revision.pk)).status_code == 302
    assert client.get(act("revisions_compare", draft.pk, "earliest", "latest")).status_code == 302
    people_form = people.article_form("Stolen")
    client.post(act("revisions_revert", draft.pk, revision.pk), people_form)
    assert people.latest(draft).title == "A draft of the reporter"


def test_colleague_sees_no_draft_of_another_in_any_list(colleague, draft, section):
    client = people.sign_in(colleague)
    for address in (
        reverse("wagtailadmin_explore", args=[section.pk]),
        reverse("newsroom_board"),
        reverse("wagtailadmin_pages:search") + "?q=draft",
        reverse("wagtailadmin_choose_page_child", args=[section.pk]) + "?page_type=articles.articlepage",
        reverse("wagtailadmin_choose_page_search") + "?q=draft&page_type=articles.articlepage",
        reverse("wagtailadmin_api:pages:listing") + "?search=draft",
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_reports:site_history"),
    ):
        response = client.get(address)
        assert "A draft of the reporter" not in response.content.decode(), address


def test_section_editor_of_one_section_cannot_touch_another(section_editor, sport):
    article = factories.make_article(sport, "A match")
    client = people.sign_in(section_editor)
    people.edit(client, article, "Changed", **{"action-publish": "1"})
    client.post(act("unpublish", article.pk))
    client.post(act("delete", article.pk))
    client.post(act("lock", article.pk))
    article.refresh_from_db()
    assert (article.title, article.live, article.locked) == ("A match", True, False)


def test_section_editor_publishes_and_retracts(section_editor, draft):
    client = people.sign_in(section_editor)
    people.edit(client, draft, "A draft of the reporter", **{"action-publish": "1"})
    assert PublishedArticle.objects.get().headline == "A draft of the reporter"
    client.post(act("unpublish", draft.pk))
    assert not PublishedArticle.objects.exists()


def test_approval_publishes(reporter, section_editor, draft):
    submit(people.sign_in(reporter), draft)
    draft.refresh_from_db()
    assert draft.workflow_in_progress and not draft.live
    approve(people.sign_in(section_editor), draft)
    assert PublishedArticle.objects.get().article_id == draft.pk


def test_chief_editor_may_approve_too(reporter, chief, draft):
    submit(people.sign_in(reporter), draft)
    approve(people.sign_in(chief), draft)
    assert PublishedArticle.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "colleague", "translator", "outsider"])
def test_others_cannot_approve(request, who, reporter, draft):
    submit(people.sign_in(reporter), draft)
    approve(people.sign_in(request.getfixturevalue(who)), draft)
    draft.refresh_from_db()
    assert not draft.live and draft.workflow_in_progress


def test_review_asks_for_changes_with_a_comment_and_the_reporter_sees_it(reporter, section_editor, draft):
    submit(people.sign_in(reporter), draft)
    task = draft.current_workflow_task_state
    people.sign_in(section_editor).post(
        act("workflow_action", draft.pk, "reject", task.pk), {"comment": "Who says so?"}
    )
    draft.refresh_from_db()
    assert draft.current_workflow_state.status == "needs_changes"
    detail = act("workflow_history_detail", draft.pk, draft.current_workflow_state.pk)
    assert "Who says so?" in people.sign_in(reporter).get(detail).content.decode()


def test_story_in_review_is_locked_for_its_reporter(reporter, draft):
    client = people.sign_in(reporter)
    submit(client, draft)
    people.edit(client, draft, "Changed behind the editor's back")
    assert people.latest(draft).title == "A draft of the reporter"


def test_copying_from_or_into_a_closed_section_is_refused(outsider, section, sport):
    client = people.sign_in(outsider)
    article = factories.make_article(section, "A story of the world")
    form = {"new_title": "Mine", "new_slug": "mine", "new_parent_page": str(sport.pk)}
    client.post(act("copy", article.pk), form)
    own = factories.make_article(sport, "My match", publish=False, owner=outsider)
    client.post(act("copy", own.pk), {**form, "new_parent_page": str(section.pk)})
    assert not ArticlePage.objects.filter(title="Mine").exists()
    client.post(act("copy", own.pk), form)
    assert ArticlePage.objects.get(title="Mine").get_parent().pk == sport.pk


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
def test_bulk_acts_beyond_ones_rights_do_nothing(outsider, section, sport, action):
    live = factories.make_article(section, "A story of the world")
    draft = factories.make_article(section, "A draft of the world", publish=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    people.sign_in(outsider).post(
        f"{address}?id={live.pk}&id={draft.pk}&next=/", {"chooser": str(sport.pk), "include_descendants": "on"}
    )
    live.refresh_from_db()
    draft.refresh_from_db()
    assert (live.live, draft.live, live.get_parent().pk) == (True, False, section.pk)


def test_bulk_publishing_on_the_own_desk_works(section_editor, section):
    draft = factories.make_article(section, "A draft of the world", publish=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    people.sign_in(section_editor).post(f"{address}?id={draft.pk}&next=/", {})
    assert PublishedArticle.objects.get().article_id == draft.pk


def test_authors_and_topics_are_copied_and_changed_by_editors_alone(reporter, section_editor, section):
    author, topic = factories.make_author(), factories.make_topic()
    client = people.sign_in(reporter)
    client.post(reverse("wagtailsnippets_articles_author:copy", args=[author.pk]), {"name": "Twin", "slug": ""})
    client.post(reverse("wagtailsnippets_articles_author:edit", args=[author.pk]), {"name": "Twin", "slug": ""})
    client.post(reverse("wagtailsnippets_articles_topic:edit", args=[topic.pk]), {"name": "Twin", "slug": ""})
    assert not Author.objects.filter(name="Twin").exists() and not Topic.objects.filter(name="Twin").exists()
    form = {"name": "Aytan Reed-Smith", "slug": author.slug, "kind": "staff"}
    people.sign_in(section_editor).post(reverse("wagtailsnippets_articles_author:edit", args=[author.pk]), form)
    author.refresh_from_db()
    assert author.name == "Aytan Reed-Smith"


def test_editor_cannot_change_names_of_another_language(section_editor):
    factories.make_home("az", "Fənər")
    author = factories.make_author("az", "Aytən")
    form = {"name": "Somebody", "slug": author.slug, "kind": "staff"}
    people.sign_in(section_editor).post(reverse("wagtailsnippets_articles_author:edit", args=[author.pk]), form)
    author.refresh_from_db()
    assert author.name == "Aytən"


def test_api_refuses_writing_and_hides_what_is_closed(outsider, section):
    draft = factories.make_article(section, "CANARY", publish=False)
    client = people.sign_in(outsider)
    assert "CANARY" not in client.get(reverse("wagtailadmin_api:pages:listing")).content.decode()
    assert client.get(reverse("wagtailadmin_api:pages:detail", args=[draft.pk])).status_code == 404
    for action in ("publish", "delete", "copy", "unpublish"):
        client.post(reverse("wagtailadmin_api:pages:action", args=[draft.pk, action]), {}, "application/json")
    draft.refresh_from_db()
    assert not draft.live and ArticlePage.objects.count() == 1


class TestTranslating:
    """A translator takes what may be read in one language into another in which they work."""

    @pytest.fixture
    def azerbaijani(self, home):
        front = home.copy_for_translation(Locale.objects.get_or_create(language_code="az")[0])
        front.save_revision().publish()
        return front

    @pytest.fixture
    def dünya(self, azerbaijani, section):
        translated = section.copy_for_translation(azerbaijani.locale)
        translated.save_revision().publish()
        return translated

    def post(self, person, page, locale):
        address = reverse("newsroom_translate_into", args=[page.pk])
        return people.sign_in(person).post(address, {"language": [locale.language_code]})

    def test_published_story_is_taken_into_the_own_language(self, section, azerbaijani, dünya):
        translator = people.make_person("tərcüməçi", ("translator", azerbaijani))
        article = factories.make_article(section)
        self.post(translator, article, azerbaijani.locale)
        made = article.get_translation(azerbaijani.locale)
        assert (made.get_parent().pk, made.live) == (dünya.pk, False)

    def test_drafts_of_others_are_not_taken(self, section, azerbaijani, dünya):
        translator = people.make_person("tərcüməçi", ("translator", azerbaijani))
        article = factories.make_article(section, publish=False)
        assert self.post(translator, article, azerbaijani.locale).status_code == 302
        assert not article.has_translation(azerbaijani.locale)

    def test_nothing_is_put_into_a_language_of_others(self, translator, section, azerbaijani, dünya):
        article = factories.make_article(section)
        self.post(translator, article, azerbaijani.locale)
        assert not article.has_translation(azerbaijani.locale)

    def test_reporter_cannot_translate(self, reporter, section, azerbaijani, dünya):
        article = factories.make_article(section, owner=reporter)
        self.post(reporter, article, azerbaijani.locale)
        assert not article.has_translation(azerbaijani.locale)

    def test_translator_edits_but_does_not_publish(self, translator, section):
        article = factories.make_article(section, publish=False)
        people.edit(people.sign_in(translator), article, "Better words", **{"action-publish": "1"})
        article.refresh_from_db()
        assert (people.latest(article).title, article.live) == ("Better words", False)


def test_administrator_sees_everything_and_manages_people(administrator, section):
    client = people.sign_in(administrator)
    draft = factories.make_article(section, publish=False)
    for address in (
        act("edit", draft.pk),
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_groups:index"),
        reverse("wagtailadmin_workflows:index"),
        reverse("editions:index"),
        reverse("wagtailimages:index"),
        reverse("newsroom_board"),
    ):
        assert client.get(address).status_code == 200, address


def test_people_without_a_desk_get_in_nowhere(section):
    client = people.sign_in(people.make_person("stranger"))
    for address in ("/", "/articles/", f"/pages/{section.pk}/", "/media/x.jpg"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/login/")


def test_nobody_has_rights_on_single_articles(section, reporter, chief, translator):
    factories.make_article(section)
    places = Page.objects.filter(group_permissions__isnull=False).distinct()
    assert not places.filter(pk__in=ArticlePage.objects.values("pk")).exists()
