# Comment Desk in a container: built from this folder, run as nobody, writing to /data and /tmp only.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /venv
RUN /venv/bin/python -m pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements.lock
# What speaks to PostgreSQL, for a desk that keeps its record there.
COPY requirements-postgres.lock ./
RUN /venv/bin/python -m pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements-postgres.lock
COPY bot ./bot
COPY cogs ./cogs
COPY config ./config
RUN /venv/bin/python -m pip install --quiet --no-cache-dir --no-deps --no-build-isolation .
RUN install -d -o 10001 -g 10001 -m 700 /data

FROM python:3.11-slim-bookworm
COPY --from=build /venv /venv
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin
ENV PYTHONDONTWRITEBYTECODE=1
ENV USER=desk
ENV HOME=/tmp
ENV MPLCONFIGDIR=/tmp
ENV DESK_DATABASE=/data/desk.db
# Reports are to be reached from outside the container; how the desk is, is asked inside it.
ENV DESK_WEB__HOST=0.0.0.0
ENV DESK_WEB__PORT=8080
ENV DESK_HEALTH__HOST=127.0.0.1
ENV DESK_HEALTH__PORT=8082
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/venv/bin/python", "-c", "import os, urllib.request as ask; ask.urlopen('http://127.0.0.1:' + os.environ['DESK_HEALTH__PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["/venv/bin/comment-desk"]
CMD ["run"]
