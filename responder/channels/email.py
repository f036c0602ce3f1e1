"""Mail: the answer to a complaint that somebody mailed. A mail cannot be asked for, changed or taken back."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from ssl import create_default_context

from config.settings import SmtpSettings
from responder.channels.account import Account, ChannelOptions, Missing
from responder.channels.channel import Failed, Outgoing, Permanent, Published, Temporary, Unclear

_ANSWER_WITHIN = 20  # seconds
_NOBODY = "kintsugi@localhost"  # the default sender, to which nobody could reply


class Options(ChannelOptions):
    """A mailbox that is read (imap) answers from `sender`, or from smtp.sender."""

    holds: str = "complaints"
    sender: str | None = None


class Email:
    """The mail server under `smtp`, sending as one address."""

    replaces = False

    def __init__(self, smtp: SmtpSettings, password: str | None, sender: str) -> None:
        self._smtp, self._password, self._sender = smtp, password, sender

    def publish(self, reply: Outgoing) -> Published:
        """Sends the answer into the thread of the complaint. No answer to the mail itself is Unclear."""
        if not reply.author or "@" not in reply.author:
            raise Failed(Permanent("refused", "the complaint names no address to answer: find it and write by hand"))
        mail = self._mail(reply)
        try:
            server = self._connected()
            try:
                self._envelope(server, reply.author)
                self._hand_over(server, mail)
            finally:
                with suppress(smtplib.SMTPException, OSError):  # what was taken stays taken, however it says goodbye
                    server.quit()
        except smtplib.SMTPAuthenticationError:
            raise Failed(Permanent("revoked", f"{self._smtp.host} refuses the login: correct SMTP_PASSWORD")) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Failed(Temporary(f"{self._smtp.host}: nothing was sent: {type(error).__name__}")) from None
        return Published({"id": str(mail["Message-ID"])})

    def _mail(self, reply: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, str(reply.author)
        title = " ".join((reply.title or "").split())[:150]
        mail["Subject"] = title if title.lower().startswith("re:") else f"Re: {title}".strip()
        domain = self._sender.rpartition("@")[2].strip("> ")
        mail["Message-ID"] = f"<reply-{reply.number}.{int(reply.approved_at.timestamp())}@{domain}>"
        mail["Date"] = formatdate(reply.approved_at.timestamp())
        if "@" in reply.mention and not any(sign in reply.mention for sign in "<> \r\n"):
            mail["In-Reply-To"] = mail["References"] = f"<{reply.mention}>"
        mail.set_content(reply.text)
        return mail

    def _connected(self) -> smtplib.SMTP:
        place = self._smtp.host, self._smtp.port
        if self._smtp.security == "tls":  # the context is needed: without one smtplib trusts any certificate
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=_ANSWER_WITHIN, context=create_default_context())
        else:
            server = smtplib.SMTP(*place, timeout=_ANSWER_WITHIN)
        try:
            if self._smtp.security == "starttls":
                server.starttls(context=create_default_context())
            if self._smtp.username:
                server.login(self._smtp.username, self._password or "")
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, to: str) -> None:
        server.ehlo_or_helo_if_needed()
        _taken(server.mail(self._sender.rpartition("<")[2].strip("> ")), self._smtp.host)
        _taken(server.rcpt(to), to)

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            answer = server.data(mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
        except smtplib.SMTPDataError as error:
            answer = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
        except (smtplib.SMTPException, OSError) as error:
            said = f"{self._smtp.host} did not answer after the mail was handed over: {type(error).__name__}"
            raise Failed(Unclear(said)) from None
        _taken(answer, self._smtp.host)


def _taken(answer: tuple[int, bytes], who: str) -> None:
    code, text = answer
    if 200 <= code < 300:
        return
    said = f"smtp: {who}: {code} {text.decode('utf-8', 'replace')[:200]}"
    raise Failed(Temporary(said) if 400 <= code < 500 else Permanent("refused", f"{said}: correct the address"))


def open_channel(options: Options, account: Account) -> Email:
    """Raises Missing where nobody could answer, or where the mailbox holds notifications of a site."""
    if options.holds != "complaints":
        raise Missing("its mails are notifications of a site, which answers nobody")
    sender = options.sender or account.smtp.sender
    if sender == _NOBODY:
        raise Missing("smtp.sender is not set")
    if account.smtp.username and account.secrets.smtp_password is None:
        raise Missing("SMTP_PASSWORD is not set")
    password = account.secrets.smtp_password
    return Email(account.smtp, password.get_secret_value() if password else None, sender)
