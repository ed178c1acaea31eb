"""One address of a visitor, whatever the visitor writes into headers."""

from __future__ import annotations

import logging

import pytest
from django.test import Client, RequestFactory
from rest_framework.test import APIRequestFactory

from accounts.adapter import AccountAdapter
from common.http.address import client_address, network_of
from common.http.throttles import ScopedThrottle

PROXY = "10.0.0.5"


def asked(forwarded=None, *, connected=PROXY):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=connected, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", PROXY),
        (0, None, PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.4", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "unknown", PROXY),
        (1, "203.0.113.9, <script>", PROXY),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:DB8::7]:4711", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, " fe80::1%eth0 ", "fe80::1"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_heard(
    settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(asked(forwarded)) == address


def test_a_request_through_a_socket_file_has_the_address_of_nobody():
    assert client_address(asked(connected="")) == "::"


def test_drf_and_allauth_ask_the_same_place(settings):
    settings.TRUSTED_PROXIES = 2
    forwarded = "1.1.1.1"  # shorter than it should be: both libraries would believe or refuse it
    request = APIRequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)
    assert ScopedThrottle().get_ident(request) == PROXY
    assert AccountAdapter(request).get_client_ip(request) == PROXY


def test_without_proxies_no_header_says_that_a_visitor_came_by_https():
    from django.conf import settings

    assert settings.TRUSTED_PROXIES == 0
    assert settings.SECURE_PROXY_SSL_HEADER is None


def test_the_addresses_that_one_ipv6_visitor_can_choose_from_count_as_one():
    assert network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:2::7") != network_of("2001:db8:1:3::7")
    assert network_of("203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_the_log_of_requests_tells_it(settings, caplog, db, proxies, address):
    settings.TRUSTED_PROXIES = proxies
    caplog.set_level(logging.INFO, logger="etude.request")
    Client().get("/", HTTP_X_FORWARDED_FOR="203.0.113.9")
    [line] = [r.msg for r in caplog.records if r.name == "etude.request"]
    assert line["ip"] == address and "forwarded_for" not in line
