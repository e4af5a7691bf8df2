"""Editors translate, too: sites that stand get the right that new desks are made with."""

from django.db import migrations

ROLES = ("section_editor", "chief_editor")


def give(apps, schema_editor):
    right = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="simple_translation", codename="submit_translation"
    )
    for desk in apps.get_model("newsroom", "Desk").objects.filter(role__in=ROLES).select_related("group"):
        desk.group.permissions.add(*right)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_language_versions"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
