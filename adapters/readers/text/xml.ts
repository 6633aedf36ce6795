import type { XMLParser } from 'fast-xml-parser';
import { brokenLine, readWholeText } from './textFile.ts';

/** An element: attributes with '@' before their name, text as '#text', children by name. */
export type XmlNode = Readonly<Record<string, unknown>>;

const DEPTH = 64;

/**
 * A whole XML file. Entities and document types are not followed.
 *
 * @param arrays - Elements that may stand several times.
 * @throws MonitorError 'ADAPTER' when it is no well-formed XML.
 */
export async function readXml(path: string, arrays: readonly string[]): Promise<XmlNode> {
  return parseXml(await readWholeText(path), path, arrays);
}

/** XML that is part of a file; otherwise as {@link readXml}. */
export async function parseXml(text: string, path: string, arrays: readonly string[]): Promise<XmlNode> {
  const { XMLParser: Parser, XMLValidator } = await import('fast-xml-parser');
  const plain = text.replace(/<!DOCTYPE[^[>]*(?:\[[^\]]*\])?\s*>/, '');
  const valid = XMLValidator.validate(plain);
  if (valid !== true) throw brokenLine(path, valid.err.line, `this is no whole XML: ${valid.err.msg}`);
  const parser: XMLParser = new Parser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    removeNSPrefix: true,
    maxNestedTags: DEPTH,
    isArray: (name) => arrays.includes(name),
  });
  try {
    return parser.parse(plain) as XmlNode;
  } catch (cause) {
    throw brokenLine(path, null, 'this XML cannot be read', cause);
  }
}

/** The element down a path of names; null when there is none. */
export function childOf(node: unknown, ...names: readonly string[]): XmlNode | null {
  let here: unknown = node;
  for (const name of names) {
    const next: unknown = isNode(here) ? here[name] : undefined;
    here = Array.isArray(next) ? next[0] : typeof next === 'string' ? { '#text': next } : next;
  }
  return isNode(here) ? here : null;
}

/** Elements of a name; none, one, or many. */
export function childrenOf(node: unknown, name: string): XmlNode[] {
  const found: unknown = isNode(node) ? node[name] : undefined;
  const list: unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return list.map((each) => (isNode(each) ? each : { '#text': String(each) }));
}

/** The text of the element down a path; null when there is none. */
export function textAt(node: unknown, ...names: readonly string[]): string | null {
  const text = childOf(node, ...names)?.['#text'];
  return typeof text === 'string' ? text : null;
}

/** An attribute of an element. */
export function attributeOf(node: XmlNode | null, name: string): string | null {
  const value = node?.[`@${name}`];
  return typeof value === 'string' ? value : null;
}

const isNode = (value: unknown): value is XmlNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
