import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openLedger } from '../../../adapters/files/ledger.ts';

const directory = mkdtempSync(join(tmpdir(), 'operando-ledger-'));
afterAll(() => rmSync(directory, { recursive: true }));
let number = 0;
let path = '';
const counts = (resumeAfterSeq: number | null) => {
  const { files, nextSeq } = openLedger(path, resumeAfterSeq, 's');
  return {
    nextSeq,
    ...Object.fromEntries([...files].map(([name, { count, isDone }]) => [name, `${count}${isDone ? '' : '+'}`])),
  };
};

/** a: spectra 0-2; b: 3-4 so far; a again: 5-6; b: 7-9; c was begun. */
beforeEach(() => {
  path = join(directory, 'deep', `${number++}.ledger`);
  const ledger = openLedger(path, null, 's');
  ledger.begin('a', 0, 0);
  ledger.end('a', 3, 30, 1);
  ledger.begin('b', 0, 3);
  ledger.begin('a', 3, 5);
  ledger.end('a', 5, 50, 2);
  ledger.begin('b', 2, 7);
  ledger.end('b', 5, 50, 3);
  ledger.begin('c', 0, 10);
});

it('takes what was ended as read, and a file that was only begun as unread', () => {
  expect(counts(null)).toEqual({ nextSeq: 10, a: '5', b: '5', c: '0+' });
});

it('knows how much of each file was done as of every frame', () => {
  expect(counts(0)).toEqual({ nextSeq: 1, a: '1+' });
  expect(counts(2)).toEqual({ nextSeq: 3, a: '3' });
  expect(counts(3)).toEqual({ nextSeq: 4, a: '3', b: '1+' });
  expect(counts(5)).toEqual({ nextSeq: 6, a: '4+', b: '2+' });
  expect(counts(6)).toEqual({ nextSeq: 7, a: '5', b: '2+' });
  expect(counts(8)).toEqual({ nextSeq: 9, a: '5', b: '4+' });
  expect(counts(12)).toEqual({ nextSeq: 13, a: '5', b: '5', c: '3+' });
});

it('leaves out a line that a crash has cut, and writes on after it', () => {
  appendFileSync(path, '{"file":"c","to":9,"byt');
  const ledger = openLedger(path, null, 's');
  ledger.begin('c', 0, 10);
  ledger.end('c', 4, 1, 1);
  expect(counts(null)).toEqual({ nextSeq: 14, a: '5', b: '5', c: '4' });
});

it('says which file cannot be a ledger', () => {
  expect(() => openLedger(directory, null, 's')).toThrow(/the ledger .* cannot be read/);
});
