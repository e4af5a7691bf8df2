"""Desks: each section and each language's front has groups with the rights of their roles, and an approval.

`ensure_language` and `ensure_section` may run any number of times; they make what is missing and rename what is named
after an old title. Rights are given on a section or front, never on a single page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser, Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from broadsheet.articles.models import HomePage, NewsPage, SectionPage

from .models import Desk

ADMINISTRATORS = "Administrators"

PLURALS = {
    "reporter": "Reporters",
    "section_editor": "Section editors",
    "chief_editor": "Chief editors",
    "translator": "Translators",
}
PAGE_RIGHTS = {
    "reporter": ("add",),
    "section_editor": ("add", "change", "publish", "lock", "unlock"),
    "chief_editor": ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
    "translator": ("add", "change"),
}
IMAGE_RIGHTS = {
    "reporter": ("add_image", "choose_image"),
    "section_editor": ("add_image", "change_image", "choose_image"),
    "chief_editor": ("add_image", "change_image", "choose_image"),
    "translator": ("add_image", "choose_image"),
}
# Rights on whole models, as app.codename.
_TRANSLATE = "simple_translation.submit_translation"
_NAMES_READ = ("articles.view_author", "articles.view_topic", "articles.add_topic")
_WORDS_WRITE = tuple(f"translations.{act}_scriptword" for act in ("view", "add", "change", "delete"))
_NAMES_WRITE = ("articles.add_author", "articles.change_author", "articles.change_topic")
MODEL_RIGHTS = {
    "reporter": ("wagtailadmin.access_admin", *_NAMES_READ),
    "section_editor": ("wagtailadmin.access_admin", *_NAMES_READ, *_NAMES_WRITE, _TRANSLATE),
    "chief_editor": (
        "wagtailadmin.access_admin",
        _TRANSLATE,
        *_NAMES_READ,
        *_NAMES_WRITE,
        "articles.delete_author",
        "articles.delete_topic",
        "articles.view_edition",
        "articles.change_edition",
        *_WORDS_WRITE,
    ),
    "translator": ("wagtailadmin.access_admin", *_NAMES_READ, *_NAMES_WRITE, *_WORDS_WRITE, _TRANSLATE),
}
# Rights that groups of older sites get with an upgrade; what an administrator took away otherwise stays away.
LATER_RIGHTS = {"chief_editor": _WORDS_WRITE, "translator": _WORDS_WRITE}
_ADMINISTERED = Q(
    content_type__app_label__in=["articles", "auth", "wagtailimages", "simple_translation", "translations"]
) | Q(
    content_type__app_label="wagtailcore",
    content_type__model__in=["collection", "locale", "task", "workflow", "groupapprovaltask"],
)


@transaction.atomic
def ensure_language(home: HomePage) -> dict[str, Group]:
    """The groups of a language's front by role, with their rights, and the approval of what stands outside sections."""
    ensure_administrators()
    groups = {
        role: _ensure_desk(home, role, f"{PLURALS[role]} ({home.language})") for role in ("chief_editor", "translator")
    }
    _ensure_approval(home, f"Approval · {home.language}", [groups["chief_editor"]])
    return groups


@transaction.atomic
def ensure_section(section: SectionPage) -> dict[str, Group]:
    """The section's groups by role, with their rights, and its approval by its editors and those above them."""
    name = f"{section.title[:90]} ({section.language})"
    groups = {role: _ensure_desk(section, role, f"{PLURALS[role]} · {name}") for role in ("reporter", "section_editor")}
    above = section.get_ancestors().values_list("pk", flat=True)
    approving = Desk.objects.filter(page_id__in=list(above), role__in=["section_editor", "chief_editor"])
    approvers = [groups["section_editor"], *(desk.group for desk in approving.select_related("group"))]
    _ensure_approval(section, f"Approval · {name}", approvers)
    return groups


