"""How moments are written where no pattern is given, as in every list and form of the console.
The console is in UTC, so `e` says UTC; the rest stays as Django has it."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i e"
SHORT_DATETIME_FORMAT = "Y-m-d H:i e"
