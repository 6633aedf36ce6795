import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/gatanDm.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(() => void (folder = createFolder()));
afterAll(() => folder.remove());

/** Lists are groups of tags without names. */
type Tag = number | string | Float32Array | { readonly [name: string]: Tag } | readonly Tag[];
interface Form {
  readonly version: 3 | 4;
  readonly isLittle: boolean;
}

/** A minimal writer of tag trees: integers of 32 bits, text, arrays of 32-bit floats. */
function dm(root: { readonly [name: string]: Tag }, form: Form): Uint8Array {
  const body = groupOf(root, form);
  const head = createByteWriter(false).u32(form.version);
  if (form.version === 4) head.u64(body.length);
  else head.u32(body.length);
  return head
    .u32(form.isLittle ? 1 : 0)
    .bytes(body)
    .done();
}

function groupOf(tag: Tag, form: Form): Uint8Array {
  const list = Array.isArray(tag) ? tag.map((each) => ['', each] as const) : Object.entries(tag as object);
  const writer = sized(createByteWriter(false).u8(1).u8(0), list.length, form);
  for (const [name, each] of list as [string, Tag][]) {
    const isGroup = typeof each === 'object' && !(each instanceof Float32Array);
    const body = isGroup ? groupOf(each, form) : dataOf(each as number | string | Float32Array, form);
    writer
      .u8(isGroup ? 20 : 21)
      .u16(name.length)
      .text(name);
    if (form.version === 4) writer.u64(body.length);
    writer.bytes(body);
  }
  return writer.done();
}

type Writer = ReturnType<typeof createByteWriter>;
const sized = (writer: Writer, size: number, { version }: Form): Writer =>
  version === 4 ? writer.u64(size) : writer.u32(size);

function dataOf(value: number | string | Float32Array, form: Form): Uint8Array {
  const writer = createByteWriter(false).text('%%%%');
  const types = typeof value === 'number' ? [6] : [20, typeof value === 'string' ? 4 : 6, value.length];
  sized(writer, types.length, form);
  for (const type of types) sized(writer, type, form);
  if (typeof value === 'number') writer.f32(value, form.isLittle);
  else if (typeof value === 'string') for (const letter of value) writer.u16(letter.charCodeAt(0), form.isLittle);
  else for (const number of value) writer.f32(number, form.isLittle);
  return writer.done();
}

const image = (lengths: number[], calibrations: object[], tags: { [name: string]: Tag }, name: string): Tag => ({
  Name: name,
  ImageTags: tags,
  ImageData: {
    DataType: 2,
    Dimensions: lengths,
    Calibrations: { Dimension: calibrations as Tag[] },
    Data: Float32Array.from({ length: lengths.reduce((a, b) => a * b, 1) }, (_, i) => i),
  },
});

/** Three pixels by two, two channels: plane by plane, as Gatan writes it. */
const cube = (form: Form) =>
  dm(
    {
      ImageList: [
        image([4, 4], [{}, {}], {}, 'thumbnail'),
        image(
          [3, 2, 2],
          [{ Origin: 0, Scale: 2, Units: 'nm' }, {}, { Origin: -100, Scale: 0.5, Units: 'eV' }],
          {
            'Meta Data': { Format: 'Spectrum image', Signal: 'EELS' },
            EELS: { Acquisition: { 'Exposure (s)': 0.25, 'Number of frames': 2 } },
            'Microscope Info': { Voltage: 200000 },
          },
          'cube',
        ),
        image([5, 5], [{ Units: 'nm' }, { Units: 'nm' }], {}, 'HAADF'),
      ],
      Thumbnails: [{ ImageIndex: 0 }],
    },
    form,
  );

const FORMS: Form[] = [3, 4].flatMap((version) =>
  [true, false].map((isLittle) => ({ version: version as 3 | 4, isLittle })),
);

