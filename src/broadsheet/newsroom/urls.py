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
from .translating import exchange_views as files
from .translating import views as translating
from .translating.beside import EditArticleView
from .translating.board_view import LanguagesView

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
    path("pages/<int:page_id>/edit/", require_admin_access(EditArticleView.as_view())),
    path("translations/", require_admin_access(LanguagesView.as_view()), name="newsroom_languages_board"),
    path("translations/<int:page_id>/into/", translating.translate_into, name="newsroom_translate_into"),
    path("translations/<int:page_id>/changes/", translating.changes, name="newsroom_changes"),
    path("translations/<int:page_id>/approve/", translating.approve, name="newsroom_approve"),
    path("translations/<int:page_id>/take-over/", translating.take_over, name="newsroom_take_over"),
    path("translations/<int:page_id>/settle/", translating.settle_urgent, name="newsroom_settle_urgent"),
    path("translations/<int:page_id>/link/", translating.link, name="newsroom_link"),
    path("translations/<int:page_id>/files/", files.upload, name="newsroom_files"),
    path("translations/<int:page_id>/files/<slug:kind>/", files.download, name="newsroom_download"),
    path("translations/<int:page_id>/machine/", files.machine_draft, name="newsroom_machine_draft"),
    path("", include(wagtailadmin_urls)),
]

handler400 = views.bad_request
handler500 = views.failed
