"""What a payload must hold before a handler sees it. Slack's own always do; what does not is forged or broken."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from alerts.slack.answers import Payload

_SLACK = ("https", "hooks.slack.com")


def _not_null(given: Any) -> Any:
    if given is None:
        raise ValueError("must not be null where it is given")
    return given


class _Part(BaseModel):
    """What Bolt reads of every payload and of what is inside it, whoever listens; it breaks on other shapes."""

    user: str | dict[str, Any] | None = None
    team: str | dict[str, Any] | None = None
    channel: str | dict[str, Any] | None = None
    enterprise: str | dict[str, Any] | None = None
    authorizations: list[_Part] | None = None
    event: Annotated[_Part | None, AfterValidator(_not_null)] = None
    message: _Part | None = None
    previous_message: _Part | None = None
    view: dict[str, Any] = {}
    actions: Annotated[list[dict[str, Any]], Field(min_length=1)] = [{}]
    response_urls: list[dict[str, Any]] = []


class _Named(BaseModel):
    id: str


class _Team(BaseModel):
    domain: str | None = None


class _Option(BaseModel):
    value: str | None = None


class _Action(BaseModel):
    action_id: str
    value: str | None = None
    selected_option: _Option | None = None


class _Block(BaseModel):
    type: str
    block_id: str | None = None


class _State(BaseModel):
    values: dict[str, dict[str, dict[str, Any]]] = {}


class _View(BaseModel):
    id: str
    type: Literal["modal", "home"]
    callback_id: str | None = None
    private_metadata: str = ""
    state: _State | None = None
    blocks: list[_Block] = []


class _Container(BaseModel):
    type: str
    channel_id: str | None = None
    message_ts: str | None = None


class _Sent(BaseModel):
    """By a person, from a place where an answer can be seen."""

    user: _Named
    trigger_id: str = ""
    response_url: str | None = None


class _Press(_Sent):
    actions: Annotated[list[_Action], Field(min_length=1)]
    trigger_id: str
    container: _Container | None = None
    view: _View | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.view is None and self.response_url is None:
            raise ValueError("pressed nowhere: neither response_url nor view")
        return self


class _Submission(_Sent):
    view: _View

    @model_validator(mode="after")
    def _with_a_field(self) -> Self:
        if not any(block.type == "input" and block.block_id for block in self.view.blocks):
            raise ValueError("a dialog without a field")
        return self


class _MessageShortcut(_Sent):
    response_url: str
    team: _Team
    channel: _Named
    message_ts: str
    message: dict[str, Any]


class _Command(BaseModel):
    user_id: str
    text: str = ""
    trigger_id: str
    response_url: str


class _Event(BaseModel):
    type: str
    user: str = ""
    text: str | None = ""
    channel: str = ""
    thread_ts: str | None = None
    ts: str | None = None


class _Callback(BaseModel):
    event: _Event


_BY_TYPE: dict[str, type[BaseModel]] = {
    "block_actions": _Press,
    "view_submission": _Submission,
    "shortcut": _Sent,
    "message_action": _MessageShortcut,
    "event_callback": _Callback,
}


def malformed(body: Payload, api_url: str) -> str | None:
    """Why this payload cannot be Slack's; None where it can.

    api_url: of the Web API in use; answers go to Slack's own host or to the host of this one, and nowhere else.
    """
    shape = _Command if "command" in body else _BY_TYPE.get(str(body.get("type")), _Part)
    try:
        _Part.model_validate(body, strict=True)
        read = shape.model_validate(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    answers_to = getattr(read, "response_url", None)
    if answers_to is not None and not _is_slacks(answers_to, api_url):
        return "response_url: not an address of Slack"
    return None


def _is_slacks(url: str, api_url: str) -> bool:
    try:
        given, known = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    return (
        url.isascii() and url.isprintable() and (given.scheme, given.netloc) in (_SLACK, (known.scheme, known.netloc))
    )
