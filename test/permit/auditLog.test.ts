import { appendFileSync, mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PermitEvent } from '../../src/model/permit.ts';
import { openAuditLog } from '../../src/permit/auditLog.ts';

const event = (epoch: number): PermitEvent => ({
  event: 'granted',
  timeUs: 1,
  run: 'run',
  epoch,
  state: 'permitted',
  reason: 'fresh area',
  by: 'mk',
  via: 'page',
});

describe('the audit log', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'operando-audit-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is appended to, and knows the highest epoch of before, a torn line or not', () => {
    const path = join(folder, 'new', 'permit.jsonl');
    const first = openAuditLog(path);
    expect(first.lastEpoch).toBe(0);
    first.append(event(3));
    first.append(event(2));
    first.close();
    appendFileSync(path, '{"event":"granted","epo');
    const second = openAuditLog(path);
    expect(second.lastEpoch).toBe(3);
    second.append(event(4));
    second.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[3]!)).toEqual(event(4));
  });

  it('writes nowhere once it is closed, although its file number may be that of another file', () => {
    const log = openAuditLog(join(folder, 'closed.jsonl'));
    log.close();
    const other = openSync(join(folder, 'other'), 'w');
    expect(() => log.append(event(1))).toThrow(/closed/);
    log.close();
    closeSync(other);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('');
  });
});
