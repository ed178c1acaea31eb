from common.errors import Conflict, DomainError, NotFound


class NotPlanned(Conflict):
    code = "not_planned"
    message = "This repair was already applied or undone."


class NotApplied(Conflict):
    code = "not_applied"
    message = "Only a repair that was applied can be undone."


class NoSuchRun(NotFound):
    code = "no_such_run"
    message = "There is no repair with this id."


class CacheAway(DomainError):
    code, status = "cache_away", 503
    message = "The cache server does not answer."
