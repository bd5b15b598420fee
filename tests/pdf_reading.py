"""Reads sheets as their readers get them: words in their order, tags, what is set aside, and where the ink is."""

import ctypes
import io
from html.parser import HTMLParser
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium


class Read:
    """One PDF."""

    def __init__(self, pdf: bytes):
        self.about = pypdf.PdfReader(io.BytesIO(pdf))
        self.root: Any = self.about.trailer["/Root"]
        self.pages = pypdfium2.PdfDocument(pdf)

    @property
    def tags(self) -> list[str]:
        """The roles of the structure, in reading order, without the spans inside of them."""
        found: list[str] = []
        self._walk(self.root["/StructTreeRoot"]["/K"], found)
        return [tag for tag in found if tag not in {"Span", "Strong"}]

    def _walk(self, part: Any, found: list[str]) -> None:
        part = part.get_object()
        if isinstance(part, list):
            for one in part:
                self._walk(one, found)
        elif isinstance(part, dict) and "/S" in part:
            found.append(part["/S"].removeprefix("/"))
            self._walk(part.get("/K", []), found)

    @property
    def said(self) -> str:
        """What a screen reader reads, in the order of the pages, without spaces."""
        return self._words(aside=False)

    @property
    def aside(self) -> str:
        """What it passes over: page numbers and repeated heads."""
        return self._words(aside=True)

    def _words(self, aside: bool) -> str:
        return "".join("".join(text.split()) for text, artifact in self._texts() if artifact == aside)

    def _texts(self) -> list[tuple[str, bool]]:
        found = []
        for page in self.pages:
            words = page.get_textpage()
            for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                size = pdfium.FPDFTextObj_GetText(one.raw, words.raw, None, 0)
                buffer = ctypes.create_string_buffer(size)
                pdfium.FPDFTextObj_GetText(
                    one.raw, words.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
                )
                text = (
                    buffer.raw.decode("utf-16-le", "replace").rstrip("\0").replace("\x02", "-")
                )  # so a last hyphen is given
                found.append((text, "Artifact" in _marks(one.raw)))
        return found

    def inked(self, page: int, scale: float = 1.0) -> tuple[float, float, float, float]:
        """The box around all that is printed on a page: left, top, right, bottom, as shares of the page (0–1)."""
        picture = self.pages[page].render(scale=scale, grayscale=True).to_pil()
        left, top, right, bottom = picture.point(lambda light: 255 if light < 200 else 0).getbbox()
        return left / picture.width, top / picture.height, right / picture.width, bottom / picture.height


def _marks(drawn: Any) -> set[str]:
    names = set()
    for place in range(pdfium.FPDFPageObj_CountMarks(drawn)):
        mark = pdfium.FPDFPageObj_GetMark(drawn, place)
        length = ctypes.c_ulong()
        buffer = (ctypes.c_ushort * 64)()
        pdfium.FPDFPageObjMark_GetName(mark, buffer, 128, length)
        names.add(bytes(buffer)[: length.value].decode("utf-16-le").rstrip("\0"))
    return names


def no_spaces(text: str) -> str:
    return "".join(text.split())


class Markup(HTMLParser):
    """A piece of HTML: its words without spaces, and its elements."""

    def __init__(self, markup: str):
        super().__init__()
        self.words, self.elements = "", []
        self.feed(markup)
        self.words = no_spaces(self.words)

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_data(self, data):
        self.words += data

    def names(self) -> list[str]:
        return [name for name, _ in self.elements]
