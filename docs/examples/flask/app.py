import json
import logging
import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from flask import Flask, abort, jsonify, request

from verify import verify

LIMIT = 1 << 20  # bytes of a body

secrets = [os.environ.get(name) for name in ("POCKETBOOK_WEBHOOK_SECRET", "POCKETBOOK_WEBHOOK_SECRET_OLD")]
secrets = [secret for secret in secrets if secret]
if not secrets:
    raise SystemExit("set POCKETBOOK_WEBHOOK_SECRET")

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger(__name__)

app = Flask(__name__)
work = ThreadPoolExecutor()


@app.post("/webhooks/pocketbook")
def webhook():
    # The signature covers the bytes as sent, so they are verified before anything parses them.
    body = read()
    if not verify(request.headers.get("X-Webhook-Signature", ""), body, secrets):
        return jsonify(error="Invalid signature"), 401
    event = parse_event(body)
    if event is None:
        return jsonify(error="Not an event"), 400

    # Answer at once: Pocketbook waits 30 seconds at most, then delivers again.
    if is_new(event["id"]):
        work.submit(handle, event)
    return jsonify(received=True)


def read():
    """Take the bytes as sent, and keep no more of them than an event may have."""
    body = request.stream.read(LIMIT + 1)
    if len(body) > LIMIT:
        while request.stream.read(LIMIT):
            pass  # a sender that is cut off in the middle of its body does not see the answer
        abort(413)
    return body


def parse_event(body):
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(event, dict) and isinstance(event.get("id"), str) and isinstance(event.get("type"), str):
        return event
    return None


# The same event may arrive more than once. Memory is enough to learn with; in production, insert the id under a unique
# key of your database, in the transaction that queues the work.
seen = OrderedDict()
seen_lock = Lock()


def is_new(event_id):
    with seen_lock:
        if event_id in seen:
            return False
        if len(seen) == 10_000:
            seen.popitem(last=False)
        seen[event_id] = True
        return True


def handle(event):
    try:
        data = event.get("data") or {}
        if event["type"] == "certificate.minted":
            detail = f"token {data.get('tokenId')} belongs to {data.get('owner')}"
        elif event["type"] == "voucher.minted":
            detail = f"voucher {data.get('referenceNumber')} was claimed by {data.get('mintedBy')}"
        else:  # types that Pocketbook adds later arrive here
            detail = ""
        log.info("handled %s %s %s", event["type"], event["id"], detail)
    except Exception:
        log.exception("failed %s %s", event["type"], event["id"])


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "3000")))
