"""The newsroom's addresses: Wagtail's admin at the root of its own origin, and what we put before it."""

import re

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents.views.serve import serve

from broadsheet.articles.addresses import segment

from . import versions_view, views
from .board_view import BoardView, NewArticleView

_LANGUAGES = "|".join(re.escape(segment(language)) for language in settings.CONFIG.languages)

urlpatterns = [
    path("healthz", views.healthz, name="newsroom_healthz"),
    path("metrics", views.metrics_text, name="newsroom_metrics"),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "wagtailadmin/images/favicon.ico")),
    path("logout/", views.log_out),
    path("preview/<str:token>/", views.preview, name="newsroom_preview"),
    path("preview-picture/<str:pass_>/", views.preview_picture),
    re_path(rf"^(?P<path>(?:{_LANGUAGES})/.*)$", views.to_readers),
    re_path(rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>.+)$", views.original, name="newsroom_original"),
    path("pages/<int:page_id>/preview-links/", views.preview_links, name="newsroom_preview_links"),
    path("pages/<int:page_id>/languages/", versions_view.languages, name="newsroom_languages"),
    path("translation/submit/page/<int:page_id>/", require_admin_access(views.TranslatePageView.as_view())),
    path(
        "translation/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
        require_admin_access(views.TranslateNameView.as_view()),
    ),
    # Stories have no attached documents; Wagtail's admin needs the address, and what is behind it stays inside.
    re_path(r"^documents/files/(\d+)/(.*)$", require_admin_access(serve), name="wagtaildocs_serve"),
    path("articles/", require_admin_access(BoardView.as_view()), name="newsroom_board"),
    path("articles/new/", require_admin_access(NewArticleView.as_view()), name="newsroom_new_article"),
    path("", include(wagtailadmin_urls)),
]

handler400 = views.bad_request
handler500 = views.failed
