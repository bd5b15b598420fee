"""A visitor of the Streamlit app, with Streamlit's own protobuf classes."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.room.clients.wire import SAVED, Browser, Socket


class Visitor:
    """Chooses in selectboxes."""

    def __init__(self, socket: Socket):
        self._socket = socket
        self._boxes: list[tuple[str, str, list[str]]] = []  # id, fragment and labels
        self._chosen: dict[str, str] = {}

    async def open(self) -> None:
        """Run the script for the first time."""
        await self._rerun("")
        await self._socket.hear(self._drawn)

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        box, fragment, labels = self._boxes[number % len(self._boxes)]
        self._chosen[box] = labels[number % 5]
        await self._rerun(fragment)
        await self._socket.hear(self._saved_and_done())

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()

    async def _rerun(self, fragment: str) -> None:
        said = BackMsg()
        said.rerun_script.fragment_id = fragment
        for box, label in self._chosen.items():
            said.rerun_script.widget_states.widgets.add(id=box, string_value=label)
        said.rerun_script.SetInParent()
        await self._socket.send(said.SerializeToString())

    def _drawn(self, raw: bytes) -> bool:
        heard = ForwardMsg.FromString(raw)
        element = heard.delta.new_element
        if element.HasField("selectbox"):
            self._boxes.append((element.selectbox.id, heard.delta.fragment_id, list(element.selectbox.options)))
        return heard.WhichOneof("type") == "script_finished"

    @staticmethod
    def _saved_and_done() -> object:
        return lambda raw: SAVED in raw


async def come(address: str) -> Visitor:
    """Open the page, connect and run the script."""
    browser = Browser(address)
    await browser.get()
    visitor = Visitor(await browser.socket("_stcore/stream", "streamlit"))
    await visitor.open()
    return visitor
