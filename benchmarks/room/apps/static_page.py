"""The floor: one static page, and one address that takes an answer. `uvicorn static_page:app`"""

from html import escape
from uuid import uuid4

from records import RECORDS
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from worksheet import SECTIONS, TITLE, Item, Section

SCRIPT = """
const visitor = crypto.randomUUID();
document.addEventListener("change", async ({ target }) => {
  const body = JSON.stringify({ visitor, item: target.name, value: target.value });
  const answer = await fetch("/answer", { method: "POST", body });
  document.getElementById("status").textContent = answer.ok ? await answer.text() : "Not saved";
});
"""


def _item(item: Item) -> str:
    options = "".join(f"<option value={code}>{escape(label)}</option>" for code, label in item.options)
    return f"<p><label>{escape(item.text)} <select name={item.id}><option>{options}</select></label></p>"


def _section(section: Section) -> str:
    return f"<h2>{escape(section.title)}</h2><p>{escape(section.intro)}</p>" + "".join(map(_item, section.items))


PAGE = f"""<!doctype html><html lang=en><title>{escape(TITLE)}</title>
<meta name=viewport content="width=device-width, initial-scale=1">
<h1>{escape(TITLE)}</h1>{"".join(map(_section, SECTIONS))}<p id=status role=status></p><script>{SCRIPT}</script>"""


async def page(request: Request) -> HTMLResponse:
    """The worksheet."""
    return HTMLResponse(PAGE)


async def answer(request: Request) -> PlainTextResponse:
    """Save one answer."""
    given = await request.json()
    return PlainTextResponse(RECORDS.save(given.get("visitor") or str(uuid4()), given["item"], given["value"]))


app = Starlette(routes=[Route("/", page), Route("/answer", answer, methods=["POST"])])
