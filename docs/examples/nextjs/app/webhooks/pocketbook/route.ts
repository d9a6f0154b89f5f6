import { after } from 'next/server';
import { verify } from './verify';

const LIMIT = 1_048_576; // bytes of a body

type Event = { id: string; type: string; data?: Record<string, unknown> };

export async function POST(request: Request): Promise<Response> {
  const body = await read(request);
  if (!body) return Response.json({ error: 'Body too large' }, { status: 413 });
  if (!verify(request.headers.get('X-Webhook-Signature') ?? '', body, secrets())) {
    return Response.json({ error: 'Invalid signature' }, { status: 401 });
  }
  const event = parseEvent(body);
  if (!event) return Response.json({ error: 'Not an event' }, { status: 400 });

  // Answer first: Pocketbook waits 30 seconds at most, then delivers again.
  if (isNew(event.id)) after(() => handle(event));
  return Response.json({ received: true });
}

// Read for each request: a build has no secrets.
function secrets(): string[] {
  const { POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD } = process.env;
  const found = [POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD].filter((secret) => !!secret) as string[];
  if (found.length === 0) throw new Error('set POCKETBOOK_WEBHOOK_SECRET');
  return found;
}

// The signature covers the bytes as sent, so they are taken as they are, and no more of them kept than an event may have.
// The rest is read all the same: what is left unread would stand before the next request of the connection.
async function read(request: Request): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size <= LIMIT) chunks.push(chunk);
  }
  return size <= LIMIT ? Buffer.concat(chunks) : undefined;
}

function parseEvent(body: Buffer): Event | undefined {
  try {
    const event = JSON.parse(body.toString());
    return typeof event?.id === 'string' && typeof event.type === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

// The same event may arrive more than once. Memory is enough to learn with; in production, insert the id under a unique
// key of your database, in the transaction that queues the work.
const seen = new Set<string>();
function isNew(id: string): boolean {
  if (seen.has(id)) return false;
  if (seen.size === 10_000) seen.delete(seen.values().next().value!);
  seen.add(id);
  return true;
}

async function handle({ id, type, data }: Event): Promise<void> {
  switch (type) {
    case 'certificate.minted':
      console.log('handled', type, id, `token ${data?.tokenId} belongs to ${data?.owner}`);
      break;
    case 'voucher.minted':
      console.log('handled', type, id, `voucher ${data?.referenceNumber} was claimed by ${data?.mintedBy}`);
      break;
    default: // types that Pocketbook adds later arrive here
      console.log('handled', type, id);
  }
}
