import json
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .models import HandledEvent
from .verify import verify

LIMIT = 1 << 20  # bytes of a body

log = logging.getLogger(__name__)


@csrf_exempt  # the signature tells who sent it
@require_POST
def webhook(request):
    # The signature covers the bytes as sent, so they are verified before anything parses them.
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return JsonResponse({"error": "Body too large"}, status=413)
    if not verify(request.headers.get("X-Webhook-Signature", ""), body, settings.WEBHOOK_SECRETS):
        return JsonResponse({"error": "Invalid signature"}, status=401)
    event = parse_event(body)
    if event is None:
        return JsonResponse({"error": "Not an event"}, status=400)

    # The same event may arrive more than once. Its id and its effects are committed together or not at all.
    try:
        with transaction.atomic():
            HandledEvent.objects.create(event_id=event["id"])
            handle(event)
    except IntegrityError:
        log.info("repeated %s %s", event["type"], event["id"])
    return JsonResponse({"received": True})


def parse_event(body):
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(event, dict) and isinstance(event.get("id"), str) and isinstance(event.get("type"), str):
        return event
    return None


def handle(event):
    """Write to the database here, and queue what takes long: Pocketbook waits 30 seconds at most, then delivers again."""
    data = event.get("data") or {}
    if event["type"] == "certificate.minted":
        detail = f"token {data.get('tokenId')} belongs to {data.get('owner')}"
    elif event["type"] == "voucher.minted":
        detail = f"voucher {data.get('referenceNumber')} was claimed by {data.get('mintedBy')}"
    else:  # types that Pocketbook adds later arrive here
        detail = ""
    log.info("handled %s %s %s", event["type"], event["id"], detail)
