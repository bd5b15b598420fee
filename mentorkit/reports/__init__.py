"""Results as text: HTML for pages, tables and exchange files. A renderer returns a string and escapes every text."""
