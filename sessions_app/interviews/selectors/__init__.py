"""Reads of the interviews package; `dashboard_card` is what the dashboard shows of it."""

from sessions_app.interviews.selectors.dashboard import DashboardCard, dashboard_card

__all__ = ["DashboardCard", "dashboard_card"]
