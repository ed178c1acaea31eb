from common.errors import Conflict, LimitReached


class DuplicateSkill(Conflict):
    code = "duplicate_skill"
    message = "You already have a skill of this name."


class SkillHasLogs(Conflict):
    code = "skill_has_logs"
    message = "This skill has practice logs. Delete it with cascade=true to delete them as well."


class RestoreExpired(Conflict):
    code = "restore_expired"
    message = "Deleting can be undone for ten minutes; that time is over."


class CannotRestore(Conflict):
    code = "cannot_restore"
    message = "This cannot be restored now."


class DeletingTooFast(LimitReached):
    code = "deleting_too_fast"
    message = "You have deleted many things in the last ten minutes. Wait a little, then go on."


class ImportingTooFast(LimitReached):
    code = "importing_too_fast"
    message = "You have uploaded many files in the last hour. Wait a little."


class ImportNotReady(Conflict):
    code = "import_not_ready"
    message = "This import is still being worked on."


class ImportUndone(Conflict):
    code = "import_undone"
    message = "This import was undone. Upload the file again to import it anew."


class ImportFailed(Conflict):
    code = "import_failed"
    message = "This file could not be read."
