"""Indexes of Wagtail's own page table that its own explorer, publish and schedule lack (see the architecture)."""

from django.db import migrations

SQLITE = {
    "broadsheet_page_path_nocase": "wagtailcore_page (path COLLATE NOCASE, depth)",
    "broadsheet_page_depth": "wagtailcore_page (depth, path)",
    "broadsheet_page_expire": "wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL",
    "broadsheet_page_alias": "wagtailcore_page (alias_of_id, path) WHERE alias_of_id IS NOT NULL",
    "broadsheet_page_latest": "wagtailcore_page (latest_revision_created_at DESC, id DESC)",
    "broadsheet_page_board": "wagtailcore_page (content_type_id, latest_revision_created_at DESC, id DESC)",
}
POSTGRESQL = {
    "broadsheet_page_path_like": "wagtailcore_page (path varchar_pattern_ops, depth)",
    "broadsheet_page_depth": "wagtailcore_page (depth, path)",
    "broadsheet_page_expire": "wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL",
    "broadsheet_page_latest": "wagtailcore_page (latest_revision_created_at DESC NULLS LAST, id DESC)",
    "broadsheet_page_board": (
        "wagtailcore_page (content_type_id, latest_revision_created_at DESC NULLS LAST, id DESC)"
    ),
}


def _indexes(schema_editor):
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, {})


def make(apps, schema_editor):
    for name, target in _indexes(schema_editor).items():
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {target}")


def drop(apps, schema_editor):
    for name in _indexes(schema_editor):
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(make, drop)]
