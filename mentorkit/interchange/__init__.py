"""Worksheets and scorecards in other systems' formats: tidy CSV, REDCap and FHIR; without pandas."""
