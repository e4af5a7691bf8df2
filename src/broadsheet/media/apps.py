from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "broadsheet.media"
    label = "media"

    def ready(self) -> None:
        from django.conf import settings
        from PIL import Image

        # Pillow warns above this and refuses above twice as much: it must not speak before our own limit is reached.
        Image.MAX_IMAGE_PIXELS = settings.CONFIG.image_limit_megapixels * 1_000_000
