"""The one place that asks what time it is; everything below takes `now` as an argument."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, microseconds kept, as DRF writes it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
