"""Makes the index that the database in use has: FTS5 in SQLite, a tsvector in PostgreSQL."""

from django.db import migrations

TABLES = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_article USING fts5("
        "language, headline, lead, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    ],
    "postgresql": [
        "CREATE TABLE search_article (article_id bigint PRIMARY KEY, language varchar(16) NOT NULL, vector tsvector NOT NULL)",
        "CREATE INDEX search_article_vector ON search_article USING gin (vector)",
    ],
}


def make(apps, schema_editor):
    for statement in TABLES.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor in TABLES:
        schema_editor.execute("DROP TABLE search_article")


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(make, drop, elidable=False)]
