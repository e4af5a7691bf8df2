"""Wagtail asks at every save whether a slug is taken among a page's siblings: by its own index it reads them all."""

from django.db import migrations

NAME = "broadsheet_page_slug"


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_totals")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX IF NOT EXISTS {NAME} ON wagtailcore_page (depth, slug, path)",
                          f"DROP INDEX IF EXISTS {NAME}"),
    ]
