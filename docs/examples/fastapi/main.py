import json
import logging
import os

import uvicorn
from fastapi import BackgroundTasks, FastAPI, HTTPException, Request

from verify import verify

LIMIT = 1 << 20  # bytes of a body

secrets = [os.environ.get(name) for name in ("POCKETBOOK_WEBHOOK_SECRET", "POCKETBOOK_WEBHOOK_SECRET_OLD")]
secrets = [secret for secret in secrets if secret]
if not secrets:
    raise SystemExit("set POCKETBOOK_WEBHOOK_SECRET")

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger(__name__)

app = FastAPI()


# A model as a parameter would parse the body before it is verified, so this takes the request itself.
@app.post("/webhooks/pocketbook")
async def webhook(request: Request, background: BackgroundTasks):
    body = await read(request)
    header = ",".join(request.headers.getlist("X-Webhook-Signature"))
    if not verify(header, body, secrets):
        raise HTTPException(401, "Invalid signature")
    event = parse_event(body)
    if event is None:
        raise HTTPException(400, "Not an event")

    # Answer first: Pocketbook waits 30 seconds at most, then delivers again.
    if is_new(event["id"]):
        background.add_task(handle, event)
    return {"received": True}


async def read(request):
    """Take the bytes as sent, and keep no more of them than an event may have."""
    body = bytearray()
    async for chunk in request.stream():
        if len(body) <= LIMIT:  # a sender that is cut off in the middle of its body does not see the answer
            body += chunk
    if len(body) > LIMIT:
        raise HTTPException(413, "Body too large")
    return bytes(body)


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
seen = {}


def is_new(event_id):
    if event_id in seen:
        return False
    if len(seen) == 10_000:
        del seen[next(iter(seen))]
    seen[event_id] = True
    return True


async def handle(event):
    data = event.get("data") or {}
    if event["type"] == "certificate.minted":
        detail = f"token {data.get('tokenId')} belongs to {data.get('owner')}"
    elif event["type"] == "voucher.minted":
        detail = f"voucher {data.get('referenceNumber')} was claimed by {data.get('mintedBy')}"
    else:  # types that Pocketbook adds later arrive here
        detail = ""
    log.info("handled %s %s %s", event["type"], event["id"], detail)


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "3000")))
