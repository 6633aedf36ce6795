import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('finds the registries, the catalogue and the editor schema as they would be generated now', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/generate.ts', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
