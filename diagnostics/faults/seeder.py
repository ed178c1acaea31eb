"""What every fault is made with: the questions, the moment, and new people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from diagnostics.fixtures import Questions, make_people

HOUR = timedelta(hours=1)
NOWHERE = 9_000_000_000


@dataclass
class FaultSeeder:
    """`now` is when the faults will be looked for."""

    questions: Questions
    now: datetime
    users: list[User] = field(default_factory=list)

    def people(self, count: int) -> list[User]:
        """New people, one for each fault: no person has two faults."""
        made = make_people(count, prefix=f"fault{uuid.uuid4().hex[:8]}", now=self.now)
        self.users.extend(made)
        return made
