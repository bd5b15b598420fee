"""The pages of the workbook: each notebook shows one of them, one call a cell."""
