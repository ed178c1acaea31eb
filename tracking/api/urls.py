from django.urls import path

from tracking.api import evidence, logs, skills, transfer

urlpatterns = [
    path("v1/skills", skills.SkillListView.as_view(), name="api-skills"),
    path("v1/skills/<int:pk>", skills.SkillView.as_view(), name="api-skill"),
    path("v1/skills/<int:pk>/restore", skills.SkillRestoreView.as_view()),
    path("v1/skills/<int:pk>/progress", skills.SkillProgressView.as_view()),
    path("v1/skills/<int:pk>/timeline", skills.SkillTimelineView.as_view()),
    path("v1/practice-logs", logs.LogListView.as_view(), name="api-practice-logs"),
    path("v1/practice-logs/quick", logs.QuickLogView.as_view()),
    path("v1/practice-logs/import", transfer.ImportView.as_view(), name="api-import"),
    path("v1/practice-logs/import/<uuid:pk>", transfer.ImportPlanView.as_view()),
    path("v1/practice-logs/import/<uuid:pk>/apply", transfer.ImportApplyView.as_view()),
    path("v1/practice-logs/import/<uuid:pk>/undo", transfer.ImportUndoView.as_view()),
    path("v1/practice-logs/export", transfer.ExportView.as_view(), name="api-export"),
    path("v1/practice-logs/<int:pk>", logs.LogView.as_view(), name="api-practice-log"),
    path("v1/practice-logs/<int:pk>/restore", logs.LogRestoreView.as_view()),
    path("v1/evidence", evidence.EvidenceListView.as_view(), name="api-evidence"),
    path("v1/evidence/<int:pk>", evidence.EvidenceView.as_view()),
    path("v1/evidence/<int:pk>/restore", evidence.EvidenceRestoreView.as_view()),
    path("v1/analytics", logs.AnalyticsView.as_view(), name="api-analytics"),
]
