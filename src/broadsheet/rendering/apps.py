from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "broadsheet.rendering"
    label = "rendering"
