"""Limits of a file. A file beyond these is refused before it is read."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CELL_CHARACTERS = 10_000
# The unpacked size of an XLSX; the archive's own directory states it, also for a zip bomb.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 300
# Above this many rows a worker reads the file, and the answer is 202.
ROWS_AT_ONCE = 5_000
