import type { LinkHealth } from '../model/status.ts';

/** The health of every link to the outside, latest word only. */
export interface LinkBoard {
  /** A reporter for one link; `listener` hears of changes of state. */
  reporter(id: string, role: LinkHealth['role']): (health: Pick<LinkHealth, 'state' | 'detail'>) => void;
  list(): readonly LinkHealth[];
}

/** @param changed - called when a link's state changes, not for every new detail. */
export function createLinkBoard(changed: (health: LinkHealth) => void): LinkBoard {
  const links = new Map<string, LinkHealth>();
  return {
    reporter(id, role) {
      links.set(id, { id, role, state: role === 'source' ? 'connecting' : 'ok', detail: '' });
      return ({ state, detail }) => {
        const before = links.get(id);
        const now = { id, role, state, detail };
        links.set(id, now);
        if (before?.state !== state) changed(now);
      };
    },
    list: () => [...links.values()],
  };
}
