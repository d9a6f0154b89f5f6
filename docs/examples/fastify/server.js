import Fastify from 'fastify';
import { verify } from './verify.js';

const { PORT = '3000', POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD } = process.env;
const secrets = [POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD].filter(Boolean);
if (secrets.length === 0) throw new Error('set POCKETBOOK_WEBHOOK_SECRET');

// Milliseconds for a whole request, so that a dribbling sender cannot hold a connection.
const app = Fastify({ requestTimeout: 30_000 });

// A scope of its own: its parser is for this route alone, and the others keep Fastify's for JSON.
app.register(async (webhooks) => {
  // The signature covers the bytes as sent, so they must reach verify() before anything parses them.
  webhooks.removeAllContentTypeParsers();
  webhooks.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body));

  webhooks.post('/webhooks/pocketbook', { bodyLimit: 1_048_576 }, async (request, reply) => {
    const body = request.body ?? Buffer.alloc(0);
    if (!verify(request.headers['x-webhook-signature'] ?? '', body, secrets)) {
      return reply.code(401).send({ error: 'Invalid signature' });
    }
    const event = parseEvent(body);
    if (!event) return reply.code(400).send({ error: 'Not an event' });

    // Answer first: Pocketbook waits 30 seconds at most, then delivers again.
    reply.send({ received: true });
    if (isNew(event.id)) handle(event).catch((error) => console.error('failed', event.type, event.id, error));
    return reply;
  });

  webhooks.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/webhooks/pocketbook',
    handler: async (request, reply) => reply.code(405).header('Allow', 'POST').send({ error: 'Method not allowed' }),
  });

  // Fastify closes the connection on a body that is too large; a sender in the middle of it would not see the answer.
  webhooks.setErrorHandler((error, request, reply) => {
    if (error.statusCode === 413) reply.removeHeader('connection');
    return reply.send(error);
  });
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

await app.listen({ port: Number(PORT) });
console.log(`listening on http://localhost:${app.server.address().port}/webhooks/pocketbook`);

// npm passes on a signal that the terminal sent to this process as well, so it may come twice.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => app.close());
