"""How a mail leaves: MIME to the letter, then SMTP or a folder (the only speaker of SMTP)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import smtplib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.ical import text as ical_text
from app.core.languages import nearest
from app.mail.kinds import Words, one_line

CUT_OFF = 45  # seconds for one conversation, whatever the server does
CONNECT = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Passing(Exception):
    """This mail could not leave now; it may later."""


class Refused(Exception):
    """The server will not take this mail, now or later (5xx)."""


class NoServer(Passing):
    """There is no talking to the server: no mail can leave now."""


@dataclass(frozen=True)
class Letter:
    """One message: the envelope's address and the bytes on the wire (ASCII, CRLF)."""

    message_id: str
    date: datetime
    sender: str
    to: str
    data: bytes


class Line(Protocol):
    """An open way out, good for any number of letters."""

    def send(self, letter: Letter) -> None:
        """Hand ``letter`` over. Raises `Passing`, `Refused`, `NoServer`."""


# --- MIME -------------------------------------------------------------------------------------


def letter(
    words: Words,
    *,
    sender: str,
    to_address: str,
    to_name: str,
    language: str,
    message_id: str,
    date: datetime,
) -> Letter:
    """Return ``words`` as a message; the same arguments always give the same bytes.

    Raises `ValueError` for an address that would break out of its header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(words.sender_name), addr_spec=checked(sender))
    message["To"] = recipient(to_name, checked(to_address))
    message["Subject"] = one_line(words.subject)
    message["Date"] = format_datetime(date.astimezone(UTC), usegmt=True)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = nearest(language).code
    if words.unsubscribe is not None:  # RFC 8058: one click; only optional mail has it
        message["List-Unsubscribe"] = f"<{words.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["MIME-Version"] = "1.0"
    fill_parts(message, words)
    set_boundaries(message, message_id)
    return Letter(message_id, date, sender, to_address, message.as_bytes())


def checked(address: str) -> str:
    """Return ``address`` if it is one and nothing more."""
    if any(ord(sign) < 33 or ord(sign) == 127 for sign in address) or address.count("@") != 1:
        raise ValueError(f"{address!r} is no address for a header")
    return address


def recipient(name: str, address: str) -> str | Address:
    """Return To; an address that ASCII cannot write stands on the envelope only."""
    if not address.isascii():
        return "undisclosed-recipients:;"
    return Address(one_line(name), addr_spec=address)


def fill_parts(message: EmailMessage, words: Words) -> None:
    """Give ``message`` its text, its HTML and, where there is one, its calendar part, twice."""
    versions = [text_part(words.text, "plain"), text_part(words.html, "html")]
    if words.calendar is None:
        hold(message, "alternative", versions)
        return
    calendar = folded(words.calendar)
    invitation = base64_part(calendar)
    invitation["Content-Type"] = f'text/calendar; charset="utf-8"; method={words.method}'
    both = MIMEPart(policy=SMTP)
    hold(both, "alternative", [*versions, invitation])
    file = base64_part(calendar)
    file["Content-Type"] = 'application/ics; name="invite.ics"'
    file["Content-Disposition"] = 'attachment; filename="invite.ics"'
    hold(message, "mixed", [both, file])


def hold(message: MIMEPart, subtype: str, parts: list[MIMEPart]) -> None:
    """Make ``message`` a multipart of ``parts``."""
    message["Content-Type"] = f"multipart/{subtype}"
    message.set_payload(parts)  # type: ignore[arg-type]  # the stubs know the older class alone


def folded(calendar: str) -> bytes:
    """Return unfolded calendar text as lines of at most 75 octets."""
    return b"".join(ical_text.fold(line) for line in calendar.rstrip("\r\n").split("\r\n"))


def text_part(text: str, subtype: str) -> MIMEPart:
    """Return a part of text in UTF-8."""
    part = base64_part(text.replace("\n", "\r\n").encode())
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    return part


def base64_part(data: bytes) -> MIMEPart:
    """Return a part whose bytes no server on the way can bend."""
    part = MIMEPart(policy=SMTP)
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(data).decode("ascii"))
    return part


def set_boundaries(message: EmailMessage, message_id: str) -> None:
    """Name the boundaries after the message, so that a resend has the same bytes."""
    name = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{name}")


# --- Ways out ---------------------------------------------------------------------------------


@contextlib.contextmanager
def opened(mail_url: str, *, helo: str) -> Iterator[Line]:
    """Return a line to where ``mail_url`` leads; a server is called when the first letter goes."""
    if mail_url.startswith("file:"):
        yield Folder(Path(unquote(urlsplit(mail_url).path)))
        return
    line = Smtp(Server.read(mail_url), helo)
    try:
        yield line
    finally:
        line.hang_up()


@dataclass(frozen=True)
class Folder:
    """Letters as files, one each, whole or not at all; the same letter is the same file."""

    path: Path

    def send(self, letter: Letter) -> None:
        """Write ``<date>-<message id>.eml``."""
        name = letter.message_id.strip("<>").partition("@")[0]
        stamp = letter.date.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            aside = self.path / f".{name}-{os.getpid()}"
            with aside.open("wb") as out:
                out.write(letter.data)
                out.flush()
                os.fsync(out.fileno())
            aside.replace(self.path / f"{stamp}-{name}.eml")
        except OSError as fault:
            raise NoServer(f"the folder takes no mail: {fault.strerror}") from fault


@dataclass(frozen=True)
class Server:
    """A mail server as MAIL_URL names it."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None

    @classmethod
    def read(cls, url: str) -> Server:
        """Read ``smtp://user:pass@host:port?tls=starttls|ssl|none``.

        Without ``tls`` it is ssl on port 465, none on this very machine, else STARTTLS.
        """
        parts = urlsplit(url)
        host = parts.hostname or "localhost"
        default = "none" if host in LOOPBACK else "starttls"
        if parts.port == 465:
            default = "ssl"
        tls = parse_qs(parts.query).get("tls", [default])[0]
        if parts.scheme != "smtp" or tls not in ("starttls", "ssl", "none"):
            raise ValueError("MAIL_URL must be smtp://host:port?tls=starttls|ssl|none or file:///…")
        port = parts.port or {"ssl": 465, "starttls": 587, "none": 25}[tls]
        user = unquote(parts.username) if parts.username else None
        return cls(host, port, tls, user, unquote(parts.password or "") if user else None)


