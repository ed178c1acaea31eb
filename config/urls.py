"""Every page and endpoint, by app."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from accounts import views as account_views
from config import docs, health, metrics, styleguide, views

API: list[URLPattern | URLResolver] = [
    path("schema", docs.ApiSchema.as_view(), name="schema"),
    path("docs", docs.ApiDocs.as_view(url_name="schema"), name="api-docs"),
    path("", include("sessions_app.api.urls")),
    path("", include("practice.api.urls")),
    path("", include("evaluation.api.urls")),
    path("", include("tracking.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("diagnostics.api.urls")),
]
urlpatterns = [
    # First, so that no call looks through the pages.
    path("api/", include(API)),
    path("", views.landing, name="landing"),
    path("dashboard", views.dashboard, name="dashboard"),
    path("demo", views.try_as_demo_learner, name="try-demo"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("accounts/email/", account_views.Addresses.as_view(), name="account_email"),
    path("accounts/", include("allauth.urls")),
    # Typed by hand: allauth's addresses end with a slash, ours do not.
    re_path(r"^accounts/(?P<rest>[a-z/]+[a-z])$", RedirectView.as_view(url="/accounts/%(rest)s/")),
    path("favicon.ico", RedirectView.as_view(url=static("favicon.svg"), permanent=True)),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("accounts.urls")),
    path("", include("evaluation.urls")),
    path("", include("practice.urls")),
    path("", include("tracking.urls")),
    path("", include("sessions_app.urls")),
    path("", include("diagnostics.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler429 = "config.views.too_often"  # allauth asks for it
handler500 = "config.views.server_error"
