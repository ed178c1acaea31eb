"""Limits of a file. A file beyond these is refused whole, before it is parsed."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
# The export of WakaTime has a column for every file that was open.
MOST_WIDE_COLUMNS = 5_000
MOST_CELL_CHARACTERS = 10_000
# One row of a CSV in characters, one row or shared text of an XLSX in bytes of XML: the libraries
# hold a row whole in memory.
MOST_ROW_CHARACTERS = 250_000
# Rows above the header, and cells to the right of it that are complained of.
MOST_BLANK_ROWS = 1000
MOST_LOOSE_CELLS = 10
# What an XLSX may unpack to, counted while it is unpacked.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
# Parts that are neither sheets nor texts: styles, themes, names.
MOST_OTHER_BYTES = 2 * 1024 * 1024
MOST_PARTS = 300
MOST_CELLS = 1_000_000
# Above this many rows, or above this much XML, a worker reads the file, and the answer is 202.
ROWS_AT_ONCE = 5_000
XML_AT_ONCE = 3 * 1024 * 1024