@transaction.atomic
def ensure_administrators() -> Group:
    """The group that may do everything, on all pages and in all languages, without being superusers."""
    group, made = Group.objects.get_or_create(name=ADMINISTRATORS)
    if made:
        root = Page.get_first_root_node()
        _grant_pages(group, root, PAGE_RIGHTS["chief_editor"])
        _grant_images(group, (*IMAGE_RIGHTS["chief_editor"], "delete_image"))
        access = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
        group.permissions.add(*access, *Permission.objects.filter(_ADMINISTERED))
    return group


def ensure_all() -> int:
    """Every front's and every section's desks; the number of places looked at."""
    ensure_administrators()
    homes = list(HomePage.objects.order_by("path"))
    sections = list(SectionPage.objects.order_by("path"))
    for home in homes:
        ensure_language(home)
    for section in sections:
        ensure_section(section)
    return len(homes) + len(sections)


def group_of(page: Page, role: str) -> Group:
    """The group that holds the role on the section or front. Raises Desk.DoesNotExist."""
    return Desk.objects.select_related("group").get(page_id=page.pk, role=role).group


def employ(user: AbstractBaseUser, role: str, page: Page) -> None:
    """Put the person into the role on the section or front."""
    user.groups.add(group_of(page, role))  # type: ignore[attr-defined]


def _ensure_desk(page: NewsPage, role: str, name: str) -> Group:
    desk = Desk.objects.select_related("group").filter(page_id=page.pk, role=role).first()
    if desk is None:
        group = Group.objects.create(name=_free_name(name, page))
        Desk.objects.create(page_id=page.pk, role=role, group=group)
        group.permissions.set(_permissions(MODEL_RIGHTS[role]))
        _grant_images(group, IMAGE_RIGHTS[role])
    else:
        group = desk.group
        if group.name != name:
            _rename(group, page, name)
        group.permissions.add(*_permissions(LATER_RIGHTS.get(role, ())))
    _grant_pages(group, page, PAGE_RIGHTS[role])
    return group


def _rename(group: Group, page: NewsPage, name: str) -> None:
    free = name if not Group.objects.filter(name=name).exclude(pk=group.pk).exists() else _free_name(name, page)
    if group.name != free:
        group.name = free
        group.save(update_fields=["name"])


def _free_name(name: str, page: NewsPage) -> str:
    """Two sections of one language may have one title; their slugs differ."""
    return f"{name} · {page.slug}"[:150] if Group.objects.filter(name=name).exists() else name


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _grant_pages(group: Group, page: Page, rights: Sequence[str]) -> None:
    granted = GroupPagePermission.objects.filter(group=group, page_id=page.pk)
    have = set(granted.values_list("permission__codename", flat=True))
    missing = [f"{right}_page" for right in rights if f"{right}_page" not in have]
    if missing:
        found = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=missing)
        GroupPagePermission.objects.bulk_create(
            GroupPagePermission(group=group, page_id=page.pk, permission=permission) for permission in found
        )


def _grant_images(group: Group, rights: Sequence[str]) -> None:
    root = Collection.get_first_root_node()
    found = Permission.objects.filter(content_type__app_label="wagtailimages", codename__in=rights)
    for permission in found:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _ensure_approval(page: Page, name: str, approvers: Sequence[Group]) -> None:
    """The workflow of the section or front: one task, which any of the groups' people may approve."""
    link = WorkflowPage.objects.select_related("workflow").filter(page_id=page.pk).first()
    if link is None:
        workflow = Workflow.objects.create(name=name)
        WorkflowPage.objects.create(page_id=page.pk, workflow=workflow)
    else:
        workflow = link.workflow
        if workflow.name != name:
            workflow.name = name
            workflow.save(update_fields=["name"])
    step = workflow.workflow_tasks.select_related("task").first()
    task = step.task.specific if step else GroupApprovalTask.objects.create(name=name)
    if step is None:
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    if not isinstance(task, GroupApprovalTask):
        return  # An administrator chose another kind of task for this place.
    if task.name != name:
        task.name = name
        task.save(update_fields=["name"])
    task.groups.add(*approvers)
