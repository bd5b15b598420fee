"""What the workbook asks and advises, as TOML files with permanent ids, and the loader that checks them."""

from mentorkit.content.loader import load_content
from mentorkit.content.model import Content

__all__ = ["Content", "load_content"]
