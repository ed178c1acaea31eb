from django.urls import path

from tracking.views import activity, evidence, imports, logs, mail, skills

app_name = "tracking"
urlpatterns = [
    path("skills", skills.skills, name="skills"),
    path("skills/activity", activity.activity, name="activity"),
    path("skills/goal", activity.set_goal, name="goal"),
    path("skills/pauses", activity.pause, name="pause"),
    path("skills/pauses/<int:pk>", activity.change_pause, name="change-pause"),
    path("skills/<int:pk>", skills.skill, name="skill"),
    path("skills/<int:pk>/rename", skills.rename, name="rename"),
    path("skills/<int:pk>/quick", skills.log_quickly, name="quick"),
    path("skills/<int:pk>/delete", skills.delete, name="delete-skill"),
    path("skills/<int:pk>/evidence", evidence.add, name="add-evidence"),
    path("skills/evidence/<int:pk>/delete", evidence.delete, name="delete-evidence"),
    path("skills/undo/<str:kind>/<int:pk>", logs.undo, name="undo"),
    path("logs", logs.logs, name="logs"),
    path("logs/new", logs.new, name="new-log"),
    path("logs/export", logs.export, name="export"),
    path("logs/import", imports.start, name="import"),
    path("logs/import/<uuid:pk>", imports.plan, name="import-plan"),
    path("logs/import/<uuid:pk>/apply", imports.apply, name="import-apply"),
    path("logs/import/<uuid:pk>/again", imports.read_again, name="import-again"),
    path("logs/import/<uuid:pk>/undo", imports.undo, name="import-undo"),
    path("logs/<int:pk>", logs.show, name="log"),
    path("logs/<int:pk>/edit", logs.edit, name="edit-log"),
    path("logs/<int:pk>/delete", logs.delete, name="delete-log"),
    path("logs/<int:pk>/take-back", skills.take_back, name="take-back"),
    path("skills/unsubscribe/<str:token>", mail.unsubscribe, name="unsubscribe"),
]
