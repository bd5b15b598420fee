"""The workbook's page as HTML: rendered once by Voilà, from pages that are drawn already, for any kernel."""

import asyncio
from typing import Any

import nbformat
from voila.notebook_renderer import NotebookRenderer

PLACE = "00000000-0000-4000-8000-kernelkernel"  # where the id of a kernel goes; none has such an id


class DrawnRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voilà's renderer for a notebook that has its outputs: it starts and asks no kernel."""

    async def load_notebook(self, path: str) -> Any:
        """The drawn notebook."""
        return nbformat.reads(path, as_version=4)  # type: ignore[no-untyped-call]

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> str:
        return kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> Any:
        for cell in nb.cells:
            yield cell

    async def _cleanup_resources(self) -> None:
        pass


class DrawnPage:
    """The page for any kernel."""

    def __init__(self, html: str, about: list[dict[str, str]]) -> None:
        self._parts = html.split(PLACE)
        self.about = about  # slug, label and title of each page in it

    def for_kernel(self, kernel_id: str) -> str:
        """The page with this kernel behind it."""
        return kernel_id.join(self._parts)


async def render(drawn: str, app: Any, page_config: dict[str, Any]) -> DrawnPage:
    """Render the drawn notebook (JSON) with the template and settings of a Voilà app."""
    renderer = DrawnRenderer(
        voila_configuration=app.voila_configuration,
        traitlet_config=app.config,
        notebook_path=drawn,
        template_paths=app.template_paths,
        contents_manager=app.contents_manager,
        base_url=app.base_url,
        page_config=page_config,
        mathjax_url="",
    )
    await renderer.initialize()
    html = await renderer.generate_content_str(kernel_id=PLACE, kernel_future=asyncio.sleep(0))
    return DrawnPage(html, renderer.notebook.metadata.mentorkit.pages)
