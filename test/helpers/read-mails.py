"""Reads mails from standard input, a JSON array in base64, and writes what stands in each of them."""
import base64
import email
import email.header
import email.policy
import json
import sys


def shown(value):
    """A header field as it is shown: unfolded, with encoded words decoded."""
    unfolded = ''.join(str(value).splitlines())
    try:
        pieces = email.header.decode_header(unfolded)
        return ''.join(
            piece if isinstance(piece, str) else piece.decode(charset or 'ascii', 'replace')
            for piece, charset in pieces
        )
    except Exception:
        return unfolded


def content(part):
    if part.is_multipart():
        return None
    raw = part.get_payload(decode=True)
    if raw is None:
        return None
    if part.get_content_maintype() != 'text':
        return raw.hex()
    return raw.decode(part.get_content_charset() or 'utf-8', 'replace')


def parts_of(mail):
    """All parts, those of messages included that are encoded, which the package takes for a text."""
    for part in mail.walk():
        yield part
        encoding = str(part.get('content-transfer-encoding', '')).strip()
        if part.get_content_type() == 'message/rfc822' and encoding == 'base64':
            inner = part.get_payload(0)
            raw = base64.b64decode(inner.get_payload())
            inner.set_payload('')
            yield from parts_of(email.message_from_bytes(raw, policy=email.policy.compat32))


def told(mail):
    return [
        {
            'type': part.get_content_type(),
            'charset': part.get_content_charset(),
            'file': part.get_filename(),
            'headers': [[name, shown(value)] for name, value in part.raw_items()],
            'preamble': part.preamble,
            'epilogue': part.epilogue,
            'content': content(part),
            'defects': [type(defect).__name__ for defect in part.defects],
        }
        for part in parts_of(mail)
    ]


mails = [base64.b64decode(one) for one in json.load(sys.stdin)]
json.dump(
    [told(email.message_from_bytes(one, policy=email.policy.compat32)) for one in mails], sys.stdout
)
