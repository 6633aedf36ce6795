import { defineReader, type FileContents, type FileSeries } from '../../src/model/reader.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { pixelCount, pixelFrames } from './gatan/pixelFrames.ts';
import { spectrumImage, type SpectrumImage, type Tags } from './gatan/spectrumImage.ts';
import { readTags, type TagTree } from './gatan/tags.ts';

const MAX_IMAGES = 1000;
/** The root: its two flags, and a count of tags. */
const HEAD = /^\0\0\0[\x03\x04][\s\S]{4,8}\0\0\0[\0\x01][\0\x01][\0\x01]/;

export default defineReader({
  name: 'gatanDm',
  summary: 'Spectra and spectrum images of Gatan DigitalMicrograph (.dm3, .dm4): EELS and EDX, pixel by pixel.',
  extensions: ['dm3', 'dm4'],
  recognise: ({ text }) => (HEAD.test(text.slice(0, 20)) ? 'certain' : null),
  open({ path }) {
    const file = openBytes(path);
    try {
      return Promise.resolve(contentsOf(file));
    } catch (error) {
      file.close();
      return Promise.reject(error as Error);
    }
  },
});

function contentsOf(file: ByteFile): FileContents {
  const tree = readTags(file);
  const found: SpectrumImage[] = [];
  const oddities: string[] = [];
  for (const index of imagesOf(tree)) {
    const tags: Tags = (path) => tree.tags.get(`ImageList/${index}/${path}`);
    const image = spectrumImage(file, tree.isLittle, tags, index);
    if (typeof image === 'string') oddities.push(image);
    else found.push(image);
  }
  if (found.length === 0)
    throw file.broken(`no spectra in this file: ${oddities.length === 0 ? 'it has no images' : oddities.join('; ')}`);
  for (const { name, grid } of found)
    if (grid.descends) oddities.push(`the axis of '${name}' descends in the file; the spectra are turned round`);
  return {
    format: `Gatan DigitalMicrograph ${tree.version}`,
    modality: found[0]!.signal,
    series: found.map((image, k) => seriesOf(file, image, nameOf(found, k))),
    slow: [],
    oddities,
    close: file.close,
  };
}

/** All but the thumbnails that DigitalMicrograph makes for itself. */
function imagesOf({ tags }: TagTree): number[] {
  const thumbnails = new Set<unknown>();
  for (let k = 0; tags.has(`Thumbnails/${k}/ImageIndex`); k++) thumbnails.add(tags.get(`Thumbnails/${k}/ImageIndex`));
  const images: number[] = [];
  for (let k = 0; k < MAX_IMAGES; k++)
    if (tags.has(`ImageList/${k}/ImageData/DataType`) && !thumbnails.has(k)) images.push(k);
  return images;
}

/** Names that occur twice are numbered. */
function nameOf(images: readonly SpectrumImage[], k: number): string {
  const { name } = images[k]!;
  const before = images.slice(0, k).filter((other) => other.name === name).length;
  return before === 0 ? name : `${name} (${before + 1})`;
}

function seriesOf(file: ByteFile, image: SpectrumImage, name: string): FileSeries {
  const { grid, pixels, facts } = image;
  const lengths = pixels.map(({ length }) => length).filter((length) => length > 1);
  return {
    name,
    frameCount: pixelCount(image),
    layout: grid.layout,
    shape: lengths.length < 2 ? null : lengths.reverse(),
    facts,
    frames: (from) => pixelFrames(file, image, from),
  };
}
