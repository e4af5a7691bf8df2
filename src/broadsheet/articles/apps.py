from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "broadsheet.articles"
    label = "articles"

    def ready(self) -> None:
        from . import signals  # noqa: F401
