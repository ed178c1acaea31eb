"""Walks through the pages in headless Chromium, at two sizes, in light and dark."""
