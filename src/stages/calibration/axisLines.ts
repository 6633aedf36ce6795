import { createReferenceFit, findReferenceLine } from '../../kernel/calibration/referenceFit.ts';
import { ramanShiftOf } from '../../kernel/calibration/ramanShift.ts';
import type { PeakFit } from '../../kernel/peaks/peakFit.ts';
import { POWDER_STANDARDS, powderAngles, type PowderStandardName } from '../../kernel/tables/powderStandards.ts';
import { REFERENCE_TABLES, type ReferenceLine, type ReferenceTableName } from '../../kernel/tables/referenceLines.ts';
import type { AxisSettings } from './axisSettings.ts';

/** Channels that the fit of a line needs at the least. */
const LEAST_CHANNELS = 8;

/** A line that is looked for: where it belongs, and how it is fitted. */
export interface SoughtLine {
  readonly reference: number;
  readonly uncertainty: number;
  readonly first: number;
  readonly fit: PeakFit;
  readonly values: Float64Array;
  readonly variances: Float64Array;
  readonly mask: Uint8Array;
}

/**
 * All lines that the settings name and the axis holds.
 *
 * @param x - [n] channel centres.
 * @param unit - of the axis.
 * @throws RangeError when a table is in another unit, or too few lines lie on the axis.
 */
export function seekLines(config: AxisSettings, x: Float64Array, unit: string, least: number): SoughtLine[] {
  const { window, width = window / 3, lines = [] } = config;
  const named = [
    ...tableOf(config, unit).map((line) => ({ ...line, reference: line.position })),
    ...lines.map((line) => ({ ...line, position: line.position ?? line.reference })),
  ];
  const sought = named.flatMap(({ reference, uncertainty, position, feature }): SoughtLine[] => {
    if (position < x[0]! || position > x[x.length - 1]!) return [];
    const first = x.findIndex((each) => each >= position - window);
    const end = x.findLastIndex((each) => each <= position + window) + 1;
    const n = end - first;
    if (n < LEAST_CHANNELS) return [];
    const fit = createReferenceFit(x.slice(first, end), { expected: position, window, width, feature });
    const room = { values: new Float64Array(n), variances: new Float64Array(n), mask: new Uint8Array(n) };
    return [{ reference, uncertainty, first, fit, ...room }];
  });
  if (sought.length < least)
    throw new RangeError(
      `${sought.length} of ${named.length} lines lie on the axis of ${x[0]} to ${x[x.length - 1]} ${unit} with ${LEAST_CHANNELS} channels in their window, expected ${least} at least`,
    );
  return sought;
}

/** The lines of the reference that the settings name, in the unit of the axis. */
function tableOf({ reference, only, wavelength, laserNm }: AxisSettings, unit: string): readonly ReferenceLine[] {
  if (reference === undefined) return [];
  if (reference in POWDER_STANDARDS) {
    if (unit !== 'deg') throw new RangeError(`${reference} calibrates an axis in deg, got ${unit}`);
    const angles = powderAngles(POWDER_STANDARDS[reference as PowderStandardName], wavelength!);
    return angles.map((position) => ({ name: `${reference}`, position, uncertainty: 0, feature: 'peak' }));
  }
  const table = REFERENCE_TABLES[reference as ReferenceTableName];
  const lines = table.lines.filter(({ name }) => only?.includes(name) ?? true);
  if (table.unit === unit) return lines;
  if (table.unit !== 'nm' || unit !== 'cm-1' || laserNm === undefined)
    throw new RangeError(
      `${reference} is in ${table.unit}, the axis in ${unit}${unit === 'cm-1' && table.unit === 'nm' ? ", expected 'laserNm'" : ''}`,
    );
  return lines.map((line) => ({
    ...line,
    position: ramanShiftOf(line.position, laserNm),
    uncertainty: Math.abs(
      ramanShiftOf(line.position + line.uncertainty, laserNm) - ramanShiftOf(line.position, laserNm),
    ),
  }));
}

/** What was found of what was sought. */
export interface FoundLines {
  readonly positions: number[];
  readonly references: number[];
  readonly errors: number[];
}

/**
 * Finds the lines in a spectrum.
 * @param variances - [n]; null for counts.
 * @param mask - [n] 1 = do not use.
 */
export function findLines(
  sought: readonly SoughtLine[],
  spectrum: Float64Array,
  variances: Float64Array | null,
  mask: Uint8Array,
): FoundLines {
  const found: FoundLines = { positions: [], references: [], errors: [] };
  for (const line of sought) {
    let usable = 0;
    for (let k = 0; k < line.values.length; k++) {
      const i = line.first + k;
      const variance = variances === null ? 1 : variances[i]!;
      const isUsed = mask[i] === 0 && variance > 0;
      line.values[k] = isUsed ? spectrum[i]! : 0;
      line.variances[k] = isUsed ? variance : 1;
      line.mask[k] = isUsed ? 0 : 1;
      if (isUsed) usable++;
    }
    if (usable < LEAST_CHANNELS) continue;
    const place = findReferenceLine(line.fit, line.values, variances === null ? null : line.variances, line.mask);
    if (place === null) continue;
    found.positions.push(place.position);
    found.references.push(line.reference);
    found.errors.push(Math.hypot(place.standardError, line.uncertainty));
  }
  return found;
}
