import { expect, it } from 'vitest';
import { createDetectorBook } from '../../src/server/detectorBook.ts';
import { readingOf } from './fixtures.ts';

it('tells how far a detector has learned, and then its statistic and estimates with their errors', () => {
  const book = createDetectorBook();
  book.read(readingOf('change', 'learning', 0.5, 1));
  book.read(readingOf('change', 'temperature', 300, 1));
  expect(book.list()).toEqual([{ stage: 'change', statistic: null, threshold: null, learning: 0.5, estimates: [] }]);
  book.read(readingOf('change', 'statistic', 3, 2));
  book.read(readingOf('change', 'threshold', 6, 2));
  book.read({ ...readingOf('change', 'shift', -0.02, 2, 'eV'), standardError: 0.004 });
  book.read(readingOf('change', 'gain', 0.97, 2));
  const estimates = [
    { name: 'gain', value: 0.97, error: null, unit: '1' },
    { name: 'shift', value: -0.02, error: 0.004, unit: 'eV' },
  ];
  expect(book.list()).toEqual([{ stage: 'change', statistic: 3, threshold: 6, learning: null, estimates }]);
});

it('shows nothing of the old state while a detector learns anew', () => {
  const book = createDetectorBook();
  for (const name of ['statistic', 'threshold', 'gain']) book.read(readingOf('change', name, 1, 10));
  book.read(readingOf('change', 'learning', 0.1, 11));
  expect(book.list()).toEqual([{ stage: 'change', statistic: null, threshold: null, learning: 0.1, estimates: [] }]);
});

it('forgets what has not been said again, and what is marked as invalid', () => {
  const book = createDetectorBook();
  book.read({ ...readingOf('aligned', 'shift', 1, 0), quality: 'invalid' });
  expect(book.list()).toEqual([]);
  book.read(readingOf('aligned', 'shift', 1, 0));
  for (const seq of [40, 80]) book.read(readingOf('aligned', 'gain', 1, seq));
  expect(book.list()[0]!.estimates.map(({ name }) => name)).toEqual(['gain']);
});

it('keeps a dispersion, which is said once, until it is learned anew', () => {
  const book = createDetectorBook();
  book.read(readingOf('rate', 'dispersion', 1.3, 5));
  for (const name of ['statistic', 'threshold']) book.read(readingOf('rate', name, 2, 500));
  expect(book.list()[0]!.estimates).toEqual([{ name: 'dispersion', value: 1.3, error: null, unit: '1' }]);
  book.read(readingOf('rate', 'learning', 0.2, 501));
  expect(book.list()[0]!.estimates).toEqual([]);
});
