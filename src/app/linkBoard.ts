import type { LinkHealth, SpoolStatus } from '../model/status.ts';

/** One link's way to tell how it is. */
export interface LinkReporter {
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
  reportSpool(spool: SpoolStatus): void;
  countDropped(reason: string, count: number): void;
}

/** The health of every link to the outside, latest word only. */
export interface LinkBoard {
  link(id: string, role: LinkHealth['role']): LinkReporter;
  list(): readonly LinkHealth[];
}

/** @param changed - called when a link's state changes, not for every new detail. */
export function createLinkBoard(changed: (health: LinkHealth) => void): LinkBoard {
  const links = new Map<string, LinkHealth>();
  return {
    link(id, role) {
      const droppedCount: Record<string, number> = {};
      let health: LinkHealth = { id, role, state: role === 'source' ? 'connecting' : 'ok', detail: '', droppedCount };
      links.set(id, health);
      return {
        report({ state, detail }) {
          const before = health.state;
          health = { ...health, state, detail };
          links.set(id, health);
          if (before !== state) changed(health);
        },
        reportSpool(spool) {
          health = { ...health, spool };
          links.set(id, health);
        },
        countDropped(reason, count) {
          droppedCount[reason] = (droppedCount[reason] ?? 0) + count;
        },
      };
    },
    list: () => [...links.values()],
  };
}
