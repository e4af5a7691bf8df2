from django.db import migrations, models

COUNT = [
    f"INSERT INTO articles_published_total (listing, total) "
    f"SELECT '{kind}:' || {kind}_id, COUNT(*) FROM articles_published_{kind} GROUP BY {kind}_id"
    for kind in ("section", "topic", "author")
]


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0005_quoted_paragraphs'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedTotal',
            fields=[
                ('listing', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('total', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'articles_published_total',
            },
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
