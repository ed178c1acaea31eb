"""Write the proxy's configuration for this site, and a certificate where there is none yet.

python -m config.proxy FOLDER    # FOLDER/nginx.conf, and FOLDER/tls unless PROXY_TLS names another
nginx -c FOLDER/nginx.conf
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.env import env
from config.headers import EXPOSED_HEADERS
from config.refusals import in_words

TEMPLATE = Path(__file__).with_name("nginx.conf")
PLACE = re.compile(r"@([A-Z_]+)@")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+")
ADDRESS = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


def main(folder: Path) -> None:
    site = env.str("SITE_URL", "").rstrip("/")
    if urlsplit(site).scheme != "https" or not re.fullmatch(r"[^\s;{}'\"$]+", site):
        raise ImproperlyConfigured("SITE_URL must be the https address of this site.")
    folder.mkdir(parents=True, exist_ok=True)
    tls = Path(env.str("PROXY_TLS", "") or folder / "tls").absolute()
    make_certificate(tls, host=urlsplit(site).hostname or "localhost")
    (folder / "nginx.conf").write_text(configuration(site=site, tls=tls))


def configuration(*, site: str, tls: Path) -> str:
    web = _address("PROXY_WEB", "127.0.0.1:8002")
    heartbeats = _address("PROXY_HEARTBEATS", "")
    resolver = _address("PROXY_RESOLVER", "")
    # With a resolver names are looked up again and again: containers come back at other addresses.
    again = " resolve" if resolver else ""
    beats = f"server {heartbeats}{again};\n        server {web}{again} backup;"
    values = {
        "SITE_URL": site,
        "TLS": str(tls),
        "WEB": f"server {web}{again};",
        "HEARTBEATS": beats if heartbeats else f"server {web}{again};",
        "RESOLVER": f"resolver {resolver} valid=10s;" if resolver else "",
        "CORS_ORIGINS": "".join(f'"{origin}" $http_origin; ' for origin in _origins()),
        "CORS_EXPOSED": ", ".join(EXPOSED_HEADERS),
        "HTTP_PORT": str(env.int("PROXY_HTTP_PORT", 80)),
        "HTTPS_PORT": str(env.int("PROXY_HTTPS_PORT", 443)),
        "HSTS_SECONDS": str(env.int("SECURE_HSTS_SECONDS", 31_536_000)),
        "CONNECTIONS": str(env.int("PROXY_CONNECTIONS_PER_ADDRESS", 512)),
    }
    return PLACE.sub(lambda place: values[place[1]], TEMPLATE.read_text())


def make_certificate(folder: Path, *, host: str) -> None:
    """A self-signed one for a year, to begin with; what is there already is left alone."""
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    if chain.exists() and key.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = "IP" if re.fullmatch(r"[0-9.]+|.*:.*", host) else "DNS"
    names = f"subjectAltName={kind}:{host}"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    where = [
        "-days",
        "365",
        "-subj",
        "/CN=Etude",
        "-addext",
        names,
        "-keyout",
        str(key),
        "-out",
        str(chain),
    ]
    try:
        subprocess.run(["openssl", "req", "-x509", *curve, *where], check=True, capture_output=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as error:
        raise ImproperlyConfigured(
            f"no certificate in {folder} (fullchain.pem, privkey.pem), and openssl could make none."
        ) from error
    key.chmod(0o600)


def _origins() -> list[str]:
    found = list(dict.fromkeys(env.list("CORS_ALLOWED_ORIGINS", default=[])))
    for origin in found:
        if not ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"CORS_ALLOWED_ORIGINS must be like https://a.example,https://b.example, "
                f"not {origin!r}."
            )
    return found


def _address(name: str, default: str) -> str:
    value = str(env.str(name, default))
    if value and not ADDRESS.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must be a host and port, not {value!r}.")
    return value


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with in_words():
        main(Path(sys.argv[1]))
