# syntax=docker/dockerfile:1
# One image for every process; docker-compose.yml says which command each container runs.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt /tmp/requirements.txt
RUN /venv/bin/python -m pip install --require-hashes --no-deps --only-binary :all: -r /tmp/requirements.txt

FROM python:3.13-slim
# The fetcher trusts the system's certificates. Memos are printed with Pango and these fonts (docs/casework.md).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin riskreview \
    && install --directory --owner=riskreview --group=riskreview /var/lib/riskreview/archive \
    && install --directory --owner=riskreview --group=riskreview --mode=0700 /var/lib/riskreview/notary
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ARCHIVE_ROOT=/var/lib/riskreview/archive \
    STATIC_ROOT=/app/static-collected
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py CHANGELOG.md ./
COPY riskreview riskreview
COPY templates templates
COPY static static
# Collecting needs settings but neither secrets nor servers; what is given here is in no running container.
RUN SECRET_KEY=only-for-collecting-static-files DATABASE_URL=postgres://nobody@/none \
    python manage.py collectstatic --no-input
USER 10001
EXPOSE 8000
VOLUME /var/lib/riskreview/archive
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["gunicorn", "riskreview.wsgi", "-k", "gthread", "-w", "2", "--threads", "8", "--graceful-timeout", "30", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--bind", "0.0.0.0:8000", "--access-logfile", "-"]
