// Sends messages to who pulls, in a process of its own: `node zmqSender.mjs ADDRESS`, one JSON array of base64 parts per line of stdin.
import { createInterface } from 'node:readline';
import { Push } from 'zeromq';

const socket = new Push({ linger: 2000 });
await socket.bind(process.argv[2]);
for await (const line of createInterface({ input: process.stdin }))
  await socket.send(JSON.parse(line).map((part) => Buffer.from(part, 'base64')));
socket.close();
