"""Signing in with an organization's own accounts: OpenID Connect, chosen by environment alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.env import address, env


def providers() -> dict[str, Any]:
    """The SOCIALACCOUNT_PROVIDERS setting: one provider, or none."""
    server = _server()
    apps = [_app(server)] if server else []
    return {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}


def origins() -> list[str]:
    """Where the sign-in form leads to: the provider's pages, which may stand on another host."""
    named: list[str] = env.list("OIDC_FORM_ORIGINS", default=[])
    if named or not _server():
        return named
    parts = urlsplit(_server())
    return [f"{parts.scheme}://{parts.netloc}"]


def _server() -> str:
    """What the provider says of a person is believed because TLS says who speaks."""
    is_production = env.str("ENVIRONMENT", "development") == "production"
    return address("OIDC_SERVER_URL", schemes=("https",) if is_production else ("https", "http"))


def _app(server: str) -> dict[str, Any]:
    client, secret = env.str("OIDC_CLIENT_ID", ""), env.str("OIDC_CLIENT_SECRET", "")
    if not client:
        raise ImproperlyConfigured("OIDC_SERVER_URL is set: OIDC_CLIENT_ID must be, too.")
    return {
        "provider_id": "oidc",
        "name": env.str("OIDC_NAME", "your organization"),
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server},
    }
