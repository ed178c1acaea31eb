"""Reads across the record; `dashboard_summary` is what the dashboard shows."""

from tracking.selectors.dashboard import DashboardSummary, dashboard_summary

__all__ = ["DashboardSummary", "dashboard_summary"]
