from zoneinfo import available_timezones

from django.core.exceptions import ValidationError


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone we know.")


def zone_choices() -> list[tuple[str, str]]:
    """(IANA name, words) of the zones people live in, by region."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/")
    names = sorted(n for n in available_timezones() if n.startswith((*regions, "Pacific/")))
    return [("UTC", "UTC"), *((n, n.replace("_", " ")) for n in names)]
