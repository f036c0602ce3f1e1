"""The receiver `email`: HTML and text over SMTP, one mail thread a case. Mail cannot be edited: edits send nothing."""

from __future__ import annotations

import re
import smtplib
from base64 import b64decode
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from ssl import create_default_context
from typing import Any

from alerts.messages.case_text import CaseText, case_text
from alerts.messages.plain import one_line, public
from alerts.messages.wording import Words, words_for
from alerts.receivers.receiver import Address, Permanent, Result, Sent, Temporary
from alerts.view import CaseView
from config.route import EmailReceiver as EmailOptions
from config.settings import Secrets, Settings, SmtpSettings

_ANSWER_WITHIN = 15.0  # seconds, for each answer of the server
_INLINE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


class EmailReceiver:
    """Mail to some people. It cannot be asked: a crash may send an internal mail twice."""

    def __init__(
        self,
        name: str,
        to: list[str],
        smtp: SmtpSettings,
        password: str | None,
        words: Words,
        within: float = _ANSWER_WITHIN,
    ) -> None:
        self._name = name
        self._to = to
        self._smtp = smtp
        self._password = password
        self._words = words
        self._within = within

    def deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        """Sends a mail; edits and erasures have nothing to send."""
        if purpose in ("case_edit", "notice_edit", "erase"):
            return Sent(dict(address or {}))
        mail = self._mail(key, purpose, payload, view)
        try:
            self._send(mail)
        except smtplib.SMTPAuthenticationError:
            return Permanent(f"smtp: {self._smtp.host} refuses the login: correct smtp.username and SMTP_PASSWORD")
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(next(iter(error.recipients.values())), ", ".join(error.recipients))
        except smtplib.SMTPResponseException as error:
            return _refused((error.smtp_code, error.smtp_error), self._smtp.host)
        except (smtplib.SMTPException, OSError) as error:
            return Temporary(f"smtp: {self._smtp.host}:{self._smtp.port} did not take the mail: {error}")
        return Sent({"message_id": mail["Message-ID"]})

    def _mail(self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._smtp.sender
        mail["To"] = ", ".join(self._to)
        domain = self._smtp.sender.rpartition("@")[2].strip("> ") or "localhost"
        if view is not None:
            first = f"<case-{view.case_id}.{_safe(self._name)}@{domain}>"
            body = case_text(view, self._words)
            mail["Subject"] = ("" if purpose == "case_message" else "Re: ") + one_line(body.title, 150)
            if purpose == "case_message":
                mail["Message-ID"] = first
            else:
                mail["Message-ID"] = f"<{_safe(key)}@{domain}>"
                mail["In-Reply-To"] = mail["References"] = first
            said = str(payload.get("text", "")) or str(payload.get("note", ""))
            mail.set_content(_plain(body, said, self._words))
            mail.add_alternative(_html(body, said, self._words), subtype="html")
        else:
            lines = [public(str(line), 3000) for line in payload.get("lines", [])] or [str(payload.get("text", ""))]
            mail["Subject"] = one_line(str(payload.get("title", "Kintsugi")), 150)
            mail["Message-ID"] = f"<{_safe(key)}@{domain}>"
            mail.set_content("\n\n".join(lines))
            page = _page(payload)
            mail.add_alternative(page or "".join(f"<p>{_lines(line)}</p>" for line in lines), subtype="html")
            if page is not None:
                _attach_pictures(mail)
        if view is not None and view.opened_at is not None:
            mail["X-Kintsugi-Opened"] = format_datetime(view.opened_at)
        return mail

    def _send(self, mail: EmailMessage) -> None:
        smtp = self._smtp
        with self._connected() as server:
            if smtp.security == "starttls":
                server.starttls(context=create_default_context())
            if smtp.username:
                server.login(smtp.username, self._password or "")
            server.send_message(mail)

    def _connected(self) -> smtplib.SMTP:
        smtp = self._smtp
        if smtp.security == "tls":  # the context is needed: without one smtplib trusts any certificate
            context = create_default_context()
            return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=self._within, context=context)
        return smtplib.SMTP(smtp.host, smtp.port, timeout=self._within)


def open_receiver(name: str, options: EmailOptions, settings: Settings, secrets: Secrets) -> EmailReceiver:
    """The receiver of some mail addresses."""
    password = secrets.smtp_password.get_secret_value() if secrets.smtp_password else None
    words, within = words_for(settings.brand.languages), settings.delivery.answer_within.total_seconds()
    return EmailReceiver(name, options.to, settings.smtp, password, words, within)


def _refused(answer: tuple[int, bytes | str], who: str) -> Result:
    code, text = answer
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    if 400 <= code < 500:
        return Temporary(f"smtp: {who}: {code} {said}")
    return Permanent(f"smtp: {who}: {code} {said}: correct the address or the server under smtp")


def _plain(body: CaseText, said: str, words: Words) -> str:
    lines = [said, ""] if said else []
    lines += [body.title, "", *("> " + line for line in body.quote.splitlines()), ""]
    lines += [f"{name}: {value}" for name, value in body.facts]
    lines += ["", f"{words['draft']}:", body.draft]
    return "\n".join(lines + (["", body.url] if body.url else []))


def _html(body: CaseText, said: str, words: Words) -> str:
    rows = "".join(f"<tr><th align=left>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in body.facts)
    link = f'<p><a href="{escape(body.url)}">{escape(words["open"])}</a></p>' if body.url else ""
    note = f"<p><b>{_lines(said)}</b></p>" if said else ""
    return (
        f"<!doctype html><html><body>{note}<h2>{escape(body.title)}</h2><blockquote>{_lines(body.quote)}</blockquote>"
        f"<table>{rows}</table><h3>{escape(words['draft'])}</h3><p>{_lines(body.draft)}</p>{link}</body></html>"
    )


def _page(payload: Mapping[str, Any]) -> str | None:
    """The HTML page that a report has; None where it has none, or another machine made it."""
    try:
        return Path(str(payload["page"])).read_text(encoding="utf-8") if payload.get("page") else None
    except OSError:
        return None


def _attach_pictures(mail: EmailMessage) -> None:
    """Pictures inside a page become parts of the mail: several mail programs show no others."""
    shown = mail.get_payload()[-1]  # type: ignore[index]  # the alternatives are a list: the page came last
    assert isinstance(shown, EmailMessage)
    page = shown.get_content()
    found = list(dict.fromkeys(_INLINE.findall(page)))
    names = [f"{sha256(data.encode()).hexdigest()[:16]}@kintsugi" for data in found]
    for name, data in zip(names, found, strict=True):
        page = page.replace(f"data:image/png;base64,{data}", f"cid:{name}")
    shown.set_content(page, subtype="html")
    for name, data in zip(names, found, strict=True):
        shown.add_related(b64decode(data), "image", "png", cid=f"<{name}>")


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _safe(name: str) -> str:
    """What may stand in a Message-ID."""
    return "".join(character if character.isascii() and character.isalnum() else "." for character in name).strip(".")
