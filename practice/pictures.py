"""Takes the data of pictures out of a scene, and puts it back.

Excalidraw keeps them in `files`: `{file id: {"id", "mimeType", "dataURL", …}}`. A stored scene has
the same entries without `dataURL`, and says beside itself which data belongs to which file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Less is not worth a row of its own.
LEAST_CHARACTERS = 512


@dataclass(frozen=True)
class SlimScene:
    """`scene` without the data of its pictures, `pictures` `{file id: digest}`, `data`
    `{digest: data URL}`."""

    scene: dict[str, Any]
    pictures: dict[str, str]
    data: dict[str, str]

    @property
    def content(self) -> dict[str, Any]:
        return {"scene": self.scene, "pictures": self.pictures}


def taken_apart(scene: dict[str, Any]) -> SlimScene:
    files = scene.get("files")
    if not isinstance(files, dict):
        return SlimScene(scene, {}, {})
    pictures, data, left = {}, {}, {}
    for key, entry in files.items():
        left[key] = entry
        url = entry.get("dataURL") if isinstance(entry, dict) else None
        if isinstance(url, str) and len(url) >= LEAST_CHARACTERS:
            pictures[key] = hashlib.sha256(url.encode()).hexdigest()
            data[pictures[key]] = url
            left[key] = {name: value for name, value in entry.items() if name != "dataURL"}
    return SlimScene({**scene, "files": left}, pictures, data) if data else SlimScene(scene, {}, {})


def put_together(
    scene: dict[str, Any], pictures: Mapping[str, str], data: Mapping[str, str]
) -> dict[str, Any]:
    """The scene as it was sent. A file whose data is gone stays without it."""
    files = {
        key: {**entry, "dataURL": data[pictures[key]]} if pictures.get(key) in data else entry
        for key, entry in scene["files"].items()
    }
    return {**scene, "files": files}
