from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "broadsheet.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        from . import checks, policies, signals  # noqa: F401

        policies.register()
