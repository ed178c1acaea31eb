"""Heartbeats, activity, plain saves and reloads in front of Django: the same answers for a fraction
of the work.

It answers only what it is sure of (a good token, a live test, a well-formed body). Everything else
goes on to Django untouched, so the views of `api` stay the reference for every refusal.
PostgreSQL only, behind `FAST_BEATS`.
"""
