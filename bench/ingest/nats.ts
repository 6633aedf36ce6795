import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram, freePort, type TestServer } from '../../test/support/servers.ts';

/** A NATS server in a process of its own. */
export async function startNats(): Promise<Pick<TestServer, 'url' | 'stop'>> {
  const port = await freePort();
  const child = spawn(findProgram('nats-server') ?? 'nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  while (!said.includes('Server is ready')) said += String(await once(child.stderr, 'data'));
  child.stderr.resume();
  return {
    url: `nats://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await once(child, 'close');
    },
  };
}
