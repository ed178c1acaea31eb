"""Limits of a file. A file beyond these is refused whole, before it is parsed. How large an .xlsx
may unpack to is in `common.sheets.archives`."""

from common.sheets import archives

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
# The export of WakaTime has a column for every file that was open.
MOST_WIDE_COLUMNS = 5_000
MOST_CELL_CHARACTERS = 10_000
# One row of a CSV: the library holds a row whole in memory.
MOST_ROW_CHARACTERS = 250_000
# Rows above the header, and cells to the right of it that are complained of.
MOST_BLANK_ROWS = 1000
MOST_LOOSE_CELLS = 10
# Days times names of a JSON of WakaTime, of which most are empty; above so many
# bytes a worker reads it.
MOST_DUMP_CELLS = 4_000_000
DUMP_AT_ONCE = 3 * 1024 * 1024
# Above this many rows, or above what `common.sheets.archives` says of .xlsx files, a worker reads
# the file, and the answer is 202.
ROWS_AT_ONCE = archives.ROWS_AT_ONCE