class Smtp:
    """A conversation with a server, kept open from letter to letter."""

    def __init__(self, server: Server, helo: str) -> None:
        self._server = server
        self._helo = helo
        self._smtp: smtplib.SMTP | None = None
        self._used = False

    def send(self, letter: Letter) -> None:
        """Send one letter within CUT_OFF seconds, on a new connection if the kept one is dead."""
        with self._cut_off():
            if self._smtp is not None and not self._greet():
                self.hang_up()
            if self._smtp is None:
                self._connect()
            self._converse(letter)

    def hang_up(self) -> None:
        """End the conversation, without ceremony where the server is gone."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if smtp.sock is not None:  # smtplib drops a dead one itself
                    smtp.sock.settimeout(2)
                    smtp.quit()
            smtp.close()

    def _greet(self) -> bool:
        """Say whether a connection kept from the letter before still answers."""
        assert self._smtp is not None
        try:
            return self._smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _connect(self) -> None:
        server = self._server
        try:
            self._smtp = self._dialled()
            self._smtp.ehlo(self._helo)
            if server.tls == "starttls":
                self._smtp.starttls(context=ssl.create_default_context())
                self._smtp.ehlo(self._helo)
            if server.user is not None:
                self._smtp.login(server.user, server.password or "")
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(CUT_OFF)
        except (smtplib.SMTPException, OSError) as fault:
            self._forget()
            raise NoServer(f"{server.host}:{server.port}: {described(fault)}") from fault

    def _dialled(self) -> smtplib.SMTP:
        server = self._server
        if server.tls == "ssl":
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=self._helo,
                timeout=CONNECT,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname=self._helo, timeout=CONNECT)

    def _converse(self, letter: Letter) -> None:
        smtp = self._smtp
        assert smtp is not None
        options = []
        if not letter.to.isascii():
            if not smtp.has_extn("smtputf8"):
                raise Refused("this mail server takes no addresses outside ASCII")
            options = ["SMTPUTF8"]
            smtp.command_encoding = "utf-8"
        try:
            self._expect(smtp.mail(letter.sender, options), 250)
            self._expect(smtp.rcpt(letter.to), 250, 251, 252)
            self._expect(smtp.data(letter.data), 250)
        except smtplib.SMTPDataError as fault:  # the server would not even listen
            self._judge(fault.smtp_code, fault.smtp_error)
        except (smtplib.SMTPException, OSError) as fault:
            self._forget()
            raise Passing(described(fault)) from fault

    def _expect(self, reply: tuple[int, bytes], *good: int) -> None:
        if reply[0] not in good:
            self._judge(*reply)

    def _judge(self, code: int, text: bytes | str) -> None:
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        said = one_line(f"{code} {shown}")
        if code == 421:
            self.hang_up()
        if code >= 500:
            raise Refused(said)
        raise Passing(said)

    def _forget(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    @contextlib.contextmanager
    def _cut_off(self) -> Iterator[None]:
        """Cut the connection when the conversation takes too long, however busy it looks."""
        timer = threading.Timer(CUT_OFF, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        smtp = self._smtp
        if smtp is not None and smtp.sock is not None:
            with contextlib.suppress(OSError):
                smtp.sock.shutdown(2)


def described(fault: Exception) -> str:
    """Return a fault for staff: what the server said, else what happened."""
    if isinstance(fault, smtplib.SMTPResponseException):
        text = fault.smtp_error
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return one_line(f"{fault.smtp_code} {shown}")
    return one_line(str(fault)) or type(fault).__name__
