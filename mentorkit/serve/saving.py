"""Saving a notebook without the answers that its outputs and widgets hold."""

from typing import Any

from jupyter_server.services.contents.largefilemanager import LargeFileManager


class NoAnswers(LargeFileManager):
    """Writes notebooks stripped, and in the server's own thread: a server that is closed has no file half written.

    Not a `pre_save_hook`: Jupyter goes on saving when a hook fails, and rejects a hook that is given by name.
    """

    def run_pre_save_hooks(self, model: dict[str, Any], path: str, **kwargs: Any) -> None:
        """Strip first, so that no hook and no file ever has an answer."""
        strip_answers(model)
        super().run_pre_save_hooks(model, path, **kwargs)  # type: ignore[no-untyped-call]


def strip_answers(model: dict[str, Any]) -> None:
    """Take outputs, counts and widget state out of the model of a notebook."""
    if model.get("type") != "notebook" or not model.get("content"):
        return
    notebook = model["content"]
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook.get("cells", []):
        cell.get("metadata", {}).pop("execution", None)
        if cell.get("cell_type") == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
