"""Ids in addresses: only numbers that a database can hold, anything else is a plain 404.

Importing this module makes `<rowid:…>` known to both lists of addresses.
"""

from django.urls import register_converter
from django.urls.converters import IntConverter


class RowIdConverter(IntConverter):
    regex = "[0-9]{1,18}"


register_converter(RowIdConverter, "rowid")
