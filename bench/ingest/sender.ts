// A process of its own that sends frames at a rate, or as fast as the other end takes them, and says how many it sent.
import { setTimeout as pause } from 'node:timers/promises';
import { createPacketSource } from '../pipeline/packets.ts';
import { LINKS } from './links.ts';

const [transport = '', url = '', channels = '1024', rate = '10000', seconds = '1', qos = '0'] = process.argv.slice(2);
const open = LINKS[transport];
if (open === undefined) throw new Error(`no transport '${transport}'`);
const source = createPacketSource(Number(channels));
const link = await open(url, qos === '1' ? 1 : 0);
await link.send(source.layoutPacket.bytes);
// A frame that overtakes its layout would be refused, and not lost on the way.
await pause(300);

const BLOCK = 100;
const beganMs = performance.now();
const elapsed = (): number => (performance.now() - beganMs) / 1000;
let sent = 0;
while (elapsed() < Number(seconds)) {
  const due = Math.floor(elapsed() * Number(rate)) - sent;
  if (due <= 0) {
    await pause(1);
    continue;
  }
  for (const { bytes } of source.next(Math.min(due, BLOCK))) {
    const wait = link.send(bytes);
    if (wait !== undefined) await wait;
    sent++;
  }
}
const took = elapsed();
await link.close();
process.stdout.write(`${JSON.stringify({ sent, seconds: took })}\n`);
