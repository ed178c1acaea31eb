"""Practice logs as tables: reading what people bring, writing what they take along.

`readers` turns bytes into rows of cells, `columns` finds what each column is, `cells` reads the
cells of a row, `writers` streams the other way. Nothing here touches the database.
"""
