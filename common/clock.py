"""The one place that asks what time it is; everything below takes `now` as an argument."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dateformat import format as format_date


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def utc_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def next_utc_midnight(moment: datetime) -> datetime:
    day = utc_day(moment) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; unknown names fall back to UTC rather than fail a page."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_date(moment: datetime, zone_name: str) -> date:
    """The calendar date of `moment` in a zone."""
    return moment.astimezone(zone(zone_name)).date()


def zone_of(moment: datetime) -> str:
    """The zone of `moment` as everybody reads it: UTC, UTC+2, UTC-3:30. Short names are not used:
    CST is an hour of China, of Cuba and of America."""
    offset = moment.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def zoned(moment: datetime, pattern: str) -> str:
    """`moment` in its own zone by a pattern of Django's `date` filter, and that zone after it:
    “1 December 2026, 14:05 UTC+1”."""
    return f"{format_date(moment, pattern)} {zone_of(moment)}"


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, microseconds kept, as DRF writes it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
