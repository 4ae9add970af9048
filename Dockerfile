# The packages are installed in a stage of their own, so that pip and its caches stay behind.
FROM python:3.11-slim AS packages
COPY requirements/run.txt /run.txt
RUN python -m venv /opt/lectern \
    && /opt/lectern/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: --requirement /run.txt \
    && /opt/lectern/bin/python -m pip uninstall --quiet --yes pip setuptools

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin lectern \
    && install --directory --owner lectern --mode 0700 /data
COPY --from=packages /opt/lectern /opt/lectern
WORKDIR /app
COPY LICENSE pyproject.toml ./
COPY storage storage
COPY services services
COPY handlers handlers
COPY bot bot
# Compiled here, because nothing but /data can be written later.
RUN /opt/lectern/bin/python -m compileall -q /app

ENV PATH=/opt/lectern/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LECTERN_CONTAINER=1 \
    ENVIRONMENT=production \
    DATA_DIR=/data \
    HTTP_HOST=0.0.0.0 \
    LOG_FORMAT=json
USER lectern
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot"]
