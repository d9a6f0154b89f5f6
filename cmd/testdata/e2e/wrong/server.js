// A receiver with one deliberate fault, named by MODE; without it there is none. Nothing here is to be copied:
// docs/examples/express shows how it is done.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const { PORT = '3000', MODE = 'none', DELAY = '6000', POCKETBOOK_WEBHOOK_SECRET: secret } = process.env;
const modes = [
  'none', 'parsed-body', 'no-time-check', 'no-verification', 'last-v1-only', 'crashes-on-bad-input', 'not-idempotent',
  'redirects', 'slow',
];
if (!modes.includes(MODE)) throw new Error(`MODE is none of ${modes.join(', ')}`);

const app = express();
const path = '/webhooks/pocketbook';

if (MODE === 'redirects') app.post(path, (req, res) => res.redirect(307, path + '/'));

const options = { type: () => true, limit: '1mb', strict: false };
app.post(path, MODE === 'parsed-body' ? express.json(options) : express.raw(options), async (req, res) => {
  const body = MODE === 'parsed-body' ? serialised(req.body) : (req.body ?? Buffer.alloc(0));
  if (!body) return res.status(400).json({ error: 'Not an event' });
  const header = req.get('X-Webhook-Signature');
  const verify = MODE === 'crashes-on-bad-input' ? verifyCarelessly : verifyCarefully;
  if (MODE !== 'no-verification' && !verify(header, body)) return res.status(401).json({ error: 'Invalid signature' });

  const event = MODE === 'crashes-on-bad-input' ? eventOf(JSON.parse(body)) : parseEvent(body);
  if (!event) return res.status(400).json({ error: 'Not an event' });
  if (MODE === 'slow') await new Promise((done) => setTimeout(done, Number(DELAY)));
  res.json({ received: true });
  if (isNew(event.id)) handle(event);
});

let handled = 0;
app.get('/handled', (req, res) => res.type('text').send(String(handled)));
app.all(path, (req, res) => res.status(405).json({ error: 'Method not allowed' }));

function verifyCarefully(header, body) {
  const parts = (header ?? '').split(/,[ \t]*/, 64).map((part) => part.split(/=(.*)/s, 2));
  const times = new Set(parts.filter(([name]) => name === 't').map(([, value]) => value));
  const [t] = times;
  if (times.size !== 1 || !/^[1-9][0-9]{0,11}$/.test(t)) return false;
  if (MODE !== 'no-time-check' && Math.abs(Math.floor(Date.now() / 1000) - Number(t)) > 300) return false;
  const macs = parts.filter(([name]) => name === 'v1').map(([, value]) => value);
  return (MODE === 'last-v1-only' ? macs.slice(-1) : macs)
    .filter((mac) => /^[0-9a-f]{64}$/i.test(mac))
    .some((mac) => timingSafeEqual(Buffer.from(mac, 'hex'), expected(t, body)));
}

// Refuses what should be refused, but where a part is missing or has the wrong length by an exception.
function verifyCarelessly(header, body) {
  const t = header.match(/(?:^|,)\s*t=([1-9][0-9]{0,11})(?=,|$)/)[1];
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(t)) > 300) return false;
  if (new Set(header.match(/(?<=^|,\s*)t=[^,]*/g)).size > 1) return false;
  return header
    .match(/(?<=^|,\s*)v1=[^,]*/g)
    .some((mac) => timingSafeEqual(Buffer.from(mac.slice(3)), Buffer.from(expected(t, body).toString('hex'))));
}

function expected(t, body) {
  return createHmac('sha256', secret).update(`${t}.`).update(body).digest();
}

function parseEvent(body) {
  try {
    return eventOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function eventOf(value) {
  return typeof value.id === 'string' && typeof value.type === 'string' ? value : undefined;
}

function serialised(value) {
  try {
    return Buffer.from(JSON.stringify(value ?? null));
  } catch {
    return undefined; // too deep
  }
}

const seen = new Set();
function isNew(id) {
  if (seen.has(id) && MODE !== 'not-idempotent') return false;
  seen.add(id);
  return true;
}

function handle({ id, type }) {
  handled++;
  console.log('handled', type, id);
}

const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  console.log(`listening on http://localhost:${server.address().port}${path}`);
});
process.on('SIGTERM', () => server.close());
