"""Whether a slug is taken among a page's siblings, Wagtail asks at every save: by its own index it reads them all."""

from django.db import migrations, models

SLUG = "broadsheet_page_slug"


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_totals")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX IF NOT EXISTS {SLUG} ON wagtailcore_page (depth, slug, path)",
            f"DROP INDEX IF EXISTS {SLUG}",
        ),
        migrations.AddIndex(
            model_name="publishedarticle",
            index=models.Index(fields=["-views", "-published_at"], name="published_most_read"),
        ),
    ]
