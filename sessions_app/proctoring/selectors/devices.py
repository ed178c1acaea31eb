"""From where a test was sat, beside who of the staff had its link."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import AuditEntry
from sessions_app.assessments.services.candidates import LINK_MAILED, LINK_OPENED, LINK_SHOWN
from sessions_app.proctoring.models import ProctoredSession, SessionDevice
from sessions_app.proctoring.services.devices import MOST_ADDRESSES

WORDS = {
    LINK_SHOWN: "was shown the link",
    LINK_MAILED: "had the link mailed",
    LINK_OPENED: "opened the link, signed in as staff",
}


@dataclass(frozen=True)
class LinkLine:
    entry: AuditEntry
    who: str
    what: str


@dataclass(frozen=True)
class DeviceLine:
    """`staff`: who of the staff acted on the link from this address; nobody is the usual case."""

    device: SessionDevice
    staff: list[str]


def links_of(session: ProctoredSession) -> list[LinkLine]:
    """Who was shown, sent or opened a link of this test, oldest first."""
    entries = AuditEntry.objects.about(session.candidate).filter(action__in=WORDS).order_by("pk")
    return [
        LinkLine(entry, entry.actor_name or entry.get_actor_kind_display(), WORDS[entry.action])
        for entry in entries
    ]


def are_more_than_kept(lines: list[DeviceLine]) -> bool:
    """Whether so many addresses were seen that later ones left no line."""
    return len({line.device.address for line in lines}) >= MOST_ADDRESSES


def devices_of(session: ProctoredSession, links: list[LinkLine]) -> list[DeviceLine]:
    staff: dict[str, list[str]] = {}
    for link in links:
        of_address = staff.setdefault(link.entry.address or "", [])
        if link.who not in of_address:
            of_address.append(link.who)
    return [DeviceLine(device, staff.get(device.address, [])) for device in session.devices.all()]
