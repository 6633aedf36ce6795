import { defineReader, type FileContents, type FileFrame, type FileSeries } from '../../src/model/reader.ts';
import { readScan, type Scan } from './xrdml/scan.ts';
import { frameOf, heldContents, numberIf, readySeries, uniqueNames } from './text/contents.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { brokenLine, headText } from './text/textFile.ts';
import { attributeOf, childOf, childrenOf, readXml, textAt, type XmlNode } from './text/xml.ts';

export default defineReader({
  name: 'xrdml',
  summary: 'X-ray diffraction of PANalytical (.xrdml 1.x and 2.x): scans with their counts, times and temperatures.',
  extensions: ['xrdml', 'xml'],
  recognise: (head) => (/<xrdMeasurements\b/.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(await readXml(path, ['xrdMeasurement', 'scan', 'positions']), path);
  },
});

function contentsOf(document: XmlNode, path: string): FileContents {
  const root = childOf(document, 'xrdMeasurements');
  const oddities = createOddities();
  const measurements = childrenOf(root, 'xrdMeasurement').map((node) => ({
    node,
    scans: childrenOf(node, 'scan').filter((scan) => childOf(scan, 'dataPoints') !== null),
  }));
  const measured = measurements.filter(({ scans }) => scans.length > 0);
  if (measured.length === 0) throw brokenLine(path, null, 'there is no scan with data points in it');
  const sample = textAt(root, 'sample', 'id') ?? '';
  const names = uniqueNames(measured.map((_, i) => (measured.length === 1 ? '' : `measurement ${i + 1}`)));
  const version = /XRDMeasurement\/(\d+\.\d+)/.exec(attributeOf(root, 'schemaLocation') ?? '')?.[1] ?? '';
  return heldContents({
    format: `PANalytical XRDML ${version}`.trim(),
    modality: 'XRD',
    series: measured.map(({ node, scans }, i) => seriesOf(node, scans, names[i]!, sample, path, oddities)),
    oddities: oddities.list,
  });
}

function seriesOf(
  measurement: XmlNode,
  nodes: readonly XmlNode[],
  name: string,
  sample: string,
  path: string,
  oddities: Oddities,
): FileSeries {
  const scans = nodes.map((node, i) => readScan(node, i, path, oddities));
  const makers = new Map<string, (scan: Scan) => FileFrame>();
  const frames = scans.map((scan, i) => {
    const { axis, values } = scan;
    const key = [axis.name, axis.unit, values.quantity, values.noise].join();
    if (!makers.has(key)) makers.set(key, frameMaker(scan, path, i, oddities));
    return makers.get(key)!(scan);
  });
  return readySeries(name, frames, factsOf(measurement, nodes[0]!, sample));
}

function frameMaker({ axis, values }: Scan, path: string, i: number, oddities: Oddities) {
  const meaning = { ...axis, quantity: values.quantity, valueUnit: values.unit, noise: values.noise };
  const spectrum = createSpectra(meaning, oddities, (what, cause) =>
    brokenLine(path, null, `scan ${i + 1}: ${what}`, cause),
  );
  return (scan: Scan): FileFrame =>
    frameOf(spectrum(scan.points), {
      timeUs: scan.timeUs,
      exposureUs: scan.countingSeconds === null ? null : Math.round(scan.countingSeconds * 1e6),
      numbers: scan.numbers.flatMap(({ name, value, unit }) => numberIf(name, value, unit)),
    });
}

function factsOf(measurement: XmlNode, scan: XmlNode, sample: string): Record<string, string> {
  const said: Record<string, string | null> = {
    sample,
    wavelength: textAt(measurement, 'usedWavelength', 'kAlpha1'),
    anode: textAt(measurement, 'incidentBeamPath', 'xRayTube', 'anodeMaterial'),
    detector: attributeOf(childOf(measurement, 'diffractedBeamPath', 'detector'), 'name'),
    scanAxis: attributeOf(scan, 'scanAxis'),
    started: textAt(scan, 'header', 'startTimeStamp'),
    ended: textAt(scan, 'header', 'endTimeStamp'),
    status: attributeOf(measurement, 'status'),
  };
  if (said['wavelength'] !== null) said['wavelength'] = `${said['wavelength']} Ao`;
  return Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
