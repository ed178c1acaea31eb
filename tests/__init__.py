"""Everything is checked through its public face: URLs, services, commands, pages."""

from datetime import UTC, datetime

# The moment that tests pass as `now`: a Monday noon, far from every day's border.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
