"""How fast the workbook starts, saves and turns a page, and what it weighs, beside a stock Voilà page. Not a test."""
