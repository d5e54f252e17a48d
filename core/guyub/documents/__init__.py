"""Letters, lists, minutes and books: drawn up as data by the rooms above, here rendered, numbered and kept."""
