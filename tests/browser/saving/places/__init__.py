"""The four places where words are written, each with the same steps: a test of saving runs in each."""

from tests.browser.saving.places.interview import InterviewPlace
from tests.browser.saving.places.practice import BoardPlace, PracticePlace
from tests.browser.saving.places.room import RoomPlace

__all__ = ["BoardPlace", "InterviewPlace", "PracticePlace", "RoomPlace"]
