import express from 'express';
import { verify } from './verify.js';

const { PORT = '3000', POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD } = process.env;
const secrets = [POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD].filter(Boolean);
if (secrets.length === 0) throw new Error('set POCKETBOOK_WEBHOOK_SECRET');

const app = express().disable('x-powered-by');

app
  .route('/webhooks/pocketbook')
  // The signature covers the bytes as sent, so they must reach verify() before anything parses or inflates them.
  .post(express.raw({ type: () => true, limit: '1mb', inflate: false }), (req, res) => {
    const body = req.body ?? Buffer.alloc(0);
    if (!verify(req.get('X-Webhook-Signature') ?? '', body, secrets)) {
      return res.status(401).json({ error: 'Invalid signature' });
    }
    const event = parseEvent(body);
    if (!event) return res.status(400).json({ error: 'Not an event' });

    // Answer first: Pocketbook waits 30 seconds at most, then delivers again.
    res.json({ received: true });
    if (isNew(event.id)) handle(event).catch((error) => console.error('failed', event.type, event.id, error));
  })
  .all((req, res) => res.set('Allow', 'POST').status(405).json({ error: 'Method not allowed' }));

// A body that is too large or cut short is the sender's fault; a 5xx would only invite it again.
app.use((error, req, res, next) => {
  if (res.headersSent) return next(error);
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  res.status(status).json({ error: status < 500 ? error.message : 'Internal error' });
});

function parseEvent(body) {
  try {
    const event = JSON.parse(body);
    return typeof event?.id === 'string' && typeof event.type === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

// The same event may arrive more than once. Memory is enough to learn with; in production, insert the id under a unique
// key of your database, in the transaction that queues the work.
const seen = new Set();
function isNew(id) {
  if (seen.has(id)) return false;
  if (seen.size === 10_000) seen.delete(seen.values().next().value);
  seen.add(id);
  return true;
}

async function handle({ id, type, data }) {
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

const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  console.log(`listening on http://localhost:${server.address().port}/webhooks/pocketbook`);
});
server.requestTimeout = 30_000; // milliseconds for a whole request, so that a dribbling sender cannot hold a connection

for (const signal of ['SIGTERM', 'SIGINT']) {
  // npm passes on a signal that the terminal sent to this process as well, so it may come twice.
  process.on(signal, () => {
    server.close(); // open requests are still answered, and the process ends after the last one
    setTimeout(() => process.exit(1), 25_000).unref();
  });
}
