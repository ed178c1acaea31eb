"""Reads of the interviews package; `dashboard_card` is its part of the dashboard."""

from sessions_app.interviews.selectors.dashboard import DashboardCard, dashboard_card

__all__ = ["DashboardCard", "dashboard_card"]
