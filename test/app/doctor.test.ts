import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pull, Push } from 'zeromq';
import { doctor } from '../../src/app/commands/doctor.ts';
import { freePort } from '../support/servers.ts';

describe('doctor', () => {
  it('takes no image of a detector that pushes away from a monitor that runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'operando-doctor-'));
    const address = `tcp://127.0.0.1:${await freePort()}`;
    const file = join(folder, 'detector.yaml');
    await writeFile(
      file,
      `version: 1
run: detector
streams:
  xrd:
    transport: { use: zmq, with: { connect: '${address}', socket: pull } }
    codec: { use: dectris }
pipeline:
  - { id: total, use: quantification.intensity }
page: { port: ${await freePort()} }
`,
    );
    const detector = new Push();
    const monitor = new Pull();
    try {
      await detector.bind(address);
      monitor.connect(address);
      const said: string[] = [];
      const looking = doctor.run([file], {
        out: (line) => void said.push(line),
        err: (line) => void said.push(line),
        progress: () => undefined,
        isTerminal: false,
        env: {},
        interrupted: new AbortController().signal,
      });
      for (let i = 0; i < 20; i++) await detector.send(String(i));
      await looking;
      expect(said.join('\n')).toMatch(/note +stream xrd: is pulled, and not listened to/);
      for (let i = 0; i < 20; i++) expect(String((await monitor.receive())[0])).toBe(String(i));
    } finally {
      for (const socket of [detector, monitor]) socket.close();
      await rm(folder, { recursive: true });
    }
  });
});
