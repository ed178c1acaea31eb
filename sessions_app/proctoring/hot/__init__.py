"""Heartbeats, activity and plain saves in front of Django: the same answers for a fraction of the
work, in the heartbeats service (`config.wsgi_heartbeats`), on PostgreSQL only.

It answers only the plain case (a valid token, a live test, a well-formed body). Everything else
goes on to Django untouched, so the views of `api` stay the reference for every refusal.
"""
