"""Practice is read-only in the admin: the bank comes from files, sessions belong to learners."""

from __future__ import annotations

from django.contrib import admin

from common.admin import ReadOnly


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    list_per_page = 50


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0
    show_change_link = True
