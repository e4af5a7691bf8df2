"""Who may see and change what: Wagtail's rights by place, and ours by language."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import AbstractPage, Locale, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from broadsheet.articles.models import Author, Edition, HomePage, Topic

# Rights on a place that let their holder read other people's drafts there.
_READING = {"change_page", "publish_page"}


class DeskPolicy(PagePermissionPolicy):
    """Wagtail's rights on pages, but who may only add there does not see the drafts of others."""

    def explorable_instances(self, user: Any) -> QuerySet[Page]:
        return visible(super().explorable_instances(user), user)


def visible(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """Those of the pages that are public, or the user's own, or drafts in a place where they may change or publish."""
    if user.is_superuser:
        return pages
    return pages.filter(Q(live=True) | Q(owner=user) | _below(reading_paths(user)))


def reading_paths(user: Any) -> list[str]:
    """The tree paths below which the user may read all drafts."""
    granted = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    return sorted({one.page.path for one in granted if one.permission.codename in _READING})


def working_paths(user: Any) -> list[str]:
    """The tree paths below which the user has any right."""
    granted = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    return sorted({one.page.path for one in granted})


def _below(paths: list[str]) -> Q:
    matching = Q(pk__in=[])
    for path in paths:
        matching |= Q(path__startswith=path)
    return matching


class LanguagePolicy(ModelPermissionPolicy):
    """The right to the model, in the languages in which the user works: authors and topics."""

    def locales(self, user: Any) -> set[int]:
        return worked_locales(user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        allowed = self.user_has_any_permission(user, actions)
        return bool(allowed and (user.is_superuser or instance.locale_id in self.locales(user)))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)


class EditionPolicy(LanguagePolicy):
    """Editions: those of the languages that the user leads."""

    def locales(self, user: Any) -> set[int]:
        return led_locales(user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Edition]:
        editions: QuerySet[Edition] = super().instances_user_has_any_permission_for(user, actions)
        return editions if user.is_superuser else editions.filter(locale_id__in=led_locales(user))


def worked_locales(user: Any) -> set[int]:
    """The locales in which the user has any right on a page; those of the whole tree where it is on the root."""
    granted = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    if any(one.page.depth == 1 for one in granted):
        return set(Locale.objects.values_list("pk", flat=True))
    return {one.page.locale_id for one in granted}


def led_locales(user: Any) -> set[int]:
    """The locales whose front the user may publish: chief editors' and administrators'."""
    granted = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    paths = [one.page.path for one in granted if one.permission.codename == "publish_page"]
    homes = HomePage.objects.values_list("path", "locale_id")
    return {locale_id for path, locale_id in homes if any(path.startswith(above) for above in paths)}


def register() -> None:
    """Put them in Wagtail's registry. Called once, when the app is ready."""
    register_permission_policy(AbstractPage, DeskPolicy())
    register_permission_policy(Edition, EditionPolicy(Edition))
    register_permission_policy(Author, LanguagePolicy(Author))
    register_permission_policy(Topic, LanguagePolicy(Topic))
