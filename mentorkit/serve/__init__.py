"""The workbook as an app on the student's own computer: Voilà behind a guard, or JupyterLab."""
