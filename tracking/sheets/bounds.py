"""How much a file may hold. A file beyond these is refused whole, before it costs anything."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CELL_CHARACTERS = 10_000
# What an XLSX may unpack to; a zip bomb says so in its own directory.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 300
# Above this many rows a worker reads the file, and the answer is 202.
ROWS_AT_ONCE = 5_000
