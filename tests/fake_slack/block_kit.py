"""Checks Block Kit payloads against Slack's documented limits. Each complaint reads as Slack's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

STYLES = ("primary", "danger")
IN_MESSAGES = ("actions", "context", "divider", "file", "header", "image", "markdown", "rich_text", "section", "video")
IN_VIEWS = (*IN_MESSAGES, "input")


def complaints(
    blocks: Any, *, pointer: str = "/blocks", most: int = 50, kinds: tuple[str, ...] = IN_MESSAGES
) -> list[str]:
    """What Slack would refuse, in the form of `response_metadata.messages`; empty when it takes the blocks."""
    if not isinstance(blocks, list):
        return [_error("must be an array", pointer)]
    found = list(_of_blocks(blocks, pointer, kinds))
    if len(blocks) > most:
        found.append(_error(f"no more than {most} items allowed", pointer))
    return found


def view_complaints(view: Any) -> list[str]:
    """The same for a modal or a home tab."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [_error("missing required field: type", "/view")]
    found = complaints(view.get("blocks"), pointer="/view/blocks", most=100, kinds=IN_VIEWS)
    if len(view.get("private_metadata", "")) > 3000:
        found.append(_error("must be less than 3001 characters", "/view/private_metadata"))
    if len(view.get("callback_id", "")) > 255:
        found.append(_error("must be less than 256 characters", "/view/callback_id"))
    if view["type"] == "modal":
        found += _text(view.get("title"), "/view/title", 24, plain=True)
        for key in ("submit", "close"):
            if key in view:
                found += _text(view[key], f"/view/{key}", 24, plain=True)
        asks = any(block.get("type") == "input" for block in view.get("blocks", []))
        if asks and "submit" not in view:
            found.append(_error("missing required field: submit", "/view"))
    return found


def _of_blocks(blocks: list[Any], pointer: str, kinds: tuple[str, ...]) -> Iterator[str]:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        here = f"{pointer}/{number}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in kinds:
            yield _error(f"unsupported type: {kind}", f"{here}/type")
            continue
        block_id = block.get("block_id")
        if block_id is not None:
            if len(block_id) > 255:
                yield _error("must be less than 256 characters", f"{here}/block_id")
            if block_id in seen:
                yield _error("duplicate block_id", f"{here}/block_id")
            seen.add(block_id)
        check = _BLOCKS.get(kind)
        if check is not None:
            yield from check(block, here)


def _section(block: dict[str, Any], here: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield _error("missing required field: text", here)
    if "text" in block:
        yield from _text(block["text"], f"{here}/text", 3000)
    fields = block.get("fields", [])
    if "fields" in block and not 1 <= len(fields) <= 10:
        yield _error("no more than 10 items allowed", f"{here}/fields")
    for number, one in enumerate(fields):
        yield from _text(one, f"{here}/fields/{number}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{here}/accessory")


def _header(block: dict[str, Any], here: str) -> Iterator[str]:
    yield from _text(block.get("text"), f"{here}/text", 150, plain=True)


def _context(block: dict[str, Any], here: str) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield _error("must have 1 to 10 items", f"{here}/elements")
    for number, one in enumerate(elements):
        if one.get("type") != "image":
            yield from _text(one, f"{here}/elements/{number}", 3000)


def _actions(block: dict[str, Any], here: str) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield _error("must have 1 to 25 items", f"{here}/elements")
    ids = [one.get("action_id") for one in elements]
    if len(set(ids)) < len(ids):
        yield _error("duplicate action_id", f"{here}/elements")
    for number, one in enumerate(elements):
        yield from _element(one, f"{here}/elements/{number}")


def _input(block: dict[str, Any], here: str) -> Iterator[str]:
    yield from _text(block.get("label"), f"{here}/label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], f"{here}/hint", 2000, plain=True)
    if "element" not in block:
        yield _error("missing required field: element", here)
    else:
        yield from _element(block["element"], f"{here}/element")


def _image(block: dict[str, Any], here: str) -> Iterator[str]:
    if not block.get("alt_text") or len(block["alt_text"]) > 2000:
        yield _error("must be 1 to 2000 characters", f"{here}/alt_text")
    if not block.get("image_url") and not block.get("slack_file"):
        yield _error("missing required field: image_url", here)


def _element(element: dict[str, Any], here: str) -> Iterator[str]:
    kind = element.get("type")
    if len(element.get("action_id", "")) > 255:
        yield _error("must be less than 256 characters", f"{here}/action_id")
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{here}/placeholder", 150, plain=True)
    if kind == "button":
        yield from _button(element, here)
    elif kind in ("static_select", "radio_buttons", "checkboxes", "overflow"):
        yield from _menu(element, here)
    elif kind == "plain_text_input":
        if element.get("max_length", 1) > 3000:
            yield _error("must be less than 3001", f"{here}/max_length")
        triggers = (element.get("dispatch_action_config") or {}).get("trigger_actions_on", ["on_enter_pressed"])
        if not set(triggers) <= {"on_enter_pressed", "on_character_entered"}:
            yield _error("unsupported trigger", f"{here}/dispatch_action_config/trigger_actions_on")
        if len(element.get("initial_value", "")) > 3000:
            yield _error("must be less than 3001 characters", f"{here}/initial_value")
    elif kind == "datetimepicker":
        initial = element.get("initial_date_time")
        if initial is not None and (not isinstance(initial, int) or len(str(initial)) != 10):
            yield _error("must be a UNIX timestamp of 10 digits", f"{here}/initial_date_time")
    elif kind not in (
        "users_select",
        "channels_select",
        "conversations_select",
        "datepicker",
        "image",
        "url_text_input",
    ):
        yield _error(f"unsupported type: {kind}", f"{here}/type")


def _menu(element: dict[str, Any], here: str) -> Iterator[str]:
    yield from _options(
        element.get("options", []), f"{here}/options", 100 if element["type"] == "static_select" else 10
    )
    if "initial_option" in element and element["initial_option"] not in element.get("options", []):
        yield _error("must be one of the options", f"{here}/initial_option")


def _button(button: dict[str, Any], here: str) -> Iterator[str]:
    yield from _text(button.get("text"), f"{here}/text", 75, plain=True)
    if len(button.get("value", "")) > 2000:
        yield _error("must be less than 2001 characters", f"{here}/value")
    if len(button.get("url", "")) > 3000:
        yield _error("must be less than 3001 characters", f"{here}/url")
    if "style" in button and button["style"] not in STYLES:
        yield _error("must be one of: primary, danger", f"{here}/style")
    if "confirm" in button:
        for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            yield from _text(button["confirm"].get(key), f"{here}/confirm/{key}", most)


def _options(options: list[Any], here: str, most: int) -> Iterator[str]:
    if not 1 <= len(options) <= most:
        yield _error(f"must have 1 to {most} items", here)
    for number, option in enumerate(options):
        yield from _text(option.get("text"), f"{here}/{number}/text", 75)
        if not 1 <= len(option.get("value", "")) <= 150:
            yield _error("must be 1 to 150 characters", f"{here}/{number}/value")


def _text(text: Any, here: str, most: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield _error("failed to match all allowed schemas", here)
        return
    body = text.get("text")
    if not isinstance(body, str) or not body:
        yield _error("must be more than 0 characters", f"{here}/text")
    elif len(body) > most:
        yield _error(f"must be less than {most + 1} characters", f"{here}/text")
    if text["type"] == "plain_text" and "verbatim" in text:
        yield _error("verbatim is not allowed in plain_text", here)


def _error(message: str, pointer: str) -> str:
    return f"[ERROR] {message} [json-pointer:{pointer}]"


_BLOCKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
}
