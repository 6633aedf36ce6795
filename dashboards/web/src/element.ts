/** Text only ever enters the page through text nodes: what comes from outside is never markup. */

export function byTestId<E extends Element = HTMLElement>(name: string, root: ParentNode = document): E {
  const found = root.querySelector<E>(`[data-testid="${name}"]`);
  if (found === null) throw new Error(`the page has no element ${name}`);
  return found;
}

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found as E;
}

/** Text, or text that stands out. */
export type Piece = string | { readonly strong: string; readonly className?: string };

export function strong(text: string, className?: string): Piece {
  return className === undefined ? { strong: text } : { strong: text, className };
}

const written = new WeakMap<Element, string>();

/** Writes pieces into an element, only where they differ from what it holds. */
export function write(element: Element, ...pieces: readonly Piece[]): void {
  const key = JSON.stringify(pieces);
  if (written.get(element) === key) return;
  written.set(element, key);
  element.replaceChildren(
    ...pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      const b = document.createElement('b');
      b.textContent = piece.strong;
      if (piece.className !== undefined) b.className = piece.className;
      return b;
    }),
  );
}

export function setClass(element: Element, className: string): void {
  if (element.className !== className) element.className = className;
}

export function setHidden(element: HTMLElement, isHidden: boolean): void {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export type IconName =
  | 'stop'
  | 'warn'
  | 'note'
  | 'live'
  | 'play'
  | 'back'
  | 'end'
  | 'stale'
  | 'cut'
  | 'none'
  | 'ok'
  | 'cross'
  | 'wait'
  | 'shelf';

/** Points the first icon inside an element at another drawing. */
export function setIcon(element: Element, icon: IconName): void {
  const use = element.querySelector('use');
  if (use !== null) setAttribute(use, 'href', `#i-${icon}`);
}

export function createIcon(icon: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${icon}`);
  svg.append(use);
  return svg;
}

export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
