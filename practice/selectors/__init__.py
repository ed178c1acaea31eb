from practice.selectors.dashboard import DashboardCards, dashboard_cards

__all__ = ["DashboardCards", "dashboard_cards"]
