"""The workbook as an app on the student's own computer: Voilà behind a guard, or JupyterLab."""

import sys

# jsonschema would build a grammar for IRIs with it, for most of a second; it does without when there is none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
