"""Etude's settings: everything is chosen by the environment (see `.env.example`).

Long values stand in a module of their own: stores, rest, openapi, headers, logs, celery.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import headers, keys, limits, logs, openapi, rest, sign_in, stores
from config.env import BASE_DIR, MAIL_SCHEMES, address, data_folder, env, flag

# --- Site -----------------------------------------------------------------------------------
VERSION = "0.1.0"
DEVELOPMENT_SECRET = "etude-development-secret-never-for-production"  # noqa: S105

ENVIRONMENT = env.str("ENVIRONMENT", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured("ENVIRONMENT must be development or production.")
DEBUG = flag("DEBUG", default=ENVIRONMENT == "development")
SECRET_KEY = env.str("SECRET_KEY", "") or (DEVELOPMENT_SECRET if DEBUG else "")
# Keys of before, newest first: what they signed stays good while the new one signs.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# /metrics answers staff, and scrapers that bring this as a bearer token.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{env.str('PORT', '8002')}").rstrip("/")
HTTPS = flag("HTTPS", default=urlsplit(SITE_URL).scheme == "https")

if ENVIRONMENT == "production" and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production.")
if not DEBUG:
    if not SECRET_KEY or SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured(
            "SECRET_KEY must be set to a secret of at least 32 characters when DEBUG is off."
        )
    # A dot in front takes every host below: of a domain, never of a whole top level.
    if not ALLOWED_HOSTS or any(host.strip(".*") == "" for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site, never '*'.")
if ENVIRONMENT == "production":
    for _name, _secret, _least in (
        ("SECRET_KEY", SECRET_KEY, 32),
        *(("SECRET_KEY_FALLBACKS", key, 32) for key in SECRET_KEY_FALLBACKS),
        *(("METRICS_TOKEN", token, 20) for token in filter(None, [METRICS_TOKEN])),
    ):
        if _why := keys.weakness(_secret, least=_least):
            raise ImproperlyConfigured(
                f"{_name} can be guessed: {_why}. Make one: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
    if any(host.startswith(".") and host.count(".") == 1 for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must not take every host of a top level.")

VAR_DIR = data_folder()

# --- Apps -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_prometheus",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "csp",
    "corsheaders",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "common",
    "accounts",
    "tracking",
    "evaluation",
    "judge",
    "practice",
    "sessions_app",
    "diagnostics",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Inside WhiteNoise, whose files are compressed by the build. Against BREACH: each page masks
    # its CSRF token anew and the middleware adds a random number of bytes.
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.http.middleware.HttpMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "common.http.middleware.load_user",
    "django.contrib.messages.middleware.MessageMiddleware",
    "common.request_log.log_requests",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.provider_reauthentication.AskProviderAgain",
    "accounts.middleware.use_the_users_timezone",
    "accounts.middleware.record_console_acts",
    "accounts.middleware.ask_staff_for_second_factor",
    "diagnostics.counters.count_starts",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["common.templatetags.zones"],
        },
    },
]

# --- Database -------------------------------------------------------------------------------
DATABASES = stores.databases(var_dir=VAR_DIR)
# SQLite leaves out the columns that an index only carries along; PostgreSQL has them. To https the
# proxy redirects, and to be preloaded by browsers for good is for the owner of a domain to ask.
SILENCED_SYSTEM_CHECKS = ["models.W040", "security.W008", "security.W021"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, locks, broker -------------------------------------------------------------------
REDIS_URL = address("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = stores.caches(redis_url=REDIS_URL)
CELERY_BROKER_URL = REDIS_URL or "memory://"
# Beat keeps its own small file; the schedule and the rest of Celery are in config/celery.py.
CELERY_BEAT_SCHEDULE_FILENAME = f"{VAR_DIR}/celerybeat-schedule"

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameOrAddressBackend"]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.validators.KnownPasswordValidator"},
    {"NAME": "accounts.passwords.validators.EndsTokens"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", "optional")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# A stolen session changes nothing that lasts; the person is told by mail what was changed.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "signup": "accounts.forms.SignupForm",
}
# Second factors: an app that shows codes, recovery codes, passkeys.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
}
MFA_TOTP_ISSUER = "Etude"
# Half a minute before and after: devices whose clock is a little off.
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer passkeys on http://localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# Ours (accounts.forms) asks for a confirmed main address only.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Staff and superusers have no rights before they have a second factor.
MFA_REQUIRED_OF_STAFF = flag("MFA_REQUIRED_OF_STAFF", default=not DEBUG)

# Signing in with an organization's own accounts (OpenID Connect); off without OIDC_SERVER_URL.
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = sign_in.providers()
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.ProviderSignupForm"}

# Of allauth's own counts what is left over: `login_failed` is for passkeys and a new app.
ACCOUNT_RATE_LIMITS = {
    **{"login": "", "signup": "", "login_failed": "5/5m/key"},
    # Both send mails to addresses of others.
    **{"manage_email": "10/m/user,30/d/user", "reset_password": "20/m/ip,5/h/key"},
}
# Failed sign-ins of one account from one address, of any from one address, of one from any
# (accounts.services.sign_ins); wrong codes of a second factor; sign-ins of one account that were
# right; sign-ups from one address.
SIGN_IN_LIMITS = {
    "here": env.rates("LIMIT_SIGN_IN_HERE", "5/5m"),
    "address": env.rates("LIMIT_SIGN_IN_ADDRESS", "30/5m"),
    "account": env.rates("LIMIT_SIGN_IN_ACCOUNT", "20/15m,100/d"),
    "code": env.rates("LIMIT_SIGN_IN_CODE", "5/5m,100/d"),
    "succeeded": env.rates("LIMIT_SIGN_IN_SUCCEEDED", "300/h"),
}
# Files of one's own data: each may be as large as the quota.
EXPORT_LIMIT = env.rates("LIMIT_EXPORT", "6/h")
SIGN_UP_LIMIT = env.rates("LIMIT_SIGN_UP", "30/h")

# Sessions in the database through `accounts`, which writes a session with one statement.
SESSION_ENGINE = "accounts.login_sessions"
# By its name a browser keeps it for this host alone, whatever a neighbor under the domain sends.
SESSION_COOKIE_NAME = "__Host-etude_session" if HTTPS else "etude_session"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.form_expired"

# --- Security headers -----------------------------------------------------------------------
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=HTTPS)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# How many proxies stand in front, each setting or appending to X-Forwarded-For; the last one says
# by X-Forwarded-Proto whether the visitor came by https. 0: no such header is read.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES must be 0 or more.")
if ENVIRONMENT == "production":
    if not TRUSTED_PROXIES and not flag("WITHOUT_PROXY", default=False):
        raise ImproperlyConfigured(
            "production stands behind a proxy that reads whole requests first (config/proxy): set "
            "TRUSTED_PROXIES, or WITHOUT_PROXY=true where no stranger can reach it."
        )
    if not HTTPS and not flag("WITHOUT_TLS", default=False):
        raise ImproperlyConfigured(
            "production is reached by https: set SITE_URL to the https address of this site, or "
            "WITHOUT_TLS=true where nobody can listen."
        )
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = headers.content_security_policy(forms_to=sign_in.origins())

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = rest.settings()
REST_KNOX = rest.KNOX
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# knox's own migrations would make a second, unused token table that blocks TRUNCATE of users.
MIGRATION_MODULES = {"knox": None}
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", 30)
# How long the audit keeps who did what.
AUDIT_DAYS = env.int("AUDIT_DAYS", 365)
# How long an invitation to a proctored test can be opened.
CANDIDATE_TOKEN_DAYS = env.int("CANDIDATE_TOKEN_DAYS", 14)
SPECTACULAR_SETTINGS = openapi.settings(version=VERSION)
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_HEADERS = ("accept", "authorization", "content-type", "idempotency-key", "x-request-id")
CORS_EXPOSE_HEADERS = list(headers.EXPOSED_HEADERS)
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# The console's form of a coding question has nine fields for each of up to 200 cases.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# The largest body any endpoint reads; above it the answer is 413 before anything is parsed.
MAX_UPLOAD_BYTES = 20 * 1024 * 1024

# --- Limits per plan and UTC day; None is without limit. Staff can grant more in the admin. ---
DAILY_LIMITS: dict[str, dict[str, int | None]] = {
    "free": {
        "practice_start": env.int("LIMIT_FREE_PRACTICE_START", 3),
        "interview_start": env.int("LIMIT_FREE_INTERVIEW_START", 3),
        "evaluation": env.int("LIMIT_FREE_EVALUATION", 20),
    },
    "premium": {"practice_start": None, "interview_start": None, "evaluation": None},
}

# What one proctored test gets back by itself for outages of ours; staff give more.
OUTAGE_MINUTES_PER_TEST = env.int("OUTAGE_MINUTES_PER_TEST", 10)
# What a person may store, revisions included (docs/limits.md).
STORAGE_BYTES = {
    "free": env.int("STORAGE_FREE_MB", 200) * 2**20,
    "premium": env.int("STORAGE_PREMIUM_MB", 2048) * 2**20,
}

# How many days things are kept, 0 for ever (docs/limits.md). Learners' own words stay.
RETENTION_DAYS = {
    "sittings": env.int("RETENTION_SITTINGS_DAYS", 365),
    "events": env.int("RETENTION_EVENTS_DAYS", 365),
    "reports": env.int("RETENTION_REPORTS_DAYS", 365),
    "runs": env.int("RETENTION_RUNS_DAYS", 90),
    "practice": env.int("RETENTION_PRACTICE_DAYS", 0),
    "interviews": env.int("RETENTION_INTERVIEWS_DAYS", 0),
}
LIMITS = limits.LIMITS

# A repair through the API of more rows than this is handed to a worker (202).
REPAIR_ROWS_AT_ONCE = 1000

# --- Evaluation -----------------------------------------------------------------------------
ANTHROPIC_API_KEY = env.str("ANTHROPIC_API_KEY", "")
ANTHROPIC_BASE_URL = env.str("ANTHROPIC_BASE_URL", "")
ANTHROPIC_MODEL = env.str("ANTHROPIC_MODEL", "claude-sonnet-5-5")
EVALUATION_PROVIDER = env.str("EVALUATION_PROVIDER", "auto")
if EVALUATION_PROVIDER not in {"auto", "local", "claude"}:
    raise ImproperlyConfigured("EVALUATION_PROVIDER must be auto, local or claude.")
EVALUATION_MAX_TRIES = env.int("EVALUATION_MAX_TRIES", 5)
# A claim without a sign of life for longer is lost; longer than the longest call to Claude.
EVALUATION_LEASE_SECONDS = env.int("EVALUATION_LEASE_SECONDS", 180)
CLAUDE_OFF = flag("CLAUDE_OFF", default=False)
CLAUDE_TIMEOUT_SECONDS = env.float("CLAUDE_TIMEOUT_SECONDS", 90.0)
CLAUDE_BUDGET_USER_DAY_USD = env.float("CLAUDE_BUDGET_USER_DAY_USD", 1.0)
CLAUDE_BUDGET_MONTH_USD = env.float("CLAUDE_BUDGET_MONTH_USD", 100.0)
# US dollars per million tokens, for the books and the budgets. Set what your contract says.
CLAUDE_PRICE_INPUT_USD = env.float("CLAUDE_PRICE_INPUT_USD", 3.0)
CLAUDE_PRICE_OUTPUT_USD = env.float("CLAUDE_PRICE_OUTPUT_USD", 15.0)

# --- Judge ----------------------------------------------------------------------------------
# local (a sandbox on this machine), remote (a runner elsewhere), judge0, piston, or off
CODE_ENGINE = env.str("CODE_ENGINE", "local")
if CODE_ENGINE not in {"local", "remote", "judge0", "piston", "off"}:
    raise ImproperlyConfigured("CODE_ENGINE must be local, remote, judge0, piston or off.")
CODE_ENGINE_URL = address("CODE_ENGINE_URL", schemes=["http", "https"])
if CODE_ENGINE in {"remote", "judge0", "piston"} and not CODE_ENGINE_URL:
    raise ImproperlyConfigured(f"CODE_ENGINE={CODE_ENGINE} needs CODE_ENGINE_URL.")
CODE_ENGINE_SECRET = env.str("CODE_ENGINE_SECRET", "")
if CODE_ENGINE == "remote" and len(CODE_ENGINE_SECRET) < 32:
    raise ImproperlyConfigured(
        "CODE_ENGINE=remote needs a CODE_ENGINE_SECRET of at least 32 characters."
    )
# How often a run is tried before it ends without a verdict; only our own faults cost a try.
JUDGE_MAX_TRIES = env.int("JUDGE_MAX_TRIES", 3)

# --- Mail -----------------------------------------------------------------------------------
_mail = env.email_url_config(address("EMAIL_URL", schemes=MAIL_SCHEMES) or "consolemail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
if ENVIRONMENT == "production" and EMAIL_BACKEND.endswith("console.EmailBackend"):
    # What a process prints is a log, and mails hold links that open accounts and tests.
    EMAIL_BACKEND = "common.mail.NoMailServer"
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or f"{VAR_DIR}/mail"
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Etude <etude@localhost>")
ADMINS = [("Operators", address) for address in env.list("ADMINS", default=[])]

# --- Language, time, files ------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "static/"
STATIC_ROOT = f"{VAR_DIR}/static"
STATICFILES_DIRS: list[Any] = [BASE_DIR / "frontend" / "static"]
_built = BASE_DIR / "frontend" / "dist"
if _built.is_dir():
    # The build names its own files by content; they stand under /static/dist/.
    STATICFILES_DIRS.append(("dist", _built))
WHITENOISE_USE_FINDERS = DEBUG or flag("STATIC_FROM_SOURCE", default=False)
WHITENOISE_AUTOREFRESH = DEBUG
# The build puts a hash of the content into the names of shared parts: those never change.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[0-9A-Z]{8}\.(js|css|woff2)$"

# --- Logs -----------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = logs.settings(level=LOG_LEVEL, debug=DEBUG)
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.ReporterFilter"
