"""The readers' origin: a few addresses of its own, everything else is a page."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("healthz", views.healthz),
    path("favicon.ico", views.favicon),
    re_path(r"^pictures/(?P<name>.+)$", views.picture),
    re_path(r"^static/(?P<path>.+)$", views.asset),
    re_path(r"^$", views.choose_language),
    re_path(r"", views.answer),
]

handler500 = views.failed
