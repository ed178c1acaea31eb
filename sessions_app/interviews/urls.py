from django.urls import path

from sessions_app.interviews import views

app_name = "interviews"
ROOM = "interviews/<str:session_id>"
ANSWER = f"{ROOM}/answers/<int:attempt_id>"
QUESTION = f"{ROOM}/questions/<int:question_id>"

urlpatterns = [
    path("interviews", views.start, name="start"),
    path("interviews/history", views.show_history, name="history"),
    path(ROOM, views.show_room, name="room"),
    path(f"{ROOM}/summary", views.show_summary, name="summary"),
    path(f"{ROOM}/end", views.end, name="end"),
    path(f"{ROOM}/delete", views.delete, name="delete"),
    path(f"{ROOM}/log", views.add_to_skills, name="add-to-skills"),
    path(f"{QUESTION}/answer", views.answer, name="answer"),
    path(f"{QUESTION}/skip", views.skip, name="skip"),
    path(ANSWER, views.show_answer, name="answer-detail"),
    path(f"{ROOM}/ratings", views.ratings, name="ratings"),
    path(f"{ANSWER}/follow-up", views.show_follow_up, name="follow-up"),
    path(f"{ANSWER}/follow-up/end", views.end_follow_ups, name="end-follow-ups"),
    path(f"{ANSWER}/follow-up/<int:number>", views.reply, name="reply"),
    path(f"{ANSWER}/rate", views.rate, name="rate"),
    path(f"{ANSWER}/feedback", views.ask_feedback, name="ask-feedback"),
]
