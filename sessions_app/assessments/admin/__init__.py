from sessions_app.assessments.admin.bank import AssessmentAdmin, CodingQuestionAdmin, SectionAdmin

__all__ = ["AssessmentAdmin", "CodingQuestionAdmin", "SectionAdmin"]
