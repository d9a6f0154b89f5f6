import hashlib
import hmac
import re
import time

TOLERANCE = 300  # seconds, into the past and into the future


def verify(header, body, secrets, now=None):
    """Tell whether an X-Webhook-Signature header signs these raw body bytes with one of the secrets, now."""
    if len(header) > 8192:
        return False
    parts = [part.strip(" \t").partition("=") for part in header.split(",")[:64]]

    # A second, different t would leave open which one was signed.
    times = {value for name, _, value in parts if name == "t"}
    if len(times) != 1:
        return False
    t = times.pop()
    if not re.fullmatch(r"[1-9][0-9]{0,11}", t):
        return False
    if abs(int(time.time() if now is None else now) - int(t)) > TOLERANCE:
        return False

    # During a rotation Pocketbook and you may each hold two secrets: any of theirs may match any of yours.
    macs = [bytes.fromhex(v) for name, _, v in parts if name == "v1" and re.fullmatch(r"[0-9a-fA-F]{64}", v)]
    signed = t.encode() + b"." + body
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).digest() for secret in secrets]
    return any(hmac.compare_digest(mac, want) for mac in macs for want in expected)
