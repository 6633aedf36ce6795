/** What each key does, by its name; letters in lower case, with 'Shift+' before where it is held. */
export type Keys = Readonly<Record<string, () => unknown>>;

export interface KeyActions {
  readonly keys: Keys;
  /** The beam is stopped: also while a dialog is open, and asked by nobody. */
  stop(): void;
  /** After a key has acted. */
  acted(): void;
}

/** Keys do nothing while a field has the focus, and only the stop while a dialog is open. */
export function startKeyboard({ keys, stop, acted }: KeyActions): void {
  addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const isIn = (kinds: string) => target !== null && target.closest(kinds) !== null;
    if (isIn('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = nameOf(event);
    if (name === 'Shift+b') {
      event.preventDefault();
      if (!event.repeat) stop();
      return;
    }
    // The space bar belongs to the button that has the focus.
    if (document.querySelector('dialog[open]') !== null || (name === ' ' && isIn('button'))) return;
    const act = keys[name];
    if (act === undefined) return;
    event.preventDefault();
    act();
    acted();
  });
}

/** '?' and the brackets need Shift on some keyboards and not on others: they are known by the sign alone. */
function nameOf({ key, shiftKey }: KeyboardEvent): string {
  const isSign = key.length === 1 && !/[a-z ]/i.test(key);
  const name = key.length === 1 ? key.toLowerCase() : key;
  return shiftKey && !isSign ? `Shift+${name}` : name;
}
