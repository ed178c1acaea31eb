"""The Django permissions that console, API and /metrics ask of staff: to look (a plan of repairs is
part of looking), and to change rows by a repair."""

from __future__ import annotations

VIEW = "diagnostics.view_diagnosticrun"
REPAIR = "diagnostics.change_repairrun"
