"""Practice is looked at in the admin, not edited: the bank is files, sessions are people's."""

from __future__ import annotations

from django.contrib import admin

from common.admin import ReadOnly


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    list_per_page = 50


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0
    show_change_link = True
