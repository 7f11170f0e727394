# The image of the bot. Pin the base by digest for production: --build-arg PYTHON_IMAGE=python:3.13-slim-trixie@sha256:…
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# requirements/otel.txt adds what OTEL_* variables need.
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt ./
COPY requirements/otel.txt ./requirements/
RUN python -m venv --without-pip /opt/campaign-delete/venv \
    && python -m pip --python /opt/campaign-delete/venv install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary=:all: --requirement "${REQUIREMENTS}"
COPY . /opt/campaign-delete
RUN python -m compileall -q --invalidation-mode checked-hash /opt/campaign-delete \
    && install --directory --mode=0700 --owner=10001 --group=10001 /build/data

FROM ${PYTHON_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="campaign-delete" \
      org.opencontainers.image.description="Deletes Kore.ai SMS campaigns from Slack, safely." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN python -m pip uninstall --yes --root-user-action=ignore pip \
    && groupadd --gid 10001 campaign-delete \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin campaign-delete
COPY --from=build /usr/bin/tini-static /usr/bin/tini
COPY --from=build /opt/campaign-delete /opt/campaign-delete
COPY --from=build --chown=10001:10001 /build/data /data
ENV HOST=0.0.0.0 PORT=3000 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/campaign-delete/venv/bin:$PATH
USER 10001:10001
# The default DATABASE_URL is a file in the working folder. Nothing else is written.
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-I", "-S", "-c", "\
import http.client, os, sys; \
health = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); \
health.request('GET', '/healthz'); \
sys.exit(health.getresponse().status != 200)"]
# tini is process 1, so a signal before Python's handlers are installed ends the bot too.
ENTRYPOINT ["/usr/bin/tini", "--", "python", "/opt/campaign-delete/app.py"]
