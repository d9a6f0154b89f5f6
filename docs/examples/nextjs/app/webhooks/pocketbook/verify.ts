import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE = 300; // seconds, into the past and into the future

// Tells whether an X-Webhook-Signature header signs these raw body bytes with one of the secrets, now.
export function verify(header: string, body: Buffer, secrets: string[], now = Date.now()): boolean {
  if (header.length > 8192) return false;
  const fields = parse(header);
  const times = fields.get('t') ?? [];
  const macs = fields.get('v1') ?? [];

  // A second, different t would leave open which one was signed.
  const [t] = times;
  if (times.some((other) => other !== t) || !/^[1-9][0-9]{0,11}$/.test(t ?? '')) return false;
  if (Math.abs(Math.floor(now / 1000) - Number(t)) > TOLERANCE) return false;

  // During a rotation Pocketbook and you may each hold two secrets: any of theirs may match any of yours.
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${t}.`).update(body).digest());
  return macs
    .filter((mac) => /^[0-9a-f]{64}$/i.test(mac)) // timingSafeEqual throws when the lengths differ
    .some((mac) => expected.some((want) => timingSafeEqual(Buffer.from(mac, 'hex'), want)));
}

// "t=1,v1=a,v1=b" becomes t: [1] and v1: [a, b].
function parse(header: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const part of header.split(/,[ \t]*/, 64)) {
    const equals = part.indexOf('=');
    if (equals <= 0) continue;
    const name = part.slice(0, equals);
    fields.set(name, [...(fields.get(name) ?? []), part.slice(equals + 1)]);
  }
  return fields;
}
