"""Parts of the sitemap and the days of the archive are counted once here, and kept from then on."""

from collections import Counter

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

IDS_A_PART = 1000
COUNT_PARTS = (
    "INSERT INTO articles_published_part (part, section_id, total, changed_at) "
    f"SELECT article_id / {IDS_A_PART}, section_id, COUNT(*), MAX(modified_at) FROM articles_published "
    f"GROUP BY article_id / {IDS_A_PART}, section_id"
)
SPANS = ("day", "month", "year")


def count_days(apps, schema_editor):
    rows = apps.get_model("articles", "PublishedArticle").objects.order_by()
    found = Counter()
    for language, moment in rows.values_list("language", "published_at").iterator():
        day = moment.astimezone(settings.CONFIG.zone).date().isoformat()
        found.update(f"{kind}:{language}:{name}" for kind, name in zip(SPANS, (day, day[:7], day[:4])))
    total = apps.get_model("articles", "PublishedTotal")
    total.objects.bulk_create((total(listing=name, total=count) for name, count in found.items()), batch_size=1000)


def forget_days(apps, schema_editor):
    totals = apps.get_model("articles", "PublishedTotal").objects
    for kind in SPANS:
        totals.filter(listing__startswith=f"{kind}:").delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_indexes_for_large_archives")]

    operations = [
        migrations.CreateModel(
            name="PublishedPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveIntegerField()),
                ("total", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.sectionpage"
                    ),
                ),
            ],
            options={"db_table": "articles_published_part"},
        ),
        migrations.AddConstraint(
            model_name="publishedpart",
            constraint=models.UniqueConstraint(fields=["part", "section"], name="published_part_once"),
        ),
        migrations.RunSQL(COUNT_PARTS, migrations.RunSQL.noop),
        migrations.RunPython(count_days, forget_days),
        migrations.RemoveIndex(model_name="publishedarticle", name="published_changes"),
    ]
