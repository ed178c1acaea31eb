"""Practice logs as tables: import of files and export to files.

`readers` turns bytes into rows of cells, `columns` finds what each column is, `cells` reads the
cells of a row, `writers` streams the other way. Nothing here touches the database.
"""
