import { parseStamp } from '../../ascii/time.ts';
import { bytesOf, type NumberType } from '../binary/numbers.ts';
import type { ByteFile } from '../binary/openBytes.ts';
import { attributeOf, childOf, childrenOf, parseXml, textAt, type XmlNode } from '../text/xml.ts';
import { headerView, type SpeHeader } from './header.ts';

const MAX_FOOTER = 64 * 1024 * 1024;
const TYPES: Readonly<Record<string, NumberType>> = {
  MonochromeUnsigned16: 'u16',
  MonochromeUnsigned32: 'u32',
  MonochromeFloating32: 'f32',
};

/** The XML that LightField writes behind the data, version 3. @throws MonitorError 'ADAPTER'. */
export async function readLightField(file: ByteFile): Promise<SpeHeader> {
  const at = Number(headerView(file).getBigUint64(678, true));
  const length = file.size - at;
  if (!(length > 0 && length <= MAX_FOOTER)) throw file.broken(`the description of the data would begin at byte ${at}`);
  const view = file.view(at, length, 'the description of the data');
  const text = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset, length)).replace(/\0+$/, '');
  const root = childOf(await parseXml(text, file.path, []), 'SpeFormat');
  const frame = childOf(root, 'DataFormat', 'DataBlock');
  const regions = childrenOf(frame, 'DataBlock');
  const region = regions[0] ?? null;
  const type = TYPES[attributeOf(frame, 'pixelFormat') ?? ''];
  if (region === null || type === undefined)
    throw file.broken(`frames of '${attributeOf(frame, 'pixelFormat')}' are not read`);
  const number = (node: XmlNode | null, name: string): number => Number(attributeOf(node, name) ?? NaN);
  const mapping = childOf(root, 'Calibrations', 'WavelengthMapping');
  const listed = textAt(mapping, 'Wavelength');
  const origin = childOf(root, 'DataHistories', 'DataHistory', 'Origin');
  const created = attributeOf(origin, 'created') ?? '';
  const laser = attributeOf(mapping, 'laserLine');
  const coordinates = listed === null ? null : Float64Array.from(listed.split(','), Number);
  const width = number(region, 'width');
  const fits = coordinates?.length === width;
  return {
    version: attributeOf(root, 'version') ?? '3.0',
    type,
    width,
    height: number(region, 'height'),
    count: number(frame, 'count'),
    stride: number(frame, 'stride'),
    coordinates: fits ? coordinates : null,
    unit: fits ? 'nm' : '1',
    startUs: /Z$|[+-]\d\d:\d\d$/.test(created) ? parseStamp(created, 'ymd', 0) : null,
    exposureUs: exposureOf(text),
    stamp: stampOf(childOf(root, 'MetaFormat', 'MetaBlock'), number(frame, 'size')),
    facts: { ...(laser === null ? {} : { laser: `${laser} nm` }), ...(created === '' ? {} : { acquired: created }) },
    oddities: [
      ...(regions.length > 1 ? [`the frames have ${regions.length} regions; only the first is read`] : []),
      ...(coordinates !== null && !fits
        ? [`${coordinates.length} wavelengths for ${width} channels: they are left out`]
        : []),
    ],
  };
}

/** All exposures that were combined into a frame, together. */
function exposureOf(text: string): number | null {
  const ms = Number(/<ExposureTime\b[^>]*>([^<]+)</.exec(text)?.[1]);
  const combined = Number(/<FramesCombined\b(?![^>]*relevance="False")[^>]*>(\d+)</.exec(text)?.[1] ?? 1);
  return ms > 0 ? Math.round(ms * 1000 * combined) : null;
}

/** Stamps stand behind the pixels of a frame; only the first kind is looked at. */
function stampOf(block: XmlNode | null, frameBytes: number): SpeHeader['stamp'] {
  const first = childrenOf(block, 'TimeStamp')[0] ?? null;
  const ticks = Number(attributeOf(first, 'resolution') ?? NaN);
  if (attributeOf(first, 'event') !== 'ExposureStarted' || attributeOf(first, 'bitDepth') !== '64' || !(ticks > 0))
    return null;
  const zero = attributeOf(first, 'absoluteTime') ?? '';
  const zeroUs = /Z$|[+-]\d\d:\d\d$/.test(zero) ? parseStamp(zero, 'ymd', 0) : null;
  return { offset: frameBytes, ticks, zeroUs };
}

/** Bytes that the pixels of one frame take. */
export const pixelBytes = ({ type, width, height }: SpeHeader): number => bytesOf(type) * width * height;