describe('the reader of DigitalMicrograph files', () => {
  it.each(FORMS)('reads version $version, little-endian $isLittle, pixel by pixel', async (form) => {
    expect(reader.recognise(headOf(cube(form), 'dm3'))).toBe('certain');
    const { contents, read } = await readAll(reader, folder.write('a.dm', cube(form)));
    expect(contents).toMatchObject({ format: `Gatan DigitalMicrograph ${form.version}`, modality: 'EELS' });
    expect(contents.oddities).toEqual(["'HAADF' is an image (5 x 5) and holds no spectra"]);
    expect(contents.series).toHaveLength(1);
    expect(contents.series[0]).toMatchObject({ name: 'cube', frameCount: 6, shape: [2, 3], facts: { beam: '200 kV' } });
    const { axes } = contents.series[0]!.layout;
    expect(axes[0]).toMatchObject({ name: 'energyLoss', unit: 'eV' });
    expect([...axes[0]!.coordinates]).toEqual([50, 50.5]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [0, 6],
      [1, 7],
      [2, 8],
      [3, 9],
      [4, 10],
      [5, 11],
    ]);
    expect(read[0]!.frames[5]).toMatchObject({
      exposureUs: 500_000,
      numbers: [
        { name: 'x', value: 4, unit: 'nm' },
        { name: 'y', value: 1, unit: '1' },
      ],
    });
  });

  it('takes a dimension in seconds for time, whichever way the spectra lie', async () => {
    const energy = { Origin: 0, Scale: 10, Units: 'keV' };
    const bytes = dm(
      {
        ImageList: [
          image([2, 3], [energy, { Scale: 0.5, Units: 's' }], { 'Meta Data': { Signal: 'X-ray' } }, 'series'),
        ],
      },
      FORMS[0]!,
    );
    const { contents, read } = await readAll(reader, folder.write('b.dm3', bytes));
    expect(contents.series[0]).toMatchObject({ shape: null, layout: { noise: 'poisson', axes: [{ unit: 'keV' }] } });
    expect(read[0]!.frames.map(({ seconds }) => seconds)).toEqual([0, 0.5, 1]);
    expect([...read[0]!.frames[1]!.values]).toEqual([2, 3]);
  });

  it('refuses plain images, other versions and trees nested without end', async () => {
    const open = (bytes: Uint8Array) => readAll(reader, folder.write('c.dm3', bytes));
    const plain = dm({ ImageList: [image([5, 5], [{}, {}], {}, 'HAADF')] }, FORMS[0]!);
    await expect(open(plain)).rejects.toThrow(/no spectra in this file: 'HAADF' is an image \(5 x 5\)/);
    await expect(open(Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0))).rejects.toThrow(/version 5/);
    let deep: Tag = 1;
    for (let i = 0; i < 200; i++) deep = { a: deep };
    await expect(open(dm(deep as { [name: string]: Tag }, FORMS[0]!))).rejects.toThrow(/nested too deep/);
  });

  it('survives any cut and any wrong byte', async () => {
    await expectHonestWhenBroken(reader, folder, cube(FORMS[0]!), 3);
    await expectHonestWhenBroken(reader, folder, cube(FORMS[3]!), 11);
  });

  it.skipIf(!hasRecording('stem_eels_si_heterostructure'))('reads real spectrum images', async () => {
    const at = (name: string) => join(dataRoot, 'stem_eels_si_heterostructure', name);
    const { contents, read } = await readAll(reader, at('DMReader_SpectrumImage_SI-EELS.dm3'));
    expect(contents.series[0]).toMatchObject({ frameCount: 294, shape: [49, 6], layout: { size: 1024 } });
    const axis = contents.series[0]!.layout.axes[0]!.coordinates;
    expect([axis[0], axis[1]]).toEqual([350, 350.5]);
    const total = read[0]!.frames.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), 0);
    expect(total).toBeCloseTo(449_065_142, -3);
    const single = await readAll(reader, at('DMReader_EELS_STO.dm3'));
    expect(single.contents.series[0]).toMatchObject({ frameCount: 1, layout: { size: 2048 } });
    await expect(readAll(reader, at('DMReader_SI-HAADF.dm3'))).rejects.toThrow(/holds no spectra/);
  });
});
