"""What a desk's database recorded of one day, to be replayed elsewhere."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.domain.comments import Author, Comment, Parent, Report, Story
from bot.domain.decisions import Action
from bot.domain.rehearsal import Recording, Settled
from bot.store.engine.backup import copy_to
from bot.store.engine.connection import Connection
from bot.store.engine.database import connect_reader, connect_writer
from bot.store.engine.errors import DriverError, translated
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.engine.sqlite import SqliteConnection
from bot.store.errors import StoreTrouble
from bot.store.opening import require_driver
from bot.store.store import Place
from bot.store.times import moment, moment_if, stored

_LAST: Final = "SELECT MAX(at) FROM reports"
_REPORTS: Final = """
SELECT cases.site, cases.comment_id, revisions.revision_key, text, permalink, created, parent_author,
    parent_text, author_id, authors.name, authors.since, story_id, title, url, section, published,
    reporter, rule, note, reports.at
FROM reports
JOIN cases ON cases.id = reports.case_id
JOIN (SELECT case_id, MIN(revision) AS first FROM revisions GROUP BY case_id) AS known
    ON known.case_id = cases.id
JOIN revisions ON revisions.case_id = cases.id AND revisions.revision = known.first
JOIN authors ON authors.site = cases.site AND authors.external_id = author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = story_id
WHERE reports.at >= ? AND reports.at < ?
AND NOT EXISTS (
    SELECT 1 FROM story_states AS stands WHERE stands.site = cases.site
    AND stands.story_id = cases.story_id AND stands.state = 'protected'
)
ORDER BY reports.at, cases.id
"""
_SETTLED: Final = """
SELECT cases.site, cases.comment_id, action, rule, by_name FROM cases
JOIN decisions ON decisions.id = cases.decision_id
WHERE EXISTS (
    SELECT 1 FROM reports WHERE reports.case_id = cases.id AND reports.at >= ? AND reports.at < ?
)
"""


def read_recording(database: Place, day: date | None, zone: tzinfo) -> Recording:
    """Return what was reported on a day by the newsroom's clock; the last one with any if `None`.

    The database may be in use and is not touched: a copy of a file is read, and a server as it stands. A comment that was edited
    is replayed as it first stood. What stands under a story about a sexual offence or a child is
    left out: its text belongs into no channel but its own.

    Raises:
        StoreTrouble: It is no desk's database, or nothing was reported that day.
    """
    if not isinstance(database, Path):
        return _on_server(database, day, zone)
    if not database.exists():
        raise StoreTrouble(f"There is no file {database}.")
    with TemporaryDirectory(prefix="comment-desk-") as folder:
        copy = Path(folder) / "copy.db"
        try:
            with closing(connect_reader(database)) as source:
                copy_to(copy, source)
            with closing(connect_writer(copy)) as connection:
                return _read(SqliteConnection(connection), day, zone)
        except DriverError as error:
            raise translated(error) from error


def _on_server(server: PostgresqlServer, day: date | None, zone: tzinfo) -> Recording:
    require_driver()
    from bot.store import postgresql  # noqa: PLC0415 - only who uses it has its driver

    with postgresql.reading(server) as connection:
        return _read(connection, day, zone)


def _read(connection: Connection, day: date | None, zone: tzinfo) -> Recording:
    last = connection.run(_LAST).fetchone()[0]
    if last is None:
        raise StoreTrouble("Nothing was ever reported in that database, so there is no day in it.")
    shown = day or moment(last).astimezone(zone).date()
    start = datetime.combine(shown, time(), zone)
    span = (stored(start), stored(datetime.combine(shown + timedelta(days=1), time(), zone)))
    rows = connection.run(_REPORTS, span).fetchall()
    if not rows:
        newest = moment(last).astimezone(zone).date()
        raise StoreTrouble(f"Nothing was reported on {shown}. The last report is of {newest}.")
    return Recording(
        reports=[_report(number, row) for number, row in enumerate(rows)],
        settled={
            (site, comment): Settled(action=Action(action), rule=rule, by_name=by)
            for site, comment, action, rule, by in connection.run(_SETTLED, span)
        },
    )


def _report(number: int, row: Sequence[Any]) -> Report:
    site, comment_id, revision, text, permalink, created, answered, answered_text = row[:8]
    author_id, name, since, story_id, title, url, section, published = row[8:16]
    reporter, rule, note, at = row[16:]
    parent = None if answered_text is None else Parent(author=answered, text=answered_text)
    return Report(
        site=site,
        delivery=f"rehearsal-{number}",
        comment=Comment(
            external_id=comment_id,
            revision=revision,
            text=text,
            permalink=permalink,
            created=moment_if(created),
            parent=parent,
        ),
        author=Author(external_id=author_id, name=name, since=moment_if(since)),
        story=Story(
            external_id=story_id,
            title=title,
            url=url,
            section=section,
            published=moment_if(published),
        ),
        reporter=reporter,
        rule=rule,
        note=note,
        at=moment(at),
    )
